"""Many worlds one after the other, or on several cores: counted together, stopped at the first that breaks."""

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from adapters.alanube.fake.faults import FaultKind
from bootstrap.simulation.drawing_troubles import CRASH_POINTS
from bootstrap.simulation.plans import OutageForm, WorldPlan
from bootstrap.simulation.worlds import WorldReport, run_world

ALWAYS_STRIKING = (
    *(f"pac {kind.value}" for kind in FaultKind),
    *(f"crash {point}" for point in CRASH_POINTS),
    *(f"outage {form.value}" for form in OutageForm),
    "DGI silent",
    "PAC token rotated",
    "SIGKILL at a time",
    "SIGTERM",
    "caller left",
    "certificate expired",
    "clock jumped",
    "committed tail lost",
    "document lost with the tail",
    "doubled ring",
    "full disk",
    "full file store",
    "lost ring",
    "one key for two inputs at once",
    "the same call twice at once",
    "void asked for",
    "webhook secret rotated",
)
"""What a long run must have met: a trouble that never struck proves nothing."""

WANTED_LATER = (
    "credit note authorised",
    "debit note authorised",
    "evidence came after the successor left",
    "given up by an operator",
    "payment recorded",
    "payment refused not_payable",
    "payment reversed",
    "reissue refused already_replaced",
    "reissue refused reissue_too_early",
    "reissued",
    "reversal refused payment_already_reversed",
    "successor authorised",
    "successor held back",
)
"""What must have come of what callers wanted later, too; a page made from a run that is older does not show it."""

MOST_FAILURES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Lived:
    """One world of a run: its plan, what became of it, and what it cost."""

    plan: WorldPlan
    report: WorldReport
    cpu_seconds: float


@dataclass(slots=True, kw_only=True)
class RunReport:
    """All worlds of a run together."""

    worlds: int = 0
    documents: int = 0
    cpu_seconds: float = 0.0
    virtual_seconds: float = 0.0
    steps: int = 0
    checks: int = 0
    struck: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    by_door: dict[str, tuple[int, float]] = field(default_factory=dict)  # documents and CPU seconds
    failures: list[Lived] = field(default_factory=list)
    traces: dict[int, str] = field(default_factory=dict)  # by seed

    def add(self, lived: Lived) -> None:
        """One world more."""
        report = lived.report
        self.worlds += 1
        self.documents += report.documents
        self.cpu_seconds += lived.cpu_seconds
        self.virtual_seconds += report.virtual_seconds
        self.steps += report.steps
        self.checks += report.checks
        for name, times in report.struck.items():
            self.struck[name] = self.struck.get(name, 0) + times
        for name, times in report.counts.items():
            self.counts[name] = self.counts.get(name, 0) + times
        documents, seconds = self.by_door.get(lived.plan.door.value, (0, 0.0))
        self.by_door[lived.plan.door.value] = (documents + report.documents, seconds + lived.cpu_seconds)
        self.traces[report.seed] = report.trace
        if not report.is_clean and len(self.failures) < MOST_FAILURES:
            self.failures.append(lived)

    @property
    def trace(self) -> str:
        """One hash over the traces of all worlds, in the order of their seeds."""
        return hashlib.sha256("\n".join(self.traces.values()).encode()).hexdigest()

    @property
    def documents_per_second(self) -> float:
        """Of one core: documents by seconds of CPU, not by the clock on the wall."""
        return self.documents / self.cpu_seconds if self.cpu_seconds else 0.0

    @property
    def never_struck(self) -> tuple[str, ...]:
        """What was never met, of all that should be."""
        return tuple(name for name in (*ALWAYS_STRIKING, *WANTED_LATER) if not self.struck.get(name))


def live(plan: WorldPlan) -> Lived:
    """Run one world and count what it cost."""
    began = time.process_time()
    report = run_world(plan)
    return Lived(plan=plan, report=report, cpu_seconds=time.process_time() - began)


def run_worlds(
    plans: Iterable[WorldPlan], *, cores: int = 1, told: Callable[[Lived], None] = lambda _: None, stops: bool = True
) -> RunReport:
    """Live all plans. ``told`` hears of each in the order of the plans; ``stops`` at the first that breaks.

    The result is the same on any number of cores, but for what it cost.
    """
    run = RunReport()
    for lived in _lived(plans, cores):
        run.add(lived)
        told(lived)
        if stops and run.failures:
            break
    return run


def _lived(plans: Iterable[WorldPlan], cores: int) -> Iterator[Lived]:
    if cores == 1:
        yield from map(live, plans)
        return
    with ProcessPoolExecutor(cores) as pool:
        try:
            yield from pool.map(live, plans, chunksize=1)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
