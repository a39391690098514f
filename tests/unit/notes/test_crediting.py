"""Credit notes of an invoice, case by case."""

from dataclasses import replace
from decimal import Decimal, getcontext, localcontext
from typing import Any

import pytest

from adapters.alanube.fake.strategies.drafts import NOW
from core.codes import Destination, DocumentType, ItbmsRate, OperationNature, OtiCode, RetentionCode
from core.documents import DocumentMode, FiscalDocument, LegalStatus, Submission
from core.drafts import Draft, DraftDiscount, DraftLine, Modification, OtiCharge
from core.errors import IstmoError
from core.failures import (
    CreditAmountNotExactError,
    CreditExceedsInvoiceError,
    MalformedCreditError,
    NothingLeftToCreditError,
)
from core.notes.pieces import pieces_with_tax, tax_to_take
from core.notes.remaining import remaining_of
from core.notes.taking import LineCredit
from core.preflight import preflight
from tests.builders import a_draft, a_line
from tests.unit.notes.sequences import credited, issued, total_of

D = Decimal


def an_invoice(*lines: DraftLine, **changes: Any) -> FiscalDocument:
    return issued(a_draft(lines=lines or (a_line(),), payments=(), **changes))


def shown(note: FiscalDocument) -> list[tuple[str, str, str, str]]:
    pairs = zip(note.draft.lines, note.totals.lines, strict=True)
    return [
        (line.description, str(line.quantity), str(line.unit_price), str(sums.itbms_amount)) for line, sums in pairs
    ]


def test_a_whole_credit_note_is_the_invoice_again_and_says_so() -> None:
    lines = (
        a_line(unit_discount=D("0.50"), freight=D("1.00"), insurance=D("0.25")),
        a_line(itbms=ItbmsRate.SPECIAL_10, isc_rate=D("0.05"), oti=(OtiCharge(code=OtiCode.FECI, amount=D("0.75")),)),
    )
    discounts = (DraftDiscount(description="Cliente", amount=D(1)), DraftDiscount(description="Fiesta", amount=D(2)))
    invoice = an_invoice(*lines, discounts=discounts, other_charges=D(3), retention=RetentionCode.PURCHASE)
    note = credited(invoice, ())
    assert replace(note.totals, trace=()) == replace(invoice.totals, trace=())
    copied = tuple(replace(line, invoice_line=None, returned=None) for line in note.draft.lines)
    assert (copied, note.draft.discounts) == (lines, discounts)
    assert note.draft.modification is Modification.WHOLE
    assert note.draft.receiver == invoice.draft.receiver
    assert note.draft.retention is RetentionCode.PURCHASE
    assert (note.draft.nature, note.draft.sale_type) == (OperationNature.RETURN, None)
    assert [(named.cufe, named.issued_at) for named in note.draft.references] == [(invoice.expected_cufe, NOW)]
    assert not preflight(note.draft, issued_at=NOW, now=NOW).is_refused


def test_units_come_back_at_the_invoices_price() -> None:
    invoice = an_invoice(a_line(quantity=D(10), unit_price=D("12.50"), unit_discount=D("2.50")))
    note = credited(invoice, (), LineCredit(line=1, quantity=D(4)))
    line = note.draft.lines[0]
    assert (line.quantity, line.unit_price, line.unit_discount, line.returned) == (D(4), D("12.50"), D("2.50"), D(4))
    assert (note.totals.total, note.draft.modification) == (D("42.80"), Modification.PART)
    assert remaining_of(invoice, [note]).lines[0].quantity == D(6)


def test_the_last_of_three_hammers_carries_a_cent_less_of_tax_in_two_items() -> None:
    invoice = an_invoice(a_line(quantity=D(3), unit_price=D("12.50")))
    assert invoice.totals.itbms_total == D("2.63")
    notes: list[FiscalDocument] = []
    for _ in range(3):
        notes.append(credited(invoice, notes, LineCredit(line=1, quantity=D(1))))
    assert [note.totals.itbms_total for note in notes] == [D("0.88"), D("0.88"), D("0.87")]
    assert [note.totals.net_total for note in notes] == [D("12.50")] * 3
    assert shown(notes[2]) == [
        ("Martillo", "1", "12.49", "0.87"),
        ("Ajuste de redondeo: Martillo", "1", "0.01", "0.00"),
    ]
    assert total_of(notes) == invoice.totals.total


def test_what_units_cost_together_is_what_they_cost_one_by_one() -> None:
    invoice = an_invoice(a_line(quantity=D(3), unit_price=D("0.333"), itbms=ItbmsRate.EXEMPT))
    notes: list[FiscalDocument] = []
    for _ in range(3):
        notes.append(credited(invoice, notes, LineCredit(line=1, quantity=D(1))))
    assert [note.totals.total for note in notes] == [D("0.33"), D("0.34"), D("0.33")]
    assert [note.draft.lines[0].unit_price for note in notes] == [D("0.333"), D("0.34"), D("0.333")]


