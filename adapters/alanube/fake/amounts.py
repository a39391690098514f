"""The fake's own arithmetic over a wire document (format section 5.3): each line half-up, then the sum.

How the PAC itself rounds is ASSUME-027; that payments are gross of retention is ASSUME-028.

It shares no code with the core on purpose: an error there must not agree with itself here.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from adapters.alanube.fake.wire import JsonObject

CENT = Decimal("0.01")
ZERO = Decimal(0)
ITBMS_RATES = {"00": ZERO, "01": Decimal("0.07"), "02": Decimal("0.10"), "03": Decimal("0.15")}


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAmounts:
    """One item in balboas, the DGI's names beside ours."""

    price: Decimal  # dPrUnit
    discount: Decimal  # dPrUnitDesc
    quantity: Decimal
    net: Decimal  # dPrItem = quantity x (price - discount)
    freight: Decimal
    insurance: Decimal
    itbms: Decimal  # dValITBMS
    isc: Decimal
    gross: Decimal  # dValTotItem


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentAmounts:
    """The whole document in balboas."""

    lines: tuple[LineAmounts, ...]
    net: Decimal  # dTotNeto
    itbms: Decimal  # dTotITBMS
    isc: Decimal
    taxes: Decimal  # dTotGravado: the sum of taxes, not the base
    items: Decimal  # dVTotItems
    freight: Decimal
    insurance: Decimal
    other: Decimal
    discounts: Decimal
    total: Decimal  # dVTot
    paid: Decimal  # dTotRec

    @property
    def change(self) -> Decimal:
        """dVuelto: what was paid above the total."""
        return self.paid - self.total


def to_cents(amount: Decimal) -> Decimal:
    """Two decimals, ties away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def number(holder: JsonObject, name: str) -> Decimal:
    """A number of a checked payload; absent is zero."""
    value = holder.get(name)
    return ZERO if value is None else Decimal(str(value))


def document_amounts(payload: JsonObject) -> DocumentAmounts:
    """All amounts of a payload that passed its shape."""
    lines = tuple(line_amounts(item) for item in payload["items"])
    totals = payload["totals"]
    itbms = sum((line.itbms for line in lines), ZERO)
    isc = sum((line.isc for line in lines), ZERO)
    items = sum((line.gross for line in lines), ZERO)
    freight, insurance = number(totals, "transport"), number(totals, "insurance")
    other = number(totals, "otherExpenses")
    discounts = sum((number(discount, "amount") for discount in totals.get("discounts", ())), ZERO)
    return DocumentAmounts(
        lines=lines,
        net=sum((line.net for line in lines), ZERO),
        itbms=itbms,
        isc=isc,
        taxes=itbms + isc,
        items=items,
        freight=freight,
        insurance=insurance,
        other=other,
        discounts=discounts,
        total=items + freight + insurance + other - discounts,
        paid=sum((number(payment, "amount") for payment in totals["paymentMethods"]), ZERO),
    )


def line_amounts(item: JsonObject) -> LineAmounts:
    """One item: net and each tax rounded to cents by themselves."""
    prices = item["prices"]
    price, discount = number(prices, "transfer"), number(prices, "discount")
    quantity = number(item, "quantity")
    net = to_cents(quantity * (price - discount))
    itbms = to_cents(net * ITBMS_RATES[item["itbms"]["rate"]])  # 2152: of dPrItem as it is written
    isc = _isc(item.get("isc") or {}, net)
    freight, insurance = number(prices, "transport"), number(prices, "insurance")
    return LineAmounts(
        price=price,
        discount=discount,
        quantity=quantity,
        net=net,
        freight=freight,
        insurance=insurance,
        itbms=itbms,
        isc=isc,
        gross=net + freight + insurance + itbms + isc,
    )


def _isc(isc: JsonObject, net: Decimal) -> Decimal:
    if "amount" in isc:
        return to_cents(number(isc, "amount"))
    return to_cents(net * number(isc, "rate"))


def is_number(value: object) -> bool:
    """Whether a value that may be text is a plain decimal."""
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False
