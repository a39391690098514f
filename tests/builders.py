"""Valid samples of everything that a store keeps. Each takes changes by name; ids count up, so nothing is random."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from itertools import count
from typing import Any

from core.codes import DocumentType, EmissionType, Environment, ItbmsRate, PaymentForm, ReceiverType, RucType
from core.cufe import CufeParts, build_cufe
from core.documents import (
    INTERNAL_POINT,
    Attachment,
    DocumentMode,
    FileKind,
    FiscalDocument,
    Issuer,
    Recording,
    SeriesKey,
)
from core.drafts import Draft, DraftLine, DraftPayment, DraftReceiver
from core.events import Event, EventKind, Exchange, ExchangeKind
from core.identifiers import ApiKeyId, ClientId, DeliveryId, DocumentId, OfficeId, OrderId, TenantId
from core.ports.document_repository import Recorded, Reservation
from core.ports.webhook_inbox import Delivery
from core.tenants import ApiKey, Office, Role, Tenant
from core.totals import compute_totals
from core.trade import Client, Order
from core.voids import Void, VoidState

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PANAMA = timezone(timedelta(hours=-5))
ISSUER_RUC, ISSUER_DV = "8-888-8888", "35"
RECEIVER_RUC, RECEIVER_DV = "8-1234-12345", "05"
INVOICES = SeriesKey(billing_point="001", document_type=DocumentType.DOMESTIC_INVOICE)

_numbers: Iterator[int] = count(1)


def an_id() -> str:
    """A new id of 26 characters; a later one sorts after every earlier one, as ULIDs do."""
    return f"01TEST{next(_numbers):020d}"


def a_tenant(**changes: Any) -> Tenant:
    """A natural person who issues in the test environment."""
    tenant = Tenant(
        tenant_id=TenantId(an_id()),
        name="Ferretería El Istmo",
        ruc=ISSUER_RUC,
        ruc_type=RucType.NATURAL,
        dv=ISSUER_DV,
        environment=Environment.TEST,
        created_at=NOW,
        pac_company_id=f"company-{an_id()}",
    )
    return replace(tenant, **changes)


def an_office(tenant_id: TenantId, **changes: Any) -> Office:
    """The head office with its first billing point."""
    office = Office(
        tenant_id=tenant_id,
        office_id=OfficeId(an_id()),
        code="0000",
        pac_office_id=f"pac-office-{an_id()}",
        address="Avenida Balboa, Panamá",
        coordinates="+8.9892,-79.5201",
        location_code="8-8-7",
        telephone="+507 200-0000",
        billing_points=("001",),
        created_at=NOW,
    )
    return replace(office, **changes)


def an_api_key(tenant_id: TenantId, **changes: Any) -> ApiKey:
    """A key that may issue."""
    key_id = an_id()
    key = ApiKey(
        key_id=ApiKeyId(key_id),
        tenant_id=tenant_id,
        name="caja",
        role=Role.ISSUER,
        secret_digest=hashlib.sha256(key_id.encode()).hexdigest(),
        created_at=NOW,
    )
    return replace(key, **changes)


def a_client(tenant_id: TenantId, **changes: Any) -> Client:
    """A taxpayer who buys."""
    client = Client(
        tenant_id=tenant_id,
        client_id=ClientId(an_id()),
        name="Constructora Añil",
        receiver_type=ReceiverType.TAXPAYER,
        created_at=NOW,
        contributor_type=RucType.NATURAL,
        ruc=RECEIVER_RUC,
        dv=RECEIVER_DV,
        address="Calle 50, Panamá",
        location_code="8-8-7",
        emails=("compras@example.com",),
        phones=("+507 300-0000",),
    )
    return replace(client, **changes)


def a_line(**changes: Any) -> DraftLine:
    """Three hammers at the general rate."""
    line = DraftLine(description="Martillo", quantity=Decimal(3), unit_price=Decimal("12.50"), code="MAR-1", unit="und")
    return replace(line, **changes)


def an_order(tenant_id: TenantId, **changes: Any) -> Order:
    """One line for a final consumer."""
    order = Order(tenant_id=tenant_id, order_id=OrderId(an_id()), lines=(a_line(),), created_at=NOW)
    return replace(order, **changes)


def a_draft(**changes: Any) -> Draft:
    """A domestic invoice of two lines to a taxpayer, paid in cash."""
    draft = Draft(
        document_type=DocumentType.DOMESTIC_INVOICE,
        receiver=DraftReceiver(
            receiver_type=ReceiverType.TAXPAYER,
            ruc=RECEIVER_RUC,
            ruc_type=RucType.NATURAL,
            dv=RECEIVER_DV,
            name="Constructora Añil",
            address="Calle 50, Panamá",
            location_code="8-8-7",
        ),
        lines=(a_line(), a_line(description="Arroz", code="ARR-1", itbms=ItbmsRate.EXEMPT)),
        payments=(DraftPayment(form=PaymentForm.CASH, amount=Decimal("77.63")),),
    )
    return replace(draft, **changes)


def an_issuer(**changes: Any) -> Issuer:
    """The tenant of :func:`a_tenant` as a document names it."""
    issuer = Issuer(
        ruc=ISSUER_RUC,
        ruc_type=RucType.NATURAL,
        dv=ISSUER_DV,
        name="Ferretería El Istmo",
        environment=Environment.TEST,
        branch="0000",
        pac_office_id="pac-office",
    )
    return replace(issuer, **changes)


def a_document(tenant_id: TenantId, **changes: Any) -> FiscalDocument:
    """A recorded document. Its expected CUFE follows from the issuer, series, number, time and security code."""
    issuer = changes.get("issuer", an_issuer())
    draft = changes.get("draft", a_draft())
    series = changes.get("series", replace(INVOICES, document_type=draft.document_type))
    place = next(_numbers)
    security_code = changes.get("security_code", f"{place:09d}")
    number = changes.get("number", 1)
    issued_at = changes.get("issued_at", NOW)
    parts = CufeParts(
        document_type=series.document_type,
        ruc_type=issuer.ruc_type,
        ruc=issuer.ruc,
        dv=issuer.dv,
        branch=issuer.branch,
        issued_on=issued_at.astimezone(PANAMA).date(),
        number=number,
        billing_point=series.billing_point,
        emission=EmissionType.PRIOR_NORMAL,
        environment=issuer.environment,
        security_code=security_code,
    )
    document = FiscalDocument(
        tenant_id=tenant_id,
        document_id=DocumentId(f"01TEST{place:020d}"),
        mode=DocumentMode.DGI,
        series=series,
        number=number,
        office_id=OfficeId("office"),
        issuer=issuer,
        draft=draft,
        totals=compute_totals(draft),
        issued_at=issued_at,
        security_code=security_code,
        expected_cufe="" if series.billing_point == INTERNAL_POINT else build_cufe(parts),
        idempotency_key=f"sale-{place}",
        created_at=NOW,
        updated_at=NOW,
        next_action_at=NOW,
    )
    return replace(document, **changes)


def a_void(**changes: Any) -> Void:
    """A void that was asked for and is due."""
    void = Void(
        state=VoidState.REQUESTED,
        reason="El cliente desistió",
        requested_at=NOW,
        requested_by="caller:key",
        idempotency_key="void",
        due_at=NOW,
    )
    return replace(void, **changes)


def an_event(**changes: Any) -> Event:
    """What happens to a document when it is recorded."""
    event = Event(at=NOW, kind=EventKind.RECORDED, actor="caller:key", facts={"number": "1"})
    return replace(event, **changes)


def an_exchange(**changes: Any) -> Exchange:
    """A raw answer that is no text in any encoding."""
    exchange = Exchange(at=NOW, kind=ExchangeKind.SUBMIT, attempt=1, status=200, body=b'{"id":"\xff\x00"}')
    return replace(exchange, **changes)


def an_attachment(**changes: Any) -> Attachment:
    """The PDF of a document."""
    attachment = Attachment(
        kind=FileKind.PDF,
        digest=hashlib.sha256(b"%PDF-").hexdigest(),
        size=5,
        file_name="FE01.pdf",
        is_provisional=False,
        stored_at=NOW,
    )
    return replace(attachment, **changes)


def a_delivery(tenant_id: TenantId, **changes: Any) -> Delivery:
    """A webhook that names a document by the PAC's id."""
    place = an_id()
    body = changes.get("body", f'{{"id":"pac-{place}"}}'.encode())
    delivery = Delivery(
        tenant_id=tenant_id,
        delivery_id=DeliveryId(place),
        received_at=NOW,
        body=body,
        body_digest=hashlib.sha256(body).hexdigest(),
        pac_document_id=None,
        cufe=None,
        claimed_status="DGI_AUTHORIZED",
        claimed_user_id=None,
    )
    return replace(delivery, **changes)


