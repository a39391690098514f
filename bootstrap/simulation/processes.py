"""One process of the service: its objects, its tasks, and how it ends."""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Generator
from typing import Any, Protocol, TypeVar

from dishka import AsyncContainer
from litestar import Litestar

from adapters.persistence.simulated_disk import DiskGate
from adapters.scheduler.periodic_sweep import PeriodicSweep, SweepPace
from bootstrap.simulation.sweep_clock import SweepClock
from bootstrap.simulation.virtual_loop import VirtualClock, outside
from core.ports.clock import Chance
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.run_due_work import RunDueWork
from core.use_cases.submit_document import SubmitDocument

T = TypeVar("T")
ROUNDS_TO_END = 200
GRACE_SECONDS = 20.0


class ProcessEnded(BaseException):
    """This process does not exist any more; whoever runs in it ends here."""


class NobodyAnswersError(Exception):
    """The caller's connection was refused, or broke before an answer came."""


class Fates(Protocol):
    """Who decides where a process ends."""

    def reached(self, process: "SimulatedProcess", point: str) -> bool:
        """Whether the process ends at this point, now."""

    def disk_is_full(self) -> bool:
        """Whether the database cannot write now."""

    def process_ended(self, process: "SimulatedProcess") -> None:
        """Told once, when a process ends at a crash point."""


owner: contextvars.ContextVar["SimulatedProcess"] = contextvars.ContextVar("owner")


class SimulatedProcess(DiskGate):
    """A web process with its own sweep. ``name`` is new after each restart, as a pid is."""

    def __init__(self, slot: int, generation: int, fates: Fates, clock: VirtualClock) -> None:
        self.slot = slot
        self.name = f"process-{slot}.{generation}"
        self.clock = clock
        self.is_dead = False
        self.is_up = False
        self.tasks: dict[asyncio.Task[Any], None] = {}
        self._fates = fates
        self._context = outside()
        self._context.run(owner.set, self)
        self.objects: AsyncContainer | None = None
        self.app: Litestar | None = None  # made when something first comes over HTTP

    # -- as the gate of the disk ----------------------------------------------------------------------------

    def enter(self) -> None:
        """See DiskGate."""
        if self.is_dead:
            raise ProcessEnded(self.name)

    def is_full(self) -> bool:
        """See DiskGate."""
        return self._fates.disk_is_full()

    def reach(self, point: str) -> None:
        """See DiskGate; the service's own crash points come here too."""
        self.enter()
        if self._fates.reached(self, point):
            self.is_dead = True
            self._fates.process_ended(self)
            raise ProcessEnded(f"{self.name} at {point}")

    # -- its life -------------------------------------------------------------------------------------------

    async def start(self, objects: AsyncContainer, chance: Chance, pace: SweepPace, sweep_clock: SweepClock) -> None:
        """Take calls and sweep from now on. ``objects`` are its own."""
        self.objects = objects
        work = await objects.get(RunDueWork)
        sweep = PeriodicSweep(sweep=work, clock=sweep_clock, chance=chance, pace=pace)
        self._context.copy().run(sweep.start)
        self.is_up = True

    async def get(self, kind: type[T]) -> T:
        """One of its objects."""
        if self.objects is None:
            raise NobodyAnswersError
        found: T = await self.objects.get(kind)
        return found

    def spawn(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Run something inside this process."""
        return asyncio.get_running_loop().create_task(work, context=self._context.copy())

    async def answer(
        self, make: Callable[["SimulatedProcess"], Coroutine[Any, Any, T]], *, patience: float | None = None
    ) -> T:
        """Do something for a caller outside. Raises NobodyAnswersError, and what the work itself raises.

        ``patience``: the caller's connection breaks after so many seconds, and its request is cancelled.
        """
        if not self.is_up or self.is_dead:
            raise NobodyAnswersError
        task = self.spawn(make(self))
        try:
            await asyncio.wait([task], timeout=patience)
        finally:
            if not task.done():
                task.cancel()
        if not task.done() or task.cancelled() or isinstance(task.exception(), ProcessEnded):
            raise NobodyAnswersError
        return task.result()

    async def stop(self) -> None:
        """SIGTERM: no new calls, what is under way may end within the grace, as the web process does it."""
        self.is_up = False
        if self.objects is None or self.is_dead:
            return
        work, submit = await self.objects.get(RunDueWork), await self.objects.get(SubmitDocument)
        voids = await self.objects.get(ExecuteVoid)

        async def finish() -> None:
            await work.finish_running()
            await submit.finish_running()
            await voids.finish_running()

        ending = self.spawn(finish())
        await asyncio.wait([ending], timeout=GRACE_SECONDS)
        self.end()

    def end(self) -> None:
        """SIGKILL: from this moment nothing of it has any effect."""
        self.is_up = False
        self.is_dead = True

    async def bury(self) -> None:
        """Cancel what is left of its tasks until nothing is; whatever they still try is refused by their gates."""
        for _ in range(ROUNDS_TO_END):
            if not self.tasks:
                break
            for task in list(self.tasks):
                task.cancel()
            await asyncio.sleep(0)
        else:
            raise RuntimeError(f"{self.name} does not end: {list(self.tasks)[:3]}")
        self.objects = self.app = None


def own_tasks(
    loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, Any] | Generator[Any, None, Any], /, **options: Any
) -> "asyncio.Task[Any]":
    """The loop's task factory: a task belongs to the process in whose context it is made."""
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, **options)
    context: contextvars.Context | None = options.get("context")
    process = owner.get(None) if context is None else context.get(owner)
    if process is not None:
        process.tasks[task] = None
        task.add_done_callback(process.tasks.pop)
    return task
