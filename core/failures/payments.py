"""Payments of documents."""

from core.errors import Category, IstmoError, Wording


class PaymentNotFoundError(IstmoError):
    """Payment ``payment_id`` does not exist."""

    code = "payment_not_found"
    category = Category.NOT_FOUND
    wording = Wording("Payment {payment_id} does not exist.", "El pago {payment_id} no existe.")
    advice = Wording("Check the id.", "Revise el identificador.")


class MalformedPaymentError(IstmoError):
    """The payment is not well formed."""

    code = "malformed_payment"
    category = Category.INVALID
    wording = Wording("The payment is not well formed: {problem}.", "El pago no está bien formado: {problem}.")
    advice = Wording("Correct the field and try again.", "Corrija el campo e intente de nuevo.")


class NotPayableError(IstmoError):
    """Nobody owes anything for document ``document_id``: ``reason``."""

    code = "not_payable"
    category = Category.CONFLICT
    wording = Wording(
        "No payment can be recorded for document {document_id}: {reason}.",
        "No se puede registrar un pago del documento {document_id}: {reason}.",
    )
    advice = Wording(
        "Record it for the invoice or debit note that the money is for.",
        "Regístrelo en la factura o nota de débito a la que corresponde el dinero.",
    )


class PaymentLimitReachedError(IstmoError):
    """Document ``document_id`` has as many payments as one may have."""

    code = "payment_limit_reached"
    category = Category.CONFLICT
    wording = Wording(
        "Document {document_id} already has {limit} payments.", "El documento {document_id} ya tiene {limit} pagos."
    )
    advice = Wording(
        "Record what comes from now on in larger sums.", "Registre lo que llegue de ahora en adelante en sumas mayores."
    )


class PaymentAlreadyReversedError(IstmoError):
    """Payment ``payment_id`` was reversed before, by another call."""

    code = "payment_already_reversed"
    category = Category.CONFLICT
    wording = Wording(
        "Payment {payment_id} was already reversed on {reversed_at}.",
        "El pago {payment_id} ya se reversó el {reversed_at}.",
    )
    advice = Wording(
        "Nothing is left to do; record the payment anew if it counts after all.",
        "No queda nada por hacer; si el pago sí cuenta, regístrelo de nuevo.",
    )
