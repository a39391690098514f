"""The sweep goes on whatever a sweep does, in virtual time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from adapters.scheduler.manual_clock import ManualClock, SeededChance
from adapters.scheduler.periodic_sweep import PeriodicSweep, SweepPace

EVEN = SweepPace(sweep_seconds=1.0, jitter_fraction=0.0, full_batch=10, sweeps_in_a_row_max=5)


@asynccontextmanager
async def sweeping(
    clock: ManualClock, sweep: Callable[[], Awaitable[int]], pace: SweepPace = EVEN
) -> AsyncIterator[PeriodicSweep]:
    periodic = PeriodicSweep(sweep=sweep, clock=clock, chance=SeededChance(1), pace=pace)
    periodic.start()
    try:
        yield periodic
    finally:
        await periodic.stop(0.0)


async def test_sweeps_at_once_and_then_every_second() -> None:
    clock, moments = ManualClock(), list[float]()

    async def sweep() -> int:
        moments.append(clock.monotonic())
        return 0

    async with sweeping(clock, sweep) as periodic:
        await clock.run_for(3.0)
        assert moments == [0.0, 1.0, 2.0, 3.0]
        assert periodic.last_sweep_at == clock.now()


async def test_sweeps_on_at_once_after_a_full_batch_but_rests_in_between() -> None:
    clock, moments = ManualClock(), list[float]()
    left = 73

    async def sweep() -> int:
        nonlocal left
        done = min(10, left)
        left -= done
        moments.append(clock.monotonic())
        return done

    async with sweeping(clock, sweep):
        await clock.run_for(2.0)
    assert moments == [0.0] * 5 + [1.0] * 3 + [2.0]
    assert left == 0


async def test_a_raising_sweep_is_followed_by_the_next() -> None:
    clock, sweeps = ManualClock(), 0

    async def sweep() -> int:
        nonlocal sweeps
        sweeps += 1
        if sweeps < 3:
            raise OSError("the database is away")
        return 0

    async with sweeping(clock, sweep) as periodic:
        await clock.run_for(1.0)
        assert periodic.last_sweep_at is None
        assert periodic.is_alive
        await clock.run_for(1.0)
        assert periodic.last_sweep_at == clock.now()
        assert periodic.failures == 2


async def test_a_sweep_that_cancels_itself_is_followed_by_the_next() -> None:
    clock, sweeps = ManualClock(), 0

    async def sweep() -> int:
        nonlocal sweeps
        sweeps += 1
        if sweeps == 1:
            raise asyncio.CancelledError
        return 0

    async with sweeping(clock, sweep):
        await clock.run_for(1.0)
        assert sweeps == 2


async def test_a_hanging_sweep_is_cut_off_and_followed_by_the_next() -> None:
    clock, sweeps, cut_off, second = ManualClock(), 0, asyncio.Event(), asyncio.Event()

    async def sweep() -> int:
        nonlocal sweeps
        sweeps += 1
        if sweeps == 1:
            try:
                await asyncio.Event().wait()
            finally:
                cut_off.set()
        second.set()
        return 0

    pace = SweepPace(sweep_seconds=1.0, jitter_fraction=0.0, timeout_seconds=0.01)
    async with sweeping(clock, sweep, pace) as periodic, asyncio.timeout(5):
        await cut_off.wait()
        await clock.run_for(1.0)
        await second.wait()
        assert periodic.failures == 1


async def test_a_sweep_stuck_for_too_long_is_not_alive() -> None:
    clock = ManualClock()

    async def sweep() -> int:
        await asyncio.Event().wait()
        return 0

    async with sweeping(clock, sweep) as periodic:
        await clock.run_for(EVEN.stale_seconds)
        assert periodic.is_alive
        await clock.run_for(1.0)
        assert not periodic.is_alive


async def test_jitter_keeps_two_processes_out_of_step_and_within_its_bounds() -> None:
    async def moments_of(seed: int) -> list[float]:
        clock, moments = ManualClock(), list[float]()

        async def sweep() -> int:
            moments.append(clock.monotonic())
            return 0

        pace = SweepPace(sweep_seconds=1.0, jitter_fraction=0.2)
        periodic = PeriodicSweep(sweep=sweep, clock=clock, chance=SeededChance(seed), pace=pace)
        periodic.start()
        await clock.run_for(20.0)
        await periodic.stop(0.0)
        return moments

    one, other = await moments_of(1), await moments_of(2)
    assert one[1:5] != other[1:5]
    rests = [later - earlier for earlier, later in pairwise(one)]
    assert len(rests) > 15
    assert all(0.8 <= rest <= 1.2 for rest in rests)


async def test_stopping_lets_the_sweep_that_runs_end() -> None:
    clock, gate, ended = ManualClock(), asyncio.Event(), False

    async def sweep() -> int:
        nonlocal ended
        await gate.wait()
        ended = True
        return 10  # full, and still no further sweep starts

    periodic = PeriodicSweep(sweep=sweep, clock=clock, chance=SeededChance(1), pace=EVEN)
    periodic.start()
    await clock.settle()
    stopping = asyncio.create_task(periodic.stop(5.0))
    await clock.settle()
    gate.set()
    async with asyncio.timeout(2):
        await stopping
    assert ended
    assert not periodic.is_alive


async def test_refuses_a_second_start_and_allows_stopping_unstarted() -> None:
    async def sweep() -> int:
        return 0

    periodic = PeriodicSweep(sweep=sweep, clock=ManualClock(), chance=SeededChance(1), pace=EVEN)
    assert not periodic.is_alive
    await periodic.stop(1.0)
    periodic.start()
    with pytest.raises(RuntimeError, match="started before"):
        periodic.start()
    await periodic.stop(1.0)
