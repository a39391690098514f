"""Where a document stands: pure functions of the document, its payments, its notes and a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.business_status import BusinessStatus
from core.codes import DocumentType, PaymentForm, PaymentTime, RetentionCode
from core.documents import DocumentMode, FiscalDocument, LegalStatus, Submission
from core.drafts import DraftInstalment
from core.identifiers import PaymentId
from core.payments import RecordedPayment
from core.standing import Standing, standing_of
from core.totals import compute_totals
from core.voids import Void, VoidState
from tests.builders import INVOICES, NOW, a_document, a_draft, a_tenant

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
    return RecordedPayment(
        tenant_id=document.tenant_id,
        payment_id=PaymentId(amount),
        document_id=document.document_id,
        amount=Decimal(amount),
        method=PaymentForm.CASH,
        paid_at=NOW,
        recorded_at=NOW,
        recorded_by="caller:key",
    )


cents = st.integers(1, 5000).map(lambda amount: f"{Decimal(amount).scaleb(-2):f}")


@given(amounts=st.lists(cents, max_size=8), data=st.data())
def test_the_order_of_payments_changes_nothing_but_their_order(amounts: list[str], data: st.DataObject) -> None:
    invoice = a_document(TENANT)
    payments = [a_payment_of(invoice, amount) for amount in amounts]
    seen, other = standing(invoice, payments), standing(invoice, data.draw(st.permutations(payments)))
    assert replace(seen, payments=()) == replace(other, payments=())
    assert seen.sums.balance == TOTAL - sum(map(Decimal, amounts))
