"""What `istmo simulate` does: draw, live, tell; and make a failure small."""

import itertools
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bootstrap.commands.speaking import say
from bootstrap.simulation.drawing import draw_plan
from bootstrap.simulation.plans import Door, WorldPlan, plan_as_json, plan_from_json
from bootstrap.simulation.runs import Lived, RunReport, run_worlds
from bootstrap.simulation.shrinking import shrink
from bootstrap.simulation.worlds import WorldReport, run_world

SHOWN_VIOLATIONS = 5
LONG_RUN = 5_000  # documents, from which on everything must have struck


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The options of the command."""

    seed: int
    documents: int
    per_world: int
    cores: int
    door: str | None
    plan: Path | None
    summary: Path | None
    failed_plan: Path


def run_command(wish: Wish) -> bool:
    """Do it and say what came of it; whether every invariant held. Raises ValueError and OSError for bad options."""
    if wish.documents < 1 or wish.per_world < 1 or wish.cores < 1:
        raise ValueError("documents, per-world and cores are at least 1")
    if wish.plan is not None:
        return _replay(wish.plan)
    door = None if wish.door is None else Door(wish.door)
    plans = _plans(wish, door)
    with _progress(wish.documents) as advance:
        run = run_worlds(plans, cores=wish.cores, told=advance)
    for line in summary_lines(run):
        say(line)
    if wish.summary is not None:
        wish.summary.write_text(json.dumps(as_object(run, wish), indent=1, sort_keys=True) + "\n", "utf-8")
    if run.failures:
        _tell_failure(run.failures[0], wish.failed_plan)
        return False
    if run.documents >= LONG_RUN and run.never_struck:
        say(f"NEVER STRUCK {', '.join(run.never_struck)}")
        return False
    return True


def _plans(wish: Wish, door: Door | None) -> Iterator[WorldPlan]:
    left = wish.documents
    for seed in itertools.count(wish.seed):
        if left <= 0:
            return
        yield draw_plan(seed, min(wish.per_world, left), door=door)
        left -= wish.per_world


def _replay(file: Path) -> bool:
    report = run_world(plan_from_json(file.read_bytes()))
    for line in report.latest:
        say(line)
    say(f"trace {report.trace}")
    for violation in report.violations:
        say(f"BROKEN {violation}")
    say("every invariant held" if report.is_clean else "NOT every invariant held")
    return report.is_clean


def summary_lines(run: RunReport) -> Iterator[str]:
    """The run for people; the lines ``trace`` and ``documents/s`` have a fixed form."""
    hours = run.virtual_seconds / 3600
    yield f"{run.worlds} worlds, {run.documents} documents, {hours:,.0f} virtual hours"
    yield f"{run.checks:,} states of documents checked, {run.steps:,} steps of the event loop"
    yield _listed("documents ended", run.counts)
    faults = {name.removeprefix("pac "): count for name, count in run.struck.items() if name.startswith("pac ")}
    crashes = {name.removeprefix("crash "): count for name, count in run.struck.items() if name.startswith("crash ")}
    others = {name: count for name, count in run.struck.items() if not name.startswith(("pac ", "crash "))}
    yield _listed("faults of the PAC", faults)
    yield _listed("crash points", crashes)
    yield _listed("other troubles", others)
    for door, (documents, seconds) in sorted(run.by_door.items()):
        yield f"through {door}: {documents} documents, {documents / seconds:.0f} a second of one core"
    yield f"trace {run.trace}"
    yield f"{run.documents_per_second:.0f} documents/s"
    yield "every invariant held" if not run.failures else "NOT every invariant held"


def as_object(run: RunReport, wish: Wish) -> dict[str, Any]:
    """The run as plain data, for a page made from it."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "first_seed": wish.seed,
        "per_world": wish.per_world,
        "worlds": run.worlds,
        "documents": run.documents,
        "virtual_hours": round(run.virtual_seconds / 3600),
        "checks": run.checks,
        "steps": run.steps,
        "struck": run.struck,
        "counts": run.counts,
        "never_struck": list(run.never_struck),
        "failures": [str(violation) for lived in run.failures for violation in lived.report.violations],
        "documents_per_second": round(run.documents_per_second),
        "by_door": {
            door: {"documents": documents, "cpu_seconds": round(seconds, 1)}
            for door, (documents, seconds) in sorted(run.by_door.items())
        },
        "trace": run.trace,
    }


def _listed(what: str, counts: dict[str, int]) -> str:
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
    return f"{what}: {told or 'none'}"


def _tell_failure(lived: Lived, file: Path) -> None:
    broken = frozenset(violation.invariant for violation in lived.report.violations)
    say(f"world {lived.plan.seed} broke {', '.join(sorted(broken))}; making its plan small ...")
    small = shrink(lived.plan, lambda plan: bool(_broken(run_world(plan)) & broken))
    file.write_bytes(plan_as_json(small))
    for violation in run_world(small).violations[:SHOWN_VIOLATIONS]:
        say(f"BROKEN {violation}")
    say(plan_as_json(small).decode())
    say(f"replay: istmo simulate --plan {file}")


def _broken(report: WorldReport) -> frozenset[str]:
    return frozenset(violation.invariant for violation in report.violations)


@contextmanager
def _progress(documents: int) -> Iterator[Callable[[Lived], None]]:
    """A bar on standard error, where a person looks at it."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    columns = (TextColumn("simulating"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("documents", total=documents)
        yield lambda lived: progress.advance(task, lived.report.documents)
