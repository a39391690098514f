"""The installations that the tests run on."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from tests.integration.installation import Installation, running_in_process
from tests.integration.processes import running_istmo, until_heard
from tests.services import postgres_url_for_tests, redis_url_for_tests

SQLITE = pytest.param("sqlite", id="sqlite-embedded")
POSTGRES = pytest.param("postgres", id="postgres-embedded", marks=pytest.mark.postgres)
WORKER = pytest.param("worker", id="postgres-redis-worker", marks=[pytest.mark.postgres, pytest.mark.redis])


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'istmo.db'}"


@pytest.fixture
def postgres_url() -> Iterator[str]:
    with postgres_url_for_tests() as url:
        yield url


@pytest.fixture(params=[SQLITE, POSTGRES, WORKER])
async def installation(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Installation]:
    """All three ways to run Istmo. With Redis the work is done by an `istmo worker` process."""
    async for each in _installed(request.param, tmp_path):
        yield each


@pytest.fixture(params=[SQLITE, POSTGRES])
async def web(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Installation]:
    """Both databases, for what does not depend on who does the work."""
    async for each in _installed(request.param, tmp_path):
        yield each


async def _installed(kind: str, folder: Path) -> AsyncIterator[Installation]:
    with ExitStack() as services:
        more = {}
        if kind == "sqlite":
            database_url = f"sqlite:///{folder / 'istmo.db'}"
        else:
            database_url = services.enter_context(postgres_url_for_tests())
        if kind == "worker":
            more = {
                "ISTMO_REDIS_URL": services.enter_context(redis_url_for_tests()),
                "ISTMO_QUEUE_NAME": f"istmo:{folder.name}",
            }
        async with AsyncExitStack() as running:
            installed = await running.enter_async_context(running_in_process(folder, database_url, **more))
            if kind != "worker":
                yield installed
                return
            worker = await running.enter_async_context(
                running_istmo("worker", installed.environment, folder / "worker.log")
            )
            await until_heard(worker, installed.settings)
            yield installed
            worker.ask_to_stop()
            assert await worker.exit_code() == 0, worker.log.read_text()