def test_prices_with_itbms_are_credited_with_itbms() -> None:
    invoice = an_invoice(a_line(quantity=D(3), unit_price=D("12.50")), prices_include_itbms=True)
    assert invoice.totals.total == D("37.50")
    notes = [credited(invoice, (), LineCredit(line=1, amount=D("10.00")))]
    assert notes[0].totals.total == D("10.00")
    notes = []
    for _ in range(3):
        notes.append(credited(invoice, notes, LineCredit(line=1, quantity=D(1))))
    assert [note.totals.total for note in notes] == [D("12.50")] * 3


def test_a_retention_of_its_own_amount_follows_the_itbms_and_never_exceeds_it() -> None:
    """Shared by the totals, the exempt line would take most of it and be refused: more is withheld than it taxes."""
    exempt = a_line(quantity=D(1), unit_price=D("1000.00"), itbms=ItbmsRate.EXEMPT)
    taxed = a_line(quantity=D(2), unit_price=D("50.00"))
    invoice = an_invoice(exempt, taxed, retention=RetentionCode.OTHER, retention_amount=D("5.01"))
    wanted = (LineCredit(line=1), LineCredit(line=2, quantity=D(1)), LineCredit(line=2))
    notes: list[FiscalDocument] = []
    for credit in wanted:
        notes.append(credited(invoice, notes, credit))
        assert preflight(notes[-1].draft, issued_at=NOW, now=NOW).errors == ()
    assert [note.totals.retention_amount for note in notes] == [None, D("2.51"), D("2.50")]
    assert remaining_of(invoice, notes).retention == D("0.00")


def test_a_note_that_gives_no_itbms_back_names_no_retention() -> None:
    invoice = an_invoice(
        a_line(itbms=ItbmsRate.EXEMPT), a_line(unit_price=D("20.00")), retention=RetentionCode.PURCHASE
    )
    exempt = credited(invoice, (), LineCredit(line=1))
    assert (exempt.draft.retention, exempt.totals.retention_amount) == (None, None)
    assert preflight(exempt.draft, issued_at=NOW, now=NOW).findings == ()
    taxed = credited(invoice, [exempt], LineCredit(line=2))
    assert taxed.totals.retention_amount == invoice.totals.retention_amount


def test_money_is_given_back_without_goods() -> None:
    invoice = an_invoice(a_line(quantity=D(10), unit_price=D("10.00"), unit="und"))
    rebate = credited(invoice, (), LineCredit(line=1, amount=D("50.00")))
    line = rebate.draft.lines[0]
    assert (line.quantity, line.unit_price, line.unit, line.returned) == (D(1), D("50.00"), None, D(0))
    rest = remaining_of(invoice, [rebate]).lines[0]
    assert (rest.quantity, rest.net) == (D(10), D("50.00"))
    back = credited(invoice, [rebate], LineCredit(line=1, quantity=D(5)))
    assert back.totals.net_total == D("25.00"), "a unit is worth what is left of its line"


def test_goods_come_back_for_less_than_they_cost() -> None:
    invoice = an_invoice(a_line(quantity=D(10), unit_price=D("10.00")))
    note = credited(invoice, (), LineCredit(line=1, quantity=D(10), amount=D("80.00")))
    assert (note.draft.lines[0].quantity, note.draft.lines[0].unit_price) == (D(10), D("8.00"))
    rest = credited(invoice, [note])
    assert (rest.totals.net_total, rest.draft.lines[0].returned) == (D("20.00"), D(0))


def test_discount_freight_and_charges_follow_pro_rata_and_the_last_note_has_the_remainder() -> None:
    lines = (a_line(quantity=D(1), unit_price=D("10.00"), itbms=ItbmsRate.EXEMPT),) * 3
    invoice = an_invoice(*lines, discounts=(DraftDiscount(description="Cliente", amount=D("1.00")),), freight=D("0.50"))
    notes: list[FiscalDocument] = []
    for position in (1, 2, 3):
        notes.append(credited(invoice, notes, LineCredit(line=position)))
    assert [note.totals.discount_total for note in notes] == [D("0.33"), D("0.34"), D("0.33")]
    assert [note.totals.freight_total for note in notes] == [D("0.17"), D("0.17"), D("0.16")]
    assert notes[0].draft.discounts[0].description == "Cliente"
    assert total_of(notes) == invoice.totals.total


@pytest.mark.parametrize(
    ("credit", "error", "path"),
    [
        (LineCredit(line=1, quantity=D("3.5")), CreditExceedsInvoiceError, ("lines", 0)),
        (LineCredit(line=1, amount=D("37.51")), CreditExceedsInvoiceError, ("lines", 0)),
        (LineCredit(line=2), MalformedCreditError, ("lines", 0)),
        (LineCredit(line=0), MalformedCreditError, ("lines", 0)),
        (LineCredit(line=1, quantity=D(0)), MalformedCreditError, ("lines", 0)),
        (LineCredit(line=1, amount=D(-1)), MalformedCreditError, ("lines", 0)),
        (LineCredit(line=1, amount=D("NaN")), MalformedCreditError, ("lines", 0)),
        (LineCredit(line=1, amount=D("1.005")), MalformedCreditError, ("lines", 0)),
        (LineCredit(line=1, quantity=D("0.0000001")), MalformedCreditError, ("lines", 0)),
    ],
)
def test_what_cannot_be_credited_is_refused_with_its_place(
    credit: LineCredit, error: type[IstmoError], path: tuple[str | int, ...]
) -> None:
    with pytest.raises(error) as refused:
        credited(an_invoice(), (), credit)
    assert refused.value.path == path


