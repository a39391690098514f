"""Credit notes of one invoice at the same moment, on every store: the invoice's row decides (I12, A24)."""

import asyncio
from decimal import Decimal

from adapters.persistence.stores import Stores
from core.documents import FiscalDocument
from core.failures import (
    CreditAmountNotExactError,
    CreditExceedsInvoiceError,
    CreditOvertakenError,
    InvoiceVoidError,
    NothingLeftToCreditError,
    VoidHasNotesError,
)
from core.notes.remaining import remaining_of
from core.notes.taking import LineCredit
from core.use_cases.request_void import VoidRequest
from tests.notes_shop import an_authorised_invoice, credit
from tests.world import World

REFUSALS = (
    CreditAmountNotExactError,
    CreditExceedsInvoiceError,
    CreditOvertakenError,
    NothingLeftToCreditError,
)


async def all_at_once(world: World, invoice: FiscalDocument, wanted: list[LineCredit]) -> list[FiscalDocument]:
    """The notes that were recorded; the others were refused for a reason, none with anything else."""
    calls = [credit(world, invoice, each, key=f"{invoice.document_id}-{at}", wait=0) for at, each in enumerate(wanted)]
    ended = await asyncio.gather(*calls, return_exceptions=True)
    for end in ended:
        assert isinstance(end, (FiscalDocument, *REFUSALS)), end
    return [end for end in ended if isinstance(end, FiscalDocument)]


async def test_two_whole_credits_at_once_make_one_note(stores: Stores) -> None:
    world = World(stores=stores)
    invoice = await an_authorised_invoice(world, await world.open_shop())
    notes = await all_at_once(world, invoice, [LineCredit(line=1)] * 2)
    assert [note.totals.total for note in notes] == [invoice.totals.total]


async def test_units_at_once_are_planned_anew_until_nothing_is_left(stores: Stores) -> None:
    world = World(stores=stores)
    invoice = await an_authorised_invoice(world, await world.open_shop())
    notes = await all_at_once(world, invoice, [LineCredit(line=1, quantity=Decimal(1))] * 5)
    assert [note.totals.itbms_total for note in sorted(notes, key=lambda note: note.number)] == [
        Decimal("0.88"),
        Decimal("0.88"),
        Decimal("0.87"),
    ]
    kept = await stores.documents.notes_of(invoice.tenant_id, [invoice.document_id])
    assert remaining_of(invoice, kept).total == Decimal("0.00")
    assert [note.draft for note in kept] == [note.draft for note in sorted(notes, key=lambda note: note.document_id)]


async def test_whatever_comes_at_once_the_invoice_is_reached_to_the_cent(stores: Stores) -> None:
    world = World(stores=stores)
    invoice = await an_authorised_invoice(world, await world.open_shop())
    wanted = [
        LineCredit(line=1, quantity=Decimal(1)),
        LineCredit(line=1, amount=Decimal("7.77")),
        LineCredit(line=1, quantity=Decimal("0.5"), amount=Decimal("3.33")),
        LineCredit(line=1, quantity=Decimal(3)),
        LineCredit(line=1, amount=Decimal("30.00")),
    ]
    notes = await all_at_once(world, invoice, wanted)
    assert notes
    if remaining_of(invoice, notes).is_anything:
        notes.append(await credit(world, invoice, key="rest", wait=0))
    assert sum(note.totals.total for note in notes) == invoice.totals.total
    assert sum(note.totals.itbms_total for note in notes) == invoice.totals.itbms_total


async def test_a_void_and_a_credit_of_one_invoice_at_once_never_both_succeed(stores: Stores) -> None:
    """A25, on the invoice's row: whoever comes second sees the first."""
    world = World(stores=stores)
    invoice = await an_authorised_invoice(world, await world.open_shop())
    wish = VoidRequest(
        tenant_id=invoice.tenant_id,
        document_id=invoice.document_id,
        reason="El cliente desistió de la compra",
        idempotency_key="void",
        actor="caller:test",
    )
    ended = await asyncio.gather(
        world.request_void(wish, wait_seconds=0), credit(world, invoice, wait=0), return_exceptions=True
    )
    assert sum(isinstance(end, InvoiceVoidError | VoidHasNotesError) for end in ended) == 1, ended
    assert sum(isinstance(end, FiscalDocument) for end in ended) == 1
    notes = await stores.documents.notes_of(invoice.tenant_id, [invoice.document_id])
    assert ((await world.current(invoice)).void is None) is bool(notes)


async def test_one_key_at_once_gives_every_caller_the_one_note(stores: Stores) -> None:
    """B03: whoever finds nothing left finds the note that its own key made."""
    world = World(stores=stores)
    invoice = await an_authorised_invoice(world, await world.open_shop())
    ended = await asyncio.gather(*(credit(world, invoice, wait=0) for _ in range(4)), return_exceptions=True)
    assert [end for end in ended if not isinstance(end, FiscalDocument)] == []
    assert len({end.document_id for end in ended if isinstance(end, FiscalDocument)}) == 1
