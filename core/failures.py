"""Every failure by name. The table in docs/errors.md is made from these classes."""

from core.errors import Category, IstmoError, Wording


class TenantNotFoundError(IstmoError):
    """Tenant ``tenant_id`` does not exist."""

    code = "tenant_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Tenant {tenant_id} does not exist.", "El contribuyente {tenant_id} no existe.")
    advice = Wording(
        "List the tenants with `istmo tenant list`.", "Consulte los contribuyentes con `istmo tenant list`."
    )


class OfficeNotFoundError(IstmoError):
    """Office ``office_id`` does not exist."""

    code = "office_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Office {office_id} does not exist.", "La sucursal {office_id} no existe.")
    advice = Wording(
        "Create it with createOffice, or check the id.", "Créela con createOffice o revise el identificador."
    )


class NoOfficeError(IstmoError):
    """The tenant has no office yet, so there is no series to number from."""

    code = "no_office"
    category = Category.CONFLICT
    wording = Wording(
        "The tenant has no office yet, so there is no series to number from.",
        "El contribuyente aún no tiene sucursal, por lo que no hay serie para numerar.",
    )
    advice = Wording(
        "Create the first office with createOffice or `istmo office create`.",
        "Cree la primera sucursal con createOffice o `istmo office create`.",
    )


class BillingPointNotOfOfficeError(IstmoError):
    """Billing point ``billing_point`` does not belong to office ``office_code``."""

    code = "billing_point_not_of_office"
    category = Category.INVALID
    wording = Wording(
        "Billing point {billing_point} does not belong to office {office_code}.",
        "El punto de facturación {billing_point} no pertenece a la sucursal {office_code}.",
    )
    advice = Wording("Use one of: {billing_points}.", "Use uno de: {billing_points}.")


class OfficeCodeTakenError(IstmoError):
    """The tenant already has an office with code ``code``."""

    code = "office_code_taken"
    category = Category.CONFLICT
    wording = Wording(
        "The tenant already has an office with code {code}.",
        "El contribuyente ya tiene una sucursal con el código {code}.",
    )
    advice = Wording("Use the office that exists, or another code.", "Use la sucursal existente u otro código.")


class BillingPointTakenError(IstmoError):
    """Billing point ``billing_point`` already belongs to another office."""

    code = "billing_point_taken"
    category = Category.CONFLICT
    wording = Wording(
        "Billing point {billing_point} already belongs to another office.",
        "El punto de facturación {billing_point} ya pertenece a otra sucursal.",
    )
    advice = Wording(
        "A billing point belongs to exactly one office: choose a free one.",
        "Un punto de facturación pertenece a una sola sucursal: elija uno libre.",
    )


class MalformedOfficeError(IstmoError):
    """The office is not well formed."""

    code = "malformed_office"
    category = Category.INVALID
    wording = Wording("The office is not well formed: {problem}.", "La sucursal no está bien formada: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


class CompanyTakenError(IstmoError):
    """Another tenant already uses this PAC company."""

    code = "company_taken"
    category = Category.CONFLICT
    wording = Wording(
        "Another tenant already uses this PAC company.", "Otro contribuyente ya usa esta empresa del PAC."
    )
    advice = Wording("One PAC company belongs to one tenant.", "Una empresa del PAC pertenece a un solo contribuyente.")


class ClientNotFoundError(IstmoError):
    """Client ``client_id`` does not exist."""

    code = "client_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Client {client_id} does not exist.", "El cliente {client_id} no existe.")
    advice = Wording(
        "Check the id, or create the client with createClient.",
        "Revise el identificador o cree el cliente con createClient.",
    )


class MalformedClientError(IstmoError):
    """The client is not well formed."""

    code = "malformed_client"
    category = Category.INVALID
    wording = Wording("The client is not well formed: {problem}.", "El cliente no está bien formado: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


class OrderNotFoundError(IstmoError):
    """Order ``order_id`` does not exist."""

    code = "order_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Order {order_id} does not exist.", "El pedido {order_id} no existe.")
    advice = Wording(
        "Check the id, or create the order with createOrder.",
        "Revise el identificador o cree el pedido con createOrder.",
    )


