"""A wish to issue, and the document that it would become, before anything is numbered or drawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from core.documents import DocumentMode, FiscalDocument, Issuer, SeriesKey, Submission
from core.drafts import Draft
from core.identifiers import ClientId, DocumentId, OfficeId, OrderId, TenantId
from core.ports.document_repository import Relative
from core.tenants import Office, Tenant
from core.totals import Totals


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One wish to issue. ``fingerprint`` covers everything in it that means something."""

    tenant_id: TenantId
    actor: str  # caller:<key id>
    idempotency_key: str
    fingerprint: str
    mode: DocumentMode
    draft: Draft
    office_id: OfficeId | None = None
    billing_point: str | None = None
    external_id: str | None = None
    order_id: OrderId | None = None
    order_version: int | None = None  # of the order as it was read
    client_id: ClientId | None = None
    parent_id: DocumentId | None = None  # the invoice that a referring note names
    replaces: DocumentId | None = None
    relative: Callable[[DocumentId], Relative] | None = None  # who must agree, given the new document's id
    replaced: Callable[[DocumentId], Relative] | None = None  # what ``replaces`` names, which must agree as well
    becomes: FiscalDocument | None = None  # the PROFORM document that becomes this one, under its own id and key


def issuer_of(tenant: Tenant, office: Office) -> Issuer:
    """The issuer as a document names it."""
    return Issuer(
        ruc=tenant.ruc,
        ruc_type=tenant.ruc_type,
        dv=tenant.dv,
        name=tenant.name,
        environment=tenant.environment,
        branch=office.code,
        pac_office_id=office.pac_office_id,
        address=office.address,
    )


def unnumbered(
    intent: Intent,
    *,
    document_id: DocumentId,
    issuer: Issuer,
    office_id: OfficeId,
    series: SeriesKey,
    draft: Draft,
    totals: Totals,
    now: datetime,
) -> FiscalDocument:
    """The document of an intent as a draft of ``now``: no number yet, nothing due, nothing drawn."""
    return FiscalDocument(
        tenant_id=intent.tenant_id,
        document_id=document_id,
        mode=intent.mode,
        series=series,
        number=0,
        office_id=office_id,
        issuer=issuer,
        draft=draft,
        totals=totals,
        issued_at=now.replace(microsecond=0),
        security_code="",
        expected_cufe="",
        idempotency_key=intent.idempotency_key,
        created_at=now,
        updated_at=now,
        external_id=intent.external_id,
        order_id=intent.order_id,
        client_id=intent.client_id,
        parent_id=intent.parent_id,
        replaces=intent.replaces,
        submission=Submission.DRAFT,
    )
