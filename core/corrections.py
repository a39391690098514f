"""What can be done about a document that says something wrong: one way for each state that it can be in."""

from enum import Enum

from core.documents import FiscalDocument, LegalStatus, Submission
from core.errors import Wording


class Correction(Enum):
    """The way to correct a document, with what it is in words."""

    EDIT = Wording(
        "Change it with updateInvoice, take it back with cancelInvoice, or issue it with convertInvoiceToDgi.",
        "Modifíquelo con updateInvoice, retírelo con cancelInvoice o emítalo con convertInvoiceToDgi.",
    )
    NONE = Wording("Nothing is left to do: make a new document.", "No queda nada por hacer: cree otro documento.")
    READ_SUCCESSOR = Wording(
        "Another document took its place (replacedBy): correct that one.",
        "Otro documento ocupa su lugar (replacedBy): corrija ese.",
    )
    REISSUE = Wording("Make a corrected one with reissueDocument.", "Emita uno corregido con reissueDocument.")
    WAIT = Wording(
        "Wait until the PAC and the DGI have decided (isSettled), then look again.",
        "Espere a que el PAC y la DGI decidan (isSettled) y consulte de nuevo.",
    )
    DECIDE = Wording(
        "It may be at the PAC: nothing takes its place until that is known. Its diagnosis says what a person can do.",
        "Puede estar en el PAC: nada puede ocupar su lugar hasta saberlo. Su diagnóstico dice qué se puede hacer.",
    )
    VOID_OR_CREDIT = Wording(
        "Void it while its window is open (voidInvoice or voidCredit); afterwards credit an invoice with createCredit.",
        "Anúlelo dentro del plazo (voidInvoice o voidCredit); después acredite la factura con createCredit.",
    )
    CREDIT_GENERICALLY = Wording(
        "The PAC has no known way to void a debit note: give back what it charged with createGenericCredit.",
        "No se conoce forma de anular una nota de débito en el PAC: devuelva lo cobrado con createGenericCredit.",
    )

    @property
    def wording(self) -> Wording:
        """What to do, for people."""
        return self.value


def correction_of(document: FiscalDocument) -> Correction:
    """The way that is open now."""
    match document.submission:
        case _ if document.withdrawn_at is not None or document.is_void:
            return Correction.NONE
        case Submission.DRAFT:
            return Correction.EDIT
        case Submission.IMPORTED:
            return Correction.NONE
        case Submission.QUEUED | Submission.SENDING:
            return Correction.WAIT
        case Submission.IN_DOUBT | Submission.QUARANTINED:
            return Correction.DECIDE
        case Submission.REFUSED:
            return Correction.REISSUE if document.replaced_by is None else Correction.READ_SUCCESSOR
        case Submission.ACCEPTED if document.standing_status.is_rejected:
            return Correction.REISSUE if document.replaced_by is None else Correction.READ_SUCCESSOR
        case Submission.ACCEPTED if document.standing_status is not LegalStatus.DGI_AUTHORIZED:
            return Correction.WAIT
        case _ if document.document_type.is_debit_note:
            return Correction.CREDIT_GENERICALLY
        case _:
            return Correction.VOID_OR_CREDIT


def state_of(document: FiscalDocument) -> str:
    """The state in the API's words, for messages."""
    if document.withdrawn_at is not None:
        return "withdrawn"
    if document.is_void:
        return "void"
    if document.legal_status is LegalStatus.NONE:
        return document.submission.value
    state = f"{document.submission.value}, {document.legal_status.value}"
    is_elsewhere = document.standing_status is not document.legal_status
    return f"{state}, authorised under id {document.standing_id}" if is_elsewhere else state
