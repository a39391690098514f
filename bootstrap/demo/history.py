"""The shop of the demo and what happened to its documents, made by the use cases that callers use."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from dishka import AsyncContainer

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.progression import (
    PAC_REJECTED,
    REGISTERED,
    DocumentMatch,
    Step,
    after,
    dgi_rejection,
    script,
    silent,
)
from adapters.alanube.fake.records import WebhookTarget
from bootstrap.failures import DemoRefusedError
from core.codes import Environment, PaymentForm, ReceiverType, RucType
from core.documents import DocumentMode, FiscalDocument
from core.drafts import DraftLine
from core.identifiers import ClientId, OrderId, TenantId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.tenants import Role, SecretKind, Tenant
from core.trade import Client, Order
from core.use_cases.api_keys import CreateApiKey
from core.use_cases.create_client import CreateClient
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_order import CreateOrder
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.generate_invoice import GenerateInvoice
from core.use_cases.record_payment import NewPayment, RecordPayment
from core.use_cases.rotate_secret import RotateSecret

DGI_TAKES = timedelta(seconds=1)
HISTORY_SECONDS_MAX = 60.0  # until every document is where its story ends
RUC, NAME = "155000001-2-2020", "Ferretería El Istmo, S.A."


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A client, what it bought, and what becomes of the invoice: ``ends`` is its submission or legal status."""

    client: str
    ruc: str
    lines: tuple[tuple[str, str, str], ...]  # description, quantity, price before tax
    ends: str
    told: str
    paid: str | None = None  # what the client has paid of it


