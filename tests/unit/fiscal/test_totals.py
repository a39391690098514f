from dataclasses import replace
from decimal import ROUND_UP, Decimal, localcontext
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.codes import ItbmsRate, OtiCode, PaymentForm, PaymentTime, RetentionCode
from core.dgi_totals_check import check_dgi_document
from core.drafts import Draft, DraftDiscount, DraftLine, OtiCharge
from core.money import UNIT, MalformedAmountError, amount_text
from core.totals import Totals, compute_totals
from tests.unit.fiscal.fiscal_drafts import EXEMPT_LINE, LINE, cents, paid, some_lines, to_consumer

CENT = Decimal("0.01")


def in_dgi_fields(draft: Draft, totals: Totals) -> dict[str, object]:
    """The document as the checker reads it, every figure from ``totals``."""
    items = [
        {
            "dCantCodInt": amount_text(drafted.quantity),
            "dPrUnit": amount_text(line.unit_price),
            "dPrUnitDesc": amount_text(line.unit_discount),
            "dPrItem": amount_text(line.line_net),
            "dPrAcarItem": amount_text(line.freight),
            "dPrSegItem": amount_text(line.insurance),
            "dTasaITBMS": str(drafted.itbms),
            "dValITBMS": amount_text(line.itbms_amount),
            "dValISC": amount_text(line.isc_amount),
            "oti": [{"dCodOTI": str(c.code), "dValOTI": amount_text(c.amount)} for c in drafted.oti],
            "dValTotItem": amount_text(line.line_total),
        }
        for drafted, line in zip(draft.lines, totals.lines, strict=True)
    ]
    return {
        "items": items,
        "tot": {
            "dTotNeto": amount_text(totals.net_total),
            "dTotITBMS": amount_text(totals.itbms_total),
            "dTotISC": amount_text(totals.isc_total),
            "dTotGravado": amount_text(totals.tax_total),
            "dTotDesc": amount_text(totals.discount_total),
            "dTotAcar": amount_text(totals.freight_total),
            "dTotSeg": amount_text(totals.insurance_total),
            "dTotOtrosGastos": amount_text(totals.other_charges),
            "dVTot": amount_text(totals.total),
            "dTotRec": amount_text(totals.received),
            "dVuelto": amount_text(totals.change),
            "dNroItems": totals.item_count,
            "dVTotItems": amount_text(totals.lines_total),
            "dVlrCuota": [amount_text(payment.amount) for payment in totals.payments],
        },
    }


def test_mixed_rates_with_a_unit_discount():
    drill = replace(LINE, unit_discount=Decimal("2.50"))
    totals = compute_totals(to_consumer(drill, replace(EXEMPT_LINE, quantity=Decimal(2))))
    assert totals.net_total == Decimal("142.50")
    assert totals.itbms_total == totals.tax_total == Decimal("7.88")
    assert totals.total == totals.received == Decimal("150.38")
    assert [(rate.rate, rate.base) for rate in totals.rates] == [
        (ItbmsRate.EXEMPT, Decimal("30.00")),
        (ItbmsRate.GENERAL_7, Decimal("112.50")),
    ]


def test_the_sum_of_taxes_holds_itbms_isc_and_oti():
    line = replace(
        LINE,
        isc_rate=Decimal("0.05"),
        oti=(
            OtiCharge(code=OtiCode.SUME_911, amount=Decimal("1.00")),
            OtiCharge(code=OtiCode.FECI, amount=Decimal("0.50")),
        ),
        freight=Decimal("5.00"),
        insurance=Decimal("2.00"),
    )
    totals = compute_totals(to_consumer(line, line))
    first = totals.lines[0]
    assert (first.line_net, first.itbms_amount, first.isc_amount, first.oti_amount) == (
        Decimal("120.00"),
        Decimal("8.40"),
        Decimal("6.00"),
        Decimal("1.50"),
    )
    assert first.line_total == Decimal("142.90")
    assert totals.tax_total == Decimal("31.80")
    assert [(charge.code, charge.amount) for charge in totals.oti_totals] == [
        (OtiCode.SUME_911, Decimal("2.00")),
        (OtiCode.FECI, Decimal("1.00")),
    ]


