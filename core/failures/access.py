"""Who may not do what."""

from core.errors import Category, IstmoError, Wording


class NotAuthenticatedError(IstmoError):
    """This needs a valid API key."""

    code = "not_authenticated"
    category = Category.DENIED
    wording = Wording("This needs a valid API key.", "Esto requiere una clave de API válida.")
    advice = Wording(
        "Send the header `Authorization: Bearer istmo_...` with a key that is not revoked.",
        "Envíe el encabezado `Authorization: Bearer istmo_...` con una clave vigente.",
    )


class NotAllowedError(IstmoError):
    """The role ``role`` may not do this; it needs ``needed``."""

    code = "not_allowed"
    category = Category.DENIED
    wording = Wording(
        "The role {role} may not do this; it needs {needed}.",
        "El rol {role} no puede hacer esto; requiere {needed}.",
    )
    advice = Wording("Use a key with a stronger role.", "Use una clave con un rol superior.")


class ApiKeyNotFoundError(IstmoError):
    """API key ``key_id`` does not exist."""

    code = "api_key_not_found"
    category = Category.NOT_FOUND
    wording = Wording("API key {key_id} does not exist.", "La clave de API {key_id} no existe.")
    advice = Wording("List the keys with `istmo apikey list`.", "Consulte las claves con `istmo apikey list`.")


class WebhookRefusedError(IstmoError):
    """The webhook is not authentic."""

    code = "webhook_refused"
    category = Category.DENIED
    wording = Wording("The webhook is not authentic.", "El webhook no es auténtico.")
    advice = Wording(
        "Check the webhook secret on both sides; without one every webhook is refused.",
        "Revise el secreto del webhook en ambos lados; sin secreto se rechaza todo webhook.",
    )


class WebhookTooLargeError(IstmoError):
    """The webhook body is larger than ``limit`` bytes."""

    code = "webhook_too_large"
    category = Category.INVALID
    wording = Wording("The webhook body is larger than {limit} bytes.", "El cuerpo del webhook supera {limit} bytes.")
    advice = Wording(
        "The PAC's notices are small; this is something else.",
        "Los avisos del PAC son pequeños; esto es otra cosa.",
    )


class DownloadLinkInvalidError(IstmoError):
    """The download link is not valid or has expired."""

    code = "download_link_invalid"
    category = Category.DENIED
    wording = Wording("The download link is not valid or has expired.", "El enlace de descarga no es válido o expiró.")
    advice = Wording(
        "Read the document again for a fresh link.",
        "Consulte de nuevo el documento para obtener un enlace vigente.",
    )


class WebhookUnreadableError(IstmoError):
    """The webhook is authentic but its body is not the JSON object that was agreed."""

    code = "webhook_unreadable"
    category = Category.INVALID
    wording = Wording(
        "The webhook's body is not a JSON object. It was kept.",
        "El cuerpo del webhook no es un objeto JSON. Se conservó.",
    )
    advice = Wording(
        "The PAC sends {{id, legalStatus, cufe?}}; compare with the kept delivery.",
        "El PAC envía {{id, legalStatus, cufe?}}; compare con la entrega conservada.",
    )
