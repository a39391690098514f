"""What is remembered outside the database of each thing that is about to leave for the PAC.

A database that went back in time has forgotten it; the PAC has not. What is remembered is enough to know the document
again (its key, its order, its number, its CUFE), and to make the very same bytes once more from the caller's
repetition. It names nobody but the issuer: of the key only a digest is kept, for a key may hold a buyer's name.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.documents import FiscalDocument, SeriesKey
from core.identifiers import DocumentId, OrderId, TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A document whose bytes are about to leave for the first time."""

    tenant_id: TenantId
    document_id: DocumentId
    at: datetime
    key_digest: str
    series: SeriesKey
    number: int
    cufe: str  # the expected one; it holds the security code
    issued_at: datetime
    body_digest: str  # SHA-256 of the bytes, hex
    order_id: OrderId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidDeparture:
    """A void whose DELETE is about to leave."""

    tenant_id: TenantId
    document_id: DocumentId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """Some of what was kept, oldest first. ``damaged`` lines of the page could not be read."""

    departures: Sequence[Departure | VoidDeparture]
    damaged: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReach:
    """The first day (UTC) that is still remembered, None when nothing is; and how many days of use are kept at most."""

    since: date | None
    kept_days: int


def key_digest_of(tenant_id: TenantId, idempotency_key: str) -> str:
    """SHA-256 hex of a caller's key, of its tenant alone: equal keys of two taxpayers are not to be seen as equal."""
    return hashlib.sha256(f"{tenant_id}\n{idempotency_key}".encode(errors="surrogatepass")).hexdigest()


def departure_of(document: FiscalDocument, body: bytes, *, at: datetime) -> Departure:
    """What is remembered of a document that is about to leave as ``body``."""
    return Departure(
        tenant_id=document.tenant_id,
        document_id=document.document_id,
        at=at,
        key_digest=key_digest_of(document.tenant_id, document.idempotency_key),
        series=document.series,
        number=document.number,
        cufe=document.expected_cufe,
        issued_at=document.issued_at,
        body_digest=hashlib.sha256(body).hexdigest(),
        order_id=document.order_id,
    )
