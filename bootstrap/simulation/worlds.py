"""``run_world``: a plan is lived to its end and judged."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

import structlog

from bootstrap.simulation.callers import Callers
from bootstrap.simulation.judge import judge, missing_final_files
from bootstrap.simulation.judge_voids import is_for_a_person
from bootstrap.simulation.opening import open_shops
from bootstrap.simulation.plans import WorldPlan
from bootstrap.simulation.processes import own_tasks
from bootstrap.simulation.troubles import Troubles
from bootstrap.simulation.virtual_loop import VirtualLoop, run_virtually
from bootstrap.simulation.witness import Violation
from bootstrap.simulation.world import World
from core.documents import LegalStatus, Submission

REST_WITHIN = 26 * 3600.0  # A17: the deadline of doubt is a day, and one last repetition has two hours more
LOOK_EVERY = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldReport:
    """What became of a plan. Equal plans give equal reports, ``cpu_seconds`` aside, on every machine.

    ``violations`` is empty when every invariant held. ``struck`` counts by name what really happened of what was
    planned: faults of the PAC (``pac <kind>``), crash points (``crash <point>``), and the other troubles.
    ``counts`` says how the documents ended, by submission and by legal status, and what the PAC holds.
    ``latest`` are the last lines of the trace, for whoever looks into a failure.
    """

    seed: int
    trace: str  # 64 hex digits over everything that happened, in its order
    documents: int  # intents
    violations: tuple[Violation, ...]
    struck: dict[str, int]
    counts: dict[str, int]
    virtual_seconds: float
    steps: int  # of the event loop
    checks: int  # states of documents that were held against the invariants
    latest: tuple[str, ...] = field(default=(), repr=False)

    @property
    def is_clean(self) -> bool:
        """Whether every invariant held."""
        return not self.violations


def run_world(plan: WorldPlan) -> WorldReport:
    """Live a plan to its end and judge it. Plain frozen data in, plain data out; nothing is left behind.

    The same plan gives the same report, whatever PYTHONHASHSEED is. It runs an event loop of its own, so it is called
    where none is running; logging is silent meanwhile. A broken invariant is a violation of the report, never an
    exception. What a caller, the courier or a trouble did not expect is a violation too, called SIM: the service raised
    something that no door may let through, or the simulator is wrong.

    To plant a bug, patch the service (``core``, ``adapters``) around the call: the objects of each process are made
    inside, by production's own wiring.
    """
    loop = VirtualLoop(plan.seed)
    loop.set_task_factory(own_tasks)
    reports: list[WorldReport] = []

    async def live() -> None:
        reports.append(await _live(World(plan, loop)))

    with _quiet():
        run_virtually(loop, live())
    return reports[0]


async def _live(world: World) -> WorldReport:
    plan = world.plan
    await world.disk.open()
    for slot in range(plan.processes):
        await world.start_process(slot)
    shops = await open_shops(world)
    callers, troubles = Callers(world, shops), Troubles(world, shops)
    callers.begin()
    troubles.begin()
    await asyncio.sleep(plan.last_trouble_at)
    await _come_to_rest(world)
    await judge(world, shops, callers)
    for process in world.processes:
        process.end()
        await process.bury()
    await world.disk.close()
    for kind, times in sorted(world.engine.faults_fired.items()):
        world.coverage.note(f"pac {kind.value}", times)
    return WorldReport(
        seed=plan.seed,
        trace=world.trace.digest(),
        documents=len(plan.documents),
        violations=tuple(world.witness.violations),
        struck=dict(sorted(world.coverage.struck.items())),
        counts=_counts(world),
        virtual_seconds=world.loop.time(),
        steps=world.loop.steps,
        checks=world.witness.checks,
        latest=tuple(world.trace.latest),
    )


async def _come_to_rest(world: World) -> None:
    """Until nothing moves any more, or the time for it is over: then the judge finds what did not.

    The time begins when the PAC has nothing more to say: a webhook may come days late.
    """
    end = world.loop.time() + REST_WITHIN
    while world.loop.time() < end:
        said_at = world.engine.next_due_at()
        if said_at is not None:
            end = max(end, world.seconds_of(said_at) + REST_WITHIN)
        elif not world.is_busy and _is_at_rest(world):
            return
        moments = [moment for moment in (said_at, world.witness.next_due()) if moment is not None]
        wait = LOOK_EVERY if not moments else world.seconds_of(min(moments)) - world.loop.time()
        await asyncio.sleep(max(wait, 0.0) + 5.0)


def _is_at_rest(world: World) -> bool:
    for document in world.witness.documents.values():
        if document.submission is Submission.QUARANTINED:
            continue
        if not document.is_settled or document.is_watched:
            return False
        if document.submission is Submission.REFUSED and document.is_looked_at:
            return False  # late evidence named an id that could not be read yet
        if document.legal_status is LegalStatus.DGI_AUTHORIZED and missing_final_files(document):
            return False
        is_void_open = document.void is not None and document.void.is_open and not document.void.waits
        if is_void_open and not is_for_a_person(world, document):
            return False
    return not world.witness.waiting


def _counts(world: World) -> dict[str, int]:
    counts: dict[str, int] = {}
    for document in world.witness.documents.values():
        for name in (document.submission.value, document.legal_status.value):
            counts[name] = counts.get(name, 0) + 1
    counts["documents here"] = len(world.witness.documents)
    counts["documents at the PAC"] = len(world.engine.documents)
    counts["commits"] = world.disk.commits
    return dict(sorted(counts.items()))


@contextmanager
def _quiet() -> Iterator[None]:
    """The service logs what goes wrong, and here everything does."""
    before, configured = logging.root.manager.disable, structlog.get_config()
    logging.disable(logging.CRITICAL)
    structlog.configure(processors=[_drop])
    try:
        yield
    finally:
        logging.disable(before)
        structlog.configure(**configured)


def _drop(*_: object) -> NoReturn:
    raise structlog.DropEvent
