"""How much of one line a credit takes: net amount, tax and share of everything else, so that the rest stays exact.

A unit is worth what is left of its line, divided by the units that are left. So credits unit by unit reach the
invoice to the cent, and a unit on which money was given back before is worth less afterwards.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.drafts import ZERO, OtiCharge
from core.errors import Path, Wording
from core.failures import CreditAmountNotExactError, CreditExceedsInvoiceError, MalformedCreditError
from core.money import ITEM_DECIMALS, TOTAL_DECIMALS, UNIT, amount_text, decimals_of, exact_arithmetic, round_amount
from core.notes.pieces import in_cents, of_cents, tax_to_take
from core.notes.remaining import NOTHING, LineRest

_NOT_POSITIVE = Wording("quantity and amount are above zero", "la cantidad y el monto son mayores que cero")
_TOO_FINE = Wording(
    "a quantity has up to six decimals and an amount two", "la cantidad tiene hasta seis decimales y el monto dos"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCredit:
    """What a caller wants credited of one line of an invoice; neither quantity nor amount: all that is left of it.

    - ``quantity`` alone: so many units come back, at what they are worth.
    - ``amount`` alone: money is given back and no goods, in the terms of the invoice's prices: before tax, or with
      ITBMS where its prices include it.
    - both: so many units come back for that amount.
    """

    line: int  # its position on the invoice, 1 is the first
    quantity: Decimal | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a credit note takes of one line, every amount to the cent."""

    rest: LineRest  # what was left before
    quantity: Decimal
    net: Decimal
    itbms: Decimal
    isc: Decimal
    oti: tuple[OtiCharge, ...]
    freight: Decimal
    insurance: Decimal

    @property
    def total(self) -> Decimal:
        """Every amount together."""
        with exact_arithmetic():
            charges = sum((charge.amount for charge in self.oti), NOTHING)
            return self.net + self.itbms + self.isc + charges + self.freight + self.insurance


def take_all(rest: LineRest) -> Taken:
    """Everything that is left."""
    return _taken(rest, rest.quantity, rest.net, rest.itbms)


def take(rest: LineRest, wanted: LineCredit, *, includes_itbms: bool, path: Path) -> Taken:
    """What ``wanted`` takes of ``rest``.

    Raises MalformedCreditError, CreditExceedsInvoiceError, and CreditAmountNotExactError for an amount of money that
    would leave a tax that no later note could carry; a credit by units moves by a cent instead.
    """
    _refuse_malformed(wanted, path)
    if wanted.quantity is None and wanted.amount is None:
        if not rest.is_left:
            raise _excess(rest, includes_itbms=includes_itbms, path=path)
        return take_all(rest)
    money = rest.net_with_itbms if includes_itbms else rest.net
    is_too_much = (wanted.quantity or ZERO) > rest.quantity or (wanted.amount or ZERO) > money
    if is_too_much or not rest.is_left:
        raise _excess(rest, includes_itbms=includes_itbms, path=path)
    if wanted.quantity == rest.quantity and wanted.amount is None:
        return take_all(rest)
    aim = wanted.amount
    if aim is None:
        with exact_arithmetic():
            aim = round_amount(money * (wanted.quantity or ZERO) / rest.quantity)
    find = _with_itbms if includes_itbms else _before_tax
    for possible in _outwards(aim, money):
        found = find(rest, possible)
        if found is None or (wanted.amount is not None and not possible):
            continue
        if wanted.amount is not None and possible != wanted.amount:
            raise CreditAmountNotExactError(
                path=(*path, "amount"), line=rest.position, amount=wanted.amount, nearest=possible
            )
        return _taken(rest, wanted.quantity or ZERO, *found)
    raise ValueError(f"all of line {rest.position} cannot be credited")  # what is left can always be taken whole


def _before_tax(rest: LineRest, net: Decimal) -> tuple[Decimal, Decimal] | None:
    tax = tax_to_take(net, left_net=rest.net, left_itbms=rest.itbms, rate=rest.drafted.itbms)
    return None if tax is None else (net, tax)


def _with_itbms(rest: LineRest, gross: Decimal) -> tuple[Decimal, Decimal] | None:
    """The net amount and the tax that make up ``gross``: the ordinary ones where that will do."""
    with exact_arithmetic():
        ordinary = round_amount(gross / (1 + rest.drafted.itbms.fraction))
        for net in (ordinary, ordinary - UNIT, ordinary + UNIT, rest.net):
            found = _before_tax(rest, net) if 0 <= net <= rest.net else None
            if found is not None and sum(found) == gross:
                return found
    return None


def _outwards(aim: Decimal, most: Decimal) -> Iterator[Decimal]:
    """The amounts from zero to ``most``, the nearest to ``aim`` first."""
    start, end = in_cents(aim), in_cents(most)
    for distance in range(max(start, end - start) + 1):
        for cents in dict.fromkeys((start - distance, start + distance)):
            if 0 <= cents <= end:
                yield of_cents(cents)


def _taken(rest: LineRest, quantity: Decimal, net: Decimal, itbms: Decimal) -> Taken:
    share = _share_of(rest, quantity, net)
    return Taken(
        rest=rest,
        quantity=quantity,
        net=net,
        itbms=itbms,
        isc=share(rest.isc),
        oti=tuple(OtiCharge(code=charge.code, amount=share(charge.amount)) for charge in rest.oti),
        freight=share(rest.freight),
        insurance=share(rest.insurance),
    )


def _share_of(rest: LineRest, quantity: Decimal, net: Decimal) -> Callable[[Decimal], Decimal]:
    """The part of any other amount: as much as of the net amount, of the units where nothing else is left."""
    part, whole = (net, rest.net) if rest.net else (quantity, rest.quantity)

    def share(amount: Decimal) -> Decimal:
        with exact_arithmetic():
            return round_amount(amount * part / whole) if part != whole else amount

    return share


def _refuse_malformed(wanted: LineCredit, path: Path) -> None:
    given = [amount for amount in (wanted.quantity, wanted.amount) if amount is not None]
    if not all(amount.is_finite() and amount > 0 for amount in given):
        raise MalformedCreditError(path=path, line=wanted.line, problem=_NOT_POSITIVE)
    if decimals_of(wanted.quantity or ZERO) > ITEM_DECIMALS or decimals_of(wanted.amount or ZERO) > TOTAL_DECIMALS:
        raise MalformedCreditError(path=path, line=wanted.line, problem=_TOO_FINE)


def _excess(rest: LineRest, *, includes_itbms: bool, path: Path) -> CreditExceedsInvoiceError:
    money = rest.net_with_itbms if includes_itbms else rest.net
    return CreditExceedsInvoiceError(
        path=path, line=rest.position, quantity=amount_text(rest.quantity), amount=amount_text(money)
    )