def test_a_line_given_twice_is_refused() -> None:
    with pytest.raises(MalformedCreditError):
        credited(an_invoice(), (), LineCredit(line=1, quantity=D(1)), LineCredit(line=1, quantity=D(1)))


def test_nothing_is_left_of_a_credited_invoice() -> None:
    invoice = an_invoice()
    note = credited(invoice, ())
    with pytest.raises(NothingLeftToCreditError):
        credited(invoice, [note])
    with pytest.raises(NothingLeftToCreditError):
        credited(invoice, [note], LineCredit(line=1))


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({}, True),
        ({"submission": Submission.IN_DOUBT}, True),
        ({"submission": Submission.QUARANTINED}, True),
        ({"submission": Submission.REFUSED}, False),
        ({"submission": Submission.ACCEPTED, "legal_status": LegalStatus.DGI_REJECTED}, False),
        ({"mode": DocumentMode.PROFORM, "submission": Submission.DRAFT}, False),
    ],
)
def test_a_note_counts_as_long_as_it_may_be_authorised(changes: dict[str, Any], *, counts: bool) -> None:
    invoice = an_invoice()
    note = replace(credited(invoice, ()), **changes)
    assert remaining_of(invoice, [note]).is_anything is not counts


def test_a_sweet_of_a_tenth_keeps_its_tax_exact() -> None:
    """Two sweets of 0.07 carry 0.01 together and nothing one by one, so one of them is worth a cent more."""
    invoice = an_invoice(a_line(quantity=D(2), unit_price=D("0.07")))
    first = credited(invoice, (), LineCredit(line=1, quantity=D(1)))
    last = credited(invoice, [first])
    assert sorted((first.totals.net_total, last.totals.net_total)) == [D("0.06"), D("0.08")]
    assert total_of([first, last]) == invoice.totals.total == D("0.15")
    with pytest.raises(CreditAmountNotExactError) as refused:
        credited(invoice, (), LineCredit(line=1, amount=D("0.07")))
    assert refused.value.details["nearest"] in {"0.06", "0.08"}


def test_an_export_is_credited_as_an_export() -> None:
    invoice = an_invoice(destination=Destination.ABROAD)
    assert credited(invoice, ()).draft.destination is Destination.ABROAD
    assert credited(invoice, ()).document_type is DocumentType.REFERRING_CREDIT_NOTE


@pytest.mark.parametrize("rate", list(ItbmsRate))
def test_units_of_any_price_reach_the_line_one_by_one(rate: ItbmsRate) -> None:
    for cents in (*range(1, 40), 99, 100, 101, 1250):
        for units in (2, 3, 7):
            invoice = an_invoice(a_line(quantity=D(units), unit_price=D(cents).scaleb(-2), itbms=rate))
            notes: list[FiscalDocument] = []
            while remaining_of(invoice, notes).is_anything:
                notes.append(credited(invoice, notes, LineCredit(line=1, quantity=D(1))))
            assert len(notes) == units or cents < 10, "of units worth a few cents the last one may be free"
            assert total_of(notes) == invoice.totals.total, (cents, units)
            assert sum(note.totals.itbms_total for note in notes) == invoice.totals.itbms_total


@pytest.mark.parametrize("rate", list(ItbmsRate))
def test_every_amount_above_two_balboas_can_be_credited_exactly(rate: ItbmsRate) -> None:
    left = D("20.00")
    tax = (rate.fraction * left).quantize(D("0.01"))
    for cents in range(200, 1800):
        net = D(cents).scaleb(-2)
        taken = tax_to_take(net, left_net=left, left_itbms=tax, rate=rate)
        assert taken is not None, net
        assert pieces_with_tax(net, taken, rate)
        assert pieces_with_tax(left - net, tax - taken, rate)


def a_free_sample() -> Draft:
    return a_draft(lines=(a_line(unit_price=D(0)), a_line()), payments=())


def test_what_cost_nothing_comes_back_for_nothing() -> None:
    invoice = issued(a_free_sample())
    note = credited(invoice, (), LineCredit(line=1, quantity=D(2)))
    assert (note.totals.total, note.draft.lines[0].returned) == (D("0.00"), D(2))
    assert [line.returned for line in credited(invoice, [note]).draft.lines] == [D(1), D(3)]


def test_the_callers_decimal_context_changes_nothing() -> None:
    invoice = an_invoice(a_line(quantity=D(3), unit_price=D("1234.56")))
    wanted = (LineCredit(line=1, quantity=D(1)), LineCredit(line=1, amount=D("777.77")))
    plain = [credited(invoice, (), each).draft for each in wanted]
    with localcontext(prec=3):
        narrow = [credited(invoice, (), each).draft for each in wanted]
        assert getcontext().prec == 3, "and it is left as it was"
    assert narrow == plain
