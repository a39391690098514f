"""All stores of an installation in one value, for whoever wires it together."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from adapters.persistence.connection import Connection, Database, DatabaseUnavailable
from adapters.persistence.database_url import DatabaseSettings, database_settings
from adapters.persistence.local_departure_log import KEPT_DAYS, LocalDepartureLog
from adapters.persistence.local_file_store import LocalFileStore
from adapters.persistence.local_high_water_marks import LocalHighWaterMarks
from adapters.persistence.postgres_database import PostgresDatabase
from adapters.persistence.secret_box import SecretBox
from adapters.persistence.sql_administration_journal import SqlAdministrationJournal
from adapters.persistence.sql_circuits import SqlCircuitStore
from adapters.persistence.sql_documents import SqlDocumentRepository
from adapters.persistence.sql_due_work import SqlDueWork
from adapters.persistence.sql_journal import SqlDocumentJournal
from adapters.persistence.sql_lost_documents import SqlLostDocuments
from adapters.persistence.sql_number_book import SqlNumberBook
from adapters.persistence.sql_onboarding_book import SqlOnboardingBook
from adapters.persistence.sql_payment_book import SqlPaymentBook
from adapters.persistence.sql_reference_book import SqlReferenceBook
from adapters.persistence.sql_secrets import SqlTenantSecrets
from adapters.persistence.sql_series_ledger import SqlSeriesLedger
from adapters.persistence.sql_tenants import SqlTenantDirectory, SqlTenantResolver
from adapters.persistence.sql_trade_book import SqlTradeBook
from adapters.persistence.sql_webhook_inbox import SqlWebhookInbox
from adapters.persistence.sqlite_database import SqliteDatabase
from adapters.persistence.sqlite_driver import SqliteSettings
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import metadata
from core.failures import StoreUnavailableError
from core.ports.administration_journal import AdministrationJournal
from core.ports.circuit_store import CircuitStore
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


async def nothing_to_close() -> None:
    """For stores that hold no connection."""


async def always_writable() -> None:
    """For stores that live in this process's memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """One implementation of each port, made on one database (or one memory) and one file store."""

    documents: DocumentRepository
    journal: DocumentJournal
    due_work: DueWork
    inbox: WebhookInbox
    tenants: TenantResolver
    directory: TenantDirectory
    secrets: TenantSecrets
    trade_book: TradeBook
    payments: PaymentBook
    reference_book: ReferenceBook
    series: SeriesLedger
    numbers: NumberBook
    circuits: CircuitStore
    onboardings: OnboardingBook
    administration: AdministrationJournal
    lost: LostDocuments
    marks: HighWaterMarks
    departures: DepartureLog
    files: FileStore
    close: Callable[[], Awaitable[None]] = field(default=nothing_to_close, repr=False)
    # goes the way of every change, without changing anything; raises StoreUnavailableError
    prove_writable: Callable[[], Awaitable[None]] = field(default=always_writable, repr=False)


async def open_stores(
    database: str | DatabaseSettings,
    *,
    secrets_key: bytes,
    files_folder: Path,
    marks_folder: Path,
    older_secrets_keys: Sequence[bytes] = (),
    departure_days: int = KEPT_DAYS,
) -> Stores:
    """Connect and give every store; the caller awaits ``close()`` of what it got.

    ``database`` is a URL (``sqlite:///path`` or ``postgresql://...``) or the settings of one engine. The schema must
    be there: see ``adapters.persistence.migration``. ``marks_folder`` lies outside the database and its backups;
    ``departure_days`` of departures are kept beside the marks.
    Raises StoreUnavailableError, and ValueError for a URL or a key that is none.
    """
    settings = database_settings(database) if isinstance(database, str) else database
    box = SecretBox(secrets_key, older_keys=older_secrets_keys)
    opened: Database = (
        SqliteDatabase(settings, metadata) if isinstance(settings, SqliteSettings) else PostgresDatabase(settings)
    )
    try:
        await opened.open()
    except DatabaseUnavailable as error:
        raise StoreUnavailableError from error
    return sql_stores(
        opened,
        box=box,
        files=LocalFileStore(files_folder),
        marks=LocalHighWaterMarks(marks_folder),
        departures=LocalDepartureLog(marks_folder, kept_days=departure_days),
    )


def sql_stores(
    database: Database, *, box: SecretBox, files: FileStore, marks: HighWaterMarks, departures: DepartureLog
) -> Stores:
    """Every store on an open database; closing them closes it."""
    units = StoreUnits(database)
    return Stores(
        documents=SqlDocumentRepository(units),
        journal=SqlDocumentJournal(units),
        due_work=SqlDueWork(units),
        inbox=SqlWebhookInbox(units),
        tenants=SqlTenantResolver(units),
        directory=SqlTenantDirectory(units),
        secrets=SqlTenantSecrets(units, box),
        trade_book=SqlTradeBook(units),
        payments=SqlPaymentBook(units),
        reference_book=SqlReferenceBook(units),
        series=SqlSeriesLedger(units),
        numbers=SqlNumberBook(units),
        circuits=SqlCircuitStore(units),
        onboardings=SqlOnboardingBook(units),
        administration=SqlAdministrationJournal(units),
        lost=SqlLostDocuments(units),
        marks=marks,
        departures=departures,
        files=files,
        close=database.close,
        prove_writable=lambda: units.write(_change_nothing, tenant_id=None),
    )


def _change_nothing(_connection: Connection) -> None:
    """A transaction of nothing: a dead writer or an unreachable server cannot commit it."""
