"""arq's traps, each closed, on a real Redis."""

import asyncio
import pickle
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import redis

from adapters.scheduler.arq_queue import ArqJobQueue, ArqSettings, connect
from adapters.scheduler.arq_worker import ArqWorker, WorkerLimits, build_bell, health_key
from adapters.scheduler.ring_wire import decode_ring
from adapters.scheduler.system_clock import SystemClock
from core.identifiers import TenantId
from core.ports.job_queue import Job, JobHandler, JobKind
from tests.contract.job_queue_fixtures import recording, settings_for_tests, until_true, worker_for_tests
from tests.services import redis_url_for_tests

pytestmark = pytest.mark.redis


@pytest.fixture(scope="module")
def client() -> Iterator["redis.Redis"]:
    with redis_url_for_tests() as url, redis.Redis.from_url(url) as one:
        one.set("istmo:in-use", "test_arq_worker")  # another run takes only an empty database
        yield one


@pytest.fixture
def settings(client: "redis.Redis") -> ArqSettings:
    place = client.connection_pool.connection_kwargs
    return settings_for_tests(f"redis://{place['host']}:{place['port']}/{place['db']}")


@pytest.fixture
async def queue(settings: ArqSettings) -> AsyncIterator[ArqJobQueue]:
    one = ArqJobQueue(settings, SystemClock())
    yield one
    await one.close()


@asynccontextmanager
async def working(settings: ArqSettings, handler: JobHandler) -> AsyncIterator[ArqWorker]:
    worker = worker_for_tests(settings, handler)
    running = asyncio.create_task(worker.run())
    try:
        yield worker
    finally:
        worker.stop()
        async with asyncio.timeout(10):
            await running


def job(number: int, kind: JobKind = JobKind.SUBMIT) -> Job:
    return Job(kind=kind, tenant_id=TenantId("tenant"), subject_id=f"document-{number}")


def put_raw(client: "redis.Redis", settings: ArqSettings, body: bytes, name: str = "hostile") -> None:
    client.set(f"arq:job:{name}", body)
    client.zadd(settings.queue_name, {name: time.time() * 1_000 - 1})


