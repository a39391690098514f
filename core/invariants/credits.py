"""Whether the credit notes of an invoice stay within it (I12, A24), and whether it is both void and credited (A25)."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from core.codes import ItbmsRate
from core.documents import DocumentMode, FiscalDocument
from core.invariants.faults import Fault
from core.invariants.findings import Findings, about
from core.money import amount_text, sum_amounts
from core.notes.remaining import counts_against_invoice, remaining_of


def check_credits(invoice: FiscalDocument, notes: Sequence[FiscalDocument]) -> Findings:
    """``notes``: all that name the document, read together. Late evidence can revive a note that was refused."""
    live = [note for note in notes if counts_against_invoice(note)]
    if not live or invoice.mode is not DocumentMode.DGI:
        return
    named = ", ".join(note.document_id for note in live[:3]) + (" ..." if len(live) > 3 else "")
    beyond = list(_beyond(invoice, live))
    if beyond:
        what = f"credit notes {named} take more than it billed: {', '.join(beyond[:5])}"
        yield about(invoice, Fault.CREDITS_EXCEED_INVOICE, what)
    if invoice.is_void:
        yield about(invoice, Fault.CREDITED_AND_VOID, f"it is void, and credit notes {named} name it")


def _beyond(invoice: FiscalDocument, live: Sequence[FiscalDocument]) -> Iterator[str]:
    """By the totals alone, per rate, and per line as the notes say that they take it back."""
    credited, billed = sum_amounts(note.totals.total for note in live), invoice.totals.total
    if credited > billed:
        yield f"{amount_text(credited)} of {amount_text(billed)}"
    own = _by_rate([invoice])
    for rate, (base, tax) in _by_rate(live).items():
        own_base, own_tax = own.get(rate, (Decimal(0), Decimal(0)))
        if base > own_base or tax > own_tax:
            yield f"ITBMS rate {rate.value}"
    for line in remaining_of(invoice, live).lines:
        if min(line.quantity, line.net, line.itbms) < 0:
            yield f"line {line.position}"


def _by_rate(documents: Sequence[FiscalDocument]) -> dict[ItbmsRate, tuple[Decimal, Decimal]]:
    rates = [total for document in documents for total in document.totals.rates]
    return {
        rate: (
            sum_amounts(each.base for each in rates if each.rate is rate),
            sum_amounts(each.itbms_amount for each in rates if each.rate is rate),
        )
        for rate in {each.rate for each in rates}
    }
