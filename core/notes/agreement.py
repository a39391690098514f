"""Whether an invoice agrees to a note that names it, under the lock of its row.

A void and a note of one invoice never both succeed, for each looks at the other under that lock (A25).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.documents import Change, DocumentMode, FiscalDocument
from core.drafts import Draft
from core.errors import Wording
from core.events import Event, EventKind
from core.failures import (
    CreditOvertakenError,
    InvoiceNotAuthorisedError,
    InvoiceVoidError,
    MalformedCreditError,
    NoteNeedsInvoiceError,
)
from core.identifiers import DocumentId
from core.money import amount_text
from core.notes.remaining import remaining_of, without
from core.ports.document_repository import Relative
from core.totals import Totals, compute_totals

_OF_NO_LINE = Wording(
    "it takes no line of the invoice back; make a new note with createCredit",
    "no devuelve ninguna línea de la factura; haga una nota nueva con createCredit",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingNote:
    """A note about to be recorded: what it says, under which id, and who wants it."""

    document_id: DocumentId
    draft: Draft
    at: datetime
    actor: str


def refuse_unfit(invoice: FiscalDocument) -> None:
    """Raise what keeps a note from naming a document.

    NoteNeedsInvoiceError: a note itself (1712 to 1716), a draft or an import. InvoiceVoidError: void, or its void was
    asked for and has not failed. InvoiceNotAuthorisedError: not DGI_AUTHORIZED, nor seen on the DGI's page.
    """
    if invoice.mode is not DocumentMode.DGI or not invoice.document_type.is_invoice:
        raise NoteNeedsInvoiceError(
            path=("invoiceId",),
            document_id=invoice.document_id,
            document_type=invoice.document_type.value,
            mode=invoice.mode.value,
        )
    if invoice.void is not None and invoice.void.stands:
        raise InvoiceVoidError(path=("invoiceId",), document_id=invoice.document_id)
    if not invoice.is_issued:
        raise InvoiceNotAuthorisedError(
            path=("invoiceId",),
            document_id=invoice.document_id,
            submission=invoice.submission.value,
            legal_status=invoice.legal_status.value,
        )


def credited(invoice_id: DocumentId, note: NamingNote) -> Relative:
    """The invoice of a credit note: it must be fit, and the note must leave a rest that can be credited to the cent.

    Raises MalformedCreditError for an item that takes no line of the invoice back: nothing would bound it. Agreeing
    raises what ``refuse_unfit`` raises, and CreditOvertakenError.
    """
    for place, line in enumerate(note.draft.lines):
        if line.invoice_line is None:
            raise MalformedCreditError(path=("lines", place), line=place + 1, problem=_OF_NO_LINE)
    totals = compute_totals(note.draft)

    def agree(invoice: FiscalDocument, notes: Sequence[FiscalDocument]) -> Change:
        refuse_unfit(invoice)
        if not without(remaining_of(invoice, notes), note.draft, totals).can_be_finished:
            raise CreditOvertakenError(path=("invoiceId",), document_id=invoice.document_id)
        return _noted(invoice, EventKind.CREDITED, note, totals)

    return Relative(document_id=invoice_id, agree=agree)


def debited(invoice_id: DocumentId, note: NamingNote) -> Relative:
    """The invoice of a debit note: it must be fit; what may be charged besides has no limit."""
    totals = compute_totals(note.draft)

    def agree(invoice: FiscalDocument, _: Sequence[FiscalDocument]) -> Change:
        refuse_unfit(invoice)
        return _noted(invoice, EventKind.DEBITED, note, totals)

    return Relative(document_id=invoice_id, agree=agree)


def _noted(invoice: FiscalDocument, kind: EventKind, note: NamingNote, totals: Totals) -> Change:
    facts = {"note": note.document_id, "total": amount_text(totals.total)}
    return Change(document=invoice, events=(Event(at=note.at, kind=kind, actor=note.actor, facts=facts),))
