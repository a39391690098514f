"""Redis stops, comes back empty, and nothing is lost: the database is the queue."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import redis

from tests.integration.customer import actors
from tests.integration.installation import running_in_process
from tests.integration.processes import running_istmo, until_heard
from tests.services import postgres_url_for_tests
from tests.unit.scheduler.private_redis import PrivateRedis, private_redis

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture
async def server() -> AsyncIterator[PrivateRedis]:
    with private_redis() as one:
        await one.start()
        yield one


@pytest.fixture
def database_url() -> Iterator[str]:
    with postgres_url_for_tests() as url:
        yield url


async def test_everything_is_done_while_redis_is_emptied_stopped_and_started(
    server: PrivateRedis, database_url: str, tmp_path: Path
) -> None:
    more = {"ISTMO_REDIS_URL": server.url}
    async with (
        running_in_process(tmp_path, database_url, **more) as installed,
        running_istmo("worker", installed.environment, tmp_path / "worker.log") as worker,
    ):
        await until_heard(worker, installed.settings)
        customer = await installed.customer()
        numbers = []
        for name, spoil in (("rung", None), ("emptied", empty), ("stopped", stop), ("back", None)):
            if name == "back":
                await server.start()
            issued = await customer.issue(wait=0, key=name)
            if spoil:
                spoil(server)
            await customer.until_submission(issued["id"], "ACCEPTED")
            installed.pac.let_the_dgi_authorise()
            done = await customer.until_done(issued["id"])
            assert actors(done, "SENDING") == {"submission"}
            numbers.append(int(done["number"]))
        assert numbers == [1, 2, 3, 4]
        assert installed.pac.posts() == 4
        worker.ask_to_stop()
        assert await worker.exit_code() == 0, worker.log.read_text()


def empty(server: PrivateRedis) -> None:
    with redis.Redis.from_url(server.url) as client:
        client.flushall()


def stop(server: PrivateRedis) -> None:
    server.kill()
