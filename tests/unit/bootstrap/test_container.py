"""The wiring: every object of the graph can be made, for each kind of installation."""

from pathlib import Path

import pytest
from dishka import AsyncContainer, Provider, Scope, provide

from adapters.graphql.operations import GraphqlOperations
from adapters.persistence.migration import migrate
from adapters.scheduler.arq_queue import ArqJobQueue
from adapters.scheduler.embedded_runner import EmbeddedRunner
from adapters.scheduler.manual_clock import ManualClock
from bootstrap.container import folder_of, make_container
from bootstrap.doorbell import arq_settings
from bootstrap.settings import load_settings
from bootstrap.web import build_app
from core.ports.clock import Clock
from core.ports.job_queue import JobQueue
from core.ports.pac_gateway import PacGateway
from core.use_cases.run_due_work import RunDueWork
from tests.services import postgres_url_for_tests

COMBINATIONS = [
    pytest.param("sqlite", None, id="sqlite-embedded"),
    pytest.param("sqlite", "redis://127.0.0.1:1/0", id="sqlite-redis"),
    pytest.param("postgres", None, id="postgres-embedded", marks=pytest.mark.postgres),
    pytest.param("postgres", "redis://127.0.0.1:1/0", id="postgres-redis", marks=pytest.mark.postgres),
]


def everything_provided(container: AsyncContainer) -> list[object]:
    """What the container can be asked for."""
    return [
        key.type_hint for key in container.registry.factories if key.component == "" and key.type_hint is not object
    ]


@pytest.mark.parametrize(("database", "redis_url"), COMBINATIONS)
async def test_every_object_can_be_made(
    environment: pytest.MonkeyPatch, complete: dict[str, str], tmp_path: Path, database: str, redis_url: str | None
) -> None:
    if redis_url:
        environment.setenv("ISTMO_REDIS_URL", redis_url)  # nobody listens there: wiring connects to nothing
    if database == "sqlite":
        url = f"sqlite:///{tmp_path / 'istmo.db'}"
        await wire(environment, url, has_redis=redis_url is not None)
    else:
        with postgres_url_for_tests() as url:
            await wire(environment, url, has_redis=redis_url is not None)


async def wire(environment: pytest.MonkeyPatch, url: str, *, has_redis: bool) -> None:
    migrate(url)
    environment.setenv("ISTMO_DATABASE_URL", url)
    settings = load_settings()
    container = make_container(settings)
    try:
        wanted = everything_provided(container)
        assert {PacGateway, RunDueWork, GraphqlOperations, Clock} <= set(wanted)
        for each in wanted:
            assert await container.get(each) is await container.get(each), "one of each in a process"
        queue = await container.get(JobQueue)
        assert isinstance(queue, ArqJobQueue if has_redis else EmbeddedRunner)
        app = await build_app(container, settings)
        assert {route.path for route in app.routes} >= {"/graphql", "/health/live", "/health/ready"}
    finally:
        await container.close()


async def test_a_test_may_replace_any_part(environment: pytest.MonkeyPatch) -> None:
    clock = ManualClock()

    class OwnTime(Provider):
        scope = Scope.APP

        @provide(override=True)
        def clock(self) -> Clock:
            return clock

    container = make_container(load_settings(), OwnTime())
    assert await container.get(Clock) is clock
    await container.close()


def test_a_doorbell_without_redis_is_a_mistake_of_the_caller(environment: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="ISTMO_REDIS_URL is not set"):
        arq_settings(load_settings())


@pytest.mark.parametrize(
    ("address", "folder"),
    [("var/files", "var/files"), ("/var/files", "/var/files"), ("file:///var/my%20files", "/var/my files")],
)
def test_a_folder_is_a_path_or_a_file_address(address: str, folder: str) -> None:
    assert folder_of(address) == Path(folder)
