"""What can be wrong with a request itself, before any use case is called."""

from core.errors import Category, IstmoError, Wording


class MalformedRequestError(IstmoError):
    """The HTTP request is not a GraphQL request."""

    code = "malformed_request"
    wording = Wording("The request is not well formed: {problem}.", "La solicitud no está bien formada: {problem}.")
    advice = Wording(
        'Send a JSON object {{"query": "...", "variables": {{...}}, "operationName": "..."}}.',
        'Envíe un objeto JSON {{"query": "...", "variables": {{...}}, "operationName": "..."}}.',
    )


class RequestTooLargeError(IstmoError):
    """The body is larger than ``limit`` bytes."""

    code = "request_too_large"
    wording = Wording("The request is larger than {limit} bytes.", "La solicitud supera {limit} bytes.")
    advice = Wording("Split the input.", "Divida los datos.")


class RequestTooSlowError(IstmoError):
    """The body did not arrive in time."""

    code = "request_too_slow"
    wording = Wording(
        "The request did not arrive within {limit} seconds.", "La solicitud no llegó en {limit} segundos."
    )
    advice = Wording("Send the whole body at once.", "Envíe todo el cuerpo de una vez.")


class ContentTypeRefusedError(IstmoError):
    """Only plain JSON is read: a browser cannot send it to another site without asking first."""

    code = "content_type_refused"
    wording = Wording(
        "Only uncompressed application/json is accepted.", "Solo se acepta application/json sin comprimir."
    )
    advice = Wording(
        "Send the header `Content-Type: application/json` and no Content-Encoding.",
        "Envíe el encabezado `Content-Type: application/json` y ningún Content-Encoding.",
    )


class BatchRefusedError(IstmoError):
    """Several requests in one list."""

    code = "batch_refused"
    wording = Wording("Batches are not accepted.", "No se aceptan lotes.")
    advice = Wording("Send one request at a time.", "Envíe una solicitud a la vez.")


class InvalidQueryError(IstmoError):
    """The query does not parse or does not fit the schema."""

    code = "invalid_query"
    wording = Wording("The query is not valid: {problem}", "La consulta no es válida: {problem}")
    advice = Wording("Compare the query with the schema.", "Compare la consulta con el esquema.")


class InvalidVariableError(IstmoError):
    """A variable does not fit the type that the query declares."""

    code = "invalid_variable"
    wording = Wording("The variable is not valid: {problem}", "La variable no es válida: {problem}")
    advice = Wording("Correct the value at the path.", "Corrija el valor en la ruta indicada.")


class QueryLimitExceededError(IstmoError):
    """The query asks for more than one request may."""

    code = "query_limit_exceeded"
    wording = Wording(
        "The query exceeds a limit: {measure}, at most {limit}.",
        "La consulta excede un límite: {measure}, máximo {limit}.",
    )
    advice = Wording(
        "Ask for fewer fields or smaller pages, in several requests.",
        "Pida menos campos o páginas más pequeñas, en varias solicitudes.",
    )


class InternalError(IstmoError):
    """Something that nobody foresaw. What it was is in the log under ``incident``, never in the answer."""

    code = "internal_error"
    category = Category.UNAVAILABLE
    wording = Wording(
        "Something failed inside Istmo (incident {incident}).", "Algo falló dentro de Istmo (incidente {incident})."
    )
    advice = Wording(
        "Repeat the call with the same idempotency key; tell the operator the incident.",
        "Repita la llamada con la misma clave de idempotencia e indique el incidente al operador.",
    )
