"""The three engines of the doorbell, each with a way to answer it and to look at what it keeps."""

import asyncio
import secrets
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

import redis.asyncio

from adapters.scheduler.arq_queue import ArqJobQueue, ArqSettings
from adapters.scheduler.arq_worker import ArqWorker, WorkerLimits
from adapters.scheduler.embedded_runner import EmbeddedRunner
from adapters.scheduler.in_memory_queue import InMemoryJobQueue
from adapters.scheduler.manual_clock import SeededChance
from adapters.scheduler.periodic_sweep import SweepPace
from adapters.scheduler.system_clock import SystemClock
from core.ports.job_queue import Job, JobHandler, JobQueue

PATIENCE_SECONDS = 10.0
ENGINES = ("memory", "embedded", "arq")


class Engine(Protocol):
    """One doorbell and whoever answers it."""

    queue: JobQueue

    @abstractmethod
    async def answer(self, handler: JobHandler, until: Callable[[], bool]) -> None:
        """Answer rings, old and new, until the condition holds. Fails after ten seconds."""

    @abstractmethod
    async def kept(self) -> list[bytes]:
        """Everything that the queue keeps, as bytes."""

    @abstractmethod
    async def die(self) -> None:
        """From now on nobody is there: no runner, no Redis."""


async def until_true(condition: Callable[[], bool]) -> None:
    """Wait for the condition, ten seconds at most."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not condition():  # noqa: ASYNC110  conditions are about counters and Redis, which set no event
            await asyncio.sleep(0.005)


async def nothing_due() -> int:
    """A sweep that finds nothing."""
    return 0


class MemoryEngine(Engine):
    def __init__(self) -> None:
        self.queue: InMemoryJobQueue = InMemoryJobQueue()

    async def answer(self, handler: JobHandler, until: Callable[[], bool]) -> None:
        await self.queue.drain(handler)
        assert until()

    async def kept(self) -> list[bytes]:
        return [repr(job).encode() for job in self.queue.waiting]

    async def die(self) -> None:
        self.queue.lose_everything()


class EmbeddedEngine(Engine):
    def __init__(self) -> None:
        self.queue: EmbeddedRunner = EmbeddedRunner(clock=SystemClock(), chance=SeededChance(1), pace=SweepPace())

    async def answer(self, handler: JobHandler, until: Callable[[], bool]) -> None:
        await self.queue.start(handler=handler, sweep=nothing_due)
        try:
            await until_true(until)
        finally:
            await self.queue.stop()

    async def kept(self) -> list[bytes]:
        return [repr(job).encode() for job in self.queue._waiting]

    async def die(self) -> None:
        await self.queue.stop()


class ArqEngine(Engine):
    def __init__(self, settings: ArqSettings) -> None:
        self._settings = settings
        self.queue: ArqJobQueue = ArqJobQueue(settings, SystemClock())

    async def answer(self, handler: JobHandler, until: Callable[[], bool]) -> None:
        worker = worker_for_tests(self._settings, handler)
        running = asyncio.create_task(worker.run())
        try:
            await until_true(until)
        finally:
            worker.stop()
            await running

    async def kept(self) -> list[bytes]:
        client = redis.asyncio.Redis.from_url(self._settings.redis_url)
        async with client:
            names = [name async for name in client.scan_iter(f"arq:job:{self._settings.queue_name}:*")]
            return [await client.get(name) for name in names]

    async def die(self) -> None:
        await self.queue.close()
        gone = ArqSettings(redis_url="redis://127.0.0.1:1/0", queue_name=self._settings.queue_name)
        self.queue = ArqJobQueue(gone, SystemClock())


def settings_for_tests(redis_url: str) -> ArqSettings:
    """A queue name of its own; the time-outs are long, so that a slow machine drops no ring."""
    return ArqSettings(redis_url=redis_url, queue_name=f"istmo-test-{secrets.token_hex(6)}", ring_timeout_seconds=5.0)


def worker_for_tests(settings: ArqSettings, handler: JobHandler) -> ArqWorker:
    """A worker that sweeps nothing and polls fast."""
    return ArqWorker(
        handler=handler,
        sweep=nothing_due,
        clock=SystemClock(),
        chance=SeededChance(1),
        settings=settings,
        name="test",
        limits=WorkerLimits(poll_seconds=0.01, reconnect_seconds=0.05, job_timeout_seconds=5.0, stop_seconds=5.0),
        pace=SweepPace(),
    )


@asynccontextmanager
async def arq_engine(redis_url: str) -> AsyncIterator[ArqEngine]:
    """The engine on a real Redis, its connections closed afterwards."""
    engine = ArqEngine(settings_for_tests(redis_url))
    try:
        yield engine
    finally:
        await engine.queue.close()


def recording(seen: list[Job]) -> JobHandler:
    """A handler that only remembers."""

    async def remember(job: Job) -> None:
        seen.append(job)

    return remember