def a_reservation(tenant_id: TenantId, **changes: Any) -> Reservation:
    """An intent with a key of its own."""
    place = an_id()
    reservation = Reservation(
        tenant_id=tenant_id,
        idempotency_key=f"sale-{place}",
        fingerprint=hashlib.sha256(place.encode()).hexdigest(),
        series=INVOICES,
    )
    return replace(reservation, **changes)


def building(
    reservation: Reservation, *, body: bytes = b'{"exact": "bytes"}', **changes: Any
) -> Callable[[int], Recording]:
    """The ``build`` of a reservation: a document that fits it, with the given changes."""

    def build(number: int) -> Recording:
        reserved = {
            "series": reservation.series,
            "number": number,
            "idempotency_key": reservation.idempotency_key,
            "order_id": reservation.order_id,
        }
        document = a_document(reservation.tenant_id, **(reserved | changes))
        return Recording(document=document, body=body, events=(an_event(facts={"number": str(number)}),))

    return build


async def record_document(
    documents: Any, tenant_id: TenantId, *, body: bytes = b'{"exact": "bytes"}', **changes: Any
) -> FiscalDocument:
    """Record a document of its own intent in a DocumentRepository and return it."""
    wanted = {name: changes[name] for name in ("series", "order_id", "idempotency_key") if name in changes}
    reservation = a_reservation(tenant_id, **wanted)
    recorded: Recorded = await documents.record(reservation, building(reservation, body=body, **changes))
    return recorded.document
