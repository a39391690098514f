"""The wiring: every object of a process, made once, from settings.

Everything is APP-scoped and the tenant is an argument. Tests build the same graph with providers that override.
dishka is imported here and nowhere else.
"""

import os
import socket
from collections.abc import AsyncIterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dishka import AsyncContainer, Provider, Scope, ValidationSettings, from_context, make_async_container, provide

from adapters.alanube.accounts import AlanubePacAccounts
from adapters.alanube.client import AlanubeClient
from adapters.alanube.downloads import FileDownloader
from adapters.alanube.gateway import AlanubePacGateway
from adapters.alanube.ruc import AlanubeRucRegistry
from adapters.alanube.settings import AlanubeSettings
from adapters.graphql.operations import GraphqlOperations
from adapters.persistence.s3_file_store import S3FileStore
from adapters.persistence.stores import Stores, open_stores
from adapters.scheduler.embedded_runner import EmbeddedRunner
from adapters.scheduler.periodic_sweep import SweepPace
from adapters.scheduler.system_clock import SystemChance, SystemClock, UlidIdentifiers
from bootstrap.postgres import database_of
from bootstrap.settings import Settings
from core.lifecycle.sending import AnswerRules
from core.ports.circuit_store import CircuitStore
from core.ports.clock import Chance, Clock, Identifiers
from core.ports.document_repository import DocumentJournal, DocumentRepository, DueWork
from core.ports.file_store import FileStore
from core.ports.job_queue import JobQueue
from core.ports.pac_accounts import PacAccounts
from core.ports.pac_gateway import PacGateway
from core.ports.ruc_registry import RucRegistry
from core.ports.series_ledger import HighWaterMarks, SeriesLedger
from core.ports.tenant_resolver import TenantDirectory, TenantResolver, TenantSecrets
from core.ports.trade_book import TradeBook
from core.ports.webhook_inbox import WebhookInbox
from core.preflight import PreflightSettings
from core.schedules import Schedules
from core.use_cases.api_keys import AuthenticateCaller, CreateApiKey, RevokeApiKey
from core.use_cases.attach_pac_pdf import AttachPacPdf
from core.use_cases.create_client import CreateClient
from core.use_cases.create_invoice import CreateInvoice
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_order import CreateOrder
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.decide_document import AdoptPacDocument, ConfirmAtDgi, GiveUpDocument
from core.use_cases.download_file import DownloadFile, DownloadLinks
from core.use_cases.examine_hints import ExamineHints
from core.use_cases.generate_invoice import GenerateInvoice
from core.use_cases.issue_document import IssueDocument
from core.use_cases.match_deliveries import MatchDeliveries
from core.use_cases.pac_account import FindPacAccount
from core.use_cases.process_webhook import ProcessWebhook
from core.use_cases.receive_webhook import ReceiveWebhook
from core.use_cases.refresh_document import RefreshDocument
from core.use_cases.rotate_secret import RotateSecret
from core.use_cases.run_due_work import RunDueWork, SweepLimits
from core.use_cases.set_series import SetSeries
from core.use_cases.settle_doubt import SettleDoubt
from core.use_cases.submit_document import SubmitDocument
from core.use_cases.verify_receiver import VerifyReceiver
from core.use_cases.watch_circuit import WatchCircuit


class TimeProvider(Provider):
    """Settings as they were given; clock, ids and chance of the machine."""

    scope = Scope.APP
    settings = from_context(Settings)
    clock = provide(SystemClock, provides=Clock)
    chance = provide(SystemChance, provides=Chance)

    @provide
    def identifiers(self, clock: Clock) -> Identifiers:
        return UlidIdentifiers(clock)


class StoreProvider(Provider):
    """Everything on the database and the file store."""

    scope = Scope.APP

    @provide
    async def stores(self, settings: Settings) -> AsyncIterable[Stores]:
        """Opened once, closed with the process."""
        stores = await open_stores(
            database_of(settings),
            secrets_key=settings.store.key_bytes,
            files_folder=folder_of(settings.store.file_store_url),
            marks_folder=folder_of(settings.store.high_water_url),
        )
        if settings.store.is_in_a_bucket:
            stores = replace(stores, files=S3FileStore(settings.store.s3))
        try:
            yield stores
        finally:
            await stores.close()

    @provide
    def documents(self, stores: Stores) -> DocumentRepository:
        return stores.documents

    @provide
    def journal(self, stores: Stores) -> DocumentJournal:
        return stores.journal

    @provide
    def due_work(self, stores: Stores) -> DueWork:
        return stores.due_work

    @provide
    def inbox(self, stores: Stores) -> WebhookInbox:
        return stores.inbox

    @provide
    def tenants(self, stores: Stores) -> TenantResolver:
        return stores.tenants

    @provide
    def directory(self, stores: Stores) -> TenantDirectory:
        return stores.directory

    @provide
    def secrets(self, stores: Stores) -> TenantSecrets:
        return stores.secrets

    @provide
    def trade_book(self, stores: Stores) -> TradeBook:
        return stores.trade_book

    @provide
    def series(self, stores: Stores) -> SeriesLedger:
        return stores.series

    @provide
    def circuits(self, stores: Stores) -> CircuitStore:
        return stores.circuits

    @provide
    def marks(self, stores: Stores) -> HighWaterMarks:
        return stores.marks

    @provide
    def files(self, stores: Stores) -> FileStore:
        return stores.files


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
    registry = provide(AlanubeRucRegistry, provides=RucRegistry)


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