class EmptyOrderError(IstmoError):
    """The order has no lines."""

    code = "empty_order"
    category = Category.INVALID
    wording = Wording("The order has no lines.", "El pedido no tiene líneas.")
    advice = Wording("Give at least one line (DGI rule 2000).", "Indique al menos una línea (regla 2000 de la DGI).")


class MalformedOrderError(IstmoError):
    """The order is not well formed."""

    code = "malformed_order"
    category = Category.INVALID
    wording = Wording("The order is not well formed: {problem}.", "El pedido no está bien formado: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


class OrderAlreadyInvoicedError(IstmoError):
    """Order ``order_id`` already has the live DGI invoice ``document_id``."""

    code = "order_already_invoiced"
    category = Category.CONFLICT
    wording = Wording(
        "Order {order_id} already has the live DGI invoice {document_id}.",
        "El pedido {order_id} ya tiene la factura DGI vigente {document_id}.",
    )
    advice = Wording(
        "Read that invoice; an order is billed once, whatever the idempotency key.",
        "Consulte esa factura; un pedido se factura una sola vez, sea cual sea la clave de idempotencia.",
    )


class DocumentNotFoundError(IstmoError):
    """Document ``document_id`` does not exist."""

    code = "document_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Document {document_id} does not exist.", "El documento {document_id} no existe.")
    advice = Wording("Check the id.", "Revise el identificador.")


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


class SeriesExhaustedError(IstmoError):
    """The series ``billing_point``/``document_type`` has no number left after 9999999999."""

    code = "series_exhausted"
    category = Category.CONFLICT
    wording = Wording(
        "The series {billing_point}/{document_type} has no number left after 9999999999.",
        "La serie {billing_point}/{document_type} no tiene más números después de 9999999999.",
    )
    advice = Wording("Issue from another billing point.", "Facture desde otro punto de facturación.")


class SeriesNotForwardError(IstmoError):
    """The series is already at ``next_number``; it moves forward only, ``asked`` would go back."""

    code = "series_not_forward"
    category = Category.CONFLICT
    wording = Wording(
        "The series is already at {next_number}; it moves forward only, {asked} would go back.",
        "La serie ya está en {next_number}; solo avanza, {asked} sería retroceder.",
    )
    advice = Wording("Give a number above {next_number}.", "Indique un número mayor que {next_number}.")


class MalformedSeriesError(IstmoError):
    """A series needs a billing point from 001 to 999 and a number from 1 to 9999999999."""

    code = "malformed_series"
    category = Category.INVALID
    wording = Wording(
        "A series needs a billing point from 001 to 999 and a number from 1 to 9999999999.",
        "Una serie necesita un punto de facturación de 001 a 999 y un número de 1 a 9999999999.",
    )
    advice = Wording("Correct the value.", "Corrija el valor.")


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


class RucNotRegisteredError(IstmoError):
    """The registry does not know RUC ``ruc`` (DGI rule 1602)."""

    code = "ruc_not_registered"
    category = Category.INVALID
    wording = Wording(
        "The registry does not know RUC {ruc} (DGI rule 1602).",
        "El registro no conoce el RUC {ruc} (regla 1602 de la DGI).",
    )
    advice = Wording(
        "Check the RUC and its contributor type with the receiver.",
        "Revise el RUC y su tipo de contribuyente con el receptor.",
    )


class ReceiverClassUnknownError(IstmoError):
    """The registry does not say whether RUC ``ruc`` is a taxpayer, the government or a final consumer."""

    code = "receiver_class_unknown"
    category = Category.INVALID
    wording = Wording(
        "The registry does not say whether RUC {ruc} is a taxpayer, the government or a final consumer.",
        "El registro no indica si el RUC {ruc} es contribuyente, gobierno o consumidor final.",
    )
    advice = Wording(
        "Say the receiver type yourself (receiverType) after asking the receiver.",
        "Indique usted el tipo de receptor (receiverType) tras consultarlo.",
    )


