"""What a shop does in a world: it opens, sells, waits for the PAC, and is swept."""

from datetime import timedelta
from decimal import Decimal

from adapters.alanube.fake.engine import FakePacEngine
from adapters.alanube.fake.records import WebhookTarget
from adapters.persistence.stores import Stores
from adapters.scheduler.in_memory_queue import InMemoryJobQueue
from adapters.scheduler.manual_clock import ManualClock
from core.codes import Environment, ReceiverType, RucType
from core.documents import DocumentMode, FiscalDocument
from core.drafts import DraftLine
from core.errors import IstmoError
from core.identifiers import ClientId, OrderId
from core.tenants import SecretKind
from core.trade import Client, Order
from core.use_cases.create_client import CreateClient
from core.use_cases.create_office import CreateOffice
from core.use_cases.create_order import CreateOrder
from core.use_cases.create_tenant import CreateTenant
from core.use_cases.generate_invoice import GenerateInvoice
from core.use_cases.receive_webhook import ReceiveWebhook
from core.use_cases.rotate_secret import RotateSecret
from core.use_cases.run_due_work import RunDueWork
from tests.shop import WEBHOOK_SECRET, Shop


class Living:
    """The verbs of a World, on the parts that it wires."""

    stores: Stores
    clock: ManualClock
    engine: FakePacEngine
    queue: InMemoryJobQueue
    create_tenant: CreateTenant
    create_office: CreateOffice
    create_client: CreateClient
    create_order: CreateOrder
    rotate_secret: RotateSecret
    generate_invoice: GenerateInvoice
    receive_webhook: ReceiveWebhook
    run_due_work: RunDueWork

    async def open_shop(self, ruc: str = "155000001-2-2020", name: str = "Ferretería El Istmo, S.A.") -> Shop:
        """A tenant with company, office 0000, webhook and one taxpayer as client."""
        company = self.engine.register_company(ruc=ruc, name=name, main_office=False)
        tenant = await self.create_tenant(
            name=name,
            ruc=company.ruc,
            ruc_type=RucType.LEGAL,
            dv=company.dv,
            environment=Environment.TEST,
            pac_company_id=company.id,
        )
        await self.rotate_secret(tenant.tenant_id, SecretKind.WEBHOOK, WEBHOOK_SECRET, keep_previous=False)
        self.engine.set_webhook(
            company.id,
            WebhookTarget(url=f"https://istmo.invalid/webhooks/pac/{company.id}", secret=WEBHOOK_SECRET),
        )
        office = await self.create_office(
            tenant.tenant_id,
            code="0000",
            address="Avenida Balboa, local 4",
            coordinates="+8.9892,-79.5201",
            location_code="8-8-7",
            telephone="200-0101",
        )
        client = await self.create_client(
            tenant.tenant_id,
            Client(
                tenant_id=tenant.tenant_id,
                client_id=ClientId(""),
                name="Constructora Añil, S.A.",
                receiver_type=ReceiverType.TAXPAYER,
                created_at=self.clock.now(),
                contributor_type=RucType.LEGAL,
                ruc="155777777-2-2021",
                address="Calle 50, edificio 3",
                location_code="8-8-7",
                emails=("compras@example.com",),
            ),
            receiver_type=ReceiverType.TAXPAYER,
        )
        return Shop(tenant=tenant, office=office, client=client)

    async def an_order(self, shop: Shop, *, price: str = "40.00", quantity: str = "3") -> Order:
        """One line, for the shop's client."""
        line = DraftLine(
            description="Taladro de prueba 500W", quantity=Decimal(quantity), unit_price=Decimal(price), code="SKU-1"
        )
        return await self.create_order(
            Order(
                tenant_id=shop.tenant.tenant_id,
                order_id=OrderId(""),
                lines=(line,),
                created_at=self.clock.now(),
                client_id=shop.client.client_id,
            )
        )

    async def invoice(self, shop: Shop, order: Order, key: str = "", *, wait: float = 10.0) -> FiscalDocument:
        """Issue an order in mode DGI."""
        return await self.generate_invoice(
            shop.tenant.tenant_id,
            order.order_id,
            mode=DocumentMode.DGI,
            idempotency_key=key or f"order-{order.order_id}",
            wait_seconds=wait,
            actor="caller:test",
        )

    async def current(self, document: FiscalDocument) -> FiscalDocument:
        """The document as it is stored now."""
        return await self.stores.documents.get(document.tenant_id, document.document_id)

    async def deliver_webhooks(self) -> int:
        """Deliver what is due at the webhook door and answer the doorbell."""
        due = self.engine.take_due_webhooks()
        for webhook in due:
            try:
                await self.receive_webhook(
                    webhook.company_id,
                    signature=webhook.headers["X-Pac-Signature"].encode(),
                    user_id=webhook.headers.get("X-User-Id"),
                    body=webhook.body,
                )
                self.engine.report_delivery(webhook, 200)
            except IstmoError:
                self.engine.report_delivery(webhook, 403)
        await self.queue.drain(self.run_due_work.handle)
        return len(due)

    def wait(self, **amount: float) -> None:
        """Let time pass: ``wait(seconds=3)``, ``wait(hours=1)``."""
        self.clock.advance(timedelta(**amount).total_seconds())
        self.engine.advance()

    async def sweep(self, *, times: int = 1, every_seconds: float = 1.0) -> None:
        """Sweep, letting time pass before each."""
        for _ in range(times):
            self.wait(seconds=every_seconds)
            await self.run_due_work()
