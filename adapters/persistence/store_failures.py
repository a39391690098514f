"""Failures that only a store can find."""

from core.errors import Category, IstmoError, Wording


class PacDocumentIdTakenError(IstmoError):
    """Another document of this tenant already has the PAC's id ``pac_document_id``."""

    code = "pac_document_id_taken"
    category = Category.CONFLICT
    wording = Wording(
        "Another document already has the PAC's id {pac_document_id}.",
        "Otro documento ya tiene el identificador del PAC {pac_document_id}.",
    )
    advice = Wording(
        "Compare both documents with the PAC before adopting this id.",
        "Compare ambos documentos con el PAC antes de adoptar este identificador.",
    )
