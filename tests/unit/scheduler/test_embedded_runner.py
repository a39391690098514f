"""The runner inside the web process: bounded, deduplicating, hard to kill and quick to stop."""

import asyncio
import contextvars
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from adapters.scheduler.embedded_runner import EmbeddedLimits, EmbeddedRunner
from adapters.scheduler.manual_clock import ManualClock, SeededChance
from adapters.scheduler.periodic_sweep import SweepPace
from core.identifiers import TenantId
from core.ports.job_queue import Job, JobHandler, JobKind


def job(number: int) -> Job:
    return Job(kind=JobKind.SUBMIT, tenant_id=TenantId("tenant"), subject_id=f"document-{number}")


async def nothing_due() -> int:
    return 0


async def settle() -> None:
    await ManualClock().settle()


def new_runner(**limits: float) -> EmbeddedRunner:
    return EmbeddedRunner(
        clock=ManualClock(),
        chance=SeededChance(1),
        pace=SweepPace(),
        limits=EmbeddedLimits(**({"stop_seconds": 0.05} | limits)),  # type: ignore[arg-type]
    )


@asynccontextmanager
async def running(runner: EmbeddedRunner, handler: JobHandler) -> AsyncIterator[EmbeddedRunner]:
    await runner.start(handler=handler, sweep=nothing_due)
    try:
        yield runner
    finally:
        await runner.stop()


class Gate:
    """A handler that waits until it is opened and remembers how many were inside at once."""

    def __init__(self) -> None:
        self.opened = asyncio.Event()
        self.left = asyncio.Event()
        self.entered: list[Job] = []
        self.inside = 0
        self.inside_max = 0

    async def __call__(self, one: Job) -> None:
        self.entered.append(one)
        self.inside += 1
        self.inside_max = max(self.inside_max, self.inside)
        try:
            await self.opened.wait()
        finally:
            self.inside -= 1
            self.left.set()


async def test_equal_jobs_that_wait_are_answered_once() -> None:
    runner, gate = new_runner(handlers_max=1), Gate()
    async with running(runner, gate):
        await runner.ring(job(0))
        await settle()
        for _ in range(10):
            await runner.ring(job(1))
        assert (runner.running, runner.waiting, runner.counts.merged) == (1, 1, 9)
        gate.opened.set()
        await settle()
        assert gate.entered == [job(0), job(1)]


async def test_a_job_never_runs_beside_its_equal_but_runs_again_after_it() -> None:
    runner, gate = new_runner(handlers_max=4), Gate()
    async with running(runner, gate):
        for _ in range(3):
            await runner.ring(job(1))
            await settle()
        await runner.ring(job(2))
        await settle()
        assert gate.entered == [job(1), job(2)], "the second ring for job 1 waits, job 2 overtakes it"
        gate.opened.set()
        await settle()
        assert gate.entered == [job(1), job(2), job(1)]
        assert runner.counts.handled == 3


async def test_no_more_handlers_run_at_once_than_allowed() -> None:
    runner, gate = new_runner(handlers_max=3), Gate()
    async with running(runner, gate):
        for number in range(10):
            await runner.ring(job(number))
        await settle()
        assert gate.inside == 3
        gate.opened.set()
        await settle()
        assert len(gate.entered) == 10
        assert gate.inside_max == 3


async def test_a_full_queue_drops_the_ring_and_counts_it() -> None:
    runner, gate = new_runner(handlers_max=1, waiting_max=2), Gate()
    async with running(runner, gate):
        for number in range(5):
            await runner.ring(job(number))
        assert (runner.running, runner.waiting, runner.counts.dropped) == (1, 2, 2)


async def test_a_raising_handler_is_counted_and_kills_nothing() -> None:
    runner = new_runner(handlers_max=1)

    async def fail(one: Job) -> None:
        if one == job(1):
            raise asyncio.CancelledError
        raise RuntimeError("broken")

    async with running(runner, fail):
        for number in range(3):
            await runner.ring(job(number))
        await settle()
        assert runner.counts.failed == 3
        assert runner.running == 0
        assert runner.is_alive


async def test_a_hanging_handler_is_cut_off() -> None:
    runner, gate = new_runner(handlers_max=1, job_timeout_seconds=0.01), Gate()
    async with running(runner, gate), asyncio.timeout(5):
        await runner.ring(job(1))
        await gate.left.wait()
        await settle()
        assert (gate.inside, runner.running, runner.counts.failed) == (0, 0, 1)


async def test_rings_from_before_the_start_are_answered() -> None:
    runner, gate = new_runner(), Gate()
    await runner.ring(job(1))
    async with running(runner, gate):
        await settle()
        assert gate.entered == [job(1)]


async def test_stopping_lets_running_jobs_end_and_starts_no_others() -> None:
    runner, gate = new_runner(handlers_max=1, stop_seconds=5.0), Gate()
    await runner.start(handler=gate, sweep=nothing_due)
    await runner.ring(job(1))
    await runner.ring(job(2))
    await settle()
    stopping = asyncio.create_task(runner.stop())
    await settle()
    gate.opened.set()
    async with asyncio.timeout(2):
        await stopping
    assert gate.entered == [job(1)]
    assert runner.counts.handled == 1
    assert not runner.is_alive


async def test_stopping_cancels_what_does_not_end_in_time() -> None:
    runner, gate = new_runner(handlers_max=1, stop_seconds=0.01), Gate()
    await runner.start(handler=gate, sweep=nothing_due)
    await runner.ring(job(1))
    await settle()
    async with asyncio.timeout(2):
        await runner.stop()
    assert (gate.inside, runner.running, runner.counts.handled) == (0, 0, 0)


async def test_a_ring_after_the_stop_is_dropped_without_a_word_to_the_caller() -> None:
    runner, gate = new_runner(), Gate()
    async with running(runner, gate):
        pass
    await runner.ring(job(1))
    assert runner.counts.dropped == 1
    assert gate.entered == []


async def test_a_job_does_not_inherit_the_context_of_the_request_that_rang() -> None:
    request_name = contextvars.ContextVar("request_name", default="none")
    runner, seen = new_runner(), list[str]()

    async def look(_: Job) -> None:
        seen.append(request_name.get())

    async with running(runner, look):
        request_name.set("a request")
        await runner.ring(job(1))
        await settle()
    assert seen == ["none"]


async def test_health_shows_the_last_sweep() -> None:
    clock = ManualClock()
    runner = EmbeddedRunner(clock=clock, chance=SeededChance(1), pace=SweepPace(jitter_fraction=0.0))
    assert not runner.is_alive
    assert runner.last_sweep_at is None
    async with running(runner, Gate()):
        await clock.run_for(2.0)
        assert runner.is_alive
        assert runner.last_sweep_at == clock.now()
        with pytest.raises(RuntimeError, match="started before"):
            await runner.start(handler=Gate(), sweep=nothing_due)
    assert not runner.is_alive
