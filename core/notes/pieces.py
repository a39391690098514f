"""How a net amount gets the tax that is left for it, when every item's tax is computed from its own net amount.

The PAC computes ITBMS per item and takes none from us (rule 2152), so the tax of a note cannot be chosen: three
hammers of 12.50 carry 2.63, and one by one each would carry 0.88, together a cent too much. Two items of 12.49 and
0.01 carry 0.87. So an item may be given in up to three pieces whose taxes, each rounded, add up to what is left.
"""

from decimal import Decimal
from functools import lru_cache

from core.codes import ItbmsRate
from core.money import UNIT, exact_arithmetic

_CENTS = 100
Pieces = tuple[Decimal, ...]


def pieces_with_tax(net: Decimal, itbms: Decimal, rate: ItbmsRate) -> Pieces | None:
    """One to three net amounts, the largest first, that add up to ``net`` and whose taxes add up to ``itbms``.

    As few as will do; none for nothing at all. None: no three items of whole cents do it.
    """
    found = _split(in_cents(net), in_cents(itbms), _percent(rate))
    return None if found is None else tuple(of_cents(cents) for cents in sorted(found, reverse=True))


def tax_to_take(net: Decimal, *, left_net: Decimal, left_itbms: Decimal, rate: ItbmsRate) -> Decimal | None:
    """The tax that goes with ``net`` out of what is left, so that what stays can be taken by one later note.

    The tax that belongs to ``net`` by itself where that will do, else a cent less or more. None: with this amount
    the invoice could not be credited to the cent any more.
    """
    cents, left, left_tax, percent = in_cents(net), in_cents(left_net), in_cents(left_itbms), _percent(rate)
    own = _tax(cents, percent)
    for tax in (own, own - 1, own + 1):
        stays = (left - cents, left_tax - tax)
        is_possible = tax >= 0 and min(stays) >= 0 and _split(cents, tax, percent) is not None
        if is_possible and _split(*stays, percent) is not None:
            return of_cents(tax)
    return None


def is_takeable(net: Decimal, itbms: Decimal, rate: ItbmsRate) -> bool:
    """Whether one note can take exactly this."""
    return net >= 0 and itbms >= 0 and pieces_with_tax(net, itbms, rate) is not None


def _tax(cents: int, percent: int) -> int:
    """Half a cent goes up, as everywhere."""
    return (cents * percent + _CENTS // 2) // _CENTS


@lru_cache(maxsize=4096)
def _split(net: int, tax: int, percent: int) -> tuple[int, ...] | None:
    if net == 0:
        return () if tax == 0 else None
    own = _tax(net, percent)
    if own == tax:
        return (net,)
    if abs(own - tax) > 1:
        return None  # three roundings of less than half a cent each are never two cents off
    # the fraction of a cent that rounding takes or gives repeats with every balboa
    smallest = range(1, min(_CENTS, net - 1) + 1)
    for first in smallest:
        if _tax(first, percent) + _tax(net - first, percent) == tax:
            return (first, net - first)
    for first in smallest:
        for second in range(first, min(_CENTS, net - first - 1) + 1):
            third = net - first - second
            if _tax(first, percent) + _tax(second, percent) + _tax(third, percent) == tax:
                return (first, second, third)
    return None


def _percent(rate: ItbmsRate) -> int:
    return int(rate.fraction * 100)  # every rate of the DGI is a whole percentage (00 to 03)


def in_cents(amount: Decimal) -> int:
    """Whole cents of an amount of two decimals."""
    with exact_arithmetic():
        return int(amount * _CENTS)


def of_cents(cents: int) -> Decimal:
    """The amount of two decimals, whatever the caller's context."""
    with exact_arithmetic():
        return cents * UNIT
