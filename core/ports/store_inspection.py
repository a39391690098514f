"""Reads everything that an installation keeps, in bounded pages, so that its invariants can be checked.

Read-only, and the only reader that believes nothing: a row that cannot be understood is handed over as such. Every
method raises StoreUnavailableError when the store cannot be reached, or when these credentials may not look.
"""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from core.administration import ChainedAdminEvent, ChainHead
from core.documents import Attachment, FiscalDocument, SeriesKey
from core.events import ChainedEvent
from core.identifiers import DeliveryId, DocumentId, TenantId
from core.ports.series_ledger import SeriesMove, SeriesState
from core.ports.webhook_inbox import Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAttachment:
    """One revision of a file. The older ones stay behind the current one."""

    attachment: Attachment
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeDocument:
    """A document with everything that hangs on it. ``None``: it is not there, or cannot be understood."""

    document: FiscalDocument
    body: bytes | None
    events: Sequence[ChainedEvent] | None
    event_count: int  # as the document's own row remembers it: what shows a chain whose end was cut off
    attachments: Sequence[StoredAttachment] | None
    notes: Sequence[FiscalDocument] = ()  # those that name it and can be understood, read at the same moment
    disagreeing: tuple[str, ...] = ()  # columns that say something else than the content they were taken from


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableRow:
    """A row that this version cannot understand. ``what`` names its kind, ``reason`` is for people."""

    tenant_id: TenantId | None
    what: str
    row_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberUse:
    """One number of a series with the document that has it."""

    number: int
    document_id: DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectedSeries:
    """A series with every move by hand, oldest first; at most 1,000."""

    state: SeriesState
    moves: Sequence[SeriesMove]


class RepeatKind(Enum):
    """What must not occur twice within a tenant."""

    INTENT = "idempotency key"
    CUFE = "expected CUFE"
    PAC_ID = "id at the PAC"
    LIVE_ORDER = "order with a live DGI invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """One value that occurs more than once, with at most ten of the documents that have it."""

    kind: RepeatKind
    value: str
    document_ids: tuple[DocumentId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """A row whose parent is not there, or is another tenant's. Texts name tables' contents, not tables."""

    what: str
    row_id: str
    parent: str
    parent_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePoint:
    """A billing point with an office that has it; ``office_code`` None: there is no such office."""

    billing_point: str
    office_id: str
    office_code: str | None


class StoreInspection(Protocol):
    """Pages are in the order of their keys: ``after`` is the last key of the page before. ``limit`` 1 to 1,000."""

    @abstractmethod
    async def tenants(self, *, after: TenantId | None, limit: int) -> Sequence[TenantId]:
        """Every tenant."""

    @abstractmethod
    async def strangers(self, *, limit: int) -> Sequence[tuple[TenantId, str]]:
        """Tenants who have rows and do not exist, each with what was found of them."""

    @abstractmethod
    async def admin_head(self) -> ChainHead:
        """Where the journal of administrative changes ends, as it is remembered; place 0 when nothing is."""

    @abstractmethod
    async def admin_events(self, *, after: int, limit: int) -> Sequence[ChainedAdminEvent | UnreadableRow]:
        """The journal of administrative changes, oldest first."""

    @abstractmethod
    async def documents(
        self, tenant_id: TenantId, *, after: DocumentId | None, limit: int
    ) -> Sequence[WholeDocument | UnreadableRow]:
        """Documents with their bodies, events, files and notes."""

    @abstractmethod
    async def series(self, tenant_id: TenantId, *, after: SeriesKey | None, limit: int) -> Sequence[InspectedSeries]:
        """Every series, by billing point and document type."""

    @abstractmethod
    async def numbers(
        self, tenant_id: TenantId, series: SeriesKey, *, after: NumberUse | None, limit: int
    ) -> Sequence[NumberUse]:
        """The used numbers of a series, ascending; a number that was used twice comes twice."""

    @abstractmethod
    async def repeats(self, tenant_id: TenantId, kind: RepeatKind, *, limit: int) -> Sequence[Repeat]:
        """What occurs more than once although it must not."""

    @abstractmethod
    async def strays(self, tenant_id: TenantId, *, limit: int) -> Sequence[Stray]:
        """Rows of this tenant whose parent this tenant does not have; ``limit`` of each kind."""

    @abstractmethod
    async def deliveries(
        self, tenant_id: TenantId, *, after: DeliveryId | None, limit: int
    ) -> Sequence[Delivery | UnreadableRow]:
        """The inbox with the deliveries' bodies; a body that is missing is empty."""

    @abstractmethod
    async def office_points(self, tenant_id: TenantId, *, limit: int) -> Sequence[OfficePoint]:
        """Billing points with their offices."""

    @abstractmethod
    async def referenced(self, tenant_id: TenantId, digests: Collection[str]) -> frozenset[str]:
        """Which of these digests some row, current or not, names. At most 1,000."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBlob:
    """Bytes in the file store. ``digest`` is the name they lie under; None for what an interrupted write left."""

    key: str  # what ``remove`` takes
    digest: str | None
    size: int
    stored_at: datetime


class BlobInspection(Protocol):
    """Looks into the file store itself, which its own port cannot."""

    @abstractmethod
    async def blobs(self, tenant_id: TenantId, *, after: str | None, limit: int) -> Sequence[StoredBlob]:
        """Everything that lies there for a tenant, by key."""

    @abstractmethod
    async def remove(self, tenant_id: TenantId, key: str, *, stored_before: datetime) -> bool:
        """Delete one blob, unless it is gone or was stored again since; whether it was deleted."""
