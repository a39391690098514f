"""Drafts as tests make and change them."""

from dataclasses import replace
from typing import Any

from core.documents import DocumentKind, DocumentMode, FiscalDocument
from core.drafts import DraftLine
from core.events import EventKind
from core.timeline import first_break
from core.use_cases.create_invoice import NewInvoice
from tests.builders import a_draft, a_line
from tests.shop import Shop
from tests.world import World

ACTOR = "caller:test"
HAMMERS = NewInvoice(draft=replace(a_draft(), payments=(), lines=(a_line(),)))


def selling(*lines: DraftLine, **changes: Any) -> NewInvoice:
    return replace(HAMMERS, draft=replace(HAMMERS.draft, lines=lines or (a_line(),), **changes))


async def drafted(world: World, shop: Shop, invoice: NewInvoice = HAMMERS, key: str = "draft-1") -> FiscalDocument:
    return await world.create_invoice(
        shop.tenant.tenant_id,
        invoice,
        mode=DocumentMode.PROFORM,
        idempotency_key=key,
        wait_seconds=10,
        actor=ACTOR,
    )


async def converted(world: World, draft: FiscalDocument, *, wait: float = 10) -> FiscalDocument:
    return await world.convert_draft(
        draft.tenant_id, draft.document_id, kind=DocumentKind.INVOICE, wait_seconds=wait, actor=ACTOR
    )


async def updated(
    world: World, draft: FiscalDocument, invoice: NewInvoice, version: int | None = None
) -> FiscalDocument:
    return await world.update_invoice(
        draft.tenant_id,
        draft.document_id,
        invoice,
        document_type=None,
        expected_version=version,
        actor=ACTOR,
    )


async def withdrawn(world: World, draft: FiscalDocument, kind: DocumentKind = DocumentKind.INVOICE) -> FiscalDocument:
    return await world.withdraw(draft.tenant_id, draft.document_id, kind=kind, reason=" no se vendió ", actor=ACTOR)


async def kinds(world: World, document: FiscalDocument) -> list[EventKind]:
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    assert first_break(events) is None
    return [chained.event.kind for chained in events]
