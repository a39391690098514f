"""Authorised invoices of a small world, and wishes to void them."""

from dataclasses import dataclass
from typing import Any

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.records import Exchange, FakeDocument
from core.documents import FiscalDocument, LegalStatus
from core.events import EventKind
from core.use_cases.request_void import VoidRequest
from core.voids import Void
from tests.shop import Shop
from tests.world import World

REASON = "El cliente desistió de la compra"
DELETE = RequestMatch(method="DELETE")


@dataclass
class Voidable:
    """A world with one shop."""

    world: World
    shop: Shop

    async def invoice(self, key: str = "sale") -> FiscalDocument:
        """Authorised by the DGI, with its files."""
        order = await self.world.an_order(self.shop)
        invoice = await self.world.invoice(self.shop, order, key)
        for _ in range(20):
            current = await self.world.current(invoice)
            if current.legal_status is LegalStatus.DGI_AUTHORIZED and current.next_action_at is None:
                return current
            await self.world.sweep(every_seconds=5)
        raise AssertionError("the invoice was never authorised")

    async def ask(self, document: FiscalDocument, key: str = "void", *, wait: float = 5, **more: Any) -> FiscalDocument:
        """voidInvoice, with a good reason unless another is given."""
        wanted: dict[str, Any] = {"reason": REASON} | more
        request = VoidRequest(
            tenant_id=document.tenant_id,
            document_id=document.document_id,
            idempotency_key=key,
            actor="caller:test",
            **wanted,
        )
        return await self.world.request_void(request, wait_seconds=wait)

    def break_deletes(self, *kinds: FaultKind, seconds: float | None = None) -> None:
        """The n-th DELETE meets the n-th fault."""
        rules = tuple(
            FaultRule(kind=kind, match=DELETE, nth=frozenset({place}), seconds=seconds)
            for place, kind in enumerate(kinds, start=1)
        )
        self.world.engine.set_faults(FaultPlan(rules=rules))

    def break_posts(self, *kinds: FaultKind) -> None:
        """The n-th POST meets the n-th fault."""
        rules = (FaultRule(kind=kind, nth=frozenset({place})) for place, kind in enumerate(kinds, start=1))
        self.world.engine.set_faults(FaultPlan(rules=tuple(rules)))

    def plan(self, kind: FaultKind, *, seconds: float) -> FaultPlan:
        """One fault, every time."""
        return FaultPlan(rules=(FaultRule(kind=kind, seconds=seconds),))

    def at_pac(self, document: FiscalDocument) -> FakeDocument:
        """The document as the fake holds it."""
        return self.world.engine.document(str(document.pac_document_id))

    @property
    def deletes(self) -> list[Exchange]:
        """Every DELETE that reached the PAC's door."""
        return [one for one in self.world.engine.exchanges if one.request.method == "DELETE"]

    async def kinds(self, document: FiscalDocument) -> list[EventKind]:
        """The timeline from the first wish to void on."""
        events = await self.world.stores.journal.events(document.tenant_id, document.document_id)
        kinds = [chained.event.kind for chained in events]
        return kinds[kinds.index(EventKind.VOID_REQUESTED) :] if EventKind.VOID_REQUESTED in kinds else []


async def a_voidable(world: World | None = None) -> Voidable:
    """A fresh world with its shop open."""
    made = world or World()
    made.engine.behave(whole_pdf=False)
    return Voidable(world=made, shop=await made.open_shop())


def void_of(document: FiscalDocument) -> Void:
    """The document's void, which must be there."""
    assert document.void is not None
    return document.void
