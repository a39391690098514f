"""Clients, orders and receivers."""

from core.errors import Category, IstmoError, Wording


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


class ClientArchivedError(IstmoError):
    """Client ``client_id`` is archived: no new order or invoice names it."""

    code = "client_archived"
    category = Category.CONFLICT
    wording = Wording("Client {client_id} is archived.", "El cliente {client_id} está archivado.")
    advice = Wording(
        "Name another client, or take this one back with restoreClient.",
        "Indique otro cliente o recupere este con restoreClient.",
    )


class ClientChangedError(IstmoError):
    """Client ``client_id`` was changed by somebody else meanwhile."""

    code = "client_changed"
    category = Category.CONFLICT
    wording = Wording(
        "Client {client_id} was changed by somebody else meanwhile: it has version {version} now.",
        "Otra persona modificó mientras tanto el cliente {client_id}: ahora tiene la versión {version}.",
    )
    advice = Wording("Read it again and repeat what you wanted.", "Consúltelo de nuevo y repita lo que quería hacer.")


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


class OrderChangedError(IstmoError):
    """Order ``order_id`` was changed by somebody else meanwhile."""

    code = "order_changed"
    category = Category.CONFLICT
    wording = Wording(
        "Order {order_id} was changed by somebody else meanwhile: it has version {version} now.",
        "Otra persona modificó mientras tanto el pedido {order_id}: ahora tiene la versión {version}.",
    )
    advice = Wording("Read it again and repeat what you wanted.", "Consúltelo de nuevo y repita lo que quería hacer.")


class OrderCancelledError(IstmoError):
    """Order ``order_id`` was cancelled."""

    code = "order_cancelled"
    category = Category.CONFLICT
    wording = Wording("Order {order_id} was cancelled.", "El pedido {order_id} fue cancelado.")
    advice = Wording("Create another order with createOrder.", "Cree otro pedido con createOrder.")


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
