"""The arithmetic of one item, with the trace of every figure (rules 2053, 2152, 2056)."""

from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from core.drafts import DraftLine
from core.errors import Path
from core.money import UNIT, amount_text, round_amount, round_to_six, trim_decimals

NO_AMOUNT = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceStep:
    """How one figure came about: the operation on its terms, exact and rounded, and the DGI's rule for it."""

    path: Path  # of the line, or () for the document
    field: str  # the DGI's name of the figure
    operation: str  # "{0} × ({1} - {2})"; the places are ``terms``
    terms: tuple[Decimal, ...]
    exact: Decimal
    rounded: Decimal
    rule: str | None

    @property
    def spelled(self) -> str:
        """The operation with its figures: ``3 × (40.00 - 2.50)``."""
        return self.operation.format(*(amount_text(term) for term in self.terms))


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTotals:
    """The figures of an item. Prices are before tax whatever the draft says, amounts have two decimals."""

    unit_price: Decimal
    unit_discount: Decimal
    net_unit_price: Decimal
    line_net: Decimal  # dPrItem
    itbms_amount: Decimal  # dValITBMS
    itbms_six_decimals: Decimal  # the same tax without rounding to cents, for the warning about the PAC's rounding
    isc_amount: Decimal
    oti_amount: Decimal
    freight: Decimal
    insurance: Decimal
    line_total: Decimal  # dValTotItem: gross
    shelf_total: Decimal | None  # what quantity × price with ITBMS says, when prices include it


def compute_line(line: DraftLine, place: int, *, includes_itbms: bool) -> tuple[LineTotals, list[TraceStep]]:
    """The item at ``place`` (0 is the first). Must run within ``exact_arithmetic``."""
    price = _price_before_tax(line) if includes_itbms else _price_as_given(line)
    exact_net = line.quantity * (price.unit_price - price.unit_discount)
    line_net = round_amount(exact_net)
    exact_itbms = line.itbms.fraction * line_net
    itbms = round_amount(exact_itbms)
    exact_isc = _exact_isc(line, line_net)
    isc = round_amount(exact_isc)
    exact_oti = sum((charge.amount for charge in line.oti), NO_AMOUNT)
    oti = sum((round_amount(charge.amount) for charge in line.oti), NO_AMOUNT)
    freight, insurance = round_amount(line.freight), round_amount(line.insurance)
    total = line_net + freight + insurance + itbms + isc + oti
    step = partial(TraceStep, path=("lines", place))
    trace = [
        step(
            field="dPrItem",
            operation="{0} × ({1} - {2})",
            terms=(line.quantity, price.unit_price, price.unit_discount),
            exact=exact_net,
            rounded=line_net,
            rule="2053",
        ),
        step(
            field="dValITBMS",
            operation="{0} × {1}",
            terms=(line.itbms.fraction, line_net),
            exact=exact_itbms,
            rounded=itbms,
            rule="2152",
        ),
        *_other_tax_steps(line, place, (line_net, exact_isc, isc, exact_oti, oti)),
        step(
            field="dValTotItem",
            operation="{0} + {1} + {2} + {3} + {4} + {5}",
            terms=(line_net, freight, insurance, itbms, isc, oti),
            exact=total,
            rounded=total,
            rule="2056",
        ),
    ]
    if price.shelf_total is not None:
        shelf = step(
            field="shelf",
            operation="{0} × ({1} - {2})",
            terms=(line.quantity, line.unit_price, line.unit_discount),
            exact=line.quantity * (line.unit_price - line.unit_discount),
            rounded=price.shelf_total,
            rule=None,
        )
        trace.insert(0, shelf)
    figures = LineTotals(
        unit_price=price.unit_price,
        unit_discount=price.unit_discount,
        net_unit_price=price.unit_price - price.unit_discount,
        line_net=line_net,
        itbms_amount=itbms,
        itbms_six_decimals=round_to_six(line.itbms.fraction * round_to_six(exact_net)),
        isc_amount=isc,
        oti_amount=oti,
        freight=freight,
        insurance=insurance,
        line_total=total,
        shelf_total=price.shelf_total,
    )
    return figures, trace


@dataclass(frozen=True, slots=True, kw_only=True)
class _Price:
    unit_price: Decimal
    unit_discount: Decimal
    shelf_total: Decimal | None = None


def _price_as_given(line: DraftLine) -> _Price:
    return _Price(unit_price=line.unit_price, unit_discount=line.unit_discount)


def _price_before_tax(line: DraftLine) -> _Price:
    """A price before tax, of six decimals at most, whose line comes back to the shelf total where any does.

    A line's net amount and its tax are both whole cents, so at 7 % about 7 shelf totals in 107 cannot be met;
    for those the nearest net amount stands and the difference of one cent shows.
    """
    shelf_unit = line.unit_price - line.unit_discount
    shelf_total = round_amount(line.quantity * shelf_unit)
    divisor = 1 + line.itbms.fraction
    nearest = round_amount(shelf_total / divisor)
    wanted = next(
        (
            net
            for net in (nearest, nearest - UNIT, nearest + UNIT)
            if net + round_amount(line.itbms.fraction * net) == shelf_total
        ),
        nearest,
    )
    net_unit = round_to_six(shelf_unit / divisor)
    if round_amount(line.quantity * net_unit) != wanted and line.quantity:
        net_unit = round_to_six(wanted / line.quantity)
    net_unit = trim_decimals(net_unit)
    if not line.unit_discount:
        return _Price(unit_price=net_unit, unit_discount=line.unit_discount, shelf_total=shelf_total)
    unit_price = max(trim_decimals(round_to_six(line.unit_price / divisor)), net_unit)
    return _Price(unit_price=unit_price, unit_discount=trim_decimals(unit_price - net_unit), shelf_total=shelf_total)


def _other_tax_steps(line: DraftLine, place: int, figures: tuple[Decimal, ...]) -> list[TraceStep]:
    line_net, exact_isc, isc, exact_oti, oti = figures
    step = partial(TraceStep, path=("lines", place), rule=None)
    steps = []
    if line.isc_rate is not None:
        terms: tuple[Decimal, ...] = (line.isc_rate, line_net)
        steps.append(step(field="dValISC", operation="{0} × {1}", terms=terms, exact=exact_isc, rounded=isc))
    elif line.isc_amount is not None:
        terms = (line.isc_amount,)
        steps.append(step(field="dValISC", operation="{0}", terms=terms, exact=exact_isc, rounded=isc))
    if line.oti:
        operation = " + ".join(f"{{{position}}}" for position in range(len(line.oti)))
        terms = tuple(charge.amount for charge in line.oti)
        steps.append(step(field="dValOTI", operation=operation, terms=terms, exact=exact_oti, rounded=oti))
    return steps


def _exact_isc(line: DraftLine, line_net: Decimal) -> Decimal:
    if line.isc_rate is not None:
        return line.isc_rate * line_net
    return line.isc_amount if line.isc_amount is not None else Decimal(0)
