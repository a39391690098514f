"""Credit and debit notes."""

from core.errors import Category, IstmoError, Wording


class InvoiceNotAuthorisedError(IstmoError):
    """Document ``document_id`` is not authorised by the DGI, so no note may name it."""

    code = "invoice_not_authorised"
    category = Category.CONFLICT
    wording = Wording(
        "A note names an invoice that the DGI authorised; {document_id} is {submission}, {legal_status}.",
        "Una nota nombra una factura autorizada por la DGI; {document_id} está {submission}, {legal_status}.",
    )
    advice = Wording(
        "Wait until its legalStatus is DGI_AUTHORIZED. What was refused or rejected needs no note: reissue it.",
        "Espere a que su legalStatus sea DGI_AUTHORIZED. Lo rechazado no necesita nota: reemítalo.",
    )


class InvoiceVoidError(IstmoError):
    """Invoice ``document_id`` is void or may become so, so no note may name it."""

    code = "invoice_void"
    category = Category.CONFLICT
    wording = Wording(
        "Invoice {document_id} is void, or its void was asked for.",
        "La factura {document_id} está anulada o su anulación fue solicitada.",
    )
    advice = Wording(
        "A void invoice needs no note. When the void fails, the note can be made.",
        "Una factura anulada no necesita nota. Si la anulación falla, la nota se podrá hacer.",
    )


class NoteNeedsInvoiceError(IstmoError):
    """Document ``document_id`` is no invoice that this tenant issued."""

    code = "note_needs_invoice"
    category = Category.CONFLICT
    wording = Wording(
        "Document {document_id} is of type {document_type} and mode {mode}: no note may name it.",
        "El documento {document_id} es de tipo {document_type} y modo {mode}: ninguna nota puede nombrarlo.",
    )
    advice = Wording(
        "Name an invoice that was sent to the DGI, or make a generic note.",
        "Nombre una factura enviada a la DGI o haga una nota genérica.",
    )


class MalformedCreditError(IstmoError):
    """A line of a credit note that says nothing that could be done."""

    code = "malformed_credit"
    category = Category.INVALID
    wording = Wording("Line {line} cannot be credited so: {problem}.", "La línea {line} no se acredita así: {problem}.")
    advice = Wording(
        "Give the position of a line of the invoice, with a quantity, an amount, both, or neither for all of it.",
        "Indique la posición de una línea de la factura, con cantidad, monto, ambos, o ninguno para toda.",
    )


class CreditExceedsInvoiceError(IstmoError):
    """More would be credited of a line than is left of it."""

    code = "credit_exceeds_invoice"
    category = Category.CONFLICT
    wording = Wording(
        "Of line {line} there is left: quantity {quantity}, amount {amount}.",
        "De la línea {line} queda: cantidad {quantity}, monto {amount}.",
    )
    advice = Wording(
        "Credit at most that. A credit note counts as long as it may still be authorised.",
        "Acredite a lo sumo eso. Una nota de crédito cuenta mientras aún pueda ser autorizada.",
    )


class NothingLeftToCreditError(IstmoError):
    """Invoice ``document_id`` is credited wholly."""

    code = "nothing_left_to_credit"
    category = Category.CONFLICT
    wording = Wording(
        "Nothing is left to credit of invoice {document_id}.",
        "De la factura {document_id} no queda nada por acreditar.",
    )
    advice = Wording(
        "See its notes. A credit note counts as long as it may still be authorised.",
        "Vea sus notas. Una nota de crédito cuenta mientras aún pueda ser autorizada.",
    )


class CreditAmountNotExactError(IstmoError):
    """With this amount the invoice could not be credited to the cent any more."""

    code = "credit_amount_not_exact"
    category = Category.INVALID
    wording = Wording(
        "With {amount} of line {line} the tax of the invoice could not be credited to the cent.",
        "Con {amount} de la línea {line} el impuesto de la factura no se podría acreditar al centavo.",
    )
    advice = Wording("Credit {nearest} of it.", "Acredite {nearest}.")


class CreditOvertakenError(IstmoError):
    """Other notes of the invoice were recorded between planning and recording this one, again and again."""

    code = "credit_overtaken"
    category = Category.CONFLICT
    wording = Wording(
        "Invoice {document_id} was credited by somebody else meanwhile.",
        "Otra persona acreditó mientras tanto la factura {document_id}.",
    )
    advice = Wording(
        "Repeat the call with the same key; if you converted a draft, make a new one from what is left.",
        "Repita la llamada con la misma clave; si convertía un borrador, haga uno nuevo con lo que queda.",
    )
