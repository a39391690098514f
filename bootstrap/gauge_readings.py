"""What the database said last, asked again only when it is old enough: a scrape never costs more than one reading."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta

import structlog

from core.errors import IstmoError
from core.ports.clock import Clock
from core.ports.work_gauges import Census, WaitingWork, WorkGauges

log = structlog.get_logger("istmo.metrics")

WAITING_SECONDS = 5.0
CENSUS_SECONDS = 30.0
SHARE_MAX = 0.05  # of the time is spent on reading at most: what takes long is asked for less often
READ_SECONDS_MAX = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The last good readings. ``is_fresh`` False: the last attempt failed, the numbers are older."""

    waiting: WaitingWork | None = None
    census: Census | None = None
    is_fresh: bool = True


class GaugeReadings:
    """Shared by all scrapes of a process; those that come together wait for one reading."""

    def __init__(self, gauges: WorkGauges, clock: Clock, *, overdue_after: timedelta) -> None:
        self._gauges = gauges
        self._clock = clock
        self._overdue_after = overdue_after
        self._lock = asyncio.Lock()
        self._latest = Readings()
        self._waiting_until = self._census_until = clock.monotonic()

    async def latest(self) -> Readings:
        """Never raises for a database that is away."""
        async with self._lock:
            try:
                async with asyncio.timeout(READ_SECONDS_MAX):
                    await self._read_what_is_old()
            except (IstmoError, TimeoutError) as error:
                log.warning("gauges_unreadable", reason=str(error.__cause__ or error) or type(error).__name__)
                self._latest = Readings(waiting=self._latest.waiting, census=self._latest.census, is_fresh=False)
                self._waiting_until = self._clock.monotonic() + WAITING_SECONDS
            return self._latest

    async def _read_what_is_old(self) -> None:
        began = self._clock.monotonic()
        if began < self._waiting_until:
            return
        now = self._clock.now()
        waiting = await self._gauges.waiting(now, overdue_before=now - self._overdue_after)
        ended = self._clock.monotonic()
        self._waiting_until = ended + max(WAITING_SECONDS, (ended - began) / SHARE_MAX)
        self._latest = Readings(waiting=waiting, census=self._latest.census)
        if ended < self._census_until:
            return
        census = await self._gauges.census()
        counted = self._clock.monotonic()
        self._census_until = counted + max(CENSUS_SECONDS, (counted - ended) / SHARE_MAX)
        self._latest = Readings(waiting=waiting, census=census)
