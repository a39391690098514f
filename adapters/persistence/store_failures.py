"""Failures that only a store can find."""

from core.errors import Category, IstmoError, Wording


class SchemaUnknownError(IstmoError):
    """The database's schema is at ``revision``, which this version of the program does not know."""

    code = "schema_unknown"
    category = Category.CONFLICT
    wording = Wording(
        "The database's schema is at revision {revision}, which this version does not know.",
        "El esquema de la base de datos está en la revisión {revision}, que esta versión no conoce.",
    )
    advice = Wording(
        "Use the version of Istmo that migrated this database, or a newer one.",
        "Use la versión de Istmo que migró esta base de datos, o una más nueva.",
    )


class UnstorableTextError(IstmoError):
    """Half a surrogate stands in content that is kept to the byte."""

    code = "unstorable_text"
    category = Category.INVALID
    wording = Wording(
        "A text holds half of a surrogate pair, which is no character.",
        "Un texto contiene medio par sustituto, que no es un carácter.",
    )
    advice = Wording("Send the text as valid UTF-8.", "Envíe el texto en UTF-8 válido.")
