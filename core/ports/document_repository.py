"""Where documents live. Three ports on one store: changing them, reading their history, finding due work."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.codes import DocumentType
from core.documents import Attachment, Change, FileKind, FiscalDocument, LegalStatus, Recording, SeriesKey, Submission
from core.events import ChainedEvent, Exchange
from core.identifiers import DocumentId, OrderId, PacDocumentId, TenantId

FamilyStep = Callable[[FiscalDocument, Sequence[FiscalDocument]], Change | None]
"""A synchronous, pure step over a document and the notes that name it as their parent, oldest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """Another document that must agree before a new one is recorded: the invoice of a note, or what it replaces.

    Its row is locked in the same transaction. ``agree`` raises to refuse; a change that it returns is written with
    the new document.
    """

    document_id: DocumentId
    agree: FamilyStep


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftVersion:
    """The draft that becomes a DGI document under its own id, as it was read."""

    document_id: DocumentId
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """What one intent to issue asks of the store: its key, its series and the order it would bill."""

    tenant_id: TenantId
    idempotency_key: str  # 1 to 200 characters, the caller's own
    fingerprint: str  # SHA-256 hex of the input's meaning
    series: SeriesKey
    order_id: OrderId | None = None
    order_version: int | None = None  # the order as it was read; None asks only that it is not cancelled
    relative: Relative | None = None
    replaced: Relative | None = None  # the document that the new one corrects; locked after ``relative``
    draft: DraftVersion | None = None
    number: int | None = None  # what it had before the database went back in time; None: the next of the series


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The document of an intent. ``is_replay``: it existed already and nothing was written."""

    document: FiscalDocument
    is_replay: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilter:
    """Which documents a page shows; all given conditions must hold. ``number`` is the bare integer."""

    document_types: tuple[DocumentType, ...] = ()
    parent_id: DocumentId | None = None  # only notes that name this invoice
    submission: tuple[Submission, ...] = ()
    legal_status: tuple[LegalStatus, ...] = ()
    cufe: str | None = None  # matches the PAC's and the expected one
    number: int | None = None
    external_id: str | None = None
    receiver_ruc: str | None = None
    issued_from: datetime | None = None
    issued_before: datetime | None = None
    updated_since: datetime | None = None
    overdue_before: datetime | None = None  # only those that core.diagnosis.waits_since_before holds for
    not_overdue_before: datetime | None = None  # only those that it does not hold for
    withdrawn: bool | None = None  # only drafts and imports that were taken back, or all but those


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """One page, newest first. ``next_after`` is the id to pass as ``after`` for the next one."""

    documents: Sequence[FiscalDocument]
    next_after: DocumentId | None


class DocumentRepository(Protocol):
    """Changes and finds documents. A method that returns has committed durably.

    Every method raises StoreUnavailableError when the store cannot be reached or cannot write.
    """

    @abstractmethod
    async def record(self, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
        """Take the next number of the series and store what ``build(number)`` makes, in one transaction.

        The same key and fingerprint give back the document there is. ``build`` is synchronous and pure; when it
        raises, the number is not taken and the error passes through. Raises IdempotencyConflictError (the key was
        used with another input), OrderAlreadyInvoicedError (the order has a live DGI invoice), OrderCancelledError,
        OrderChangedError (the order has not ``order_version`` any more: read it again),
        SeriesExhaustedError (past 9999999999), DocumentNotFoundError (the relative or the draft).

        With ``reservation.relative`` and ``replaced`` those documents agree first, each under its row's lock. With
        ``reservation.draft`` the draft's own row is filled instead of a new one: its id, key and timeline stay; a
        draft that is one no longer is given back as it is, a replay. Raises DraftChangedError when it was edited
        since it was read.

        With ``reservation.number`` the series gives none; it goes on past it, should it not be there yet.
        """

    @abstractmethod
    async def find_by_key(self, tenant_id: TenantId, idempotency_key: str, fingerprint: str) -> FiscalDocument | None:
        """The document of an intent. Raises IdempotencyConflictError for another fingerprint."""

    @abstractmethod
    async def update(
        self,
        tenant_id: TenantId,
        document_id: DocumentId,
        step: Callable[[FiscalDocument], Change | None],
    ) -> FiscalDocument:
        """Apply a synchronous, pure step under the row's lock and return the document as it then stands.

        ``step`` may run twice; None means that nothing changes. The version grows by one with each change.
        Only of a draft may it change what the document says.
        When it raises, nothing is written and the error passes through. Raises DocumentNotFoundError.
        """

    @abstractmethod
    async def update_family(self, tenant_id: TenantId, document_id: DocumentId, step: FamilyStep) -> FiscalDocument:
        """``update`` with a step that sees the notes of the document too, none of which can be added meanwhile."""

    @abstractmethod
    async def notes_of(self, tenant_id: TenantId, document_ids: Sequence[DocumentId]) -> Sequence[FiscalDocument]:
        """The credit and debit notes that name one of these (up to 100) as their parent, oldest first."""

    @abstractmethod
    async def get(self, tenant_id: TenantId, document_id: DocumentId) -> FiscalDocument:
        """Raises DocumentNotFoundError, also for another tenant's document."""

    @abstractmethod
    async def several(self, tenant_id: TenantId, document_ids: Sequence[DocumentId]) -> Sequence[FiscalDocument]:
        """Those of up to 100 documents that this tenant has, oldest first."""

    @abstractmethod
    async def find_by_reference(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> FiscalDocument | None:
        """The document that the PAC means: by its id, else by its CUFE (the PAC's or the expected one).

        A CUFE whose date alone differs from the expected one still matches (RUC, branch, type, number, billing
        point and security code decide).
        """

    @abstractmethod
    async def page(
        self, tenant_id: TenantId, wanted: DocumentFilter, *, limit: int, after: DocumentId | None
    ) -> DocumentPage:
        """One page, newest first, stable while documents are added. ``limit`` 1 to 100."""


class DocumentJournal(Protocol):
    """The history of a document. Reads only. Each raises DocumentNotFoundError for another tenant's document."""

    @abstractmethod
    async def body(self, tenant_id: TenantId, document_id: DocumentId) -> bytes:
        """The exact bytes that every attempt posts (I5). Raises DocumentNotFoundError also where nothing is sent."""

    @abstractmethod
    async def events(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[ChainedEvent]:
        """The timeline, oldest first."""

    @abstractmethod
    async def exchanges(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[Exchange]:
        """The PAC's raw answers, oldest first."""

    @abstractmethod
    async def attachments(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[Attachment]:
        """The current files, at most one per kind."""

    @abstractmethod
    async def attachment(self, tenant_id: TenantId, document_id: DocumentId, kind: FileKind) -> Attachment | None:
        """The current file of one kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDocument:
    """A document whose next action is due."""

    tenant_id: TenantId
    document_id: DocumentId
    submission: Submission
    has_void: bool = False  # a void was asked for, whatever became of it


class DueWork(Protocol):
    """What is due. The database is the queue."""

    @abstractmethod
    async def due_tenants(self, now: datetime, *, limit: int) -> Sequence[TenantId]:
        """Tenants with something due, the longest waiting first."""

    @abstractmethod
    async def due_documents(self, tenant_id: TenantId, now: datetime, *, limit: int) -> Sequence[DueDocument]:
        """Documents of one tenant with ``next_action_at`` not after ``now``, the longest waiting first."""
