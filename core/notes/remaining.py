"""What is left of an invoice after the credit notes that count against it, to the cent."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.codes import OtiCode
from core.documents import DocumentMode, FiscalDocument
from core.drafts import Draft, DraftLine, OtiCharge
from core.line_totals import LineTotals
from core.money import exact_arithmetic, round_amount
from core.notes.pieces import is_takeable
from core.totals import Totals

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRest:
    """What is left of one line. ``drafted`` and ``figures`` are the invoice's own, prices before tax."""

    position: int  # 1 is the first
    drafted: DraftLine
    figures: LineTotals
    quantity: Decimal
    net: Decimal
    itbms: Decimal
    isc: Decimal
    oti: tuple[OtiCharge, ...]  # one for each of the invoice line's codes
    freight: Decimal
    insurance: Decimal

    @property
    def net_with_itbms(self) -> Decimal:
        """What is left in terms of a price with tax."""
        with exact_arithmetic():
            return self.net + self.itbms

    @property
    def has_money(self) -> bool:
        """Whether any amount of it is left."""
        charges = (charge.amount for charge in self.oti)
        return any((self.net, self.itbms, self.isc, *charges, self.freight, self.insurance))

    @property
    def is_left(self) -> bool:
        """Whether a note of everything that is left has this line: money, or units that never cost any."""
        return self.has_money or (self.quantity > 0 and not self.figures.line_total)

    @property
    def total(self) -> Decimal:
        """Every amount of it together."""
        with exact_arithmetic():
            charges = sum((charge.amount for charge in self.oti), NOTHING)
            return self.net + self.itbms + self.isc + charges + self.freight + self.insurance


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """What is left of a whole invoice: its lines, and what it charges and grants beside them."""

    lines: tuple[LineRest, ...]
    discount: Decimal
    freight: Decimal
    insurance: Decimal
    other_charges: Decimal
    retention: Decimal

    @property
    def lines_total(self) -> Decimal:
        """What is left of all lines, taxes included."""
        with exact_arithmetic():
            return sum((line.total for line in self.lines), NOTHING)

    @property
    def total(self) -> Decimal:
        """What the receiver could still be given back."""
        with exact_arithmetic():
            return self.lines_total + self.freight + self.insurance + self.other_charges - self.discount

    @property
    def is_anything(self) -> bool:
        """Whether a note could be made of it."""
        return any(line.is_left for line in self.lines)

    @property
    def can_be_finished(self) -> bool:
        """Whether one note could take all of it, and nothing has a negative rest."""
        beside = (self.discount, self.freight, self.insurance, self.other_charges)
        if min((*beside, self.total)) < 0 or not all(map(_can_be_finished, self.lines)):
            return False
        return self.is_anything or not any(beside)


def counts_against_invoice(note: FiscalDocument) -> bool:
    """Whether a note lowers what may still be credited: a DGI credit note that may be, or become, authorised."""
    return note.document_type.is_credit_note and note.mode is DocumentMode.DGI and note.may_count


def remaining_of(invoice: FiscalDocument, notes: Iterable[FiscalDocument]) -> Rest:
    """``notes``: those that name the invoice, of whatever kind and state."""
    rest = whole_of(invoice)
    for note in notes:
        if counts_against_invoice(note):
            rest = without(rest, note.draft, note.totals)
    return rest


def creditable_of(invoice: FiscalDocument, notes: Iterable[FiscalDocument]) -> Rest:
    """What notes could still take: nothing of an invoice that is void, may become so, or can never count."""
    if invoice.is_dead or (invoice.void is not None and invoice.void.stands):
        return Rest(
            lines=(), discount=NOTHING, freight=NOTHING, insurance=NOTHING, other_charges=NOTHING, retention=NOTHING
        )
    return remaining_of(invoice, notes)


def whole_of(invoice: FiscalDocument) -> Rest:
    """Everything that an invoice billed."""
    draft, totals = invoice.draft, invoice.totals
    pairs = zip(draft.lines, totals.lines, strict=True)
    return Rest(
        lines=tuple(_whole_line(place, *pair) for place, pair in enumerate(pairs, start=1)),
        discount=totals.discount_total,
        freight=totals.freight_total,
        insurance=totals.insurance_total,
        other_charges=totals.other_charges,
        retention=totals.retention_amount or NOTHING,
    )


def without(rest: Rest, draft: Draft, totals: Totals) -> Rest:
    """``rest`` less one note. Amounts fall below zero where the note takes more than there is."""
    taken: dict[int, list[tuple[DraftLine, LineTotals]]] = {}
    for drafted, figures in zip(draft.lines, totals.lines, strict=True):
        if drafted.invoice_line is not None:
            taken.setdefault(drafted.invoice_line, []).append((drafted, figures))
    with exact_arithmetic():
        return Rest(
            lines=tuple(_line_without(line, taken.get(line.position, ())) for line in rest.lines),
            discount=rest.discount - totals.discount_total,
            freight=rest.freight - totals.freight_total,
            insurance=rest.insurance - totals.insurance_total,
            other_charges=rest.other_charges - totals.other_charges,
            retention=rest.retention - (totals.retention_amount or NOTHING),
        )


def _whole_line(place: int, drafted: DraftLine, figures: LineTotals) -> LineRest:
    return LineRest(
        position=place,
        drafted=drafted,
        figures=figures,
        quantity=drafted.quantity,
        net=figures.line_net,
        itbms=figures.itbms_amount,
        isc=figures.isc_amount,
        oti=tuple(OtiCharge(code=charge.code, amount=round_amount(charge.amount)) for charge in drafted.oti),
        freight=figures.freight,
        insurance=figures.insurance,
    )


def _line_without(line: LineRest, taken: Iterable[tuple[DraftLine, LineTotals]]) -> LineRest:
    quantity, net, itbms, isc = line.quantity, line.net, line.itbms, line.isc
    oti, freight, insurance = line.oti, line.freight, line.insurance
    for drafted, figures in taken:
        quantity -= drafted.returned or NOTHING
        net, itbms, isc = net - figures.line_net, itbms - figures.itbms_amount, isc - figures.isc_amount
        oti = tuple(_oti_without(oti, drafted.oti))
        freight, insurance = freight - figures.freight, insurance - figures.insurance
    return LineRest(
        position=line.position,
        drafted=line.drafted,
        figures=line.figures,
        quantity=quantity,
        net=net,
        itbms=itbms,
        isc=isc,
        oti=oti,
        freight=freight,
        insurance=insurance,
    )


def _oti_without(left: Iterable[OtiCharge], taken: Iterable[OtiCharge]) -> Iterator[OtiCharge]:
    amounts: dict[OtiCode, Decimal] = {charge.code: round_amount(charge.amount) for charge in taken}
    for charge in left:
        yield OtiCharge(code=charge.code, amount=charge.amount - amounts.get(charge.code, NOTHING))


def _can_be_finished(line: LineRest) -> bool:
    beside = (line.quantity, line.isc, line.freight, line.insurance, *(charge.amount for charge in line.oti))
    return min(beside) >= 0 and is_takeable(line.net, line.itbms, line.drafted.itbms)
