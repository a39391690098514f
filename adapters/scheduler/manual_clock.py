"""Time, names and chance that a test or a simulation holds in its hand."""

import asyncio
import base64
import heapq
import random
from datetime import UTC, datetime, timedelta

from adapters.scheduler.system_clock import UlidIdentifiers
from core.ports.clock import Chance, Clock, Identifiers

_TURNS_TO_SETTLE = 20


class ManualClock(Clock):
    """Virtual time: it stands still until ``advance`` or ``run_for`` moves it."""

    def __init__(self, start: datetime = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock starts at an aware moment")
        self._start = start.astimezone(UTC)
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._order = 0

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed)

    def monotonic(self) -> float:
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._order += 1  # equal moments wake in the order in which they fell asleep
        heapq.heappush(self._sleepers, (self._elapsed + seconds, self._order, woken))
        await woken

    @property
    def sleepers(self) -> int:
        """How many sleep now."""
        return sum(not woken.done() for _, _, woken in self._sleepers)

    def advance(self, seconds: float) -> None:
        """Move the time and wake everyone whose time has come; they run when the caller next awaits."""
        if seconds < 0:
            raise ValueError("time never goes back")
        self._elapsed += seconds
        while self._sleepers and self._sleepers[0][0] <= self._elapsed:
            _, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                woken.set_result(None)

    async def run_for(self, seconds: float) -> None:
        """Let ``seconds`` pass from one waking to the next, so that whoever sleeps again in between is woken again."""
        end = self._elapsed + seconds
        await self.settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            self.advance(max(0.0, self._sleepers[0][0] - self._elapsed))
            await self.settle()
        self.advance(max(0.0, end - self._elapsed))
        await self.settle()

    async def settle(self) -> None:
        """Let the tasks that can run take a few turns of the event loop."""
        for _ in range(_TURNS_TO_SETTLE):
            await asyncio.sleep(0)


class SeededIdentifiers(Identifiers):
    """ULIDs that are the same for the same seed and the same moments."""

    def __init__(self, clock: Clock, seed: int = 0) -> None:
        self._ulids = UlidIdentifiers(clock, entropy=random.Random(seed).randbytes)  # noqa: S311  repeatable by design

    def new_id(self) -> str:
        return self._ulids.new_id()


class SeededChance(Chance):
    """Randomness that is the same for the same seed. Never for production."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)  # noqa: S311  repeatable by design

    def security_code(self) -> str:
        return f"{self._random.randint(1, 999_999_999):09d}"

    def secret(self) -> str:
        return base64.urlsafe_b64encode(self._random.randbytes(32)).rstrip(b"=").decode()

    def fraction(self) -> float:
        return self._random.random()
