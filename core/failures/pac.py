"""What the PAC, or our account there, makes impossible."""

from core.errors import Category, IstmoError, Wording


class PacCompanyNotConfiguredError(IstmoError):
    """PAC company ID is not configured for this tenant."""

    code = "pac_company_not_configured"
    category = Category.CONFLICT
    wording = Wording(
        "PAC company ID is not configured for this tenant",
        "El identificador de empresa del PAC no está configurado para este contribuyente",
    )
    advice = Wording(
        "Set the company id that the PAC gave with `istmo tenant create --pac-company-id`.",
        "Configure el identificador que dio el PAC con `istmo tenant create --pac-company-id`.",
    )


class PacUnavailableError(IstmoError):
    """The PAC does not answer."""

    code = "pac_unavailable"
    category = Category.UNAVAILABLE
    wording = Wording("The PAC does not answer: {reason}.", "El PAC no responde: {reason}.")
    advice = Wording(
        "Try again in some minutes; nothing was lost.", "Intente de nuevo en unos minutos; no se perdió nada."
    )


class PacNotReachedError(PacUnavailableError):
    """Not one byte of the request left this machine, so nothing was done."""

    code = "pac_not_reached"
    category = Category.UNAVAILABLE
    wording = Wording("The PAC could not be reached: {reason}.", "No se pudo llegar al PAC: {reason}.")
    advice = Wording(
        "Try again in some minutes; nothing was sent.", "Intente de nuevo en unos minutos; no se envió nada."
    )


class PacMisconfiguredError(IstmoError):
    """The PAC does not accept this installation's credentials or company (``pac_code``)."""

    code = "pac_misconfigured"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The PAC does not accept this installation's credentials or company ({pac_code}).",
        "El PAC no acepta las credenciales o la empresa de esta instalación ({pac_code}).",
    )
    advice = Wording(
        "An operator checks the PAC key, the affiliation and the certificates.",
        "Un operador revisa la clave del PAC, la afiliación y los certificados.",
    )


class PacRefusedError(IstmoError):
    """The PAC refused the request."""

    code = "pac_refused"
    category = Category.INVALID
    wording = Wording("The PAC refused the request: {reason}", "El PAC rechazó la solicitud: {reason}")
    advice = Wording("Correct what the PAC names.", "Corrija lo que indica el PAC.")


class PacFieldUnconfirmedError(IstmoError):
    """The PAC's name for ``field`` is not confirmed, so it is not sent."""

    code = "pac_field_unconfirmed"
    category = Category.CONFLICT
    wording = Wording(
        "The PAC's name for {field} is not confirmed, so it is not sent.",
        "El nombre que el PAC da a {field} no está confirmado, por lo que no se envía.",
    )
    advice = Wording(
        "Set {setting} when the PAC has told you the name.",
        "Configure {setting} cuando el PAC le haya indicado el nombre.",
    )


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