def test_a_document_discount_lowers_the_total_after_tax():
    totals = compute_totals(
        to_consumer(
            discounts=(DraftDiscount(description="Promo", amount=Decimal("10.00")),),
            freight=Decimal("3.00"),
            insurance=Decimal("1.00"),
            other_charges=Decimal("0.50"),
        )
    )
    assert totals.itbms_total == Decimal("8.40")
    assert totals.lines_total == Decimal("128.40")
    assert totals.total == Decimal("122.90")


def test_without_payments_the_whole_total_is_paid_in_cash():
    (payment,) = compute_totals(to_consumer()).payments
    assert (payment.form, payment.amount) == (PaymentForm.CASH, Decimal("128.40"))


def test_without_payments_instalments_mean_credit():
    (payment,) = compute_totals(to_consumer(payment_time=PaymentTime.INSTALMENTS)).payments
    assert (payment.form, payment.amount) == (PaymentForm.CREDIT, Decimal("128.40"))


def test_change_is_what_was_received_above_the_total():
    totals = compute_totals(to_consumer(payments=(paid("100.00"), paid("50.00"))))
    assert (totals.received, totals.change) == (Decimal("150.00"), Decimal("21.60"))


@pytest.mark.parametrize(
    ("code", "given", "retained"),
    [
        (RetentionCode.STATE_PROFESSIONAL_SERVICE, None, "8.40"),
        (RetentionCode.STATE_GOODS_OR_SERVICES, None, "4.20"),
        (RetentionCode.NON_DOMICILED, None, "8.40"),
        (RetentionCode.PURCHASE, None, "4.20"),
        (RetentionCode.CARD_MERCHANT, None, "4.20"),
        (RetentionCode.OTHER, Decimal("1.23"), "1.23"),
    ],
)
def test_retention_is_a_share_of_the_itbms_and_lowers_nothing(code, given, retained):
    totals = compute_totals(to_consumer(retention=code, retention_amount=given))
    assert totals.retention_amount == Decimal(retained)
    assert totals.total == totals.received == Decimal("128.40")


def test_a_price_of_zero_is_a_document_of_zero():
    totals = compute_totals(to_consumer(replace(LINE, unit_price=Decimal("0.00"))))
    assert str(totals.total) == "0.00"
    assert totals.payments[0].amount == 0


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "1e308", "1E-300", "-1E+400"])
@pytest.mark.parametrize("field", ["quantity", "unit_price", "freight", "isc_amount"])
def test_refuses_arithmetic_on_absurd_amounts(field, amount):
    with pytest.raises(MalformedAmountError):
        compute_totals(to_consumer(replace(LINE, **{field: Decimal(amount)})))


@given(some_lines(), cents("0.00", "50.00"))
def test_every_computed_document_obeys_the_dgis_rules(lines, charge):
    draft = to_consumer(*lines, other_charges=charge)
    assert check_dgi_document(in_dgi_fields(draft, compute_totals(draft))) == []


@given(some_lines())
def test_each_line_obeys_2152_to_half_a_cent(lines):
    for drafted, line in zip(lines, compute_totals(to_consumer(*lines)).lines, strict=True):
        assert abs(line.itbms_amount - drafted.itbms.fraction * line.line_net) <= Decimal("0.005")
        assert line.line_total == (
            line.line_net + line.freight + line.insurance + line.itbms_amount + line.isc_amount + line.oti_amount
        )


