"""What can be wrong with a request to these routes, before any use case is called."""

from core.errors import Category, IstmoError, Wording


class BodyEncodedError(IstmoError):
    """The body is compressed; what it would unpack to has no limit."""

    code = "body_encoded"
    wording = Wording("Compressed bodies are not accepted.", "No se aceptan cuerpos comprimidos.")
    advice = Wording("Send the body without Content-Encoding.", "Envíe el cuerpo sin Content-Encoding.")


class BodyCutError(IstmoError):
    """The sender went away, or took too long, before the body was complete."""

    code = "body_cut"
    wording = Wording("The body did not arrive completely in time.", "El cuerpo no llegó completo a tiempo.")
    advice = Wording("Send it again.", "Envíelo de nuevo.")


class ServerError(IstmoError):
    """Something that nobody foresaw. What it was is in the log under ``incident``, never in the answer."""

    code = "server_error"
    category = Category.UNAVAILABLE
    wording = Wording(
        "Something failed inside Istmo (incident {incident}).", "Algo falló dentro de Istmo (incidente {incident})."
    )
    advice = Wording("Try again; tell the operator the incident.", "Reintente e indique el incidente al operador.")