class ReceiverDvMismatchError(IstmoError):
    """The registry gives RUC ``ruc`` the DV ``registered_dv``, not ``given_dv``."""

    code = "receiver_dv_mismatch"
    category = Category.INVALID
    wording = Wording(
        "The registry gives RUC {ruc} the DV {registered_dv}, not {given_dv}.",
        "El registro da al RUC {ruc} el DV {registered_dv}, no {given_dv}.",
    )
    advice = Wording("Correct the DV of the client, or leave it out.", "Corrija el DV del cliente u omítalo.")


class ReceiverTypeMismatchError(IstmoError):
    """The registry says that RUC ``ruc`` is ``registered``, the document says ``given``."""

    code = "receiver_type_mismatch"
    category = Category.INVALID
    wording = Wording(
        "The registry says that RUC {ruc} is {registered}, the document says {given}.",
        "El registro dice que el RUC {ruc} es {registered}; el documento dice {given}.",
    )
    advice = Wording("Correct the receiver type of the client.", "Corrija el tipo de receptor del cliente.")


class RetentionCodeMissingError(IstmoError):
    """Retention is due but neither the document nor the client has a retention code."""

    code = "retention_code_missing"
    category = Category.INVALID
    wording = Wording(
        "Retention is due but neither the document nor the client has a retention code.",
        "Corresponde retención, pero ni el documento ni el cliente tienen código de retención.",
    )
    advice = Wording(
        "Give retention on the document or a default on the client.",
        "Indique la retención en el documento o un valor en el cliente.",
    )


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


class WrongModeError(IstmoError):
    """A document of mode ``mode`` cannot do this."""

    code = "wrong_mode"
    category = Category.CONFLICT
    wording = Wording("A document of mode {mode} cannot do this.", "Un documento en modo {mode} no permite esto.")
    advice = Wording("Only DGI documents go to the PAC.", "Solo los documentos DGI van al PAC.")


class ModeNotSupportedError(IstmoError):
    """Mode ``mode`` cannot be issued with this mutation yet."""

    code = "mode_not_supported"
    category = Category.INVALID
    wording = Wording(
        "Mode {mode} cannot be issued with this mutation yet.",
        "El modo {mode} aún no se puede emitir con esta mutación.",
    )
    advice = Wording("Use mode DGI.", "Use el modo DGI.")


class StoreUnavailableError(IstmoError):
    """The store cannot be reached or cannot write."""

    code = "store_unavailable"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The store cannot be reached or cannot write.", "No se puede acceder al almacén o escribir en él."
    )
    advice = Wording(
        "An operator checks the database and the disk; the same call may be repeated with the same key.",
        "Un operador revisa la base de datos y el disco; la misma llamada puede repetirse con la misma clave.",
    )


class FileNotStoredError(IstmoError):
    """The file is not stored."""

    code = "file_not_stored"
    category = Category.NOT_FOUND
    wording = Wording("The file is not stored.", "El archivo no está almacenado.")
    advice = Wording("Ask for it with attachPacPdf.", "Solicítelo con attachPacPdf.")


class FileCorruptError(IstmoError):
    """The stored file no longer matches its digest."""

    code = "file_corrupt"
    category = Category.UNAVAILABLE
    wording = Wording(
        "The stored file no longer matches its digest.", "El archivo almacenado ya no coincide con su huella."
    )
    advice = Wording(
        "An operator restores it from the backup or fetches it again with attachPacPdf.",
        "Un operador lo restaura del respaldo o lo obtiene de nuevo con attachPacPdf.",
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


class SecretUnreadableError(IstmoError):
    """A stored secret cannot be opened with the key of this installation."""

    code = "secret_unreadable"
    category = Category.UNAVAILABLE
    wording = Wording(
        "A stored secret cannot be opened with the key of this installation.",
        "Un secreto almacenado no se puede abrir con la llave de esta instalación.",
    )
    advice = Wording(
        "Set ISTMO_SECRETS_KEY to the key that sealed it.",
        "Configure ISTMO_SECRETS_KEY con la llave que lo selló.",
    )


class MalformedTenantError(IstmoError):
    """The tenant is not well formed."""

    code = "malformed_tenant"
    category = Category.INVALID
    wording = Wording("The tenant is not well formed: {problem}.", "El contribuyente no está bien formado: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


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
