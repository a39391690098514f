"""Check the arithmetic of a document written in the DGI's own field names (section 8.4 of the technical sheet).

It shares no code with ``core.totals``: it reads finished figures, each comparison within 0.01, and names the rules
that they break. The shape is ``{"items": [...], "tot": {...}}`` with amounts as strings.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.errors import IstmoError, Path, Wording
from core.money import TOLERANCE, exact_arithmetic, parse_amount

MOST_ITEMS = 1000
_RATES = {"00": Decimal(0), "01": Decimal("0.07"), "02": Decimal("0.10"), "03": Decimal("0.15")}
_RETENTION_SHARES = {"1": Decimal(1), "2": Decimal("0.5"), "3": Decimal(1), "4": Decimal("0.5"), "7": Decimal("0.5")}


class MalformedDgiDocumentError(IstmoError):
    """The file has not the shape that can be checked; ``path`` says where."""

    code = "malformed_dgi_document"
    wording = Wording("{field} must be {expected}.", "{field} debe ser {expected}.")
    advice = Wording(
        'Give {{"items": [...], "tot": {{...}}}} in the DGI\'s field names, amounts as strings.',
        'Use {{"items": [...], "tot": {{...}}}} con los nombres de la DGI y montos como texto.',
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    sequence: object
    quantity: Decimal
    unit_price: Decimal
    unit_discount: Decimal
    net: Decimal
    freight: Decimal
    insurance: Decimal
    rate: str
    itbms: Decimal
    isc: Decimal
    oti: tuple[tuple[object, Decimal], ...]
    total: Decimal


def check_dgi_document(data: Mapping[str, object]) -> list[str]:
    """The rules that the document breaks, sorted; empty when its arithmetic holds.

    Change and retention have no rule number and are named by their fields, dVuelto and cValRetenc. Raises
    MalformedDgiDocumentError for a wrong shape, MoneyNotAStringError and MalformedAmountError for wrong amounts.
    """
    items_data, tot = data.get("items"), data.get("tot")
    if not isinstance(items_data, Sequence) or isinstance(items_data, str):
        raise _malformed(("items",), "items", Wording("a list", "una lista"))
    if len(items_data) > MOST_ITEMS:
        raise _malformed(("items",), "items", Wording("at most 1000", "a lo sumo 1000"))
    if not isinstance(tot, Mapping):
        raise _malformed(("tot",), "tot", Wording("an object", "un objeto"))
    items = [_read_item(item, place) for place, item in enumerate(items_data)]
    totals = _Fields(tot, ("tot",))
    with exact_arithmetic():
        broken = {rule for item in items for rule in _broken_by_item(item)}
        broken.update(_broken_by_list(items))
        broken.update(_broken_by_totals(items, totals))
    return sorted(broken)


class _Fields:
    """Reads amounts by their DGI name; an absent one is zero unless it is needed."""

    def __init__(self, data: Mapping[str, object], path: Path) -> None:
        self._data = data
        self._path = path

    def amount(self, name: str, *, needed: bool = False) -> Decimal:
        """Within the widest field: 11 digits and 6 decimals."""
        value = self._data.get(name)
        if value is None:
            if needed:
                raise _malformed((*self._path, name), name, Wording("present", "obligatorio"))
            return Decimal(0)
        return parse_amount(value, (*self._path, name), integer_digits=11)

    def raw(self, name: str) -> object:
        """The value as it came."""
        return self._data.get(name)

    def amounts(self, name: str) -> list[Decimal] | None:
        """A list of amounts, or None when it is absent."""
        values = self._data.get(name)
        if values is None:
            return None
        if not isinstance(values, Sequence) or isinstance(values, str):
            raise _malformed((*self._path, name), name, Wording("a list", "una lista"))
        return [
            parse_amount(value, (*self._path, name, place), integer_digits=11) for place, value in enumerate(values)
        ]


def _read_item(data: object, place: int) -> _Item:
    path: Path = ("items", place)
    if not isinstance(data, Mapping):
        raise _malformed(path, "items", Wording("a list of objects", "una lista de objetos"))
    fields = _Fields(data, path)
    rate = fields.raw("dTasaITBMS")
    return _Item(
        sequence=fields.raw("dSecItem"),
        quantity=fields.amount("dCantCodInt", needed=True),
        unit_price=fields.amount("dPrUnit", needed=True),
        unit_discount=fields.amount("dPrUnitDesc"),
        net=fields.amount("dPrItem", needed=True),
        freight=fields.amount("dPrAcarItem"),
        insurance=fields.amount("dPrSegItem"),
        rate=rate if isinstance(rate, str) else "",
        itbms=fields.amount("dValITBMS", needed=True),
        isc=fields.amount("dValISC"),
        oti=tuple(_read_oti(fields.raw("oti"), path)),
        total=fields.amount("dValTotItem", needed=True),
    )


def _read_oti(data: object, path: Path) -> Iterator[tuple[object, Decimal]]:
    if data is None:
        return
    if not isinstance(data, Sequence) or isinstance(data, str):
        raise _malformed((*path, "oti"), "oti", Wording("a list", "una lista"))
    for place, charge in enumerate(data):
        if not isinstance(charge, Mapping):
            raise _malformed((*path, "oti", place), "oti", Wording("a list of objects", "una lista de objetos"))
        fields = _Fields(charge, (*path, "oti", place))
        yield fields.raw("dCodOTI"), fields.amount("dValOTI", needed=True)


def _broken_by_item(item: _Item) -> Iterator[str]:
    if item.unit_discount and not item.unit_price:
        yield "2052"
    elif item.unit_discount > item.unit_price:
        yield "2051"
    if _differ(item.net, item.quantity * (item.unit_price - item.unit_discount)):
        yield "2053"
    if item.rate not in _RATES:
        yield "2150"
    elif _differ(item.itbms, _RATES[item.rate] * item.net):
        yield "2152"
    other_taxes = item.isc + sum(amount for _, amount in item.oti)
    if _differ(item.total, item.net + item.freight + item.insurance + item.itbms + other_taxes):
        yield "2056"
    codes = [str(code) for code, _ in item.oti]
    if len(set(codes)) != len(codes):
        yield "2300"


def _broken_by_list(items: list[_Item]) -> Iterator[str]:
    if not items:
        yield "2000"
    sequences = [str(item.sequence) for item in items if item.sequence is not None]
    if len(set(sequences)) != len(sequences):
        yield "2001"


def _broken_by_totals(items: list[_Item], totals: _Fields) -> Iterator[str]:
    zero = Decimal(0)
    itbms = totals.amount("dTotITBMS")
    oti = sum((amount for item in items for _, amount in item.oti), zero)
    lines_total = totals.amount("dVTotItems", needed=True)
    freight, insurance = totals.amount("dTotAcar"), totals.amount("dTotSeg")
    total, received = totals.amount("dVTot", needed=True), totals.amount("dTotRec", needed=True)
    gross = lines_total + freight + insurance + totals.amount("dTotOtrosGastos") - totals.amount("dTotDesc")
    payments = totals.amounts("dVlrCuota")
    comparisons = (
        ("2500", totals.amount("dTotNeto", needed=True), sum((item.net for item in items), zero)),
        ("2501", itbms, sum((item.itbms for item in items), zero)),
        ("2503", totals.amount("dTotGravado", needed=True), itbms + totals.amount("dTotISC") + oti),
        ("2514", lines_total, sum((item.total for item in items), zero)),
        ("2507", total, gross),
        ("2510", received, received if payments is None else sum(payments, zero)),
        ("dVuelto", totals.amount("dVuelto"), received - total),
    )
    yield from (rule for rule, stated, computed in comparisons if _differ(stated, computed))
    count = totals.raw("dNroItems")
    if count is not None and str(count) != str(len(items)):
        yield "2513"
    if freight and any(item.freight for item in items):
        yield from ("2054", "2505")
    if insurance and any(item.insurance for item in items):
        yield from ("2055", "2506")
    share = _RETENTION_SHARES.get(str(totals.raw("cCodRetenc")))
    if share is not None and _differ(totals.amount("cValRetenc"), share * itbms):
        yield "cValRetenc"


def _differ(stated: Decimal, computed: Decimal) -> bool:
    return abs(stated - computed) > TOLERANCE


def _malformed(path: Path, field: str, expected: Wording) -> MalformedDgiDocumentError:
    return MalformedDgiDocumentError(path=path, field=field, expected=expected)
