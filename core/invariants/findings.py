"""What a check found, in words, and what is provably safe to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass

from core.documents import FiscalDocument, SeriesKey
from core.identifiers import DocumentId, TenantId
from core.invariants.faults import Fault
from core.ports.store_inspection import UnreadableRow


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreDueTime:
    """Let the sweep look at a document that nobody would look at again."""

    tenant_id: TenantId
    document_id: DocumentId


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseMark:
    """Raise a high-water mark to a number that was sent; a mark is never lowered."""

    tenant_id: TenantId
    series: SeriesKey
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveBlob:
    """Delete bytes that no row names and that no write in flight can still mean to name."""

    tenant_id: TenantId
    key: str
    digest: str | None


Remedy = RestoreDueTime | RaiseMark | RemoveBlob


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong. ``detail`` holds no secret and no content of a document."""

    fault: Fault
    tenant_id: TenantId | None
    subject: str  # "document 01J...", "series 001 of type 01"
    detail: str
    remedy: Remedy | None = None


Findings = Iterator[Finding]


def about(document: FiscalDocument, fault: Fault, detail: str, *, remedy: Remedy | None = None) -> Finding:
    """A finding about a document, named as a person would look for it."""
    series = document.series
    subject = (
        f"document {document.document_id} ({series.document_type.value}-{series.billing_point}-{document.number:010d})"
    )
    return Finding(fault=fault, tenant_id=document.tenant_id, subject=subject, detail=detail, remedy=remedy)


def name_of(series: SeriesKey) -> str:
    """A series as people call it."""
    return f"series of billing point {series.billing_point}, type {series.document_type.value}"


def unreadable(row: UnreadableRow) -> Finding:
    """A row that this version cannot understand."""
    subject = f"{row.what} {row.row_id}"
    return Finding(fault=Fault.UNREADABLE_ROW, tenant_id=row.tenant_id, subject=subject, detail=row.reason)
