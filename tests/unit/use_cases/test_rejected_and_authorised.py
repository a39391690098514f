"""A document that the DGI rejected under one id and authorised under another, through the service and the fake PAC."""

from decimal import Decimal

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind
from core.documents import FileKind, FiscalDocument, LegalStatus
from core.events import EventKind
from core.failures import NothingLeftToCreditError, NotReissuableError, VoidHasNotesError
from core.lifecycle.siblings import AUTHORISED
from core.months import Month
from core.sales_book import BookStanding
from core.use_cases.diagnose_document import DiagnoseDocument
from core.use_cases.read_sales_book import ReadSalesBook
from core.voids import VoidWindow
from tests.notes_shop import an_authorised_invoice, credit, debit, one_unit
from tests.unit.use_cases.reissuing import reissued
from tests.unit.use_cases.siblings import reject_everything, rejected_and_authorised
from tests.unit.voids.voidable import Voidable, a_voidable, void_of
from tests.world import World, tenant_of


async def an_invoice_authorised_beside() -> tuple[Voidable, FiscalDocument]:
    till = await a_voidable()
    reject_everything(till.world)
    invoice = await till.world.invoice(till.shop, await till.world.an_order(till.shop))
    return till, await rejected_and_authorised(till.world, invoice)


async def test_it_is_followed_and_printed_under_the_id_that_is_authorised() -> None:
    till, invoice = await an_invoice_authorised_beside()
    first, second = till.world.engine.documents
    assert (invoice.pac_document_id, invoice.standing_id) == (first.id, second.id)
    assert invoice.cufe == second.cufe
    assert {file.kind for file in invoice.files if not file.is_provisional} == {FileKind.PDF, FileKind.XML}
    assert invoice.next_action_at is None, "nothing is left to do"
    events = await till.world.stores.journal.events(invoice.tenant_id, invoice.document_id)
    alarms = [chained.event.facts for chained in events if chained.event.kind is EventKind.ALARM]
    assert [(facts["about"], facts.get("cufe")) for facts in alarms if facts["about"] == AUTHORISED] == [
        (AUTHORISED, second.cufe)
    ]


async def test_its_void_deletes_the_id_that_is_authorised() -> None:
    till, invoice = await an_invoice_authorised_beside()
    _, second = till.world.engine.documents
    voided = await till.ask(invoice)
    assert voided.is_void
    assert [one.request.path.rsplit("/", 1)[-1] for one in till.deletes] == [second.id]
    assert second.voided_at is not None


async def test_a_void_whose_answer_was_lost_is_settled_by_what_that_id_shows() -> None:
    till, invoice = await an_invoice_authorised_beside()
    till.break_deletes(FaultKind.DROP_AFTER_ACCEPT)
    await till.ask(invoice)
    await till.world.sweep(times=20, every_seconds=300)
    assert void_of(await till.world.current(invoice)).settled_at is not None
    assert (await till.world.current(invoice)).is_void


async def test_it_is_credited_and_debited_and_named_by_its_cufe() -> None:
    till, invoice = await an_invoice_authorised_beside()
    note = await credit(till.world, invoice, one_unit())
    assert note.draft.references[0].cufe == till.world.engine.documents[1].cufe
    charged = await debit(till.world, invoice)
    await till.world.sweep(times=4, every_seconds=60)
    for one in (note, charged):
        assert (await till.world.current(one)).legal_status is LegalStatus.DGI_AUTHORIZED, "the PAC takes it"
    with pytest.raises(VoidHasNotesError):
        await till.ask(invoice)


async def test_two_authorised_ids_are_both_named_with_what_to_do() -> None:
    till = await a_voidable()
    sale = await till.invoice()
    till.world.engine.behave(duplicate_answer=DuplicateAnswer.ACCEPTED_TWICE)
    posts = [one.request for one in till.world.engine.exchanges if one.request.method == "POST"]
    till.world.engine.handle(posts[-1])
    for _ in range(6):
        await till.world.deliver_webhooks()
        await till.world.sweep(every_seconds=30)
    doubled = await till.world.current(sale)
    held = tuple(one.id for one in till.world.engine.documents)
    assert len(held) == 2
    assert doubled.authorised_ids == held
    diagnose = DiagnoseDocument(till.world.stores.circuits, till.world.clock, till.world.schedules)
    told = diagnose(doubled, await diagnose.circuit(doubled.tenant_id))
    for text in (told.cause.english, told.cause.spanish):
        assert [each for each in (*held, doubled.cufe) if str(each) not in text] == [], text
    assert "Ask the PAC" in told.next_action.english
    assert "Pida al PAC" in told.next_action.spanish
    await till.ask(doubled)
    await till.world.sweep(times=6, every_seconds=300)
    assert len(till.deletes) == 1, "the void names the CUFE of both: no second one leaves"
    assert (await till.world.current(doubled)).is_void


async def test_nothing_takes_its_place_and_its_order_stays_billed() -> None:
    till, invoice = await an_invoice_authorised_beside()
    with pytest.raises(NotReissuableError, match=str(invoice.standing_id)):
        await reissued(till.world, invoice)


async def test_its_note_counts_against_the_invoice_and_frees_nothing() -> None:
    world = World()
    world.engine.behave(whole_pdf=False)
    shop = await world.open_shop()
    invoice = await an_authorised_invoice(world, shop)
    reject_everything(world)
    note = await rejected_and_authorised(world, await credit(world, invoice))
    with pytest.raises(NothingLeftToCreditError):
        await credit(world, invoice, one_unit(), key="once more")
    standing = (await world.read_standings(tenant_of(shop), [invoice]))[invoice.document_id]
    assert standing is not None
    assert standing.sums.credits == note.totals.total == invoice.totals.total
    authorised = [held for held in world.engine.documents if held.legal_status == "DGI_AUTHORIZED"]
    assert sum(held.total for held in authorised if held.cufe == note.expected_cufe) == invoice.totals.total


async def test_the_sales_book_has_it_once() -> None:
    till, invoice = await an_invoice_authorised_beside()
    read = ReadSalesBook(till.world.stores.documents, till.world.clock, VoidWindow())
    book = await read(tenant_of(till.shop), Month(invoice.issued_at.year, invoice.issued_at.month))
    assert [(line.document.document_id, line.standing) for line in book.lines] == [
        (invoice.document_id, BookStanding.COUNTS)
    ]
    assert book.total == invoice.totals.total > Decimal(0)
