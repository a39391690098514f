"""Voids that are not possible, each with what to do instead."""

from core.errors import Category, IstmoError, Wording

_CREDIT_INSTEAD = Wording(
    "Make a credit note: createCredit, or voidInvoice with creditInstead: true.",
    "Haga una nota de crédito: createCredit, o voidInvoice con creditInstead: true.",
)


class VoidWindowClosedError(IstmoError):
    """A void was asked for after the window, which is counted in hours from the issue time."""

    code = "void_window_closed"
    category = Category.CONFLICT
    wording = Wording(
        "The document could be voided until {closed_at}.", "El documento se podía anular hasta {closed_at}."
    )
    advice = _CREDIT_INSTEAD


class VoidStandsError(IstmoError):
    """Another void of the document is under way or done."""

    code = "void_stands"
    category = Category.CONFLICT
    wording = Wording(
        "Another void of the document stands already: {state}, asked for at {requested_at}.",
        "El documento ya tiene otra anulación: {state}, pedida el {requested_at}.",
    )
    advice = Wording(
        "Read the document's void. Repeat a request with its own idempotency key.",
        "Consulte la anulación del documento. Repita una solicitud con su propia clave de idempotencia.",
    )


class VoidHasNotesError(IstmoError):
    """Live credit or debit notes name the document."""

    code = "void_has_notes"
    category = Category.CONFLICT
    wording = Wording(
        "Notes name the document, {document_id} first: an invoice is voided or credited, never both.",
        "Hay notas sobre el documento, primero {document_id}: una factura se anula o se acredita, nunca ambas.",
    )
    advice = Wording(
        "Void the credit notes first (voidCredit), or credit the rest (createCredit).",
        "Anule primero las notas de crédito (voidCredit) o acredite el resto (createCredit).",
    )


class VoidNeverSentError(IstmoError):
    """A draft was never sent, so that there is nothing to void."""

    code = "void_never_sent"
    category = Category.CONFLICT
    wording = Wording(
        "The document is a draft: the DGI never saw it.", "El documento es un borrador: no llegó a la DGI."
    )
    advice = Wording("Withdraw it: cancelInvoice.", "Retírelo: cancelInvoice.")


class VoidOfImportError(IstmoError):
    """Somebody else's document can be voided by its issuer alone."""

    code = "void_of_import"
    category = Category.CONFLICT
    wording = Wording(
        "The document is an import: only its issuer can void it.",
        "El documento es importado: solo su emisor puede anularlo.",
    )
    advice = Wording(
        "Ask the issuer, or withdraw the import: cancelInvoice.",
        "Pídalo al emisor o retire lo importado: cancelInvoice.",
    )


class VoidNeverIssuedError(IstmoError):
    """A refused or rejected document does not exist for the DGI."""

    code = "void_never_issued"
    category = Category.CONFLICT
    wording = Wording(
        "The document is {status}: it does not exist for the DGI and needs no void.",
        "El documento está {status}: para la DGI no existe y no hay que anularlo.",
    )
    advice = Wording(
        "Nothing is owed under it. To bill again, correct it: reissueDocument.",
        "No obliga a nada. Para facturar de nuevo, corríjalo: reissueDocument.",
    )


class VoidIdUnknownError(IstmoError):
    """The PAC voids by its own id, which nobody told us."""

    code = "void_id_unknown"
    category = Category.CONFLICT
    wording = Wording(
        "The document is issued, but the PAC's id for it is not known, and the PAC voids by that id alone.",
        "El documento está emitido, pero no se conoce su identificador en el PAC, que anula solo por él.",
    )
    advice = Wording(
        "Ask the PAC for the id and adopt it (adoptPacDocument), or make a credit note (createCredit).",
        "Pida al PAC el identificador y adóptelo (adoptPacDocument), o haga una nota de crédito (createCredit).",
    )


class VoidOfDebitError(IstmoError):
    """No endpoint of the PAC is known that voids a debit note."""

    code = "void_of_debit_not_supported"
    category = Category.CONFLICT
    wording = Wording(
        "No way is known to void a debit note at the PAC.", "No se conoce cómo anular una nota de débito en el PAC."
    )
    advice = Wording(
        "Make a generic credit note of its amount, or have the PAC void it and confirm it (confirmVoided).",
        "Haga una nota de crédito genérica por su monto, o pida la anulación al PAC y confírmela (confirmVoided).",
    )


class VoidDecisionRefusedError(IstmoError):
    """An operator's decision that the state of the void does not allow."""

    code = "void_decision_refused"
    category = Category.CONFLICT
    wording = Wording(
        "The void of this document is {state} now and cannot be decided this way.",
        "La anulación de este documento está {state} ahora y no se puede decidir así.",
    )
    advice = Wording(
        "confirmVoided: one in doubt, failed or never asked for, of an authorised document. giveUpVoid: one in doubt "
        "past its settling time, or one that was never sent.",
        "confirmVoided: una en duda, fallida o nunca pedida, de un documento autorizado. giveUpVoid: una en duda "
        "pasado el tiempo de asentamiento, o una que no se ha enviado.",
    )
