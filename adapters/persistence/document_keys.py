"""What every document store must agree on, whatever it is made of: keys, liveness, and what a step may not rewrite."""

from dataclasses import replace
from functools import lru_cache

from core.cufe import CUFE_LENGTH, MalformedCufeError, parse_cufe
from core.documents import Change, DocumentMode, FiscalDocument, Recording, Submission
from core.failures import DraftChangedError, MalformedPageError
from core.identifiers import PacDocumentId
from core.ports.document_repository import DraftVersion, Reservation

LAST_NUMBER = 9_999_999_999  # dNroDF has ten digits
LARGEST_PAGE = 100
KEYS_REMEMBERED = 1024  # of 66 characters and less

_FIXED = (
    "tenant_id",
    "document_id",
    "mode",
    "series",
    "number",
    "security_code",
    "expected_cufe",
    "idempotency_key",
    "created_at",
    "order_id",
    "parent_id",
    "replaces",
)
_SAID = ("office_id", "issuer", "draft", "totals", "issued_at", "external_id", "client_id")
"""What a document says: its owner may change it while it is a draft."""


def natural_key(cufe: str | None) -> str | None:
    """A CUFE without its date, emission type, environment and check digit; None for what is no CUFE.

    RUC, branch, document type, number, billing point and security code name a document even when the PAC stamped
    a date of its own (compare ``core.cufe.same_document``).
    """
    return None if cufe is None or len(cufe) != CUFE_LENGTH else _natural_key(cufe)


@lru_cache(maxsize=KEYS_REMEMBERED)
def _natural_key(cufe: str) -> str | None:
    """Remembered: the inbox is asked for the same CUFE at each step of a document and for each of its webhooks."""
    try:
        parts = parse_cufe(cufe).parts
    except MalformedCufeError:
        return None
    return "|".join(
        (
            parts.ruc,
            parts.branch,
            parts.document_type.value,
            str(parts.number),
            parts.billing_point,
            parts.security_code,
        )
    )


def bills_its_order(document: FiscalDocument) -> bool:
    """Whether the document is the live DGI invoice of its order, so that the order cannot be billed again (I1)."""
    return (
        document.order_id is not None
        and document.mode is DocumentMode.DGI
        and document.document_type.is_invoice
        and (document.submission is not Submission.REFUSED or document.is_watched)
        and not document.standing_status.is_rejected
        and not document.is_void
    )


def is_draft(document: FiscalDocument) -> bool:
    """Whether the document may still become a DGI document, and change until then."""
    return (
        document.mode is DocumentMode.PROFORM
        and document.submission is Submission.DRAFT
        and document.withdrawn_at is None
    )


def refuse_stale_draft(draft: FiscalDocument, reserved: DraftVersion) -> None:
    """Raise DraftChangedError when the draft is not the one that was read."""
    if draft.version != reserved.version:
        raise DraftChangedError(document_id=draft.document_id)


def refuse_foreign(reservation: Reservation, recording: Recording, number: int) -> None:
    """Raise ValueError when ``build`` made another document than the one that was reserved."""
    document = recording.document
    made = (
        document.tenant_id,
        document.idempotency_key,
        document.series,
        document.order_id,
        document.number,
    )
    reserved = (
        reservation.tenant_id,
        reservation.idempotency_key,
        reservation.series,
        reservation.order_id,
        number,
    )
    if made != reserved:
        raise ValueError(f"the document was built for {made}, but {reserved} was reserved")


def as_stored(before: FiscalDocument, change: Change) -> FiscalDocument:
    """The document that a change leaves: its version one higher, ``updated_at`` not before what happened.

    Raises ValueError when the step changed what never changes (the bytes are fixed since the document was recorded,
    I5), or when the document's current files are not the ones before with the new ones laid over them.
    """
    after = change.document
    fixed = _FIXED if is_draft(before) else (*_FIXED, *_SAID)
    rewritten = [name for name in fixed if getattr(before, name) != getattr(after, name)]
    if rewritten:
        raise ValueError(f"a step may not change {', '.join(rewritten)} of a recorded document")
    current = {file.kind: file for file in (*before.files, *change.attachments)}
    if len(after.files) != len(current) or set(after.files) != set(current.values()):
        raise ValueError("a step's files are the document's files with the new attachments laid over them")
    happened = (
        *(event.at for event in change.events),
        *(exchange.at for exchange in change.exchanges),
        *(attachment.stored_at for attachment in change.attachments),
    )
    return replace(after, version=before.version + 1, updated_at=max((after.updated_at, *happened)))


UNLIKE = 4


def likeness(document: FiscalDocument, pac_document_id: PacDocumentId | None, cufe: str | None, key: str | None) -> int:
    """How well a document fits what the PAC says, 0 best: its id, its CUFE, the expected one, that one's natural key
    (``key``); UNLIKE when none of them does."""
    if pac_document_id is not None and document.pac_document_id == pac_document_id:
        return 0
    if not cufe:  # what has no CUFE is like nothing
        return UNLIKE
    if document.cufe == cufe:
        return 1
    if document.expected_cufe == cufe:
        return 2
    return 3 if key is not None and natural_key(document.expected_cufe) == key else UNLIKE


def refuse_page(limit: int, largest: int = LARGEST_PAGE) -> None:
    """Raise MalformedPageError for a page that is empty or larger than ``largest``."""
    if not 1 <= limit <= largest:
        raise MalformedPageError(limit=largest)