class UseCaseProvider(Provider):
    """The use cases, each made from ports and other use cases."""

    scope = Scope.APP

    @provide
    def schedules(self, settings: Settings) -> Schedules:
        return Schedules(lease=settings.work.lease_seconds, doubt_deadline=settings.work.doubt_hours * 3600)

    @provide
    def rules(self, settings: Settings) -> AnswerRules:
        return AnswerRules(unrecognised_is_doubt=settings.pac.unrecognised_is_doubt)

    @provide
    def preflight_settings(self) -> PreflightSettings:
        return PreflightSettings()

    @provide
    def sweep_limits(self) -> SweepLimits:
        return SweepLimits()

    @provide
    def download_links(self, settings: Settings, clock: Clock) -> DownloadLinks:
        return DownloadLinks(settings.store.key_bytes, clock, lifetime_seconds=settings.web.link_seconds)

    @provide
    def submit(
        self,
        settings: Settings,
        documents: DocumentRepository,
        journal: DocumentJournal,
        inbox: WebhookInbox,
        match_deliveries: MatchDeliveries,
        find_account: FindPacAccount,
        pac: PacGateway,
        high_water: HighWaterMarks,
        circuit: WatchCircuit,
        clock: Clock,
        chance: Chance,
        schedules: Schedules,
        rules: AnswerRules,
    ) -> SubmitDocument:
        return SubmitDocument(
            documents,
            journal,
            inbox,
            match_deliveries,
            find_account,
            pac,
            high_water,
            circuit,
            clock,
            chance,
            schedules,
            rules,
            post_deadline_seconds=settings.pac.total_seconds,
            worker=f"{socket.gethostname()}:{os.getpid()}",
        )

    @provide
    def create_office(
        self,
        settings: Settings,
        directory: TenantDirectory,
        find_account: FindPacAccount,
        pac_accounts: PacAccounts,
        clock: Clock,
        identifiers: Identifiers,
    ) -> CreateOffice:
        return CreateOffice(
            directory,
            find_account,
            pac_accounts,
            clock,
            identifiers,
            default_billing_point=settings.work.default_billing_point,
        )

    operations = provide(GraphqlOperations)
    find_account = provide(FindPacAccount)
    circuit = provide(WatchCircuit)
    examine_hints = provide(ExamineHints)
    adopt = provide(AdoptPacDocument)
    confirm_at_dgi = provide(ConfirmAtDgi)
    give_up = provide(GiveUpDocument)
    match_deliveries = provide(MatchDeliveries)
    refresh = provide(RefreshDocument)
    settle_doubt = provide(SettleDoubt)
    process_webhook = provide(ProcessWebhook)
    receive_webhook = provide(ReceiveWebhook)
    run_due_work = provide(RunDueWork)
    verify_receiver = provide(VerifyReceiver)
    issue = provide(IssueDocument)
    generate_invoice = provide(GenerateInvoice)
    create_invoice = provide(CreateInvoice)
    create_tenant = provide(CreateTenant)
    create_client = provide(CreateClient)
    create_order = provide(CreateOrder)
    create_api_key = provide(CreateApiKey)
    revoke_api_key = provide(RevokeApiKey)
    authenticate = provide(AuthenticateCaller)
    set_series = provide(SetSeries)
    rotate_secret = provide(RotateSecret)
    attach_pac_pdf = provide(AttachPacPdf)
    download_file = provide(DownloadFile)


def make_container(settings: Settings, *overrides: Provider) -> AsyncContainer:
    """The whole graph, checked when it is made. ``overrides`` replace what they provide, for tests."""
    return make_async_container(
        TimeProvider(),
        StoreProvider(),
        PacProvider(),
        WorkProvider(),
        UseCaseProvider(),
        *overrides,
        context={Settings: settings},
        validation_settings=ValidationSettings(nothing_overridden=True, implicit_override=True),
    )


def folder_of(address: str) -> Path:
    """The folder of a path, or of a file:///ABSOLUTE/FOLDER address."""
    return Path(unquote(urlsplit(address).path)) if address.startswith("file:") else Path(address)
