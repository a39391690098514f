"""Writes docs/reliability.md from the last long run (docs/reliability-run.json) and the program's tables.

`make simulate` runs long and writes both. `python -m tests.docs.reliability_page` writes the page alone.
"""

import json
from pathlib import Path
from typing import Any

from bootstrap.simulation.invariant_table import INVARIANTS, Checked, Excused
from bootstrap.simulation.runs import ALWAYS_STRIKING, WANTED_LATER
from tests.docs.marked_places import ROOT

RUN = ROOT / "docs" / "reliability-run.json"
PAGE = ROOT / "docs" / "reliability.md"
HEAD = """\
<!-- made by `python -m tests.docs.reliability_page` from reliability-run.json: do not edit -->

# What was simulated, and what came of it

The whole service in one thread under a virtual clock, against the fake PAC, with faults, crashes and outages drawn from
a seed before the world begins. [simulation.md](simulation.md) says how it works and how to run it. This page is made
from the last long run; nobody wrote a figure in it.
"""
NOT_COVERED = """\
## What is not covered

- **Alanube.** The PAC here is the fake. What it assumes is numbered in [assumptions.md](assumptions.md); where Alanube
  behaves otherwise, a run proves nothing about it.
- **Drafts and imports.** The long run has invoices, their voids, credit notes of all that is left, debit notes of one
  line, payments and corrected successors of refused documents.
- **PostgreSQL and Redis.** The database is SQLite in memory with production's SQL, the doorbell is simulated. Row locks
  of PostgreSQL, its isolation and its pools have contract tests and [the torture](reliability-torture.md).
- **Threads.** Production's SQLite writer is a thread of its own; here a unit runs at once in the loop. Its own suite is
  `tests/unit/persistence`.
- **The machine.** A torn page, a lying disk, a kernel that loses what was synced. Power loss is simulated as the loss
  of everything that was not committed, or, as a fault of its own, of the newest commits too.
- **The network below HTTP.** TLS, DNS and addresses are tested in `tests/unit/alanube`.
- **Load.** Nothing here says how fast the service is.
- **A known hole.** A proxy repeats a POST, the PAC refuses the repetition with a code that no table knows, and no
  webhook ever comes: the document is REFUSED here and authorised there. `ISTMO_PAC_UNRECOGNISED_IS_DOUBT=true` closes
  it; the judge passes over it only where all of that was planned.
- **The same hole and corrected documents.** Where it is open, a document that was refused gets a successor, and the PAC
  may tell of the first one when the second has left: both are valid then. It must be noticed. What was told before the
  successor was claimed must keep it back, and what was refused with an unknown code must not be replaced before the
  PAC's latest accept: both are checked, by what the PAC holds.
- **A PAC that takes one number twice** may hold two authorised documents of one intent under the policy `resend`, or
  where a proxy repeats. It must be noticed, and is checked to be, where a webhook told of both.
- **After a restore** a document that left comes back with the repetition of its key; one that its caller never asks for
  again is an operator's to look up. Its number is never given again, and its key never issues twice: both are checked.
"""


def page() -> str:
    """The page as it must be."""
    run = json.loads(RUN.read_text(encoding="utf-8"))
    return "\n".join([HEAD, _figures(run), _troubles(run), _ends(run), _invariants(), NOT_COVERED])


def _figures(run: dict[str, Any]) -> str:
    last = run["first_seed"] + run["worlds"] - 1
    failures = len(run["failures"])
    rows = [
        ("date", run["date"]),
        ("worlds", f"{run['worlds']:,}, seeds {run['first_seed']} to {last}"),
        ("documents", f"{run['documents']:,}"),
        ("virtual time", f"{run['virtual_hours']:,} hours"),
        ("states of documents checked", f"{run['checks']:,}"),
        ("steps of the event loop", f"{run['steps']:,}"),
        ("broken invariants", str(failures) if failures else "none"),
        ("trace", f"`{run['trace']}`"),
    ]
    for door, cost in run["by_door"].items():
        rate = cost["documents"] / cost["cpu_seconds"]
        rows.append((f"through the door {door}", f"{cost['documents']:,} documents, {rate:.0f} a second of one core"))
    command = f"istmo simulate --seed {run['first_seed']} --documents {run['documents']} --per-world {run['per_world']}"
    return f"## The run\n\n{_table(('figure', 'value'), rows)}\n\nThe same command gives the same trace: `{command}`\n"


def _troubles(run: dict[str, Any]) -> str:
    struck = run["struck"]
    shown = {*ALWAYS_STRIKING, *(name for name in WANTED_LATER if struck.get(name))}
    rows = [(name, f"{struck.get(name, 0):,}") for name in sorted(shown)]
    note = "`pac ...` are faults of the PAC, `crash ...` the points at which a process died."
    return f"## What struck, how often\n\n{note}\n\n{_table(('trouble', 'times'), rows)}\n"


def _ends(run: dict[str, Any]) -> str:
    rows = [(name, f"{count:,}") for name, count in run["counts"].items()]
    return f"## How it ended\n\n{_table(('counted over all worlds', 'number'), rows)}\n"


def _invariants() -> str:
    checked, excused = [], []
    for name, entry in INVARIANTS.items():
        match entry:
            case Checked(what=what, when=when):
                checked.append((name, what, "; ".join(when)))
            case Excused(what=what, reason=reason):
                excused.append((name, what, reason))
    return "\n".join(
        [
            "## Invariants that are checked",
            "",
            _table(("id", "invariant", "when"), checked),
            "",
            "## Invariants that are not, and why",
            "",
            _table(("id", "invariant", "reason"), excused),
            "",
        ]
    )


def _table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Write the page."""
    Path(PAGE).write_text(page().rstrip("\n") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
