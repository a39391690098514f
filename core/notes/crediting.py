"""A credit note that names its invoice: everything that is left of it, or parts of its lines.

The note copies the invoice: receiver, prices, discounts, rates and other taxes of the lines, and its part of what the
invoice charges and grants as a whole. Any sequence of notes reaches the invoice to the cent and never exceeds it,
because each one leaves a rest that a single note could take.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from core.codes import DocumentType, EmissionType, OperationType, PaymentTime, RetentionCode
from core.documents import FiscalDocument
from core.drafts import Draft, DraftDiscount, DraftPayment, DraftReference, Modification
from core.errors import Path, Wording
from core.failures import MalformedCreditError, NothingLeftToCreditError
from core.money import TOLERANCE, exact_arithmetic, round_amount
from core.notes.items import items_of
from core.notes.remaining import NOTHING, Rest, remaining_of
from core.notes.taking import LineCredit, Taken, take, take_all
from core.totals import compute_totals
from core.usual_terms import usual_terms

_TWICE = Wording("it is given twice", "aparece dos veces")
_UNKNOWN = Wording("the invoice has no such line", "la factura no tiene esa línea")
_SHARED_DISCOUNT = "Descuento proporcional"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTerms:
    """What a credit note takes back and says. No lines: everything that is left of the invoice."""

    lines: tuple[LineCredit, ...] = ()
    reason: str  # the note's free text
    payments: tuple[DraftPayment, ...] = ()  # how it is given back; none: the whole in cash


def draft_credit(invoice: FiscalDocument, notes: Iterable[FiscalDocument], terms: CreditTerms) -> Draft:
    """The note as it would be issued now. ``notes``: those that name the invoice, of whatever kind and state.

    Raises NothingLeftToCreditError, MalformedCreditError, CreditExceedsInvoiceError and CreditAmountNotExactError.
    """
    rest = remaining_of(invoice, notes)
    if not rest.is_anything:
        raise NothingLeftToCreditError(path=("invoiceId",), document_id=invoice.document_id)
    taken = _taken(rest, terms.lines, includes_itbms=invoice.draft.prices_include_itbms)
    draft = _note(invoice, terms, taken)
    draft = _with_share_of_the_whole(invoice, draft, rest, taken)
    return replace(draft, modification=_modification(invoice, draft))


def reference_to(invoice: FiscalDocument) -> DraftReference:
    """How a note names its invoice: by CUFE and date."""
    return DraftReference(issued_at=invoice.issued_at, cufe=invoice.cufe or invoice.expected_cufe)


def _taken(rest: Rest, wanted: Sequence[LineCredit], *, includes_itbms: bool) -> tuple[Taken, ...]:
    if not wanted:
        return tuple(take_all(line) for line in rest.lines if line.is_left)
    lines = {line.position: line for line in rest.lines}
    taken: dict[int, Taken] = {}
    for place, credit in enumerate(wanted):
        path: Path = ("lines", place)
        problem = _TWICE if credit.line in taken else None if credit.line in lines else _UNKNOWN
        if problem is not None:
            raise MalformedCreditError(path=path, line=credit.line, problem=problem)
        taken[credit.line] = take(lines[credit.line], credit, includes_itbms=includes_itbms, path=path)
    return tuple(taken[position] for position in sorted(taken))


def _note(invoice: FiscalDocument, terms: CreditTerms, taken: Iterable[Taken]) -> Draft:
    billed = invoice.draft
    usual = usual_terms(DocumentType.REFERRING_CREDIT_NOTE)
    return Draft(
        document_type=DocumentType.REFERRING_CREDIT_NOTE,
        receiver=billed.receiver,
        lines=tuple(item for one in taken for item in items_of(one)),
        payments=terms.payments,
        payment_time=PaymentTime.IMMEDIATE,
        emission=EmissionType.PRIOR_NORMAL,
        nature=usual.nature,
        sale_type=usual.sale_type,
        operation=OperationType.OUTGOING,
        destination=billed.destination,
        cafe_format=billed.cafe_format,
        cafe_delivery=billed.cafe_delivery,
        container=billed.container,
        references=(reference_to(invoice),),
        export=billed.export,
        information=terms.reason,
    )


def _with_share_of_the_whole(invoice: FiscalDocument, draft: Draft, rest: Rest, taken: Sequence[Taken]) -> Draft:
    """With the note's part of what the invoice charges, grants and withholds; the last note has all of it."""
    with exact_arithmetic():
        part, whole = sum((one.total for one in taken), NOTHING), rest.lines_total
    is_last = _leaves_nothing(rest, taken)

    def share(amount: Decimal) -> Decimal:
        if is_last or not whole:
            return amount if is_last else NOTHING
        with exact_arithmetic():
            return round_amount(amount * part / whole)

    freight, insurance, charges = share(rest.freight), share(rest.insurance), share(rest.other_charges)
    with exact_arithmetic():
        gross = part + freight + insurance + charges
        # never below zero, and never more than what the receiver could still be given back
        discount = min(max(share(rest.discount), gross - rest.total), gross)
    retention, retention_amount = _withheld(invoice, rest, taken)
    return replace(
        draft,
        freight=freight,
        insurance=insurance,
        other_charges=charges,
        discounts=_discounts(invoice, discount),
        retention=retention,
        retention_amount=retention_amount,
    )


def _withheld(
    invoice: FiscalDocument, rest: Rest, taken: Iterable[Taken]
) -> tuple[RetentionCode | None, Decimal | None]:
    """The invoice's code where the note gives ITBMS back. An amount of its own follows the ITBMS and never exceeds it:
    neither the note's share nor what is left for the others."""
    code = invoice.draft.retention
    with exact_arithmetic():
        part, left = sum((one.itbms for one in taken), NOTHING), sum((line.itbms for line in rest.lines), NOTHING)
        if code is None or not part:
            return None, None
        if code.fraction is not None:
            return code, None
        amount = min(round_amount(max(rest.retention, NOTHING) * part / left), part)
    return (code, amount) if amount else (None, None)


def _leaves_nothing(rest: Rest, taken: Iterable[Taken]) -> bool:
    positions = {one.rest.position: one for one in taken}
    return all(line.position in positions and _is_all(positions[line.position]) for line in rest.lines if line.is_left)


def _is_all(one: Taken) -> bool:
    return one.total == one.rest.total and (one.rest.has_money or one.quantity == one.rest.quantity)


def _discounts(invoice: FiscalDocument, amount: Decimal) -> tuple[DraftDiscount, ...]:
    if not amount:
        return ()
    granted = invoice.draft.discounts
    if amount == invoice.totals.discount_total:
        return granted
    description = granted[0].description if len(granted) == 1 else _SHARED_DISCOUNT
    return (DraftDiscount(description=description, amount=amount),)


def _modification(invoice: FiscalDocument, draft: Draft) -> Modification:
    """Of the whole when the totals are the same within a cent, as the PAC has it."""
    with exact_arithmetic():
        difference = abs(compute_totals(draft).total - invoice.totals.total)
    return Modification.WHOLE if difference <= TOLERANCE else Modification.PART
