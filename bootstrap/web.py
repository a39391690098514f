"""The web process: GraphQL, webhooks, files and health on one server, with the embedded runner beside it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
import uvicorn
from dishka import AsyncContainer
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from adapters.graphql.explorer_routes import build_explorer_handlers
from adapters.graphql.handlers import build_graphql_handlers
from adapters.graphql.operations import GraphqlOperations
from adapters.graphql.settings import GraphqlSettings
from adapters.http_webhooks.exception_handlers import build_exception_handlers
from adapters.http_webhooks.file_route import build_file_handlers
from adapters.http_webhooks.health_routes import HealthCheck, build_health_handlers
from adapters.http_webhooks.upload_route import build_upload_handlers
from adapters.http_webhooks.webhook_route import build_webhook_handlers
from adapters.persistence.stores import Stores
from adapters.scheduler.embedded_runner import EmbeddedRunner
from bootstrap.admin_serving import admin_handlers
from bootstrap.listening import GentleServer, listen
from bootstrap.metering import is_metered, make_metered_container, metrics_handlers, state_of_runner
from bootstrap.metrics import Metrics
from bootstrap.postgres import look_at_row_security
from bootstrap.schema_check import require_current_schema
from bootstrap.settings import Settings
from core.ports.clock import Clock
from core.ports.document_repository import DueWork
from core.use_cases.api_keys import AuthenticateCaller
from core.use_cases.download_file import DownloadFile
from core.use_cases.execute_void import ExecuteVoid
from core.use_cases.offer_bundle import OpenBundle
from core.use_cases.receive_webhook import ReceiveWebhook
from core.use_cases.render_cafe import RenderCafe
from core.use_cases.run_due_work import RunDueWork
from core.use_cases.submit_document import SubmitDocument
from core.use_cases.upload_file import UploadFile

log = structlog.get_logger("istmo.web")

GRACE_SECONDS = 20


async def build_app(container: AsyncContainer, settings: Settings, more: Sequence[HTTPRouteHandler] = ()) -> Litestar:
    """The Litestar app over a wired container, the caller's to close. ``more``: administrators' handlers."""
    runner = await container.get(EmbeddedRunner)
    return Litestar(
        route_handlers=[
            *build_graphql_handlers(
                await container.get(GraphqlOperations),
                GraphqlSettings(
                    public_url=settings.web.public_url,
                    introspection=settings.web.introspection or settings.web.explorer,
                ),
            ),
            *(build_explorer_handlers() if settings.web.explorer else ()),
            *build_webhook_handlers(await container.get(ReceiveWebhook)),
            *build_file_handlers(
                await container.get(DownloadFile), await container.get(RenderCafe), await container.get(OpenBundle)
            ),
            *build_upload_handlers(await container.get(AuthenticateCaller), await container.get(UploadFile)),
            *build_health_handlers(await _health_checks(container, settings, runner)),
            *await _metrics_handlers(container, settings, runner),
            *more,
        ],
        exception_handlers=build_exception_handlers(),
        openapi_config=None,
        logging_config=None,
    )


@asynccontextmanager
async def running_work(container: AsyncContainer, settings: Settings) -> AsyncIterator[None]:
    """The embedded runner, where no Redis is configured; and no attempt is cut off when the process ends."""
    runner = await container.get(EmbeddedRunner)
    work = await container.get(RunDueWork)
    submit, voids = await container.get(SubmitDocument), await container.get(ExecuteVoid)
    is_embedded = settings.work.redis_url is None
    if is_embedded:
        await runner.start(handler=work.handle, sweep=work)
    try:
        yield
    finally:
        if is_embedded:
            await runner.stop()
        await work.finish_running()
        await submit.finish_running()
        await voids.finish_running()


def server_config(app: Litestar) -> uvicorn.Config:
    """How uvicorn serves the app: every wait and every size has a limit."""
    return uvicorn.Config(
        app,
        http="httptools",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=30,
        limit_concurrency=2000,
    )


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises SchemaOutOfDateError, StoreUnavailableError, CannotListenError."""
    await asyncio.to_thread(require_current_schema, settings.store.database_url.get_secret_value())
    await asyncio.to_thread(look_at_row_security, settings)
    with listen(settings.web.host, settings.web.port) as listener:
        container = make_metered_container(settings)
        try:
            async with admin_handlers(container, settings) as more:
                server = GentleServer(server_config(await build_app(container, settings, more)))
                host, port = listener.getsockname()[:2]
                log.info("serving", host=host, port=port, embedded=settings.work.redis_url is None)
                async with running_work(container, settings):
                    await server.serve(sockets=[listener])
        finally:
            await container.close()


async def _metrics_handlers(
    container: AsyncContainer, settings: Settings, runner: EmbeddedRunner
) -> list[HTTPRouteHandler]:
    if not is_metered(settings):
        return []
    metrics = await container.get(Metrics)
    if settings.work.redis_url is None:
        metrics.watch(lambda: state_of_runner(runner))
    return metrics_handlers(metrics, settings.metrics, settings.web.host)


async def _health_checks(
    container: AsyncContainer, settings: Settings, runner: EmbeddedRunner
) -> dict[str, HealthCheck]:
    due, clock, stores = await container.get(DueWork), await container.get(Clock), await container.get(Stores)

    async def database() -> None:
        await due.due_tenants(clock.now(), limit=1)
        await stores.prove_writable()

    async def work() -> None:
        if not runner.is_alive:
            raise RuntimeError("the embedded runner does not sweep")

    checks: dict[str, HealthCheck] = {"database": database}
    if settings.work.redis_url is None:
        checks["work"] = work
    return checks
