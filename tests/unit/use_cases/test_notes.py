"""Credit and debit notes on a whole service: what they need, what they hold back, and what becomes of their invoice."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultRule
from core.business_status import BusinessStatus, CreditStatus
from core.codes import DocumentType
from core.documents import Change, FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from core.failures import (
    DocumentNotFoundError,
    IdempotencyConflictError,
    InvoiceNotAuthorisedError,
    InvoiceVoidError,
    NoteNeedsInvoiceError,
    NothingLeftToCreditError,
)
from core.identifiers import ApiKeyId
from core.preflight import PreflightRefusedError
from core.standing import credit_status_of
from core.tenants import DoubtPolicy
from core.voids import Void, VoidState
from tests.notes_shop import CALLER, an_authorised_invoice, credit, debit, kinds, one_unit, sent, until_authorised
from tests.unit.use_cases.dying_processes import shop_with, spoil, until_settled
from tests.world import World, tenant_of


async def status_of(world: World, invoice: FiscalDocument) -> BusinessStatus:
    standing = (await world.read_standings(invoice.tenant_id, [invoice]))[invoice.document_id]
    assert standing is not None
    return standing.status


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


async def test_a_whole_credit_cancels_its_invoice_once_it_is_authorised() -> None:
    world = World()
    shop = await world.open_shop()
    invoice = await an_authorised_invoice(world, shop)
    note = await credit(world, invoice)
    assert (note.document_type, note.number, note.parent_id) == (
        DocumentType.REFERRING_CREDIT_NOTE,
        1,
        invoice.document_id,
    )
    assert (note.office_id, note.series.billing_point) == (invoice.office_id, invoice.series.billing_point)
    assert note.totals.total == invoice.totals.total
    body = await sent(world, note)
    assert body["information"]["modificationCode"] == 1  # type: ignore[index]
    assert body["referencedDocuments"][0]["cufeIdentification"] == invoice.cufe  # type: ignore[index]
    note = await until_authorised(world, note)
    assert credit_status_of(note) is CreditStatus.APPLIED
    assert await status_of(world, invoice) is BusinessStatus.CANCELED
    assert EventKind.CREDITED in await kinds(world, invoice)
    with pytest.raises(NothingLeftToCreditError):
        await credit(world, invoice, key="again")


async def test_a_part_cancels_a_part() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    note = await until_authorised(world, await credit(world, invoice, one_unit()))
    assert (await sent(world, note))["information"]["modificationCode"] == 3  # type: ignore[index]
    assert note.totals.total == Decimal("13.38")
    assert await status_of(world, invoice) is BusinessStatus.PARTIALLY_CANCELED
    standing = (await world.read_standings(invoice.tenant_id, [invoice]))[invoice.document_id]
    assert standing is not None
    assert standing.sums.credits == Decimal("13.38")


async def test_the_same_key_gives_the_same_note_and_another_input_a_conflict() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    first, second = [await credit(world, invoice) for _ in range(2)]
    assert first.document_id == second.document_id
    with pytest.raises(IdempotencyConflictError):
        await credit(world, invoice, one_unit())


async def test_credits_at_once_never_exceed_their_invoice_and_none_is_lost() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop(), quantity="4")
    ended = await asyncio.gather(
        *(credit(world, invoice, one_unit(), key=f"return-{place}", wait=0) for place in range(6)),
        return_exceptions=True,
    )
    notes = [end for end in ended if isinstance(end, FiscalDocument)]
    assert len(notes) == 4
    assert sum(note.totals.total for note in notes) == invoice.totals.total
    assert {type(end) for end in ended if end not in notes} == {NothingLeftToCreditError}


@pytest.mark.parametrize("state", [VoidState.REQUESTED, VoidState.IN_DOUBT, VoidState.VOIDED])
async def test_a_void_invoice_or_one_about_to_be_takes_no_note(state: VoidState) -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    await voiding(world, invoice, state)
    with pytest.raises(InvoiceVoidError):
        await credit(world, invoice)
    with pytest.raises(InvoiceVoidError):
        await debit(world, invoice)


async def test_an_invoice_whose_void_failed_takes_a_note() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    await voiding(world, invoice, VoidState.FAILED)
    assert (await credit(world, invoice)).submission is Submission.ACCEPTED


async def test_b73_an_original_voided_between_check_and_recording_takes_no_note() -> None:
    """A25: the void stands when the note's transaction locks the invoice, so nothing of the note is left."""
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    record = world.stores.documents.record

    async def voided_first(*arguments):
        await voiding(world, invoice, VoidState.REQUESTED)
        return await record(*arguments)

    world.stores.documents.record = voided_first  # type: ignore[method-assign]
    with pytest.raises(InvoiceVoidError):
        await credit(world, invoice)
    assert await world.stores.documents.notes_of(invoice.tenant_id, [invoice.document_id]) == ()
    assert len(world.engine.documents) == 1


