"""The totals of a document (section 8.4 of the technical sheet: rules 2500 to 2514), to the cent.

Each line is rounded, then the lines are summed: taxing the sum instead can be off by more than the DGI tolerates.
``tax_total`` is the DGI's dTotGravado: the sum of taxes, not the taxable base. Retention lowers nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from core.codes import ItbmsRate, OtiCode, PaymentForm, PaymentTime
from core.drafts import Draft, DraftInstalment, DraftPayment, OtiCharge
from core.line_totals import LineTotals, TraceStep, compute_line
from core.money import (
    ITEM_DECIMALS,
    TOTAL_INTEGER_DIGITS,
    MalformedAmountError,
    exact_arithmetic,
    round_amount,
    sum_amounts,
)

_WIDEST = 20  # digits before and after the point of anything that is computed at all
_ORDINARY = frozenset("0123456789.-")
_NO_AMOUNT = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTotal:
    """What one ITBMS rate adds up to: taxable base and tax."""

    rate: ItbmsRate
    base: Decimal
    itbms_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Every figure of a document. Amounts are balboas with two decimals."""

    lines: tuple[LineTotals, ...]
    rates: tuple[RateTotal, ...]  # only rates that occur, in the order of their codes
    net_total: Decimal  # dTotNeto (2500)
    itbms_total: Decimal  # dTotITBMS (2501)
    isc_total: Decimal  # dTotISC
    oti_totals: tuple[OtiCharge, ...]  # one per code, in the order of the codes
    oti_total: Decimal
    tax_total: Decimal  # dTotGravado (2503)
    discount_total: Decimal  # dTotDesc
    freight_total: Decimal  # dTotAcar: the document's own, without that of lines
    insurance_total: Decimal  # dTotSeg: likewise
    other_charges: Decimal  # dTotOtrosGastos
    lines_total: Decimal  # dVTotItems (2514)
    total: Decimal  # dVTot (2507)
    payments: tuple[DraftPayment, ...]  # at least one
    received: Decimal  # dTotRec (2510)
    change: Decimal  # dVuelto; 0.00 when payments do not reach the total
    instalments: tuple[DraftInstalment, ...]
    retention_amount: Decimal | None
    shelf_total: Decimal | None  # what the prices with ITBMS add up to, when the draft's include it
    # how every figure came about; follows from the draft, so that stored totals go without it
    trace: tuple[TraceStep, ...] = field(default=(), compare=False)

    @property
    def item_count(self) -> int:
        """dNroItems (2513)."""
        return len(self.lines)

    @property
    def shelf_difference(self) -> Decimal:
        """Net plus ITBMS of the lines, less the shelf total: 0.00 unless a shelf total cannot be met."""
        if self.shelf_total is None:
            return _NO_AMOUNT
        with exact_arithmetic():
            return self.net_total + self.itbms_total - self.shelf_total

    @property
    def itbms_total_six_decimals(self) -> Decimal:
        """The ITBMS when no line is rounded to cents; how a PAC may compute it."""
        return sum_amounts(line.itbms_six_decimals for line in self.lines)


def compute_totals(draft: Draft) -> Totals:
    """All figures of ``draft``. The caller's decimal context changes nothing.

    Judges nothing: ``core.preflight`` does. Raises MalformedAmountError for NaN, infinity and amounts far outside
    the format, which no arithmetic can be done on.
    """
    refuse_uncomputable(draft)
    with exact_arithmetic():
        return _compute(draft)


def refuse_uncomputable(draft: Draft) -> None:
    """Raise MalformedAmountError for the first amount that is not finite or has an absurd number of digits."""
    for amount in _amounts(draft):
        text = str(amount)  # much cheaper than as_tuple, which only strange amounts need
        if len(text) <= _WIDEST and _ORDINARY.issuperset(text):
            continue
        if not amount:
            continue
        if not amount.is_finite() or not -_WIDEST <= _lowest(amount) <= amount.adjusted() <= _WIDEST:
            raise MalformedAmountError(
                text=str(amount)[:40], integer_digits=TOTAL_INTEGER_DIGITS, decimals=ITEM_DECIMALS
            )


