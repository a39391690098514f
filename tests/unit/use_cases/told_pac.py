"""A PAC that a test can put words into the mouth of, and the ways of telling Istmo of a document."""

from collections.abc import Awaitable, Callable

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from core.documents import FiscalDocument, Submission
from core.events import EventKind
from core.ports.pac_gateway import Accepted, Found, NotFound, PacDocument, RawAnswer
from core.tenants import DoubtPolicy
from tests.shop import WEBHOOK_SECRET, Shop
from tests.world import World, tenant_of

RAW = RawAnswer(status=200, body=b"{}")


class Told(InMemoryPacGateway):
    """The fake PAC, but for what a test puts into its mouth. ``meanwhile`` runs once, after the next look-up."""

    def __init__(self) -> None:
        self.says: dict[str, PacDocument | None] = {}
        self.answers: list[Accepted] = []
        self.meanwhile: Callable[[], Awaitable[object]] | None = None
        self.during_post: Callable[[], Awaitable[object]] | None = None

    def over(self, world: World) -> None:
        super().__init__(world.engine)

    async def submit(self, account, document_type, body):
        answer = await super().submit(account, document_type, body)
        during, self.during_post = self.during_post, None
        if during is not None:
            await during()
        return self.answers.pop(0) if self.answers else answer

    async def look_up(self, account, document_type, pac_document_id):
        answer = await super().look_up(account, document_type, pac_document_id)
        if pac_document_id in self.says:
            said = self.says[pac_document_id]
            answer = NotFound(raw=RAW) if said is None else Found(raw=RAW, document=said)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return answer


def a_world() -> tuple[World, Told]:
    pac = Told()
    world = World(gateway=pac)
    pac.over(world)
    return world, pac


async def lost(world: World, policy: DoubtPolicy = DoubtPolicy.RESEND) -> tuple[Shop, FiscalDocument]:
    """A document that the PAC accepted and whose answer was lost; no webhook comes by itself."""
    shop = await world.open_shop()
    await world.stores.directory.set_doubt_policy(tenant_of(shop), policy)
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.IN_DOUBT
    return shop, document


async def resent(world: World, document: FiscalDocument) -> FiscalDocument:
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.sweep(times=2)
    return await world.current(document)


async def tell(world: World, shop: Shop, document: FiscalDocument, pac_document_id: str, nonce: str = "") -> None:
    """A webhook that names an id and the document's CUFE."""
    body = f'{{"id":"{pac_document_id}","cufe":"{document.expected_cufe}","legalStatus":"X{nonce}"}}'
    await world.receive_webhook(
        shop.tenant.pac_company_id, signature=WEBHOOK_SECRET.encode(), user_id=None, body=body.encode()
    )
    await world.queue.drain(world.run_due_work.handle)


async def alarms(world: World, document: FiscalDocument) -> list[str | None]:
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    return [each.event.facts.get("about") for each in events if each.event.kind is EventKind.ALARM]
