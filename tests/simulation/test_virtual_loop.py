"""The loop without a selector: time jumps, order follows the seed, and nothing leaves the thread."""

import asyncio

import pytest

from bootstrap.simulation.virtual_loop import NothingLeftToDoError, VirtualClock, VirtualLoop, run_virtually


def order_of(seed: int, waits: list[float]) -> list[int]:
    loop, order = VirtualLoop(seed), []

    async def wait(place: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        order.append(place)

    async def main() -> None:
        await asyncio.gather(*(wait(place, seconds) for place, seconds in enumerate(waits)))

    run_virtually(loop, main())
    return order


def test_time_jumps_to_the_next_timer() -> None:
    loop, clock = VirtualLoop(1), None

    async def main() -> None:
        nonlocal clock
        clock = VirtualClock(loop)
        before = clock.now()
        await clock.sleep(182 * 3600)
        assert (clock.now() - before).total_seconds() == 182 * 3600
        assert clock.monotonic() == 182 * 3600

    run_virtually(loop, main())
    assert loop.steps < 20


def test_later_timers_run_later_whatever_the_seed() -> None:
    assert all(order_of(seed, [3.0, 1.0, 2.0]) == [1, 2, 0] for seed in range(20))


def test_equal_moments_run_in_an_order_that_the_seed_decides() -> None:
    orders = [tuple(order_of(seed, [1.0] * 4)) for seed in range(20)]
    assert orders == [tuple(order_of(seed, [1.0] * 4)) for seed in range(20)]
    assert len(set(orders)) > 5


def test_everybody_waiting_for_nobody_is_an_error() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(NothingLeftToDoError):
        run_virtually(VirtualLoop(1), main())


def test_a_thread_is_refused() -> None:
    async def main() -> None:
        await asyncio.to_thread(int)

    with pytest.raises(RuntimeError, match="one thread"):
        run_virtually(VirtualLoop(1), main())


def test_a_time_out_ends_what_hangs() -> None:
    async def main() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(30):
                await asyncio.get_running_loop().create_future()

    run_virtually(VirtualLoop(1), main())
