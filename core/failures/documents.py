"""Documents, intents and pages."""

from core.errors import Category, IstmoError, Wording


class DocumentNotFoundError(IstmoError):
    """Document ``document_id`` does not exist."""

    code = "document_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Document {document_id} does not exist.", "El documento {document_id} no existe.")
    advice = Wording("Check the id.", "Revise el identificador.")


class DraftChangedError(IstmoError):
    """Draft ``document_id`` was changed by somebody else meanwhile."""

    code = "draft_changed"
    category = Category.CONFLICT
    wording = Wording(
        "Draft {document_id} was changed by somebody else meanwhile.",
        "Otra persona modificó mientras tanto el borrador {document_id}.",
    )
    advice = Wording("Read it again and repeat what you wanted.", "Consúltelo de nuevo y repita lo que quería hacer.")


class DeliveryNotFoundError(IstmoError):
    """Webhook delivery ``delivery_id`` does not exist."""

    code = "delivery_not_found"
    category = Category.NOT_FOUND
    wording = Wording(
        "Webhook delivery {delivery_id} does not exist.", "La entrega de webhook {delivery_id} no existe."
    )
    advice = Wording("Check the id.", "Revise el identificador.")


class IdempotencyConflictError(IstmoError):
    """The idempotency key was already used with another input."""

    code = "idempotency_conflict"
    category = Category.CONFLICT
    wording = Wording(
        "The idempotency key was already used with another input.",
        "La clave de idempotencia ya se usó con otros datos.",
    )
    advice = Wording(
        "Send the same input again, or use a new key for a new document.",
        "Envíe los mismos datos o use una clave nueva para un documento nuevo.",
    )


class MalformedIdempotencyKeyError(IstmoError):
    """An idempotency key has 1 to 200 printable characters."""

    code = "malformed_idempotency_key"
    category = Category.INVALID
    wording = Wording(
        "An idempotency key has 1 to 200 printable characters.",
        "Una clave de idempotencia tiene de 1 a 200 caracteres imprimibles.",
    )
    advice = Wording(
        "Use an id of the sale in your own system.", "Use un identificador de la venta en su propio sistema."
    )


class ModeNotSupportedError(IstmoError):
    """Mode ``mode`` cannot be issued with this mutation yet."""

    code = "mode_not_supported"
    category = Category.INVALID
    wording = Wording(
        "Mode {mode} cannot be issued with this mutation yet.",
        "El modo {mode} aún no se puede emitir con esta mutación.",
    )
    advice = Wording("Use mode DGI or PROFORM.", "Use el modo DGI o PROFORM.")


class MalformedPageError(IstmoError):
    """A page has 1 to ``limit`` entries and continues after a cursor of an earlier page."""

    code = "malformed_page"
    category = Category.INVALID
    wording = Wording(
        "A page has 1 to {limit} entries and continues after a cursor of an earlier page.",
        "Una página tiene de 1 a {limit} entradas y continúa tras un cursor de una página anterior.",
    )
    advice = Wording(
        "Give `first` within the limit and `after` as endCursor gave it.",
        "Indique `first` dentro del límite y `after` tal como lo dio endCursor.",
    )


class MalformedInputError(IstmoError):
    """The input is not well formed."""

    code = "malformed_input"
    category = Category.INVALID
    wording = Wording("The input is not well formed: {problem}.", "Los datos no están bien formados: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


class DecisionRefusedError(IstmoError):
    """An operator's decision that the document's state does not allow."""

    code = "decision_refused"
    category = Category.CONFLICT
    wording = Wording(
        "A document that is {submission} now cannot be decided this way.",
        "Un documento que ahora está {submission} no se puede decidir así.",
    )
    advice = Wording(
        "Only a document in doubt or quarantined, past its settling time and without ids left to look at, can be.",
        "Solo uno en duda o en cuarentena, pasado el tiempo de asentamiento y sin identificadores por revisar.",
    )


class AdoptionRefusedError(IstmoError):
    """The PAC shows something else under the id that an operator gave."""

    code = "adoption_refused"
    category = Category.CONFLICT
    wording = Wording(
        "Id {pac_document_id} was not adopted: {difference}.", "El id {pac_document_id} no se adoptó: {difference}."
    )
    advice = Wording(
        "Ask the PAC for the id of the document with the expected CUFE.",
        "Pida al PAC el identificador del documento con el CUFE esperado.",
    )
