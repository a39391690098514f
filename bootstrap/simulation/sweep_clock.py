"""Lets the sweep skip the seconds in which nothing is due; what a sweep then finds is what it would have found."""

import asyncio
import random
from collections.abc import Callable
from datetime import datetime

from bootstrap.simulation.virtual_loop import VirtualClock
from core.ports.clock import Clock

NextDue = Callable[[], float | None]


class Alarm:
    """The moment at which the next thing is due, for everybody who sleeps until then."""

    def __init__(self, next_due: NextDue) -> None:
        """``next_due`` answers virtual seconds, or None while nothing waits."""
        self.next_due = next_due
        self._sleepers: dict[asyncio.Future[None], None] = {}

    def sooner(self) -> None:
        """Something may be due sooner than the sleepers think."""
        for sleeper in list(self._sleepers):
            if not sleeper.done():
                sleeper.set_result(None)

    def due_by(self, clock: VirtualClock) -> float | None:
        """When the next thing is due by a clock that may be wrong, as true virtual seconds."""
        due = self.next_due()
        return None if due is None else due - clock.skew_seconds

    async def wait(self, clock: VirtualClock) -> None:
        """Return when something is due by that clock."""
        loop = asyncio.get_running_loop()
        while (due := self.due_by(clock)) is None or due > loop.time():
            sleeper: asyncio.Future[None] = loop.create_future()
            self._sleepers[sleeper] = None
            timer = None if due is None else loop.call_at(due, _wake, sleeper)
            try:
                await sleeper
            finally:
                del self._sleepers[sleeper]
                if timer is not None:
                    timer.cancel()


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)


class SweepClock(Clock):
    """The sweep's clock: a rest lasts at least as long as asked for, and then until something is due."""

    def __init__(self, clock: VirtualClock, alarm: Alarm, chance: random.Random) -> None:
        self._clock = clock
        self._alarm = alarm
        self._chance = chance

    def now(self) -> datetime:
        """See the port."""
        return self._clock.now()

    def monotonic(self) -> float:
        """See the port."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Rest as asked for; if nothing is due then, until it is and a part of a period more."""
        await asyncio.sleep(seconds)
        due = self._alarm.due_by(self._clock)
        if due is None or due > self._clock.monotonic():
            await self._alarm.wait(self._clock)
            await asyncio.sleep(seconds * self._chance.random())