async def test_a_note_needs_an_invoice_that_the_dgi_authorised() -> None:
    world = World()
    shop = await world.open_shop()
    young = await world.invoice(shop, await world.an_order(shop))
    assert young.legal_status is not LegalStatus.DGI_AUTHORIZED
    with pytest.raises(InvoiceNotAuthorisedError):
        await credit(world, young)
    with pytest.raises(InvoiceNotAuthorisedError):
        await debit(world, young)
    old = await until_authorised(world, young)
    note = await credit(world, old)
    for naming in (credit, debit):
        with pytest.raises(NoteNeedsInvoiceError):
            await naming(world, note, key="of a note")


async def test_an_invoice_that_was_seen_on_the_dgis_page_can_be_credited_by_its_expected_cufe() -> None:
    world = World()
    shop = await shop_with(world, DoubtPolicy.PARK, webhooks=False)
    spoil(world, FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})))
    invoice = await world.invoice(shop, await world.an_order(shop))
    world.wait(hours=25)
    await world.sweep(times=2, every_seconds=30)
    await world.confirm_at_dgi(invoice.tenant_id, invoice.document_id, "Visto hoy por Ana", ApiKeyId("ana"))
    invoice = await world.current(invoice)
    assert (invoice.submission, invoice.pac_document_id) == (Submission.ISSUED_ID_UNKNOWN, None)
    note = await credit(world, invoice)
    assert note.draft.references[0].cufe == invoice.expected_cufe


async def test_another_tenants_invoice_is_not_found() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    other = await world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    for naming in (credit, debit):
        with pytest.raises(DocumentNotFoundError):
            await naming(world, invoice, tenant_id=tenant_of(other))


async def test_an_invoice_past_the_age_limit_cannot_be_credited() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    world.clock.advance(timedelta(days=180).total_seconds())
    with pytest.raises(PreflightRefusedError) as refused:
        await credit(world, invoice)
    assert [finding.code for finding in refused.value.verdict.errors] == ["credit_note_too_late"]
    assert await world.stores.documents.notes_of(invoice.tenant_id, [invoice.document_id]) == ()


async def test_b72_an_ambiguous_post_of_a_note_is_doubt_with_its_own_series_and_holds_its_amount_back() -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await shop_with(world, DoubtPolicy.PARK, webhooks=False))
    spoil(world, FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})))
    note = await credit(world, invoice, one_unit())
    assert (note.submission, note.number) == (Submission.IN_DOUBT, 1)
    rest = await credit(world, invoice, key="rest")
    assert rest.number == 2, "the doubt burns nothing and gives its number to nobody"
    assert note.totals.total + rest.totals.total == invoice.totals.total
    assert len(world.engine.documents) == 3


@pytest.mark.parametrize("policy", [DoubtPolicy.PARK, DoubtPolicy.RESEND])
async def test_b72_a_note_in_doubt_is_adopted_and_never_doubled(policy: DoubtPolicy) -> None:
    world = World()
    invoice = await an_authorised_invoice(world, await shop_with(world, policy))
    spoil(world, FaultRule(kind=FaultKind.TIME_OUT_AFTER_ACCEPT, nth=frozenset({1})))
    note = await credit(world, invoice)
    assert note.submission is Submission.IN_DOUBT
    after = await until_settled(world, note)
    assert (after.submission, after.number, len(world.engine.documents)) == (Submission.ACCEPTED, 1, 2)


async def test_a_note_that_the_pac_refuses_gives_its_amount_back() -> None:
    """Somebody voided the invoice at the PAC by hand, behind our back."""
    world = World()
    invoice = await an_authorised_invoice(world, await world.open_shop())
    at_the_pac = world.engine.documents[0]
    at_the_pac.voided_at = world.clock.now()
    note = await credit(world, invoice)
    assert note.submission is Submission.REFUSED
    if note.is_watched:
        with pytest.raises(NothingLeftToCreditError):
            await credit(world, invoice, key="too early")
        note = await until_settled(world, note)
    at_the_pac.voided_at = None
    assert credit_status_of(note) is CreditStatus.CANCELED
    assert await status_of(world, invoice) is not BusinessStatus.CANCELED
    assert (await credit(world, invoice, key="again")).totals.total == invoice.totals.total
