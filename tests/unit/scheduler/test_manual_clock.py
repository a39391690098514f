"""Virtual time moves only when it is told to."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from adapters.scheduler.manual_clock import ManualClock


async def test_time_stands_still_until_it_is_moved() -> None:
    clock = ManualClock(datetime(2026, 3, 1, tzinfo=UTC))
    assert clock.now() == datetime(2026, 3, 1, tzinfo=UTC)
    clock.advance(90)
    assert clock.now() == datetime(2026, 3, 1, 0, 1, 30, tzinfo=UTC)
    assert clock.monotonic() == 90


async def test_sleepers_wake_in_the_order_of_their_moments() -> None:
    clock = ManualClock()
    woken: list[str] = []

    async def sleep(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    async with asyncio.TaskGroup() as group:
        for name, seconds in (("third", 3.0), ("first", 1.0), ("second", 2.0), ("also third", 3.0)):
            group.create_task(sleep(name, seconds))
        await clock.settle()
        assert clock.sleepers == 4
        clock.advance(2.0)
        await clock.settle()
        assert woken == ["first", "second"]
        clock.advance(1.0)
    assert woken == ["first", "second", "third", "also third"]


async def test_run_for_wakes_a_sleeper_that_sleeps_again_and_again() -> None:
    clock = ManualClock()
    moments: list[float] = []

    async def tick() -> None:
        while True:
            await clock.sleep(1.0)
            moments.append(clock.monotonic())

    ticking = asyncio.create_task(tick())
    await clock.run_for(3.5)
    assert moments == [1.0, 2.0, 3.0]
    assert clock.monotonic() == 3.5
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)


async def test_a_cancelled_sleeper_is_forgotten() -> None:
    clock = ManualClock()
    sleeping = asyncio.create_task(clock.sleep(5))
    await clock.settle()
    sleeping.cancel()
    await asyncio.gather(sleeping, return_exceptions=True)
    assert clock.sleepers == 0
    clock.advance(10)


async def test_sleeping_for_no_time_returns_without_moving_the_time() -> None:
    clock = ManualClock()
    await clock.sleep(0)
    assert clock.monotonic() == 0


def test_refuses_to_go_back_or_to_start_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="never goes back"):
        ManualClock().advance(-1)
    with pytest.raises(ValueError, match="aware"):
        ManualClock(datetime(2026, 1, 1))  # noqa: DTZ001  the naive moment is the point


def test_another_zone_is_shown_as_utc() -> None:
    panama = datetime.fromisoformat("2026-01-15T07:00:00-05:00")
    assert ManualClock(panama).now().utcoffset() == timedelta(0)
    assert ManualClock(panama).now() == panama
