"""Issued invoices and the notes that name them, for tests on a whole service."""

import json
from decimal import Decimal
from typing import Any

from core.documents import DocumentMode, FiscalDocument, LegalStatus
from core.drafts import DraftLine, Modification
from core.events import EventKind
from core.identifiers import DocumentId, TenantId
from core.notes.crediting import CreditTerms
from core.notes.debiting import DebitTerms
from core.notes.taking import LineCredit
from core.use_cases.create_credit import NewCredit
from core.use_cases.create_debit import NewDebit
from tests.shop import Shop
from tests.world import World

CALLER = "caller:test"


async def until_authorised(world: World, document: FiscalDocument) -> FiscalDocument:
    """The document when the DGI has authorised it."""
    for _ in range(8):
        await world.deliver_webhooks()
        await world.sweep(every_seconds=20)
        document = await world.current(document)
        if document.legal_status is LegalStatus.DGI_AUTHORIZED:
            return document
    raise AssertionError(f"still {document.submission.value}, {document.legal_status.value}")


async def an_authorised_invoice(
    world: World, shop: Shop, *, price: str = "12.50", quantity: str = "3"
) -> FiscalDocument:
    """Three hammers, unless told otherwise."""
    invoice = await world.invoice(shop, await world.an_order(shop, price=price, quantity=quantity))
    return await until_authorised(world, invoice)


async def credit(
    world: World, invoice: FiscalDocument, *lines: LineCredit, key: str = "credit", wait: float = 10, **changes: Any
) -> FiscalDocument:
    """A credit note of an invoice; no lines: everything that is left."""
    options: dict[str, Any] = {"mode": DocumentMode.DGI, "tenant_id": invoice.tenant_id} | changes
    return await world.create_credit(
        TenantId(options["tenant_id"]),
        NewCredit(invoice_id=invoice.document_id, terms=CreditTerms(lines=lines, reason="Devolución")),
        mode=options["mode"],
        idempotency_key=key,
        wait_seconds=wait,
        actor=CALLER,
    )


async def debit(
    world: World, invoice: FiscalDocument, amount: str = "5.00", key: str = "debit", **changes: Any
) -> FiscalDocument:
    """Interest on an invoice."""
    options: dict[str, Any] = {"mode": DocumentMode.DGI, "tenant_id": invoice.tenant_id} | changes
    line = DraftLine(description="Interés por mora", quantity=Decimal(1), unit_price=Decimal(amount))
    terms = DebitTerms(lines=(line,), reason="Mora de marzo", modification=Modification.INTEREST)
    return await world.create_debit(
        TenantId(options["tenant_id"]),
        NewDebit(invoice_id=DocumentId(invoice.document_id), terms=terms),
        mode=options["mode"],
        idempotency_key=key,
        wait_seconds=10,
        actor=CALLER,
    )


def one_unit(line: int = 1) -> LineCredit:
    """One unit of a line comes back."""
    return LineCredit(line=line, quantity=Decimal(1))


async def kinds(world: World, document: FiscalDocument) -> list[EventKind]:
    """What happened to it, in order."""
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    return [chained.event.kind for chained in events]


async def sent(world: World, document: FiscalDocument) -> dict[str, object]:
    """The body that was posted."""
    body: dict[str, object] = json.loads(await world.stores.journal.body(document.tenant_id, document.document_id))
    return body
