"""A debit note that names its invoice: interest or an adjustment in lines of the caller's own."""

from dataclasses import dataclass

from core.codes import DocumentType, OperationType, PaymentTime
from core.documents import FiscalDocument
from core.drafts import Draft, DraftInstalment, DraftLine, DraftPayment, Modification
from core.notes.crediting import reference_to
from core.usual_terms import usual_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitTerms:
    """What a debit note charges and says."""

    lines: tuple[DraftLine, ...]
    reason: str  # the note's free text
    modification: Modification = Modification.ADJUSTMENT  # or INTEREST
    prices_include_itbms: bool = False
    payments: tuple[DraftPayment, ...] = ()
    payment_time: PaymentTime = PaymentTime.IMMEDIATE
    instalments: tuple[DraftInstalment, ...] = ()


def draft_debit(invoice: FiscalDocument, terms: DebitTerms) -> Draft:
    """The note for the invoice's receiver. Nothing is withheld: what it charges is not what the invoice sold."""
    billed = invoice.draft
    usual = usual_terms(DocumentType.REFERRING_DEBIT_NOTE)
    return Draft(
        document_type=DocumentType.REFERRING_DEBIT_NOTE,
        receiver=billed.receiver,
        lines=terms.lines,
        payments=terms.payments,
        payment_time=terms.payment_time,
        instalments=terms.instalments,
        prices_include_itbms=terms.prices_include_itbms,
        nature=usual.nature,
        sale_type=usual.sale_type,
        operation=OperationType.OUTGOING,
        destination=billed.destination,
        cafe_format=billed.cafe_format,
        cafe_delivery=billed.cafe_delivery,
        container=billed.container,
        references=(reference_to(invoice),),
        modification=terms.modification,
        export=billed.export,
        information=terms.reason,
    )
