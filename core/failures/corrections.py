"""Changing what was said: drafts, and documents that another one takes the place of."""

from core.errors import Category, IstmoError, Wording


class NotADraftError(IstmoError):
    """Document ``document_id`` is no draft, so that it cannot be changed; ``instead`` says what can be done."""

    code = "not_a_draft"
    category = Category.CONFLICT
    wording = Wording(
        "Document {document_id} is no draft ({state}): it cannot be changed or taken back.",
        "El documento {document_id} no es un borrador ({state}): no se puede modificar ni retirar.",
    )
    advice = Wording("{instead}", "{instead}")


class NotReissuableError(IstmoError):
    """Document ``document_id`` was neither refused nor rejected; ``instead`` says what can be done."""

    code = "not_reissuable"
    category = Category.CONFLICT
    wording = Wording(
        "Document {document_id} ({state}) was neither refused nor rejected: it gets no successor.",
        "El documento {document_id} ({state}) no fue rechazado: no tendrá sucesor.",
    )
    advice = Wording("{instead}", "{instead}")


class ReissueTooEarlyError(IstmoError):
    """Document ``document_id`` may still turn out to be at the PAC; try again after ``again_at``."""

    code = "reissue_too_early"
    category = Category.CONFLICT
    wording = Wording(
        "Document {document_id} may still turn out to be at the PAC until {again_at}.",
        "Hasta {again_at} el documento {document_id} aún puede aparecer en el PAC.",
    )
    advice = Wording(
        "Send the same call again after that time: nothing was recorded.",
        "Repita la misma llamada después de esa hora: no se registró nada.",
    )


class AlreadyReplacedError(IstmoError):
    """Document ``document_id`` has the successor ``successor_id`` already."""

    code = "already_replaced"
    category = Category.CONFLICT
    wording = Wording(
        "Document {document_id} was replaced by {successor_id} already.",
        "El documento {document_id} ya fue reemplazado por {successor_id}.",
    )
    advice = Wording(
        "Read that document; if it was refused too, reissue that one.",
        "Consulte ese documento; si también fue rechazado, reemítalo a él.",
    )
