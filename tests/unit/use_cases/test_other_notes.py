"""Debit notes, generic notes and drafted notes on a whole service."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.codes import DocumentType, ReceiverType
from core.documents import Change, DocumentKind, DocumentMode, FiscalDocument, Submission
from core.drafts import Draft, DraftLine, DraftReceiver, Modification
from core.events import EventKind
from core.failures import (
    CreditOvertakenError,
    InvoiceVoidError,
    NothingLeftToCreditError,
)
from core.use_cases.create_invoice import NewInvoice
from core.voids import Void, VoidState
from tests.notes_shop import CALLER, an_authorised_invoice, credit, debit, kinds, one_unit, sent, until_authorised
from tests.world import World, tenant_of


async def voiding(world: World, invoice: FiscalDocument, state: VoidState) -> None:
    void = Void(
        state=state,
        reason="La operación no se hizo",
        requested_at=world.clock.now(),
        requested_by=CALLER,
        idempotency_key="void",
    )
    await world.stores.documents.update(
        invoice.tenant_id, invoice.document_id, lambda now: Change(document=replace(now, void=void))
    )


async def test_a_debit_note_names_its_invoice_and_has_no_limit() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    note = await debit(world, invoice, "1000.00")
    assert (note.document_type, note.parent_id) == (DocumentType.REFERRING_DEBIT_NOTE, invoice.document_id)
    assert note.draft.receiver == invoice.draft.receiver
    body = await sent(world, note)
    assert body["information"]["modificationCode"] == 2  # type: ignore[index]
    assert (await until_authorised(world, note)).cufe
    assert EventKind.DEBITED in await kinds(world, invoice)
    assert (await credit(world, invoice)).totals.total == invoice.totals.total, "a debit note takes nothing back"


@pytest.mark.parametrize("document_type", [DocumentType.GENERIC_CREDIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE])
async def test_a_generic_note_names_no_invoice(document_type: DocumentType) -> None:
    world = World()
    shop = await world.open_shop()
    line = DraftLine(description="Descuento por volumen", quantity=Decimal(1), unit_price=Decimal("25.00"))
    draft = Draft(
        document_type=document_type,
        receiver=DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER),
        lines=(line,),
        sale_type=None,
        modification=Modification.ADJUSTMENT,
        information="Ventas de enero",
    )
    note = NewInvoice(draft=draft, client_id=shop.client.client_id)
    issued = [
        await world.create_generic_note(
            tenant_of(shop), note, mode=DocumentMode.DGI, idempotency_key="generic", wait_seconds=10, actor=CALLER
        )
        for _ in range(2)
    ]
    assert issued[0].document_id == issued[1].document_id
    assert (issued[0].parent_id, issued[0].draft.references) == (None, ())
    assert issued[0].draft.receiver.ruc == shop.client.ruc
    assert (await until_authorised(world, issued[0])).cufe


async def test_a_drafted_note_holds_nothing_back_and_is_looked_at_again_when_it_is_converted() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    draft = await credit(world, invoice, mode=DocumentMode.PROFORM)
    assert (draft.submission, draft.parent_id) == (Submission.DRAFT, invoice.document_id)
    assert len(world.engine.documents) == 1
    await credit(world, invoice, one_unit(), key="first")
    with pytest.raises(CreditOvertakenError):
        await convert(world, draft, DocumentKind.CREDIT)
    rest = await credit(world, invoice, key="rest", mode=DocumentMode.PROFORM)
    notes = [await convert(world, rest, DocumentKind.CREDIT) for _ in range(2)]
    assert notes[0].document_id == notes[1].document_id == rest.document_id
    assert (notes[0].mode, notes[0].number) == (DocumentMode.DGI, 2)
    assert EventKind.CREDITED in await kinds(world, invoice)
    with pytest.raises(NothingLeftToCreditError):
        await credit(world, invoice, key="more")


async def test_a_drafted_note_of_an_invoice_that_is_void_by_now_is_not_issued() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    drafts = [
        await credit(world, invoice, mode=DocumentMode.PROFORM),
        await debit(world, invoice, mode=DocumentMode.PROFORM),
    ]
    await voiding(world, invoice, VoidState.REQUESTED)
    for draft, kind in zip(drafts, (DocumentKind.CREDIT, DocumentKind.DEBIT), strict=True):
        with pytest.raises(InvoiceVoidError):
            await convert(world, draft, kind)
        assert (await world.current(draft)).submission is Submission.DRAFT


async def convert(world: World, draft: FiscalDocument, kind: DocumentKind) -> FiscalDocument:
    return await world.convert_note(draft.tenant_id, draft.document_id, kind=kind, wait_seconds=10, actor=CALLER)
