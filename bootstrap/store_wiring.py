"""Time, and everything that lies on the database and the file store."""

from collections.abc import AsyncIterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urlsplit

from dishka import Provider, Scope, from_context, provide

from adapters.persistence.s3_file_store import S3FileStore
from adapters.persistence.stores import Stores, open_stores
from adapters.scheduler.system_clock import SystemChance, SystemClock, UlidIdentifiers
from bootstrap.postgres import database_of
from bootstrap.settings import Settings
from core.ports.administration_journal import AdministrationJournal
from core.ports.circuit_store import CircuitStore
from core.ports.clock import Chance, Clock, Identifiers
from core.ports.departure_log import DepartureLog
from core.ports.document_repository import DocumentJournal, DocumentRepository, DueWork
from core.ports.file_store import FileStore
from core.ports.lost_documents import LostDocuments
from core.ports.number_book import NumberBook
from core.ports.onboarding_book import OnboardingBook
from core.ports.payment_book import PaymentBook
from core.ports.reference_book import ReferenceBook
from core.ports.series_ledger import HighWaterMarks, SeriesLedger
from core.ports.tenant_resolver import TenantDirectory, TenantResolver, TenantSecrets
from core.ports.trade_book import TradeBook
from core.ports.webhook_inbox import WebhookInbox


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
            older_secrets_keys=settings.store.older_key_bytes,
            files_folder=folder_of(settings.store.file_store_url),
            marks_folder=folder_of(settings.store.high_water_url),
            departure_days=settings.store.departure_days,
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
    def payments(self, stores: Stores) -> PaymentBook:
        return stores.payments

    @provide
    def reference_book(self, stores: Stores) -> ReferenceBook:
        return stores.reference_book

    @provide
    def series(self, stores: Stores) -> SeriesLedger:
        return stores.series

    @provide
    def numbers(self, stores: Stores) -> NumberBook:
        return stores.numbers

    @provide
    def circuits(self, stores: Stores) -> CircuitStore:
        return stores.circuits

    @provide
    def onboardings(self, stores: Stores) -> OnboardingBook:
        return stores.onboardings

    @provide
    def administration(self, stores: Stores) -> AdministrationJournal:
        return stores.administration

    @provide
    def marks(self, stores: Stores) -> HighWaterMarks:
        return stores.marks

    @provide
    def departures(self, stores: Stores) -> DepartureLog:
        return stores.departures

    @provide
    def lost(self, stores: Stores) -> LostDocuments:
        return stores.lost

    @provide
    def files(self, stores: Stores) -> FileStore:
        return stores.files


def folder_of(address: str) -> Path:
    """The folder of a path, or of a file:///ABSOLUTE/FOLDER address."""
    return Path(unquote(urlsplit(address).path)) if address.startswith("file:") else Path(address)
