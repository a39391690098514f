"""The sweep that finds what is due, whatever rings were lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from adapters.scheduler.task_lifetimes import end_within, rest_unless
from core.ports.clock import Chance, Clock

log = structlog.get_logger("istmo.scheduler")

Sweep = Callable[[], Awaitable[int]]
"""Does one batch of what is due and says how many things it did. Safe to run in several processes at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepPace:
    """How often the sweep runs. ``full_batch`` is the size of the sweep's own batch."""

    sweep_seconds: float = 1.0
    jitter_fraction: float = 0.2  # of sweep_seconds, either way, so that many processes do not sweep in step
    full_batch: int = 50
    sweeps_in_a_row_max: int = 20  # after a full batch it sweeps on at once, but not for ever
    timeout_seconds: float = 120.0
    stale_seconds: float = 150.0  # longer than this without a turn of the loop is dead


class PeriodicSweep:
    """Runs the sweep for ever as a task of its own; a sweep that raises or hangs is logged and the next one comes.

    It does not stand on the queue that it makes good for.
    """

    def __init__(self, *, sweep: Sweep, clock: Clock, chance: Chance, pace: SweepPace) -> None:
        self._sweep = sweep
        self._clock = clock
        self._chance = chance
        self._pace = pace
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._turned_at = clock.monotonic()
        self.last_sweep_at: datetime | None = None
        """When a sweep last ended well, aware UTC."""
        self.failures = 0

    @property
    def is_alive(self) -> bool:
        """Whether the loop still turns, be the sweeps good or bad."""
        is_running = self._task is not None and not self._task.done()
        return is_running and self._clock.monotonic() - self._turned_at <= self._pace.stale_seconds

    def start(self) -> None:
        """Begin; the first sweep comes at once, for what a dead process left. Raises RuntimeError the second time."""
        if self._task is not None:
            raise RuntimeError("the sweep was started before")
        self._turned_at = self._clock.monotonic()
        self._task = asyncio.create_task(self._run(), name="istmo-sweep")

    async def stop(self, seconds: float) -> None:
        """Let the sweep that runs end within ``seconds``, else cancel it. Stopping twice or unstarted is fine."""
        self._stopping.set()
        if self._task is not None and await end_within({self._task}, seconds):
            log.warning("sweep_cancelled_at_stop", waited_seconds=seconds)

    async def _run(self) -> None:
        while not self._stopping.is_set():
            await self._sweep_while_full()
            jitter = self._pace.jitter_fraction * (2 * self._chance.fraction() - 1)
            await rest_unless(self._stopping, self._clock, self._pace.sweep_seconds * (1 + jitter))

    async def _sweep_while_full(self) -> None:
        for _ in range(self._pace.sweeps_in_a_row_max):
            done = await self._sweep_once()
            self._turned_at = self._clock.monotonic()
            if done < self._pace.full_batch or self._stopping.is_set():
                return

    async def _sweep_once(self) -> int:
        try:
            async with asyncio.timeout(self._pace.timeout_seconds):
                done = await self._sweep()
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is None or task.cancelling():
                raise
            self.failures += 1
            log.warning("sweep_cancelled_itself")
            return 0
        except Exception:
            self.failures += 1
            log.exception("sweep_failed")
            return 0
        self.last_sweep_at = self._clock.now()
        return done
