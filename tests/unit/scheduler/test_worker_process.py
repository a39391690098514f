"""The worker as a real process, and a Redis that goes away, comes back and forgets."""

import asyncio
import signal
import sys
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis

from adapters.scheduler.arq_queue import ArqJobQueue
from adapters.scheduler.arq_worker import ArqWorker, WorkerLimits
from adapters.scheduler.manual_clock import SeededChance
from adapters.scheduler.periodic_sweep import SweepPace
from adapters.scheduler.system_clock import SystemClock
from core.identifiers import TenantId
from core.ports.job_queue import Job, JobKind
from tests.contract.job_queue_fixtures import recording, settings_for_tests, until_true
from tests.unit.scheduler.private_redis import PrivateRedis, private_redis

pytestmark = pytest.mark.redis

ROOT = Path(__file__).parents[3]
QUEUE = "istmo-test-process"
PROGRAM = """
import asyncio, sys
import redis.asyncio
from adapters.scheduler.arq_queue import ArqSettings
from adapters.scheduler.arq_worker import ArqWorker, WorkerLimits
from adapters.scheduler.periodic_sweep import SweepPace
from adapters.scheduler.system_clock import SystemChance, SystemClock

async def main(url, queue_name):
    client = redis.asyncio.Redis.from_url(url)

    async def handle(job):
        await client.rpush("begun", job.subject_id)
        await client.blpop("permits", 20)
        await client.rpush("ended", job.subject_id)

    async def sweep():
        await client.incr("sweeps")
        return 0

    worker = ArqWorker(
        handler=handle, sweep=sweep, clock=SystemClock(), chance=SystemChance(),
        settings=ArqSettings(redis_url=url, queue_name=queue_name), name="process",
        limits=WorkerLimits(poll_seconds=0.01), pace=SweepPace(sweep_seconds=0.05),
    )
    await worker.run_until_signalled()
    await client.aclose()

asyncio.run(main(*sys.argv[1:]))
"""


@pytest.fixture
def server() -> Iterator[PrivateRedis]:
    with private_redis() as one:
        yield one


def job(number: int) -> Job:
    return Job(kind=JobKind.SUBMIT, tenant_id=TenantId("tenant"), subject_id=f"document-{number}")


async def start_process(server: PrivateRedis) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-c", PROGRAM, server.url, QUEUE, cwd=ROOT
    )


async def test_sigterm_lets_the_running_job_end_and_the_process_with_it(server: PrivateRedis) -> None:
    await server.start()
    queue = ArqJobQueue(replace(settings_for_tests(server.url), queue_name=QUEUE), SystemClock())
    process = await start_process(server)
    with redis.Redis.from_url(server.url) as client:
        await queue.ring(job(1))
        await until_true(lambda: client.lrange("begun", 0, -1) == [b"document-1"])
        process.send_signal(signal.SIGTERM)
        await asyncio.sleep(0.1)
        await queue.ring(job(2))
        assert process.returncode is None, "it waits for its job"
        client.rpush("permits", "go")
        async with asyncio.timeout(10):
            assert await process.wait() == 0
        assert client.lrange("begun", 0, -1) == [b"document-1"], "a worker that stops takes no more jobs"
        assert client.lrange("ended", 0, -1) == [b"document-1"]
        assert int(client.get("sweeps")) > 0
    await queue.close()


async def test_after_a_killed_worker_the_next_one_answers_new_rings_at_once(server: PrivateRedis) -> None:
    await server.start()
    queue = ArqJobQueue(replace(settings_for_tests(server.url), queue_name=QUEUE), SystemClock())
    with redis.Redis.from_url(server.url) as client:
        killed = await start_process(server)
        await queue.ring(job(1))
        await until_true(lambda: client.lrange("begun", 0, -1) == [b"document-1"])
        killed.kill()
        await killed.wait()
        swept = int(client.get("sweeps") or 0)
        heir = await start_process(server)
        await queue.ring(job(2))
        await until_true(lambda: client.lrange("begun", 0, -1) == [b"document-1", b"document-2"])
        await until_true(lambda: int(client.get("sweeps") or 0) > swept)
        client.rpush("permits", "go", "go")
        heir.terminate()
        async with asyncio.timeout(10):
            assert await heir.wait() == 0
        assert client.lrange("ended", 0, -1) == [b"document-2"]
    await queue.close()


async def test_work_goes_on_while_redis_is_away_emptied_and_back(server: PrivateRedis) -> None:
    due, seen = deque[Job](), list[Job]()

    async def sweep() -> int:
        if due:
            seen.append(due.popleft())
            return 1
        return 0

    settings = replace(settings_for_tests(server.url), silence_seconds=0.01)
    queue = ArqJobQueue(settings, SystemClock())
    worker = ArqWorker(
        handler=recording(seen),
        sweep=sweep,
        clock=SystemClock(),
        chance=SeededChance(1),
        settings=settings,
        name="test",
        limits=WorkerLimits(poll_seconds=0.01, reconnect_seconds=0.05),
        pace=SweepPace(sweep_seconds=0.05),
    )
    running = asyncio.create_task(worker.run())

    due.append(job(0))
    await until_true(lambda: job(0) in seen)  # no Redis yet
    assert not worker.hears_the_bell

    await server.start()
    await until_true(lambda: worker.hears_the_bell)
    await queue.ring(job(1))
    await until_true(lambda: job(1) in seen)

    server.kill()
    await until_true(lambda: not worker.hears_the_bell)
    await queue.ring(job(2))  # lost, and so it is the sweep that brings it
    due.append(job(2))
    await until_true(lambda: job(2) in seen)
    assert worker.is_alive

    await server.start()
    await until_true(lambda: worker.hears_the_bell)
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    await asyncio.sleep(0.02)  # longer than the silence
    await queue.ring(job(3))
    await until_true(lambda: job(3) in seen)

    worker.stop()
    async with asyncio.timeout(10):
        await running
    await queue.close()
    assert seen == [job(number) for number in range(4)]
