"""Draws the life of a document from the program into docs/flow.md and README.md: ``python -m tests.docs.flow_picture``.

The arrows are those that ``life_of_a_document`` finds. A state that nothing leads to is listed as not in use yet.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from enum import Enum

from core.documents import LegalStatus, Submission
from tests.docs.life_of_a_document import Arrow, life
from tests.docs.marked_places import DOCS, README, write_marked

PAGE = DOCS / "flow.md"
NAME = "flow_picture"

# In people's words; a cause with two meanings is named with the state it leads to.
WORDS: Mapping[str | tuple[str, Enum], str] = {
    "claim": "claimed with a lease",
    "expire_claim": "the lease ran out",
    "Accepted": "Accepted",
    ("Accepted", Submission.IN_DOUBT): "Accepted and rejected by the DGI (1002)",
    "Rejected": "Rejected",
    "Duplicate": "Duplicate",
    "NotSent": "NotSent",
    "Throttled": "Throttled",
    "Misconfigured": "Misconfigured",
    "Unknown": "Unknown",
    ("judge_hint", Submission.ACCEPTED): "evidence: the PAC shows its CUFE",
    ("judge_hint", Submission.QUARANTINED): "evidence: another document has the number",
    ("settle", Submission.QUEUED): "policy resend: the same bytes again",
    ("settle", Submission.QUARANTINED): "no proof at the deadline",
    "hold_back": "what it replaces is valid after all",
    "withhold": "the policy is park now",
    "confirm_at_dgi": "operator: the DGI shows the CUFE",
    "give_up": "operator gives up",
    "leave_repetition": "the id was rejected as a repetition",
    "recover": "restore or failover",
}
_HEAD = """# The life of a document, drawn from the program

This page is made by `python -m tests.docs.flow_picture`: it lets the real steps of `core/lifecycle` loose on a
recorded document, with every kind of answer, look-up and decision, and draws what happens. A test keeps it in step.
What the states mean is in [submission.md](submission.md).
"""


def page() -> str:
    """The whole of docs/flow.md."""
    found = life()
    return "\n".join(
        [
            _HEAD,
            "## Submission: what Istmo knows of its own sending\n",
            mermaid(found.submission, Submission.QUEUED),
            "\nThe same in plain text:\n",
            plain(found.submission, Submission.QUEUED),
            _unused(found.submission, Submission, Submission.QUEUED),
            "\n## Legal status: what the PAC and the DGI say\n",
            "It comes from the PAC's answers alone and only moves towards a decision of the PAC or the DGI.\n",
            mermaid(found.legal_status, LegalStatus.NONE, labels=False),
            "\nThe same in plain text:\n",
            plain(found.legal_status, LegalStatus.NONE, labels=False),
            _unused(found.legal_status, LegalStatus, LegalStatus.NONE),
        ]
    ).replace("\n\n\n", "\n\n")


def drawing() -> str:
    """What stands in README.md between the two marks."""
    return mermaid(life().submission, Submission.QUEUED)


def mermaid(arrows: Iterable[Arrow], start: Enum, *, labels: bool = True) -> str:
    """A Mermaid state diagram. A label holds no second colon: Mermaid would end it there."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {start.value}" + (": recorded" if labels else "")]
    for (before, after), causes in _by_pair(arrows).items():
        label = f": {', '.join(causes).replace(':', ',')}" if labels else ""
        lines.append(f"    {before} --> {after}{label}")
    return "\n".join([*lines, "```"])


def plain(arrows: Iterable[Arrow], start: Enum, *, labels: bool = True) -> str:
    """One line for each arrow, aligned."""
    pairs = _by_pair(arrows)
    before_width = max(len(before) for before, _ in pairs)
    after_width = max(len(after) for _, after in pairs) if labels else 0
    lines = [
        f"{before:<{before_width}} --> {after:<{after_width}}  {', '.join(causes) if labels else ''}".rstrip()
        for (before, after), causes in pairs.items()
    ]
    return "\n".join(["```text", f"{'(new)':<{before_width}} --> {start.value}", *lines, "```"])


def _by_pair(arrows: Iterable[Arrow]) -> dict[tuple[str, str], list[str]]:
    """The causes of each arrow in words, in the order in which the states are declared."""
    pairs: dict[tuple[Enum, Enum], set[str]] = defaultdict(set)
    for arrow in arrows:
        pairs[arrow.before, arrow.after].add(words_for(arrow))
    order = {state: place for enum in (Submission, LegalStatus) for place, state in enumerate(enum)}
    ordered = sorted(pairs.items(), key=lambda pair: (order[pair[0][0]], order[pair[0][1]]))
    return {(before.value, after.value): sorted(causes) for (before, after), causes in ordered}


def words_for(arrow: Arrow) -> str:
    """The cause for people; a step that nobody put into words yet is called by its name."""
    if isinstance(arrow.after, LegalStatus):
        return "a look at the PAC"
    return WORDS.get((arrow.cause, arrow.after), WORDS.get(arrow.cause, arrow.cause.replace("_", " ")))


def _unused(arrows: Iterable[Arrow], states: type[Enum], start: Enum) -> str:
    reached = {start} | {arrow.after for arrow in arrows}
    idle = [f"`{state.value}`" for state in states if state not in reached]
    return f"\nDeclared, and not reached by any step yet: {', '.join(idle)}." if idle else ""


def main() -> None:
    """Write both pages."""
    PAGE.write_text(page().rstrip("\n") + "\n", encoding="utf-8")
    write_marked(README, NAME, drawing())


if __name__ == "__main__":
    main()
