"""The wiring: every object of a process, made once, from settings.

Everything is APP-scoped and the tenant is an argument. Tests build the same graph with providers that override.
dishka is imported in bootstrap and nowhere else.
"""

from collections.abc import AsyncIterable

from dishka import AsyncContainer, Provider, Scope, ValidationSettings, make_async_container, provide

from adapters.alanube.accounts import AlanubePacAccounts
from adapters.alanube.catalogues import AlanubeCatalogues
from adapters.alanube.client import AlanubeClient
from adapters.alanube.companies import AlanubePacCompanies
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.gateway import AlanubePacGateway
from adapters.alanube.ruc import AlanubeRucRegistry
from adapters.alanube.settings import AlanubeSettings
from adapters.file_reading.process_reader import ProcessFileReader
from adapters.scheduler.embedded_runner import EmbeddedRunner
from adapters.scheduler.periodic_sweep import SweepPace
from bootstrap.admin_wiring import AdminProvider
from bootstrap.back_office_wiring import BackOfficeProvider
from bootstrap.correction_wiring import CorrectionProvider
from bootstrap.delivery_wiring import DeliveryProvider
from bootstrap.onboarding_wiring import OnboardingProvider
from bootstrap.settings import Settings
from bootstrap.store_wiring import StoreProvider, TimeProvider, folder_of
from bootstrap.use_case_wiring import UseCaseProvider
from core.ports.clock import Chance, Clock
from core.ports.file_reader import FileReader
from core.ports.job_queue import JobQueue
from core.ports.pac_accounts import PacAccounts, PacCompanies
from core.ports.pac_catalogues import PacCatalogues
from core.ports.pac_gateway import PacGateway
from core.ports.ruc_registry import RucRegistry

__all__ = ["folder_of", "make_container", "make_graph"]


class PacProvider(Provider):
    """The PAC behind its ports: one HTTP client for all of them."""

    scope = Scope.APP

    @provide
    def alanube_settings(self, settings: Settings) -> AlanubeSettings:
        pac = settings.pac
        return AlanubeSettings(
            base_url=pac.base_url,
            token=pac.key.get_secret_value(),
            connect_seconds=pac.connect_seconds,
            read_seconds=pac.read_seconds,
            total_seconds=pac.total_seconds,
            connections_max=pac.connections_max,
            allowed_download_hosts=pac.download_hosts,
            plain_http_hosts=pac.plain_http_hosts,
            known_codes=settings.codes.known(),
            wire=settings.wire.options(),
        )

    @provide
    async def client(self, settings: AlanubeSettings, clock: Clock) -> AsyncIterable[AlanubeClient]:
        client = AlanubeClient(settings, clock)
        try:
            yield client
        finally:
            await client.aclose()

    @provide
    async def downloader(self, settings: AlanubeSettings) -> AsyncIterable[FileDownloader]:
        downloader = FileDownloader(settings)
        try:
            yield downloader
        finally:
            await downloader.aclose()

    gateway = provide(AlanubePacGateway, provides=PacGateway)
    accounts = provide(AlanubePacAccounts, provides=PacAccounts)
    companies = provide(AlanubePacCompanies, provides=PacCompanies)
    registry = provide(AlanubeRucRegistry, provides=RucRegistry)

    @provide
    def file_reader(self) -> FileReader:
        return ProcessFileReader()

    catalogues = provide(AlanubeCatalogues, provides=PacCatalogues)


class WorkProvider(Provider):
    """The doorbell: arq on Redis where there is one, else inside the process."""

    scope = Scope.APP

    @provide
    def pace(self, settings: Settings) -> SweepPace:
        return SweepPace(sweep_seconds=settings.work.sweep_seconds)

    @provide
    def runner(self, clock: Clock, chance: Chance, pace: SweepPace) -> EmbeddedRunner:
        return EmbeddedRunner(clock=clock, chance=chance, pace=pace)

    @provide
    async def queue(self, settings: Settings, runner: EmbeddedRunner, clock: Clock) -> AsyncIterable[JobQueue]:
        if settings.work.redis_url is None:
            yield runner
            return
        from adapters.scheduler.arq_queue import ArqJobQueue
        from bootstrap.doorbell import arq_settings

        queue = ArqJobQueue(arq_settings(settings), clock)
        try:
            yield queue
        finally:
            await queue.close()


def make_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """The whole graph, checked when it is made.

    ``overrides`` replace what they ``provide(override=True)``, for tests.
    """
    return make_async_container(
        *_everything(),
        *overrides,
        context={Settings: settings},
        validation_settings=_CHECKED,
    )


def make_graph(*overrides: Provider) -> AsyncContainer:
    """The checked graph without the objects: ``graph(context={Settings: settings})`` opens the objects of a process.

    Checking costs more than making them, so a simulation that starts thousands of processes checks once.
    """
    return make_async_container(*_everything(), *overrides, start_scope=Scope.RUNTIME, validation_settings=_CHECKED)


def _everything() -> tuple[Provider, ...]:
    return (
        TimeProvider(),
        StoreProvider(),
        PacProvider(),
        WorkProvider(),
        UseCaseProvider(),
        CorrectionProvider(),
        BackOfficeProvider(),
        OnboardingProvider(),
        AdminProvider(),
        DeliveryProvider(),
    )


_CHECKED = ValidationSettings(nothing_overridden=True, implicit_override=True)
