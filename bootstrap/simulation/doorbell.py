"""The doorbell of a simulation: shared as with Redis, or each process's own; it loses and doubles rings."""

import random
from typing import Protocol

from adapters.scheduler.guarded_handling import handle_guarded
from bootstrap.simulation.plans import Coverage, WorldPlan
from bootstrap.simulation.processes import NobodyAnswersError, SimulatedProcess
from bootstrap.simulation.virtual_loop import VirtualLoop, outside
from core.ports.job_queue import Job, JobQueue
from core.use_cases.run_due_work import RunDueWork

HANDLING_SECONDS = 60.0
DOUBLED = 3


class BellTower(Protocol):
    """What a shared bell needs of its world."""

    plan: WorldPlan
    loop: VirtualLoop
    random: random.Random
    coverage: Coverage

    def any_process(self) -> SimulatedProcess:
        """Raises NobodyAnswersError."""


class SharedBell:
    """Rings travel for a moment and are answered by whichever process is up; nobody up, nobody hears."""

    def __init__(self, world: BellTower) -> None:
        self._world = world

    def ring(self, job: Job, ringer: SimulatedProcess) -> None:
        """Never raises: a lost ring is found by the sweep."""
        world = self._world
        now = world.loop.time()
        if any(window.holds(now) for window in world.plan.lost_rings):
            world.coverage.note("lost ring")
            return
        times = 1
        if any(window.holds(now) for window in world.plan.doubled_rings):
            world.coverage.note("doubled ring")
            times = DOUBLED
        for _ in range(times):
            world.loop.call_later(0.02 * world.random.random(), self._answer, job, ringer, context=outside())

    def _answer(self, job: Job, ringer: SimulatedProcess) -> None:
        try:
            process = self._world.any_process() if self._world.plan.has_shared_doorbell else ringer
        except NobodyAnswersError:
            return
        if process.is_up and not process.is_dead:
            process.spawn(_handle(process, job))


class SimulatedDoorbell(JobQueue):
    """The doorbell as one process holds it."""

    def __init__(self, bell: SharedBell, process: SimulatedProcess) -> None:
        self._bell = bell
        self._process = process

    async def ring(self, job: Job) -> None:
        """See the port."""
        self._process.reach("before_ring")
        self._bell.ring(job, self._process)


async def _handle(process: SimulatedProcess, job: Job) -> None:
    work = await process.get(RunDueWork)
    await handle_guarded(work.handle, job, HANDLING_SECONDS)