STORIES = (
    Story(
        client="Constructora Añil, S.A.",
        ruc="155777777-2-2021",
        lines=(("Taladro de 500 W", "3", "40.00"), ("Brocas para concreto", "12", "1.85")),
        ends="DGI_AUTHORIZED",
        told="authorised, PDF and XML are stored",
    ),
    Story(
        client="Panadería La Espiga, S.A.",
        ruc="155612345-2-2018",
        lines=(("Bombilla LED", "24", "2.10"),),
        ends="DGI_AUTHORIZED",
        told="authorised; B/. 20.00 of it are paid",
        paid="20.00",
    ),
    Story(
        client="Lavandería La Espuma, S.A.",
        ruc="155600003-2-2019",
        lines=(("Manguera de 20 m", "2", "18.75"),),
        ends="PAC_AUTHORIZED",
        told="authorised by the PAC; the DGI takes its time",
    ),
    Story(
        client="Hotel Bahía Azul, S.A.",
        ruc="155600002-2-2019",
        lines=(("Candado de 40 mm", "30", "5.00"),),
        ends="DGI_REJECTED",
        told="rejected by the DGI",
    ),
    Story(
        client="Taller Los Guayacanes, S.A.",
        ruc="155600005-2-2019",
        lines=(("Pintura, un galón", "6", "21.40"),),
        ends="PAC_REJECTED",
        told="rejected by the PAC",
    ),
    Story(
        client="Transportes Chagres, S.A.",
        ruc="155600004-2-2019",
        lines=(("Cadena de seguridad", "4", "32.00"),),
        ends="IN_DOUBT",
        told="in doubt: the PAC has it, its answer and its webhook were lost",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What whoever starts the demo needs to know. ``lost_id``: the PAC's id of the document in doubt."""

    tenant: Tenant
    keys: dict[Role, str]
    documents: tuple[tuple[Story, FiscalDocument], ...]
    open_order: OrderId
    lost_id: str


async def open_shop(container: AsyncContainer, engine: FakePacEngine, base_url: str) -> Shop:
    """Onboard the shop and let its history happen; the server must be listening, because webhooks come.

    Raises DemoRefusedError when a document does not get where its story ends, and what the use cases raise.
    """
    company = engine.register_company(ruc=RUC, name=NAME, main_office=False)
    secret = secrets.token_hex(24)
    engine.set_webhook(company.id, WebhookTarget(url=f"{base_url}/webhooks/pac/{company.id}", secret=secret))
    _let_the_pac_play(engine)
    tenant = await (await container.get(CreateTenant))(
        name=NAME,
        ruc=company.ruc,
        ruc_type=RucType.LEGAL,
        dv=company.dv,
        environment=Environment.TEST,
        pac_company_id=company.id,
    )
    await (await container.get(RotateSecret))(tenant.tenant_id, SecretKind.WEBHOOK, secret, keep_previous=False)
    office = await container.get(CreateOffice)
    place = {"coordinates": "+8.9892,-79.5201", "location_code": "8-8-7"}
    await office(tenant.tenant_id, code="0000", address="Avenida Balboa, local 4", telephone="200-0101", **place)
    await office(tenant.tenant_id, code="0002", address="Vía España, local 12", telephone="200-0102", **place)
    make_key = await container.get(CreateApiKey)
    keys = {role: (await make_key(tenant.tenant_id, name=role.value, role=role)).secret for role in Role}
    *known, lost = STORIES
    documents = [await _issue(container, tenant.tenant_id, story) for story in known]
    documents = [
        await _until(container, document, story.ends) for document, story in zip(documents, known, strict=True)
    ]
    for story, document in zip(known, documents, strict=True):
        await _pay(container, document, story.paid)
    engine.set_faults(FaultPlan(rules=(_once(FaultKind.DROP_AFTER_ACCEPT), _once(FaultKind.LOSE_WEBHOOK))))
    documents.append(await _until(container, await _issue(container, tenant.tenant_id, lost), lost.ends))
    engine.set_faults(FaultPlan())
    return Shop(
        tenant=tenant,
        keys=keys,
        documents=tuple(zip(STORIES, documents, strict=True)),
        open_order=(await _order(container, tenant.tenant_id, STORIES[0])).order_id,
        lost_id=engine.documents[-1].id,
    )


def _let_the_pac_play(engine: FakePacEngine) -> None:
    """Each story's end is the fake's to bring about, by the receiver's RUC."""
    engine.set_progression(after(DGI_TAKES))
    endings = {
        "PAC_AUTHORIZED": silent(),
        "IN_DOUBT": silent(),
        "DGI_REJECTED": dgi_rejection("1601", "El RUC del receptor no está en el padrón", DGI_TAKES),
        "PAC_REJECTED": script([Step(legal_status=PAC_REJECTED, after=DGI_TAKES)], first_status=REGISTERED),
    }
    for story in STORIES:
        if story.ends in endings:
            engine.set_progression(endings[story.ends], DocumentMatch(receiver_ruc=story.ruc))


def _once(kind: FaultKind) -> FaultRule:
    return FaultRule(kind=kind, times=1)


async def _order(container: AsyncContainer, tenant_id: TenantId, story: Story) -> Order:
    now = (await container.get(Clock)).now()
    client = Client(
        tenant_id=tenant_id,
        client_id=ClientId(""),
        name=story.client,
        receiver_type=ReceiverType.TAXPAYER,
        created_at=now,
        contributor_type=RucType.LEGAL,
        ruc=story.ruc,
        address="Calle 50, edificio 3",
        location_code="8-8-7",
    )
    kept = await (await container.get(CreateClient))(
        tenant_id, client, receiver_type=ReceiverType.TAXPAYER, idempotency_key=f"demo-{story.ruc}"
    )
    lines = tuple(
        DraftLine(description=what, quantity=Decimal(quantity), unit_price=Decimal(price), unit="und")
        for what, quantity, price in story.lines
    )
    order = Order(tenant_id=tenant_id, order_id=OrderId(""), lines=lines, created_at=now, client_id=kept.client_id)
    return await (await container.get(CreateOrder))(order)


async def _issue(container: AsyncContainer, tenant_id: TenantId, story: Story) -> FiscalDocument:
    order = await _order(container, tenant_id, story)
    return await (await container.get(GenerateInvoice))(
        tenant_id,
        order.order_id,
        mode=DocumentMode.DGI,
        idempotency_key=f"demo-{order.order_id}",
        wait_seconds=10,
        actor="caller:demo",
    )


async def _pay(container: AsyncContainer, document: FiscalDocument, amount: str | None) -> None:
    if amount is None:
        return
    now = (await container.get(Clock)).now()
    payment = NewPayment(amount=Decimal(amount), method=PaymentForm.TRANSFER, paid_at=now, reference="ACH 4711")
    record = await container.get(RecordPayment)
    key = f"demo-{document.document_id}"
    await record(document.tenant_id, document.document_id, payment, idempotency_key=key, actor="caller:demo")


async def _until(container: AsyncContainer, document: FiscalDocument, ends: str) -> FiscalDocument:
    documents = await container.get(DocumentRepository)
    try:
        async with asyncio.timeout(HISTORY_SECONDS_MAX):
            while ends not in {document.submission.value, document.legal_status.value}:
                await asyncio.sleep(0.05)
                document = await documents.get(document.tenant_id, document.document_id)
    except TimeoutError:
        number, seconds = f"{document.number:010d}", f"{HISTORY_SECONDS_MAX:g} s"
        raise DemoRefusedError(
            why=f"invoice {number} is not {ends} after {seconds}",
            why_es=f"la factura {number} no está {ends} tras {seconds}",
        ) from None
    return document
