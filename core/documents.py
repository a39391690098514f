"""A fiscal document as Istmo keeps it: frozen, with three axes that are never mixed.

``submission`` is ours (what we know of our own sending), ``legal_status`` belongs to the PAC and the DGI, and the
business status is derived from payments, credits and voids.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.claims import Claim
from core.codes import DocumentType, Environment, RucType
from core.drafts import Draft
from core.events import Event, Exchange
from core.identifiers import ClientId, DocumentId, OfficeId, OrderId, PacDocumentId, TenantId
from core.totals import Totals
from core.voids import Void, VoidState

INTERNAL_POINT = "000"
"""The billing point of documents that the DGI does not number here: drafts and imports (000 is refused, 1515)."""


class DocumentMode(Enum):
    """How a document came to be: internal only, sent to the DGI, or somebody else's."""

    PROFORM = "PROFORM"
    DGI = "DGI"
    DGI_IMPORT = "DGI_IMPORT"


class DocumentKind(Enum):
    """Which of the three kinds a document is of, whatever its type."""

    INVOICE = "INVOICE"
    CREDIT = "CREDIT"
    DEBIT = "DEBIT"

    @classmethod
    def of(cls, document_type: DocumentType) -> "DocumentKind":
        """The kind of a type."""
        if document_type.is_credit_note:
            return cls.CREDIT
        return cls.DEBIT if document_type.is_debit_note else cls.INVOICE


class Submission(Enum):
    """What we know of our own sending."""

    DRAFT = "DRAFT"
    QUEUED = "QUEUED"
    SENDING = "SENDING"
    IN_DOUBT = "IN_DOUBT"
    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"
    QUARANTINED = "QUARANTINED"
    ISSUED_ID_UNKNOWN = "ISSUED_ID_UNKNOWN"
    IMPORTED = "IMPORTED"


class LegalStatus(Enum):
    """What the PAC and the DGI say. UNRECOGNISED is a value never seen before, kept raw beside it."""

    NONE = "NONE"
    REGISTERED = "REGISTERED"
    PAC_AUTHORIZED = "PAC_AUTHORIZED"
    DGI_AUTHORIZED = "DGI_AUTHORIZED"
    PAC_REJECTED = "PAC_REJECTED"
    DGI_REJECTED = "DGI_REJECTED"
    UNRECOGNISED = "UNRECOGNISED"

    @property
    def is_terminal(self) -> bool:
        """Whether no later answer may change it."""
        return self in (LegalStatus.DGI_AUTHORIZED, LegalStatus.PAC_REJECTED, LegalStatus.DGI_REJECTED)

    @property
    def is_authorized(self) -> bool:
        """Whether the document has a CUFE that a receiver can show."""
        return self in (LegalStatus.PAC_AUTHORIZED, LegalStatus.DGI_AUTHORIZED)

    @property
    def is_rejected(self) -> bool:
        """Whether the PAC or the DGI rejected what it was asked for."""
        return self in (LegalStatus.PAC_REJECTED, LegalStatus.DGI_REJECTED)

    def beside(self, authorised: Collection[PacDocumentId]) -> "LegalStatus":
        """What a document counts as that has this status under the id that is followed, and that the DGI authorised
        under others: authorised beats rejected."""
        return LegalStatus.DGI_AUTHORIZED if self.is_rejected and authorised else self


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesKey:
    """A series of numbers: one per billing point (001 to 999) and document type."""

    billing_point: str
    document_type: DocumentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """The issuer as the document names it; a snapshot, so that later changes of a tenant alter nothing."""

    ruc: str
    ruc_type: RucType
    dv: str
    name: str
    environment: Environment
    branch: str  # the office's code, 4 characters, part of the CUFE
    pac_office_id: str | None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a document was refused or rejected, in the PAC's own words."""

    codes: tuple[str, ...]
    messages: tuple[str, ...]
    is_recognised: bool = True  # False: no table knows the code; the document is watched


