"""What every doorbell promises, whatever stands behind it."""

from collections.abc import AsyncIterator, Iterator

import pytest
import redis

from core.identifiers import TenantId
from core.ports.job_queue import Job, JobKind
from tests.contract.job_queue_fixtures import ENGINES, EmbeddedEngine, Engine, MemoryEngine, arq_engine, recording
from tests.services import redis_url_for_tests

TENANT = TenantId("01JCTENANT0000000000000000")


@pytest.fixture(scope="module")
def redis_url() -> Iterator[str]:
    with redis_url_for_tests() as url, redis.Redis.from_url(url) as client:
        client.set("istmo:in-use", "test_job_queue")  # another run takes only an empty database
        yield url


@pytest.fixture(params=[pytest.param(e, marks=pytest.mark.redis if e == "arq" else ()) for e in ENGINES])
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    if request.param == "memory":
        yield MemoryEngine()
    elif request.param == "embedded":
        yield EmbeddedEngine()
    else:
        async with arq_engine(request.getfixturevalue("redis_url")) as real:
            yield real


def job(number: int, kind: JobKind = JobKind.SUBMIT) -> Job:
    return Job(kind=kind, tenant_id=TENANT, subject_id=f"01JCSUBJECT{number:015d}")


@pytest.mark.parametrize("kind", JobKind)
async def test_a_ring_reaches_the_handler_with_the_same_ids(engine: Engine, kind: JobKind) -> None:
    seen: list[Job] = []
    await engine.queue.ring(job(1, kind))
    await engine.answer(recording(seen), until=lambda: bool(seen))
    assert seen == [job(1, kind)]


async def test_every_one_of_many_rings_is_answered(engine: Engine) -> None:
    seen: list[Job] = []
    rung = {job(number, kind) for number in range(30) for kind in JobKind}
    for one in sorted(rung, key=lambda one: (one.subject_id, one.kind.value)):
        await engine.queue.ring(one)
    await engine.answer(recording(seen), until=lambda: set(seen) == rung)


async def test_ten_equal_rings_are_answered_at_least_once_and_at_most_ten_times(engine: Engine) -> None:
    seen: list[Job] = []
    for _ in range(10):
        await engine.queue.ring(job(1))
    await engine.queue.ring(job(2))
    await engine.answer(recording(seen), until=lambda: {job(1), job(2)} <= set(seen))
    assert 1 <= seen.count(job(1)) <= 10


async def test_a_ring_during_its_own_job_is_answered_after_it(engine: Engine) -> None:
    seen: list[Job] = []

    async def ring_again_once(one: Job) -> None:
        seen.append(one)
        if len(seen) == 1:
            await engine.queue.ring(one)

    await engine.queue.ring(job(1))
    await engine.answer(ring_again_once, until=lambda: len(seen) == 2)


async def test_a_job_may_ring_for_another(engine: Engine) -> None:
    seen: list[Job] = []

    async def hand_on(one: Job) -> None:
        seen.append(one)
        if one.kind is JobKind.SUBMIT:
            await engine.queue.ring(job(1, JobKind.REFRESH))

    await engine.queue.ring(job(1))
    await engine.answer(hand_on, until=lambda: job(1, JobKind.REFRESH) in seen)


async def test_a_raising_handler_does_not_stop_the_next_job(engine: Engine) -> None:
    seen: list[Job] = []

    async def refuse_the_first(one: Job) -> None:
        seen.append(one)
        if one == job(1):
            raise RuntimeError("the first job fails")

    await engine.queue.ring(job(1))
    await engine.queue.ring(job(2))
    await engine.answer(refuse_the_first, until=lambda: {job(1), job(2)} <= set(seen))
    assert seen.count(job(1)) == 1, "the database decides about another try, not the queue"


async def test_ringing_where_nobody_is_does_not_raise(engine: Engine) -> None:
    await engine.die()
    for number in range(5):
        await engine.queue.ring(job(number))


async def test_nothing_but_ids_and_the_kind_waits_in_the_queue(engine: Engine) -> None:
    await engine.queue.ring(job(7, JobKind.WEBHOOK))
    [kept] = await engine.kept()
    assert job(7).subject_id.encode() in kept
    assert TENANT.encode() in kept
    assert len(kept) < 200
