"""Scenarios of payment, retention, notes and document types, each from the draft to what the strict fake holds."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from adapters.alanube.settings import WireOptions
from core.codes import (
    DocumentType,
    EmissionType,
    OtiCode,
    PaymentForm,
    PaymentTime,
    RetentionCode,
)
from core.drafts import Draft, DraftContingency, DraftInstalment, DraftReference, OtiCharge
from core.failures import PacFieldUnconfirmedError, RetentionCodeMissingError
from core.ports.pac_gateway import Accepted
from core.receivers import resolve_retention
from core.totals import compute_totals
from tests.strategies.drafts import NOW
from tests.strategies.nearly_valid import INVOICE_CUFE, NAMED_AT
from tests.unit.fiscal.at_the_pac import judged, post, recorded
from tests.unit.fiscal.fiscal_drafts import (
    LINE,
    credit_note,
    debit_note,
    foreign_operation,
    free_zone,
    imported,
    paid,
    reimbursement,
    to_consumer,
    to_government,
    to_taxpayer,
)
from tests.unit.fiscal.scenarios.test_receivers import CLIENT


async def test_retention_lowers_neither_the_total_nor_the_payments() -> None:
    posted = await post(to_government())
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["totals"]["retention"] == {"code": "2", "amount": Decimal("4.2")}
    assert posted.sent["totals"]["paymentMethods"] == [{"type": "01", "amount": Decimal("143.4")}]
    assert posted.at_the_fake.total == Decimal("143.40")


def test_the_invoices_own_retention_code_beats_the_clients_default() -> None:
    client = replace(CLIENT, withholds=True, retention=RetentionCode.PURCHASE)
    assert resolve_retention(RetentionCode.CARD_MERCHANT, client) is RetentionCode.CARD_MERCHANT
    assert resolve_retention(None, client) is RetentionCode.PURCHASE


def test_a_client_that_withholds_without_any_code_is_a_typed_error() -> None:
    with pytest.raises(RetentionCodeMissingError) as caught:
        resolve_retention(None, replace(CLIENT, withholds=True, retention=None))
    assert caught.value.path == ("retention",)


@pytest.mark.parametrize(
    ("code", "amount"), [(RetentionCode.NON_DOMICILED, "8.40"), (RetentionCode.CARD_MERCHANT, "4.20")]
)
async def test_each_retention_code_takes_its_share_of_the_itbms(code: RetentionCode, amount: str) -> None:
    posted = await post(to_taxpayer(retention=code))
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["totals"]["retention"]["amount"] == Decimal(amount)


async def test_a_credit_sale_is_paid_in_instalments_at_noon_in_panama() -> None:
    amounts = (Decimal("64.20"), Decimal("64.20"))
    draft = to_taxpayer(
        payment_time=PaymentTime.INSTALMENTS,
        instalments=tuple(
            DraftInstalment(due_on=date(2026, month, 3), amount=amount)
            for month, amount in zip((4, 5), amounts, strict=True)
        ),
    )
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    totals = posted.sent["totals"]
    assert totals["paymentMethods"] == [{"type": "01", "amount": Decimal("128.4")}]
    assert [each["dueDate"] for each in totals["installmentPayment"]] == [
        "2026-04-03T12:00:00-05:00",
        "2026-05-03T12:00:00-05:00",
    ]


async def test_cash_above_the_total_gives_change() -> None:
    posted = await post(to_consumer(payments=(paid("100.00", PaymentForm.DEBIT_CARD), paid("40.00"))))
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["totals"]["change"] == Decimal("11.6")


@pytest.mark.parametrize("make", [credit_note, debit_note])
async def test_a_note_names_its_invoice_by_cufe_and_date(make: object) -> None:
    draft = make()  # type: ignore[operator]
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["referencedDocuments"] == [
        {"emissionType": "CUFE", "cufeIdentification": INVOICE_CUFE, "issueDate": "2026-01-15T12:00:00-05:00"}
    ]
    assert "saleType" not in posted.sent["information"]


async def test_a_generic_note_names_paper_alone() -> None:
    reference = DraftReference(issued_at=NAMED_AT, paper_number="0001234")
    draft = credit_note(document_type=DocumentType.GENERIC_CREDIT_NOTE, references=(reference,))
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["referencedDocuments"][0]["otherIdentification"] == "0001234"


@pytest.mark.parametrize("make", [free_zone, reimbursement, imported, foreign_operation])
async def test_free_zone_reimbursement_import_and_foreign_operation_are_authorised(make: object) -> None:
    draft: Draft = make()  # type: ignore[operator]
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["information"]["documentType"] == draft.document_type.value
    assert posted.at_the_fake.total == compute_totals(draft).total


async def test_a_contingency_is_sent_under_named_keys_and_refused_without_them() -> None:
    contingency = DraftContingency(started_at=NOW - timedelta(hours=2), reason="Corte de fibra en la provincia")
    draft = to_taxpayer(emission=EmissionType.PRIOR_CONTINGENCY, contingency=contingency)
    assert judged(draft).findings == ()
    posted = await post(draft)
    assert isinstance(posted.answer, Accepted)
    assert posted.sent["information"]["contingencyStart"] == "2026-03-04T08:00:00-05:00"
    with pytest.raises(PacFieldUnconfirmedError):
        await post(draft, options=WireOptions())


async def test_other_taxes_stand_in_the_totals_and_are_refused_at_the_wire_without_a_key() -> None:
    draft = to_taxpayer(replace(LINE, oti=(OtiCharge(code=OtiCode.SUME_911, amount=Decimal("0.25")),)))
    assert judged(draft).findings == ()
    assert compute_totals(draft).total == Decimal("128.65")
    with pytest.raises(PacFieldUnconfirmedError):
        await post(draft)


@pytest.mark.parametrize(
    ("utc", "day"),
    [
        (datetime(2026, 3, 1, 4, 59, 59, tzinfo=UTC), "20260228"),
        (datetime(2026, 3, 1, 5, 0, 0, tzinfo=UTC), "20260301"),
        (datetime(2024, 3, 1, 4, 59, 59, tzinfo=UTC), "20240229"),
        (datetime(2027, 1, 1, 4, 59, 59, tzinfo=UTC), "20261231"),
    ],
)
async def test_a_document_issued_around_midnight_carries_panamas_day(utc: datetime, day: str) -> None:
    document = recorded(to_taxpayer(), issued_at=utc)
    assert document.expected_cufe[32:40] == day
    posted = await post(to_taxpayer(), ahead=utc - NOW)
    written = posted.sent["information"]["issueDate"]
    assert written.endswith("-05:00")
    assert written[:10].replace("-", "") == day
