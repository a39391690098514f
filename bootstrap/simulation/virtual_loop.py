"""An event loop without a selector: when nothing can run, time jumps to the next timer."""

import asyncio
import contextvars
import heapq
import random
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from core.ports.clock import Clock

MOURNING_SECONDS = 600.0
START = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


class NothingLeftToDoError(RuntimeError):
    """Everybody waits for somebody else, and no timer is set."""


class VirtualLoop(asyncio.BaseEventLoop):
    """One thread, no socket, no thread pool. What can run at one moment runs in an order that the seed decides."""

    def __init__(self, seed: int) -> None:
        """The same seed and the same coroutines give the same order of steps."""
        super().__init__()
        self._elapsed = 0.0
        self._random = random.Random(seed)  # noqa: S311 - repeatable by design
        self.steps = 0

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._elapsed

    def _run_once(self) -> None:
        ready, timers = self._ready, self._scheduled  # type: ignore[attr-defined]
        while timers and timers[0].cancelled():
            heapq.heappop(timers)
        if not ready and not self._stopping:  # type: ignore[attr-defined]
            if not timers:
                raise NothingLeftToDoError("no task can run and no timer is set")
            self._elapsed = max(self._elapsed, timers[0].when())
        while timers and timers[0].when() <= self._elapsed:
            ready.append(heapq.heappop(timers))
        count = len(ready)
        if count > 1:
            self._random.shuffle(ready)
        self.steps += count
        for _ in range(count):
            handle = ready.popleft()
            if not handle.cancelled():
                handle._run()  # noqa: SLF001 - what BaseEventLoop itself does

    def _timer_handle_cancelled(self, handle: asyncio.TimerHandle) -> None:
        """Cancelled timers are dropped when their turn comes."""

    def _write_to_self(self) -> None:
        """Nobody sleeps in a selector that would have to be woken."""

    def _process_events(self, event_list: object) -> None:
        """There are no events from outside."""

    def run_in_executor(self, *_: object) -> NoReturn:
        """Raises RuntimeError: a thread would make the run unrepeatable."""
        raise RuntimeError("a simulation has one thread")


class VirtualClock(Clock):
    """The loop's time as a wall clock; ``skew_seconds`` moves the wall clock of one process, never ``monotonic``."""

    def __init__(self, loop: VirtualLoop, *, start: datetime = START) -> None:
        self._loop = loop
        self._start = start
        self.skew_seconds = 0.0

    def now(self) -> datetime:
        """See the port."""
        return self._start + timedelta(seconds=self._loop.time() + self.skew_seconds)

    def monotonic(self) -> float:
        """See the port."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """See the port."""
        await asyncio.sleep(seconds)


def run_virtually(loop: VirtualLoop, main: Coroutine[Any, Any, None]) -> None:
    """Run to the end and close the loop, whatever happened. Raises what ``main`` raises."""
    try:
        loop.run_until_complete(main)
    finally:
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            loop.run_until_complete(asyncio.wait(left, timeout=MOURNING_SECONDS))
        loop.close()


def outside() -> contextvars.Context:
    """A context that belongs to no simulated process."""
    return contextvars.Context()
