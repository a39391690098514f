"""Ringing over Redis: what is written, and that a Redis in trouble never holds or fails a mutation."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import redis

from adapters.scheduler.arq_queue import ArqJobQueue, ArqSettings
from adapters.scheduler.manual_clock import ManualClock
from adapters.scheduler.system_clock import SystemClock
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.job_queue import Job, JobKind
from tests.contract.job_queue_fixtures import settings_for_tests
from tests.services import redis_url_for_tests

JOB = Job(kind=JobKind.REFRESH, tenant_id=TenantId("tenant-1"), subject_id="document-1")
NOWHERE = "redis://user:secret-password@127.0.0.1:1/0"


@pytest.fixture(scope="module")
def client() -> Iterator["redis.Redis"]:
    with redis_url_for_tests() as url, redis.Redis.from_url(url) as one:
        one.set("istmo:in-use", "test_arq_queue")  # another run takes only an empty database
        yield one


@pytest.fixture
def settings(client: "redis.Redis") -> ArqSettings:
    place = client.connection_pool.connection_kwargs
    return settings_for_tests(f"redis://{place['host']}:{place['port']}/{place['db']}")


@asynccontextmanager
async def ringing(settings: ArqSettings, clock: Clock) -> AsyncIterator[ArqJobQueue]:
    queue = ArqJobQueue(settings, clock)
    try:
        yield queue
    finally:
        await queue.close()


@pytest.mark.redis
async def test_a_ring_is_json_under_the_installations_own_name_and_expires(
    client: "redis.Redis", settings: ArqSettings
) -> None:
    async with ringing(settings, SystemClock()) as queue:
        await queue.ring(JOB)
        assert (queue.rung, queue.dropped) == (1, 0)
    [key] = client.scan_iter(f"arq:job:{settings.queue_name}:*")
    ring = json.loads(client.get(key))
    assert (ring["f"], ring["a"], ring["k"], ring["t"]) == ("refresh", ["tenant-1", "document-1"], {}, None)
    assert 0 < client.pttl(key) <= settings.ring_expires_seconds * 1_000
    assert client.zrange(settings.queue_name, 0, -1) == [key.removeprefix(b"arq:job:")]


@pytest.mark.redis
async def test_equal_rings_have_names_of_their_own(client: "redis.Redis", settings: ArqSettings) -> None:
    async with ringing(settings, SystemClock()) as queue:
        await queue.ring(JOB)
        await queue.ring(JOB)
    assert client.zcard(settings.queue_name) == 2


@pytest.mark.redis
async def test_a_full_queue_drops_the_ring_and_forgets_what_has_expired(
    client: "redis.Redis", settings: ArqSettings
) -> None:
    now = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    now_ms = now.timestamp() * 1_000
    client.zadd(settings.queue_name, {"expired": now_ms - 61_000, "young": now_ms - 59_000})
    async with ringing(replace(settings, waiting_max=2), ManualClock(now)) as queue:
        await queue.ring(JOB)
        assert (queue.rung, queue.dropped) == (0, 1)
        await queue.ring(JOB)
        assert (queue.rung, queue.dropped) == (1, 1)
    assert client.zscore(settings.queue_name, "expired") is None
    assert client.zscore(settings.queue_name, "young") is not None


async def test_a_closed_port_drops_the_ring_and_then_keeps_silent_for_a_while() -> None:
    clock = ManualClock()
    async with ringing(ArqSettings(redis_url=NOWHERE, silence_seconds=2.0), clock) as queue:
        await queue.ring(JOB)
        silent_until = queue._silent_until
        assert silent_until == 2.0
        clock.advance(1.9)
        await queue.ring(JOB)
        assert queue._silent_until == silent_until, "within the silence Redis is not asked at all"
        clock.advance(0.2)
        await queue.ring(JOB)
        assert queue._silent_until > silent_until
        assert (queue.rung, queue.dropped) == (0, 3)


async def test_a_redis_that_takes_the_connection_and_says_nothing_does_not_hold_the_caller() -> None:
    connections: list[asyncio.StreamWriter] = []

    async def say_nothing(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(writer)
        await writer.wait_closed()

    server = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = ArqSettings(redis_url=f"redis://127.0.0.1:{port}/0", ring_timeout_seconds=0.05)
    async with asyncio.timeout(5), ringing(settings, ManualClock()) as queue:
        await asyncio.gather(*(queue.ring(JOB) for _ in range(50)))
        assert queue.dropped == 50
    assert connections
    for writer in connections:
        writer.close()
    server.close()


async def test_a_redis_that_talks_nonsense_does_not_fail_the_caller() -> None:
    async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(64)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk_nonsense, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with (
        asyncio.timeout(5),
        ringing(ArqSettings(redis_url=f"redis://127.0.0.1:{port}/0"), ManualClock()) as queue,
    ):
        await queue.ring(JOB)
        assert queue.dropped == 1
    server.close()


async def test_an_id_that_is_none_is_dropped_and_not_raised() -> None:
    async with ringing(ArqSettings(redis_url=NOWHERE), ManualClock()) as queue:
        await queue.ring(Job(kind=JobKind.SUBMIT, tenant_id=TenantId("t"), subject_id="two\nlines"))
        assert queue.dropped == 1


def test_the_address_with_its_password_is_not_shown() -> None:
    assert "secret-password" not in repr(ArqSettings(redis_url=NOWHERE))


def test_refuses_an_address_that_is_none() -> None:
    with pytest.raises(ValueError, match="redis://"):
        ArqJobQueue(ArqSettings(redis_url="http://127.0.0.1"), ManualClock())
