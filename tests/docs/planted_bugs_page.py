"""Makes docs/planted-bugs.md: ``python -m tests.docs.planted_bugs_page`` plants every bug and counts the worlds anew.

It takes a minute or two. A test keeps everything but the counts in step, and holds the counts against their limits.
"""

import logging
from collections.abc import Mapping

from structlog.testing import capture_logs

from tests.docs.marked_places import DOCS
from tests.simulation.planted_bug import PlantedBug
from tests.simulation.planted_bugs import CHAPTERS, all_bugs, bugs_of
from tests.simulation.planted_search import search_for

PAGE = DOCS / "planted-bugs.md"
_HEAD = """# Planted bugs

A check that never fails proves nothing. Each row below is a mistake that somebody could make in the protocol: one
function or value of the service is replaced by a wrong one, in a test, and the searches must find it. They stop at the
first world that breaks.

- *Every small plan*: one document under every plan of none, one and two faults and crashes, in an order that is
  always the same (`tests/simulation/planted_search.py`).
- *Every small void*: the same for one void (`tests/simulation/one_void.py`).
- *Random worlds*: eight documents, two tenants, several processes, webhooks, restores, on the production database and
  gateway, each world drawn from the number that it has (`tests/simulation/planted_drawing.py`).

- *Worlds of later wishes*: the same, drawn so that most documents are corrected, paid for, charged or taken back while
  evidence for them is still on its way.

`Worlds` is how many it took when this page was made, the one that broke included; the test allows the number after
the slash. `Spoke` is the first invariant that complained: those with A and I are of the tables in
[the fault matrix](fault-matrix.md) and [how a document is issued](submission.md), "step" is a step there.

This page is made by `python -m tests.docs.planted_bugs_page`; do not edit it. To see one caught:
`python -m pytest tests/simulation/test_planted_bugs.py -k NAME`.
"""


def page(worlds: Mapping[str, int]) -> str:
    """The whole page, with the number of worlds by the name of the bug."""
    parts = [_HEAD]
    for chapter, module in CHAPTERS.items():
        rows = [_row(bug, worlds[bug.name]) for bug in bugs_of(module)]
        parts.append(f"## {chapter}\n")
        parts.append(
            "| Planted | What it breaks | Where | Caught by | Worlds | Spoke |\n| --- | --- | --- | --- | --- | --- |"
        )
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def _row(bug: PlantedBug, worlds: int) -> str:
    place = bug.place.replace(":", ".")
    cells = (bug.name, bug.breaks, f"`{place}`", bug.search.value, f"{worlds} / {bug.within}", bug.speaks)
    return f"| {' | '.join(cells)} |"


def counted() -> dict[str, int]:
    """Plants every bug. Raises LookupError for one that survives."""
    worlds = {}
    for bug in all_bugs():
        with capture_logs():  # what goes wrong in the worlds is their business
            catch = search_for(bug)
        if catch is None:
            raise LookupError(f"{bug.name} survived {bug.within} worlds")
        worlds[bug.name] = catch.worlds
    return worlds


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    PAGE.write_text(page(counted()), encoding="utf-8")
