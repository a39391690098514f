"""The printed form of a document."""

from core.errors import Category, IstmoError, Wording


class CafeNotOursError(IstmoError):
    """The document was imported: its printed form is its issuer's."""

    code = "cafe_not_ours"
    category = Category.CONFLICT
    wording = Wording(
        "The document was imported: its printed form is its issuer's.",
        "El documento fue importado: su representación impresa es la de su emisor.",
    )
    advice = Wording("Open the imported file in attachments.", "Abra el archivo importado en attachments.")


class CafeBusyError(IstmoError):
    """Too many pages wait to be drawn."""

    code = "cafe_busy"
    category = Category.UNAVAILABLE
    wording = Wording("Too many pages wait to be drawn.", "Demasiadas páginas esperan ser dibujadas.")
    advice = Wording("Open the address again in a few seconds.", "Abra la dirección de nuevo en unos segundos.")
