"""What documents owe as payments, credit notes and voids come and go, and which documents take payments at all."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.business_status import BusinessStatus
from core.codes import DocumentType, PaymentForm, PaymentTime, RetentionCode
from core.documents import Change, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.drafts import DraftInstalment
from core.failures import NotPayableError, PaymentLimitReachedError
from core.payments import PAYMENTS_MAX, RecordedPayment
from core.ports.payment_book import Entered
from core.standing import Standing, standing_of
from core.totals import compute_totals
from core.use_cases.record_payment import NewPayment
from core.voids import Void, VoidState
from tests.builders import INVOICES, NOW, a_document, a_draft, a_tenant, record_document
from tests.world import World

TENANT = a_tenant().tenant_id
ISSUED_ON = date(2026, 3, 2)
TOTAL = Decimal("77.63")
CREDIT_NOTES = replace(INVOICES, document_type=DocumentType.REFERRING_CREDIT_NOTE)


def a_void(state: VoidState) -> Void:
    return Void(
        state=state, reason="error en los datos", requested_at=NOW, requested_by="caller:key", idempotency_key="void"
    )


def of_total(document: FiscalDocument, total: str, **changes: Any) -> FiscalDocument:
    return replace(document, totals=replace(document.totals, total=Decimal(total), **changes))


def a_credit_note(total: str, **changes: Any) -> FiscalDocument:
    note = a_document(TENANT, series=CREDIT_NOTES, legal_status=LegalStatus.DGI_AUTHORIZED, **changes)
    return of_total(replace(note, submission=changes.get("submission", Submission.ACCEPTED)), total)


def standing(
    document: FiscalDocument,
    payments: list[RecordedPayment] | None = None,
    notes: list[FiscalDocument] | None = None,
    today: date = ISSUED_ON,
) -> Standing:
    return standing_of(document, payments or [], notes or [], today=today)


async def pay(world: World, document: FiscalDocument, amount: str = "10.00", key: str = "k") -> Entered:
    new = NewPayment(amount=Decimal(amount), method=PaymentForm.CASH, paid_at=world.clock.now())
    return await world.record_payment(
        document.tenant_id, document.document_id, new, idempotency_key=key, actor="caller:test"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"series": CREDIT_NOTES}, "credit note"),
        ({"mode": DocumentMode.DGI_IMPORT, "submission": Submission.IMPORTED}, "somebody else"),
        ({"submission": Submission.REFUSED}, "refused or rejected"),
        ({"legal_status": LegalStatus.PAC_REJECTED}, "refused or rejected"),
        ({"legal_status": LegalStatus.DGI_REJECTED}, "refused or rejected"),
        ({"void": a_void(VoidState.VOIDED)}, "void"),
        ({"mode": DocumentMode.PROFORM, "submission": Submission.DRAFT, "withdrawn_at": NOW}, "taken back"),
    ],
)
async def test_what_nobody_owes_takes_no_payment(changes: dict[str, Any], reason: str) -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT, **changes)
    with pytest.raises(NotPayableError, match=reason):
        await pay(world, document)
    found = await world.stores.payments.payments_of(TENANT, [document.document_id])
    assert list(found[document.document_id]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"submission": Submission.IN_DOUBT},
        {"submission": Submission.QUARANTINED},
        {"submission": Submission.ISSUED_ID_UNKNOWN},
        {"submission": Submission.ACCEPTED, "legal_status": LegalStatus.DGI_AUTHORIZED},
        {"mode": DocumentMode.PROFORM, "submission": Submission.DRAFT},
        {"series": replace(INVOICES, document_type=DocumentType.REFERRING_DEBIT_NOTE)},
        {"void": a_void(VoidState.FAILED)},
        {"void": a_void(VoidState.REQUESTED)},
    ],
)
async def test_money_for_what_may_be_owed_is_recorded_whatever_its_sending(changes: dict[str, Any]) -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT, **changes)
    await pay(world, document)
    found = await world.read_standings(TENANT, [await world.current(document)])
    seen = found[document.document_id]
    assert seen is not None
    assert (seen.sums.payments, seen.sums.balance) == (Decimal("10.00"), TOTAL - Decimal("10.00"))


async def test_a_payment_of_what_was_refused_afterwards_can_still_be_taken_back() -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT)
    entered = await pay(world, document)
    refuse = Change(document=replace(entered.document, submission=Submission.REFUSED))
    await world.stores.documents.update(TENANT, document.document_id, lambda _: refuse)
    with pytest.raises(NotPayableError):
        await pay(world, document, key="another")
    back = await world.reverse_payment(
        TENANT, entered.payment.payment_id, "no se emitió", idempotency_key="k", actor="caller:test"
    )
    assert not back.payment.counts
    assert (await pay(world, document)).payment == back.payment


async def test_a_document_has_its_most_payments_and_no_more() -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT)
    for place in range(PAYMENTS_MAX):
        await pay(world, document, "0.01", key=str(place))
    with pytest.raises(PaymentLimitReachedError):
        await pay(world, document, "0.01", key="one more")
    assert (await pay(world, document, "0.01", key="0")).payment.amount == Decimal("0.01")


async def test_who_owes_nothing_to_this_issuer_has_no_standing() -> None:
    world = World()
    note = await record_document(world.stores.documents, TENANT, series=CREDIT_NOTES)
    imported = await record_document(
        world.stores.documents, TENANT, mode=DocumentMode.DGI_IMPORT, submission=Submission.IMPORTED
    )
    invoice = await record_document(world.stores.documents, TENANT)
    found = await world.read_standings(TENANT, [note, imported, invoice])
    assert [found[each.document_id] is None for each in (note, imported, invoice)] == [True, True, False]
    assert await world.read_standings(TENANT, [note]) == {note.document_id: None}


async def test_credit_notes_of_the_store_lower_the_balance_of_the_invoice_that_they_name() -> None:
    world = World()
    invoice = await record_document(world.stores.documents, TENANT)
    other = await record_document(world.stores.documents, TENANT)
    await record_document(
        world.stores.documents,
        TENANT,
        series=CREDIT_NOTES,
        parent_id=invoice.document_id,
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_AUTHORIZED,
    )
    found = await world.read_standings(TENANT, [invoice, other])
    credited, untouched = found[invoice.document_id], found[other.document_id]
    assert credited is not None
    assert untouched is not None
    assert (credited.status, credited.sums.credits) == (BusinessStatus.CANCELED, TOTAL)
    assert (untouched.sums.credits, untouched.sums.balance) == (0, TOTAL)


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"submission": Submission.ISSUED_ID_UNKNOWN, "legal_status": LegalStatus.NONE}, True),
        ({"legal_status": LegalStatus.PAC_AUTHORIZED}, True),
        ({"legal_status": LegalStatus.REGISTERED}, False),
        ({"legal_status": LegalStatus.DGI_REJECTED}, False),
        ({"submission": Submission.REFUSED, "legal_status": LegalStatus.NONE}, False),
        ({"submission": Submission.IN_DOUBT, "legal_status": LegalStatus.NONE}, False),
        ({"void": a_void(VoidState.VOIDED)}, False),
        ({"void": a_void(VoidState.REQUESTED)}, True),
        ({"series": replace(INVOICES, document_type=DocumentType.REFERRING_DEBIT_NOTE)}, False),
    ],
)
def test_a_note_counts_when_it_is_an_authorised_credit_and_not_void(changes: dict[str, Any], counts: bool) -> None:
    note = replace(a_credit_note("7.63"), **changes)
    seen = standing(a_document(TENANT), notes=[note])
    assert seen.sums.credits == (Decimal("7.63") if counts else Decimal(0))
    assert (seen.status is BusinessStatus.PARTIALLY_CANCELED) is counts


def test_what_the_receiver_withholds_is_settled_and_a_credit_note_gives_its_share_back() -> None:
    draft = a_draft(retention=RetentionCode.STATE_GOODS_OR_SERVICES)
    invoice = a_document(TENANT, draft=draft, totals=compute_totals(draft))
    withheld = invoice.totals.retention_amount
    assert withheld is not None
    assert withheld > 0
    assert standing(invoice).sums.balance == TOTAL - withheld
    note = replace(
        a_credit_note("30.00"),
        totals=replace(a_document(TENANT).totals, total=Decimal("30.00"), retention_amount=Decimal("0.50")),
    )
    assert standing(invoice, notes=[note]).sums.balance == TOTAL - 30 - (withheld - Decimal("0.50"))


def test_a_void_or_cancelled_document_is_never_past_due() -> None:
    late = ISSUED_ON + timedelta(days=400)
    for changes, status in (
        ({"void": a_void(VoidState.VOIDED)}, BusinessStatus.VOID),
        ({"mode": DocumentMode.PROFORM, "withdrawn_at": NOW}, BusinessStatus.CANCELED),
    ):
        seen = standing(replace(a_document(TENANT), **changes), today=late)
        assert (seen.status, seen.is_past_due, seen.due_on) == (status, False, None)


def test_a_sale_without_instalments_is_due_on_its_day_of_issue_in_panama() -> None:
    at_night = datetime(2026, 3, 3, 4, 59, tzinfo=UTC)  # still 2 March in Panama
    invoice = a_document(TENANT, issued_at=at_night)
    assert standing(invoice, today=ISSUED_ON).due_on == ISSUED_ON
    assert not standing(invoice, today=ISSUED_ON).is_past_due
    assert standing(invoice, today=ISSUED_ON + timedelta(days=1)).status is BusinessStatus.PAST_DUE


def test_instalments_fall_due_one_by_one_and_the_rest_on_the_day_of_issue() -> None:
    april, may = date(2026, 4, 30), date(2026, 5, 31)
    draft = a_draft(
        payment_time=PaymentTime.MIXED,
        instalments=(
            DraftInstalment(due_on=may, amount=Decimal("30.00")),
            DraftInstalment(due_on=april, amount=Decimal("30.00")),
        ),
    )
    invoice = a_document(TENANT, draft=draft, totals=compute_totals(draft))
    paid = [a_payment_of(invoice, amount) for amount in ("17.63", "29.99", "0.01", "30.00")]
    assert [standing(invoice, paid[:count]).due_on for count in range(5)] == [ISSUED_ON, april, april, may, None]
    first_of_may = date(2026, 5, 1)
    assert standing(invoice, paid[:2], today=april).status is BusinessStatus.PARTIALLY_PAID
    assert standing(invoice, paid[:2], today=first_of_may).status is BusinessStatus.PAST_DUE
    assert standing(invoice, paid[:3], today=first_of_may).status is BusinessStatus.PARTIALLY_PAID


def a_payment_of(document: FiscalDocument, amount: str) -> RecordedPayment:
    entered: Any = {"tenant_id": document.tenant_id, "document_id": document.document_id, "payment_id": amount}
    at = {"paid_at": NOW, "recorded_at": NOW, "recorded_by": "caller:key"}
    return RecordedPayment(**entered, **at, amount=Decimal(amount), method=PaymentForm.CASH)


cents = st.integers(1, 5000).map(lambda amount: f"{Decimal(amount).scaleb(-2):f}")


@given(amounts=st.lists(cents, max_size=8), data=st.data())
def test_the_order_of_payments_changes_nothing_but_their_order(amounts: list[str], data: st.DataObject) -> None:
    invoice = a_document(TENANT)
    payments = [a_payment_of(invoice, amount) for amount in amounts]
    seen, other = standing(invoice, payments), standing(invoice, data.draw(st.permutations(payments)))
    assert replace(seen, payments=()) == replace(other, payments=())
    assert seen.sums.balance == TOTAL - sum(map(Decimal, amounts))


@given(amounts=st.lists(cents, min_size=1, max_size=5), taken=st.data())
async def test_taking_back_any_payments_leaves_what_the_others_leave(amounts: list[str], taken: st.DataObject) -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT)
    entered = [await pay(world, document, amount, key=str(place)) for place, amount in enumerate(amounts)]
    gone = taken.draw(st.sets(st.sampled_from(range(len(amounts)))))
    for place in sorted(gone):
        await world.reverse_payment(
            TENANT, entered[place].payment.payment_id, "cheque devuelto", idempotency_key=str(place), actor="x"
        )
    seen = (await world.read_standings(TENANT, [document]))[document.document_id]
    assert seen is not None
    left = [Decimal(amount) for place, amount in enumerate(amounts) if place not in gone]
    assert seen.sums.balance == TOTAL - sum(left)
    assert len(seen.payments) == len(amounts)
    assert (seen.status is BusinessStatus.PARTIALLY_PAID) <= bool(left)
