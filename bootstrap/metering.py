"""The metrics, wired: give ``MeteringProvider`` to ``make_container`` and the PAC and the webhook door are counted."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import timedelta

import uvicorn
from dishka import AsyncContainer, Provider, Scope, decorate, provide
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from adapters.http_webhooks.exception_handlers import build_exception_handlers
from adapters.http_webhooks.metrics_route import build_metrics_handlers
from adapters.persistence.inspections import open_gauges
from adapters.scheduler.arq_worker import ArqWorker
from adapters.scheduler.embedded_runner import EmbeddedRunner
from bootstrap.container import make_container
from bootstrap.gauge_readings import GaugeReadings
from bootstrap.listening import listen
from bootstrap.metered import CountedHandler, MeteredPacGateway, MeteredReceiveWebhook
from bootstrap.metrics import MEDIA_TYPE, Metrics, ProcessState
from bootstrap.metrics_settings import MetricsSettings
from bootstrap.postgres import database_of
from bootstrap.settings import Settings
from core.ports.clock import Clock
from core.ports.pac_gateway import PacGateway
from core.ports.work_gauges import WorkGauges
from core.schedules import Schedules
from core.use_cases.receive_webhook import ReceiveWebhook


class MeteringProvider(Provider):
    """Everything that counts. The gauges read on a connection of their own."""

    scope = Scope.APP

    @provide
    async def gauges(self, settings: Settings) -> AsyncIterable[WorkGauges]:
        opened = await open_gauges(database_of(settings))
        try:
            yield opened.gauges
        finally:
            await opened.close()

    @provide
    def readings(self, gauges: WorkGauges, clock: Clock, schedules: Schedules) -> GaugeReadings:
        return GaugeReadings(gauges, clock, overdue_after=timedelta(seconds=schedules.overdue_after))

    @provide
    def metrics(self, clock: Clock, readings: GaugeReadings) -> Metrics:
        return Metrics(clock, readings)

    @decorate
    def gateway(self, gateway: PacGateway, metrics: Metrics, clock: Clock) -> PacGateway:
        return MeteredPacGateway(gateway, metrics, clock)

    @decorate
    def door(self, receive: ReceiveWebhook, metrics: Metrics) -> ReceiveWebhook:
        return MeteredReceiveWebhook(receive, metrics)


def is_metered(settings: Settings) -> bool:
    """Whether this process counts at all: only where somebody may read it."""
    return settings.metrics.are_served_at(settings.web.host)


def make_metered_container(settings: Settings) -> AsyncContainer:
    """The whole graph, with everything that counts where metrics are on."""
    return make_container(settings, MeteringProvider()) if is_metered(settings) else make_container(settings)


def metrics_handlers(metrics: Metrics, settings: MetricsSettings, host: str) -> list[HTTPRouteHandler]:
    """The route of a server that listens on ``host``; none where metrics are off."""
    if not settings.are_served_at(host):
        return []
    return build_metrics_handlers(metrics.render, media_type=MEDIA_TYPE, token=settings.token)


def state_of_runner(runner: EmbeddedRunner) -> ProcessState:
    """For ``Metrics.watch``, where the work is done inside the web process."""
    counts = runner.counts
    return ProcessState(
        last_sweep_at=runner.last_sweep_at,
        sweep_is_alive=runner.is_alive,
        rings={
            "handled": counts.handled,
            "failed": counts.failed,
            "merged": counts.merged,
            "dropped": counts.dropped,
        },
        rings_waiting=runner.waiting,
    )


def state_of_worker(worker: ArqWorker, handler: CountedHandler) -> ProcessState:
    """For ``Metrics.watch``, in a worker process on Redis."""
    return ProcessState(last_sweep_at=worker.last_sweep_at, sweep_is_alive=worker.is_alive, rings=handler.counts)


class _SideServer(uvicorn.Server):
    """Leaves the signals to the process that it stands beside."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def serving_metrics(metrics: Metrics, settings: MetricsSettings, host: str) -> AsyncIterator[int | None]:
    """A worker's own /metrics while the block runs; gives the port, None where it is off. Raises CannotListenError."""
    if settings.worker_metrics_port is None or not settings.are_served_at(host):
        yield None
        return
    app = Litestar(
        route_handlers=metrics_handlers(metrics, settings, host),
        exception_handlers=build_exception_handlers(),
        openapi_config=None,
        logging_config=None,
    )
    with listen(host, settings.worker_metrics_port) as listener:
        config = uvicorn.Config(
            app, log_config=None, access_log=False, server_header=False, limit_concurrency=20, timeout_keep_alive=30
        )
        server = _SideServer(config)
        running = asyncio.create_task(server.serve(sockets=[listener]), name="istmo-metrics")
        try:
            yield listener.getsockname()[1]
        finally:
            server.should_exit = True
            await running
