"""What is taken of a line, as items of a note: each item's net amount and tax follow from quantity and price."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from core.drafts import ZERO, DraftLine
from core.money import exact_arithmetic, round_amount, round_to_six, trim_decimals
from core.notes.pieces import pieces_with_tax
from core.notes.remaining import LineRest
from core.notes.taking import Taken

_ROUNDING = "Ajuste de redondeo: "
_LONGEST_DESCRIPTION = 500
_ONE = Decimal(1)


def items_of(taken: Taken) -> Iterator[DraftLine]:
    """The line with its invoice's price where that gives the amount, then up to two items that mend the tax."""
    rest = taken.rest
    pieces = pieces_with_tax(taken.net, taken.itbms, rest.drafted.itbms)
    if pieces is None:
        raise ValueError(f"no items carry {taken.net} with {taken.itbms}")  # ``take`` gives no such amounts
    main = pieces[0] if pieces else taken.net
    charges = tuple(charge for charge in taken.oti if charge.amount)
    rate, amount = _isc(taken, main)
    yield replace(
        _priced(rest, taken.quantity, main),
        freight=taken.freight,
        insurance=taken.insurance,
        isc_rate=rate,
        isc_amount=amount,
        oti=charges,
        returned=taken.quantity,
    )
    for piece in pieces[1:]:
        description = f"{_ROUNDING}{rest.drafted.description}"[:_LONGEST_DESCRIPTION]
        yield replace(_money(rest, piece), description=description, code=None)


def _priced(rest: LineRest, quantity: Decimal, net: Decimal) -> DraftLine:
    """So many units for ``net``: at the invoice's price, else at their own, else as one piece of money."""
    if not quantity:
        return _money(rest, net)
    figures = rest.figures
    with exact_arithmetic():
        own = trim_decimals(round_to_six(net / quantity))
        for price, discount in ((figures.unit_price, figures.unit_discount), (own, ZERO)):
            if round_amount(quantity * (price - discount)) == net:
                return _line(rest, quantity, price, discount)
    return _money(rest, net)


def _money(rest: LineRest, net: Decimal) -> DraftLine:
    return replace(_line(rest, _ONE, net, ZERO), unit=None, cpbs_unit=None)


def _line(rest: LineRest, quantity: Decimal, price: Decimal, discount: Decimal) -> DraftLine:
    billed = rest.drafted
    return DraftLine(
        description=billed.description,
        quantity=quantity,
        unit_price=price,
        unit_discount=discount,
        itbms=billed.itbms,
        code=billed.code,
        unit=billed.unit,
        cpbs_code=billed.cpbs_code,
        cpbs_unit=billed.cpbs_unit,
        invoice_line=rest.position,
        returned=ZERO,
    )


def _isc(taken: Taken, main: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The rate where it gives the amount, else the amount itself."""
    billed = taken.rest.drafted
    if billed.isc_rate is None and billed.isc_amount is None:
        return None, None
    with exact_arithmetic():
        is_by_rate = billed.isc_rate is not None and round_amount(billed.isc_rate * main) == taken.isc
    return (billed.isc_rate, None) if is_by_rate else (None, taken.isc)
