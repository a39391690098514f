"""The worker that lives inside the web process, for machines without Redis."""

import asyncio
import contextvars
from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters.scheduler.guarded_handling import handle_guarded
from adapters.scheduler.periodic_sweep import PeriodicSweep, Sweep, SweepPace
from adapters.scheduler.task_lifetimes import end_within
from core.ports.clock import Chance, Clock
from core.ports.job_queue import Job, JobHandler, JobQueue

log = structlog.get_logger("istmo.scheduler")


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedLimits:
    """What one process takes on."""

    waiting_max: int = 1_000
    handlers_max: int = 8
    handlers_per_tenant_max: int = 6  # a tenant whose PAC hangs leaves room for the others' rings
    job_timeout_seconds: float = 60.0
    stop_seconds: float = 20.0


@dataclass(slots=True, kw_only=True)
class RingCounts:
    """What became of the rings since the start. A merged ring equals one that waited already."""

    handled: int = 0
    failed: int = 0
    merged: int = 0
    dropped: int = 0


class EmbeddedRunner(JobQueue):
    """A bounded queue, a few handlers at once and the periodic sweep, all in the running event loop.

    Equal jobs never run at the same time here. A ring that finds the queue full, or the runner stopped, is dropped
    and counted: the sweep finds its work. The handler comes with ``start``, because it needs the use cases and those
    need this queue.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        chance: Chance,
        pace: SweepPace,
        limits: EmbeddedLimits = EmbeddedLimits(),
    ) -> None:
        self._clock = clock
        self._chance = chance
        self._limits = limits
        self._pace = pace
        self._waiting: dict[Job, None] = {}
        self._running: dict[Job, asyncio.Task[None]] = {}
        self._handler: JobHandler | None = None
        self._context: contextvars.Context | None = None
        self._sweep: PeriodicSweep | None = None
        self._is_stopped = False
        self.counts = RingCounts()

    @property
    def is_alive(self) -> bool:
        """Whether it was started, was not stopped, and its sweep still turns."""
        return not self._is_stopped and self._sweep is not None and self._sweep.is_alive

    @property
    def last_sweep_at(self) -> datetime | None:
        """When a sweep last ended well, aware UTC."""
        return None if self._sweep is None else self._sweep.last_sweep_at

    @property
    def waiting(self) -> int:
        """How many jobs wait for a handler."""
        return len(self._waiting)

    @property
    def running(self) -> int:
        """How many handlers run now."""
        return len(self._running)

    async def ring(self, job: Job) -> None:
        if job in self._waiting:
            self.counts.merged += 1
        elif self._is_stopped or len(self._waiting) >= self._limits.waiting_max:
            self.counts.dropped += 1
            log.warning("ring_dropped", kind=job.kind.value, is_stopped=self._is_stopped, waiting=len(self._waiting))
        else:
            self._waiting[job] = None
            self._start_what_fits()

    async def start(self, *, handler: JobHandler, sweep: Sweep) -> None:
        """Answer the rings, those from before the start too, and sweep. Raises RuntimeError the second time."""
        if self._sweep is not None:
            raise RuntimeError("the runner was started before")
        self._context = contextvars.copy_context()
        self._handler = handler
        self._sweep = PeriodicSweep(sweep=sweep, clock=self._clock, chance=self._chance, pace=self._pace)
        self._sweep.start()
        self._start_what_fits()

    async def stop(self) -> None:
        """Start nothing more, give what runs ``stop_seconds`` to end, cancel the rest. What waits is forgotten."""
        self._is_stopped = True
        forgotten = len(self._waiting)
        self._waiting.clear()
        seconds = self._limits.stop_seconds
        handling = end_within(self._running.values(), seconds)
        if self._sweep is None:
            cancelled = await handling
        else:
            cancelled, _ = await asyncio.gather(handling, self._sweep.stop(seconds))
        log.info("runner_stopped", forgotten=forgotten, cancelled=cancelled)

    def _start_what_fits(self) -> None:
        while self._handler is not None and len(self._running) < self._limits.handlers_max:
            job = next((job for job in self._waiting if self._may_start(job)), None)
            if job is None:
                return
            del self._waiting[job]
            # a job must not inherit the context, and so the log fields, of the request that happened to ring
            context = None if self._context is None else self._context.copy()
            self._running[job] = asyncio.create_task(self._handle(self._handler, job), context=context)

    def _may_start(self, job: Job) -> bool:
        of_tenant = sum(running.tenant_id == job.tenant_id for running in self._running)
        return job not in self._running and of_tenant < self._limits.handlers_per_tenant_max

    async def _handle(self, handler: JobHandler, job: Job) -> None:
        try:
            if await handle_guarded(handler, job, self._limits.job_timeout_seconds):
                self.counts.handled += 1
            else:
                self.counts.failed += 1
        finally:
            del self._running[job]
            self._start_what_fits()
