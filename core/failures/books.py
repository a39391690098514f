"""Books and reports."""

from core.errors import Category, IstmoError, Wording


class BookTooLargeError(IstmoError):
    """The period has more than ``limit`` documents, which is more than one answer holds."""

    code = "book_too_large"
    category = Category.INVALID
    wording = Wording("The period has more than {limit} documents.", "El período tiene más de {limit} documentos.")
    advice = Wording("Use `istmo book`, which has no such limit.", "Use `istmo book`, que no tiene ese límite.")


class StatementTooLargeError(IstmoError):
    """The day has more than ``limit`` documents: each is one request to the PAC."""

    code = "statement_too_large"
    category = Category.INVALID
    wording = Wording("The day has more than {limit} documents.", "El día tiene más de {limit} documentos.")
    advice = Wording(
        "Use `istmo statement`, which has no such limit.", "Use `istmo statement`, que no tiene ese límite."
    )