@given(some_lines(), st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(lines, chance: Random):
    shuffled = list(lines)
    chance.shuffle(shuffled)
    one, other = compute_totals(to_consumer(*lines)), compute_totals(to_consumer(*shuffled))
    for name in ("net_total", "itbms_total", "isc_total", "tax_total", "lines_total", "total", "rates"):
        assert getattr(one, name) == getattr(other, name)
    assert sorted(map(repr, one.lines)) == sorted(map(repr, other.lines))


@given(some_lines())
def test_the_callers_decimal_context_never_matters(lines):
    draft = to_consumer(*lines)
    expected = compute_totals(draft)
    with localcontext() as context:
        context.prec, context.rounding = 4, ROUND_UP
        assert compute_totals(draft) == expected


@given(st.integers(2, 40), cents("0.01", "999.99"), st.sampled_from(ItbmsRate))
def test_a_split_line_differs_by_rounding_alone_and_the_trace_shows_it(parts, price, rate):
    whole = replace(LINE, quantity=Decimal(parts), unit_price=price, itbms=rate)
    together = compute_totals(to_consumer(whole))
    apart = compute_totals(to_consumer(*[replace(whole, quantity=Decimal(1))] * parts))
    assert together.net_total == apart.net_total
    assert abs(together.itbms_total - apart.itbms_total) <= parts * Decimal("0.005") + Decimal("0.005")

    def lost(totals: Totals) -> Decimal:
        return sum((step.rounded - step.exact for step in totals.trace if step.rule == "2152"), Decimal(0))

    assert together.itbms_total - apart.itbms_total == lost(together) - lost(apart)


@given(some_lines())
def test_the_trace_explains_every_figure(lines):
    totals = compute_totals(to_consumer(*lines))
    steps = {(step.path, step.field): step for step in totals.trace}
    for place, line in enumerate(totals.lines):
        assert steps[("lines", place), "dPrItem"].rounded == line.line_net
        assert steps[("lines", place), "dValITBMS"].rounded == line.itbms_amount
        assert steps[("lines", place), "dValTotItem"].rounded == line.line_total
    for field, figure in (("dTotNeto", totals.net_total), ("dTotGravado", totals.tax_total), ("dVTot", totals.total)):
        assert steps[(), field].rounded == figure
    assert all(step.spelled for step in totals.trace)
    assert all(abs(step.rounded - step.exact) <= Decimal("0.005") for step in totals.trace)


def shelf(price: str, quantity: str = "1", rate: ItbmsRate = ItbmsRate.GENERAL_7, discount: str = "0") -> Totals:
    line = DraftLine(
        description="Artículo",
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        unit_discount=Decimal(discount),
        itbms=rate,
    )
    return compute_totals(to_consumer(line, prices_include_itbms=True))


def test_a_shelf_price_of_one_balboa_comes_to_one_balboa():
    totals = shelf("1.00")
    assert (totals.total, totals.net_total, totals.itbms_total) == (Decimal("1.00"), Decimal("0.93"), Decimal("0.07"))
    assert totals.shelf_difference == 0


def test_a_shelf_price_keeps_its_discount():
    totals = shelf("10.70", "3", discount="1.07")
    assert totals.total == Decimal("28.89")
    assert (totals.lines[0].unit_price, totals.lines[0].unit_discount) == (Decimal("10.00"), Decimal("1.00"))


def reachable(total: Decimal, rate: ItbmsRate) -> bool:
    """Whether any net amount in cents, with its tax rounded half-up, comes to ``total``; by trying them all nearby."""
    wanted, percent = int(total * 100), int(rate.fraction * 100)
    nearest = wanted * 100 // (100 + percent)
    return any(net + (net * percent + 50) // 100 == wanted for net in range(max(0, nearest - 3), nearest + 4))


@given(cents("0.01", "2000.00"), st.integers(1, 300), st.sampled_from(ItbmsRate))
def test_a_shelf_total_is_met_to_the_cent_whenever_any_net_amount_meets_it(price, quantity, rate):
    totals = shelf(str(price), str(quantity), rate)
    assert totals.shelf_total == price * quantity
    if reachable(totals.shelf_total, rate):
        assert totals.total == totals.shelf_total
    else:
        assert abs(totals.shelf_difference) == UNIT


@given(cents("0.01", "2000.00"), st.integers(1, 300), st.sampled_from(ItbmsRate), st.sampled_from(["0", "0.5", "1"]))
def test_a_shelf_price_still_obeys_the_dgis_rules(price, quantity, rate, share):
    discount = (price * Decimal(share)).quantize(CENT)
    line = replace(LINE, quantity=Decimal(quantity), unit_price=price, unit_discount=discount, itbms=rate)
    draft = to_consumer(line, prices_include_itbms=True)
    assert check_dgi_document(in_dgi_fields(draft, compute_totals(draft))) == []
