"""All stores of an installation in one value, for whoever wires it together."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from core.ports.document_repository import DocumentJournal, DocumentRepository, DueWork
from core.ports.file_store import FileStore
from core.ports.series_ledger import HighWaterMarks, SeriesLedger
from core.ports.tenant_resolver import TenantDirectory, TenantResolver, TenantSecrets
from core.ports.trade_book import TradeBook
from core.ports.webhook_inbox import WebhookInbox


async def nothing_to_close() -> None:
    """For stores that hold no connection."""


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
    series: SeriesLedger
    marks: HighWaterMarks
    files: FileStore
    close: Callable[[], Awaitable[None]] = field(default=nothing_to_close, repr=False)