class FileKind(Enum):
    """The files of a document."""

    PDF = "PDF"
    XML = "XML"
    PNG = "PNG"  # a picture of a received document
    JPEG = "JPEG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A stored file of a document. At most one per kind is current (I9)."""

    kind: FileKind
    digest: str  # SHA-256 of the bytes, hex; also its key in the file store
    size: int
    file_name: str
    is_provisional: bool  # taken before the DGI authorised: fetched once more
    stored_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FiscalDocument:
    """One document of one tenant. Only ``core.lifecycle`` makes a changed copy."""

    tenant_id: TenantId
    document_id: DocumentId
    mode: DocumentMode
    series: SeriesKey
    number: int
    office_id: OfficeId
    issuer: Issuer
    draft: Draft
    totals: Totals
    issued_at: datetime
    security_code: str
    expected_cufe: str  # "" for what has none: a draft, an import
    idempotency_key: str
    created_at: datetime
    updated_at: datetime
    external_id: str | None = None
    order_id: OrderId | None = None
    client_id: ClientId | None = None
    submission: Submission = Submission.QUEUED
    legal_status: LegalStatus = LegalStatus.NONE
    raw_legal_status: str | None = None
    maybe_executed: bool = False
    attempts: int = 0
    claim: Claim | None = None
    last_token: int = 0
    next_action_at: datetime | None = None
    checks: int = 0  # status checks since the last news; picks the next delay
    doubt_since: datetime | None = None
    doubt_reason: str | None = None  # why the outcome is not known; "duplicate" means the PAC knows the number
    settles_at: datetime | None = None  # before this the PAC may still accept an attempt whose answer was lost
    resends: int = 0  # how often the identical bytes went out again after doubt
    accepted_at: datetime | None = None
    pac_document_id: PacDocumentId | None = None
    hinted_ids: tuple[PacDocumentId, ...] = ()
    refuted_ids: tuple[PacDocumentId, ...] = ()
    authorised_beside: tuple[PacDocumentId, ...] = ()  # other ids of this CUFE that the DGI authorised, as found
    cufe: str | None = None
    qr: str | None = None
    public_url: str | None = None
    authorization_protocol: str | None = None
    refusal: Refusal | None = None
    quarantine_reason: str | None = None
    files: tuple[Attachment, ...] = ()  # the current file of each kind
    parent_id: DocumentId | None = None  # the invoice that a referring note names
    replaces: DocumentId | None = None  # the refused or rejected document that this one corrects
    replaced_by: DocumentId | None = None
    void: Void | None = None
    withdrawn_at: datetime | None = None  # a draft or an import that its owner took back; never a DGI document
    version: int = 1

    @property
    def document_type(self) -> DocumentType:
        """The DGI's iDoc."""
        return self.series.document_type

    @property
    def kind(self) -> DocumentKind:
        """Invoice, credit note or debit note."""
        return DocumentKind.of(self.document_type)

    @property
    def is_settled(self) -> bool:
        """Whether nothing more will come from the PAC or the DGI. Of a draft nothing is known until it is issued."""
        if self.withdrawn_at is not None:
            return True
        if self.submission is Submission.ACCEPTED:
            return self.legal_status.is_terminal
        return self.submission in (Submission.REFUSED, Submission.ISSUED_ID_UNKNOWN, Submission.IMPORTED)

    @property
    def is_void(self) -> bool:
        """Whether the PAC registered its void. Its legal status stays what it was."""
        return self.void is not None and self.void.state is VoidState.VOIDED

    @property
    def standing_status(self) -> LegalStatus:
        """What the document counts as. It differs from ``legal_status``, which never changes once it is terminal, for a
        document that was rejected under one id of the PAC and authorised under another. Whoever asks whether a
        document is valid asks this, or what follows from it below."""
        return self.legal_status.beside(self.authorised_beside)

    @property
    def standing_id(self) -> PacDocumentId | None:
        """The PAC's id that the document is read, printed, mailed and voided under."""
        is_elsewhere = self.standing_status is not self.legal_status
        return self.authorised_beside[0] if is_elsewhere else self.pac_document_id

    @property
    def authorised_ids(self) -> tuple[PacDocumentId, ...]:
        """Every id that the DGI authorised it under, as far as is known. Several: the PAC took one number twice."""
        own = self.pac_document_id
        if own is None or self.legal_status is not LegalStatus.DGI_AUTHORIZED:
            return self.authorised_beside
        return (own, *self.authorised_beside)

    @property
    def is_issued(self) -> bool:
        """Whether it counts for the DGI: authorised by it, or seen on its public page. A void does not change that."""
        is_accepted = self.submission is Submission.ACCEPTED and self.standing_status is LegalStatus.DGI_AUTHORIZED
        return is_accepted or self.submission is Submission.ISSUED_ID_UNKNOWN

    @property
    def is_dead(self) -> bool:
        """Whether it counts for nothing: refused and not watched, rejected under every id, withdrawn, or void."""
        if self.submission is Submission.REFUSED:
            return not self.is_watched
        return self.standing_status.is_rejected or self.withdrawn_at is not None or self.is_void

    @property
    def is_looked_at(self) -> bool:
        """Whether other ids that were named for it are being read at the PAC: one of them may be authorised."""
        return bool(self.hinted_ids) and self.next_action_at is not None

    @property
    def may_count(self) -> bool:
        """Whether it counts, or may still turn out to. Its amount is nobody else's meanwhile."""
        if self.is_void or self.withdrawn_at is not None:
            return False
        return not self.is_dead or self.is_looked_at

    @property
    def is_watched(self) -> bool:
        """Whether it was refused with a code that no table knows, so short ago that the PAC may still accept it."""
        is_known = self.refusal is None or self.refusal.is_recognised
        return self.submission is Submission.REFUSED and not is_known and self.settles_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one step does to a document: the new copy and everything written in the same transaction."""

    document: FiscalDocument
    events: tuple[Event, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    attachments: tuple[Attachment, ...] = ()  # new files; each is in ``document.files`` too, as the current one


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A new document with the exact bytes that will be sent, written in one transaction with its number."""

    document: FiscalDocument
    body: bytes  # empty when nothing is sent of it: a draft, an import
    events: tuple[Event, ...]