class Gadget:
    """Unpickling it makes a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.mkdir, (self._folder,)


async def test_a_pickle_put_into_redis_is_never_executed(
    client: "redis.Redis", settings: ArqSettings, queue: ArqJobQueue, tmp_path: Path
) -> None:
    bomb = pickle.dumps({"t": None, "f": "submit", "a": (Gadget(tmp_path / "armed"), "x"), "k": {}, "et": 1})
    pickle.loads(bomb)  # noqa: S301  proves that the gadget works
    assert (tmp_path / "armed").exists()
    (tmp_path / "armed").rmdir()
    put_raw(client, settings, bomb)
    seen: list[Job] = []
    async with working(settings, recording(seen)) as worker:
        await until_true(lambda: client.zscore(settings.queue_name, "hostile") is None)
        await queue.ring(job(1))
        await until_true(lambda: seen == [job(1)])
        assert worker.bell_failures == 0
    assert not (tmp_path / "armed").exists()
    assert not client.exists("arq:job:hostile")


async def test_no_default_of_arq_that_bites_is_left(settings: ArqSettings) -> None:
    limits = WorkerLimits()
    one = connect(settings, reply_timeout_seconds=1.0)
    bell = build_bell(one, recording([]), settings, limits, "one")
    assert set(bell.functions) == {kind.value for kind in JobKind}
    assert {function.max_tries for function in bell.functions.values()} == {1}
    assert {function.keep_result_s for function in bell.functions.values()} == {0}
    assert (bell.keep_result_s, bell.keep_result_forever, bell.retry_jobs) == (0, False, False)
    assert bell.job_deserializer is decode_ring
    assert one.job_deserializer is decode_ring
    hooks = (bell.on_startup, bell.on_shutdown, bell.on_job_start, bell.on_job_end, bell.after_job_end)
    assert hooks == (None,) * 5, "a hook that raises ends the whole worker"
    assert bell.in_progress_timeout_s == limits.job_timeout_seconds + 11, "not 310 s"
    assert bell.poll_delay_s <= 0.1
    await one.aclose(close_connection_pool=True)


async def test_nothing_is_left_in_redis_after_jobs_that_ended_well_or_badly(
    client: "redis.Redis", settings: ArqSettings, queue: ArqJobQueue
) -> None:
    seen: list[Job] = []

    async def fail_every_second(one: Job) -> None:
        seen.append(one)
        if len(seen) % 2:
            raise RuntimeError("broken")

    for number in range(6):
        await queue.ring(job(number))
    async with working(settings, fail_every_second):
        await until_true(lambda: len(seen) == 6 and not client.zcard(settings.queue_name))
    assert list(client.scan_iter(f"*{settings.queue_name}*")) == []


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(b"\xff\xfe", id="a name that is not UTF-8"),
        pytest.param(b"poison", id="a body that is no string"),
    ],
)
async def test_poison_that_kills_arq_is_cleared_and_the_bell_hung_up_again(
    client: "redis.Redis", settings: ArqSettings, queue: ArqJobQueue, name: bytes
) -> None:
    client.lpush(b"arq:job:" + name, b"a list where a string should be")
    client.zadd(settings.queue_name, {name: time.time() * 1_000 - 1})
    seen: list[Job] = []
    async with working(settings, recording(seen)) as worker:
        await until_true(lambda: worker.bell_failures > 0 and worker.hears_the_bell)
        assert worker.is_alive
        await queue.ring(job(1))
        await until_true(lambda: job(1) in seen)
    client.delete(b"arq:job:" + name)


async def test_a_bell_that_dies_does_not_cut_off_the_job_that_runs(
    client: "redis.Redis", settings: ArqSettings, queue: ArqJobQueue
) -> None:
    entered, gate, ended = asyncio.Event(), asyncio.Event(), list[Job]()

    async def wait(one: Job) -> None:
        entered.set()
        await gate.wait()
        ended.append(one)

    async with working(settings, wait) as worker, asyncio.timeout(10):
        await queue.ring(job(1))
        await entered.wait()
        client.set(settings.queue_name, "not a queue")
        await until_true(lambda: worker.bell_failures > 0 and not worker.hears_the_bell)
        assert worker.is_alive
        gate.set()
        await until_true(lambda: worker.hears_the_bell)
        assert ended == [job(1)]
        await queue.ring(job(2))
        await until_true(lambda: job(2) in ended)


async def test_a_queue_name_taken_by_something_else_is_cleared(
    client: "redis.Redis", settings: ArqSettings, queue: ArqJobQueue
) -> None:
    client.set(settings.queue_name, "not a queue")
    seen: list[Job] = []
    async with working(settings, recording(seen)) as worker:
        await until_true(lambda: worker.bell_failures > 0 and worker.hears_the_bell)
        await queue.ring(job(1))
        await until_true(lambda: job(1) in seen)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"t":null,"f":"unknown","a":["x","y"],"k":{},"et":1}', id="a kind that nobody knows"),
        pytest.param(b'{"t":null,"f":"submit","a":["x"],"k":{},"et":1}', id="an id too few"),
        pytest.param(b"\x80\x04N.", id="a harmless pickle"),
    ],
)
async def test_a_ring_that_is_none_is_dropped_without_a_restart(
    client: "redis.Redis", settings: ArqSettings, body: bytes
) -> None:
    put_raw(client, settings, body)
    seen: list[Job] = []
    async with working(settings, recording(seen)) as worker:
        await until_true(lambda: client.zscore(settings.queue_name, "hostile") is None)
        assert worker.bell_failures == 0
    assert seen == []


async def test_a_ring_older_than_its_body_is_forgotten_at_the_start(
    client: "redis.Redis", settings: ArqSettings
) -> None:
    client.zadd(settings.queue_name, {"expired": (time.time() - 2 * settings.ring_expires_seconds) * 1_000})
    async with working(settings, recording([])) as worker:
        await until_true(lambda: worker.hears_the_bell)
        assert client.zscore(settings.queue_name, "expired") is None


async def test_stopping_lets_the_running_job_end_and_leaves_the_next_ring_to_others(
    client: "redis.Redis", settings: ArqSettings, queue: ArqJobQueue
) -> None:
    entered, gate, ended = asyncio.Event(), asyncio.Event(), list[Job]()

    async def wait(one: Job) -> None:
        entered.set()
        await gate.wait()
        ended.append(one)

    worker = worker_for_tests(settings, wait)
    running = asyncio.create_task(worker.run())
    async with asyncio.timeout(10):
        await queue.ring(job(1))
        await entered.wait()
        worker.stop()
        await until_true(lambda: not worker.hears_the_bell)
        await queue.ring(job(2))
        gate.set()
        await running
    assert ended == [job(1)]
    assert client.zcard(settings.queue_name) == 1
    assert not worker.is_alive


async def test_health_is_in_redis_while_the_bell_is_heard(client: "redis.Redis", settings: ArqSettings) -> None:
    async with working(settings, recording([])) as worker:
        await until_true(lambda: bool(client.exists(health_key(settings, "test"))))
        assert worker.hears_the_bell
        assert worker.is_alive
        await until_true(lambda: worker.last_sweep_at is not None)
    assert not client.exists(health_key(settings, "test"))


async def test_two_workers_share_the_rings_without_running_one_twice(settings: ArqSettings, queue: ArqJobQueue) -> None:
    one, other = list[Job](), list[Job]()
    async with working(settings, recording(one)) as first, working(settings, recording(other)) as second:
        await until_true(lambda: first.hears_the_bell and second.hears_the_bell)
        for number in range(40):
            await queue.ring(job(number))
        await until_true(lambda: len(one) + len(other) >= 40)
    assert sorted(ring.subject_id for ring in one + other) == sorted(job(number).subject_id for number in range(40))