def _lowest(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return min(exponent, amount.adjusted()) if isinstance(exponent, int) else -_WIDEST - 1


def _amounts(draft: Draft) -> Iterator[Decimal]:
    for line in draft.lines:
        yield from (line.quantity, line.unit_price, line.unit_discount, line.freight, line.insurance)
        yield from (amount for amount in (line.isc_rate, line.isc_amount) if amount is not None)
        yield from (charge.amount for charge in line.oti)
    yield from (draft.freight, draft.insurance, draft.other_charges)
    yield from (discount.amount for discount in draft.discounts)
    yield from (payment.amount for payment in draft.payments)
    yield from (instalment.amount for instalment in draft.instalments)
    if draft.retention_amount is not None:
        yield draft.retention_amount


def _compute(draft: Draft) -> Totals:
    lines: list[LineTotals] = []
    trace: list[TraceStep] = []
    for place, line in enumerate(draft.lines):
        figures, steps = compute_line(line, place, includes_itbms=draft.prices_include_itbms)
        lines.append(figures)
        trace.extend(steps)
    summing = _Summing(trace)
    net_total = summing.of("dTotNeto", (line.line_net for line in lines), "2500")
    itbms_total = summing.of("dTotITBMS", (line.itbms_amount for line in lines), "2501")
    isc_total = summing.of("dTotISC", (line.isc_amount for line in lines), None)
    oti_totals = _oti_totals(draft)
    oti_total = summing.of("dTotOTI", (charge.amount for charge in oti_totals), None)
    tax_total = summing.of("dTotGravado", (itbms_total, isc_total, oti_total), "2503")
    lines_total = summing.of("dVTotItems", (line.line_total for line in lines), "2514")
    discount_total = sum_amounts(round_amount(discount.amount) for discount in draft.discounts)
    freight, insurance = round_amount(draft.freight), round_amount(draft.insurance)
    charges = round_amount(draft.other_charges)
    total = lines_total + freight + insurance + charges - discount_total
    trace.append(
        TraceStep(
            path=(),
            field="dVTot",
            operation="{0} + {1} + {2} + {3} - {4}",
            terms=(lines_total, freight, insurance, charges, discount_total),
            exact=total,
            rounded=total,
            rule="2507",
        )
    )
    payments = draft.payments or (_whole_payment(draft, total),)
    received = summing.of("dTotRec", (round_amount(payment.amount) for payment in payments), "2510")
    shelf_totals = [line.shelf_total for line in lines if line.shelf_total is not None]
    return Totals(
        lines=tuple(lines),
        rates=_rate_totals(draft, lines),
        net_total=net_total,
        itbms_total=itbms_total,
        isc_total=isc_total,
        oti_totals=oti_totals,
        oti_total=oti_total,
        tax_total=tax_total,
        discount_total=discount_total,
        freight_total=freight,
        insurance_total=insurance,
        other_charges=charges,
        lines_total=lines_total,
        total=total,
        payments=payments,
        received=received,
        change=max(received - total, _NO_AMOUNT),
        instalments=draft.instalments,
        retention_amount=_retention(draft, itbms_total, trace),
        shelf_total=sum_amounts(shelf_totals) if draft.prices_include_itbms else None,
        trace=tuple(trace),
    )


class _Summing:
    """Sums that leave a step in the trace."""

    def __init__(self, trace: list[TraceStep]) -> None:
        self._trace = trace

    def of(self, field: str, amounts: Iterable[Decimal], rule: str | None) -> Decimal:
        terms = tuple(amounts)
        result = sum_amounts(terms)
        operation = " + ".join(f"{{{place}}}" for place in range(len(terms))) or "0"
        self._trace.append(
            TraceStep(
                path=(),
                field=field,
                operation=operation,
                terms=terms,
                exact=result,
                rounded=result,
                rule=rule,
            )
        )
        return result


def _oti_totals(draft: Draft) -> tuple[OtiCharge, ...]:
    amounts: dict[OtiCode, Decimal] = {}
    for line in draft.lines:
        for charge in line.oti:
            amounts[charge.code] = amounts.get(charge.code, _NO_AMOUNT) + round_amount(charge.amount)
    return tuple(OtiCharge(code=code, amount=amounts[code]) for code in sorted(amounts))


def _rate_totals(draft: Draft, lines: list[LineTotals]) -> tuple[RateTotal, ...]:
    by_rate: dict[ItbmsRate, tuple[Decimal, Decimal]] = {}
    for drafted, line in zip(draft.lines, lines, strict=True):
        base, itbms = by_rate.get(drafted.itbms, (_NO_AMOUNT, _NO_AMOUNT))
        by_rate[drafted.itbms] = (base + line.line_net, itbms + line.itbms_amount)
    return tuple(RateTotal(rate=rate, base=by_rate[rate][0], itbms_amount=by_rate[rate][1]) for rate in sorted(by_rate))


def _whole_payment(draft: Draft, total: Decimal) -> DraftPayment:
    form = PaymentForm.CASH if draft.payment_time is PaymentTime.IMMEDIATE else PaymentForm.CREDIT
    return DraftPayment(form=form, amount=max(total, _NO_AMOUNT))


def _retention(draft: Draft, itbms_total: Decimal, trace: list[TraceStep]) -> Decimal | None:
    if draft.retention is None:
        return None
    fraction = draft.retention.fraction
    if fraction is None:
        return None if draft.retention_amount is None else round_amount(draft.retention_amount)
    exact = fraction * itbms_total
    rounded = round_amount(exact)
    trace.append(
        TraceStep(
            path=(),
            field="cValRetenc",
            operation="{0} × {1}",
            terms=(fraction, itbms_total),
            exact=exact,
            rounded=rounded,
            rule=None,
        )
    )
    return rounded
