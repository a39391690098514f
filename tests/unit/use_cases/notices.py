"""E-mails and webhooks on demand, over a world's stores and fake PAC."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from adapters.alanube.client import AlanubeClient
from adapters.alanube.fake.engine import DEFAULT_TOKEN
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.in_memory_gateway import EngineTransport
from adapters.alanube.notifier import AlanubePacNotifier
from adapters.alanube.settings import AlanubeSettings
from core.documents import FiscalDocument
from core.events import ChainedEvent, Event, EventKind
from core.identifiers import DocumentId, TenantId
from core.notices import NoticeOutcome
from core.ports.pac_notifier import PacNotifier
from core.use_cases.keep_notice import KeepNotice
from core.use_cases.request_pac_webhook import RequestPacWebhook, WebhookDoor
from core.use_cases.resend_invoice_email import ResendInvoiceEmail, ResentEmail
from tests.shop import Shop
from tests.world import World

PUBLIC_URL = "https://istmo.invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notices:
    """The two use cases of one world."""

    resend_invoice_email: ResendInvoiceEmail
    request_pac_webhook: RequestPacWebhook


def notices_of(world: World, transport: httpx.AsyncBaseTransport | None = None) -> Notices:
    """The use cases over the production client; ``transport`` replaces the way to the fake PAC."""
    return notices_over(world, notifier_of(world, transport))


def notifier_of(world: World, transport: httpx.AsyncBaseTransport | None = None) -> AlanubePacNotifier:
    """The production notifier without a socket."""
    settings = AlanubeSettings(
        base_url=world.engine.base_url, token=DEFAULT_TOKEN, plain_http_hosts=frozenset({"fake-pac.invalid"})
    )
    client = AlanubeClient(settings, world.clock, transport=transport or EngineTransport(world.engine))
    return AlanubePacNotifier(settings, client)


def notices_over(world: World, notifier: PacNotifier) -> Notices:
    """The use cases over any notifier."""
    stores = world.stores
    keep = KeepNotice(stores.documents, stores.journal, world.clock, world.identifiers)
    return Notices(
        resend_invoice_email=ResendInvoiceEmail(stores.documents, world.find_account, notifier, keep),
        request_pac_webhook=RequestPacWebhook(
            stores.documents,
            stores.secrets,
            world.find_account,
            notifier,
            keep,
            WebhookDoor(public_url=PUBLIC_URL),
        ),
    )


TOLD = (EventKind.EMAIL_REQUESTED, EventKind.EMAIL_ANSWERED, EventKind.WEBHOOK_REQUESTED, EventKind.WEBHOOK_ANSWERED)


class Sale:
    """One shop with one invoice that the PAC accepted."""

    def __init__(self, world: World, shop: Shop, document: FiscalDocument) -> None:
        self.world, self.shop, self.document = world, shop, document
        self.notices: Notices = notices_of(world)

    async def mail(self, emails: Sequence[str] | None = None, message: str = "", key: str | None = None) -> ResentEmail:
        return await self.notices.resend_invoice_email(
            self.document.tenant_id,
            self.document.document_id,
            emails=emails,
            message=message,
            idempotency_key=key,
            actor="caller:key",
        )

    async def call(self) -> NoticeOutcome:
        asked = await self.notices.request_pac_webhook(
            self.document.tenant_id, self.document.document_id, actor="operator:key"
        )
        return asked.result.outcome

    async def told(self) -> list[Event]:
        """What the timeline says of e-mails and webhooks."""
        events = await self.world.stores.journal.events(self.document.tenant_id, self.document.document_id)
        return [each.event for each in events if each.event.kind in TOLD]

    @property
    def mailed(self) -> list[str]:
        """The addresses that the PAC mailed, in order."""
        return [each.mail for each in self.world.engine.emails]

    def read_timelines_slowly(self) -> None:
        """Let others in between the reading of a timeline and what is decided by it, as a database does."""
        journal = self.world.stores.journal
        events = journal.events

        async def slow(tenant_id: TenantId, document_id: DocumentId) -> Sequence[ChainedEvent]:
            read = await events(tenant_id, document_id)
            await asyncio.sleep(0)
            return read

        journal.events = slow  # type: ignore[method-assign]

    def break_notices(self, kind: FaultKind, *, times: int | None = None) -> None:
        match = RequestMatch(path_contains="/documents/notify")
        self.world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=kind, match=match, times=times),)))


async def a_sale() -> Sale:
    """A fresh world with one accepted invoice."""
    world = World()
    shop = await world.open_shop()
    return Sale(world, shop, await world.invoice(shop, await world.an_order(shop)))
