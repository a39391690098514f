"""Money that came for a document."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from core.codes import PaymentForm
from core.documents import DocumentMode, FiscalDocument, Submission
from core.errors import Wording
from core.events import Event, EventKind
from core.failures import MalformedPaymentError, NotPayableError, PaymentLimitReachedError
from core.fingerprint import fingerprint
from core.identifiers import DocumentId, PaymentId, TenantId
from core.intents import Intent, checked_key
from core.money import amount_text, decimals_of, round_amount
from core.payments import AMOUNT_MAX, PAYMENTS_MAX, TEXT_MAX, RecordedPayment
from core.ports.clock import Clock, Identifiers
from core.ports.payment_book import Entered, PaymentBook

OPERATION = "recordPayment"
CLOCKS_DIFFER = timedelta(minutes=5)  # how far ahead of ours a till's clock may be

_AMOUNT = Wording(
    "an amount is above zero, at most 99999999999.99, with at most two decimals",
    "un monto es mayor que cero, máximo 99999999999.99, con dos decimales como máximo",
)
_PROMISE = Wording("CREDIT is a promise to pay, not a payment", "CREDIT es una promesa de pago, no un pago")
_FUTURE = Wording("a payment was not made in the future", "un pago no se hizo en el futuro")
_TEXT = Wording("it has 1 to 200 printable characters", "tiene de 1 a 200 caracteres imprimibles")

_CREDIT_NOTE = Wording("it is a credit note", "es una nota de crédito")
_IMPORTED = Wording("it is somebody else's document", "es un documento de otro emisor")
_WITHDRAWN = Wording("it was taken back", "fue retirado")
_VOID = Wording("it is void", "está anulado")
_REFUSED = Wording("it was refused or rejected and was never issued", "fue rechazado y nunca se emitió")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPayment:
    """A payment as its caller tells it."""

    amount: Decimal
    method: PaymentForm
    paid_at: datetime
    reference: str | None = None
    external_id: str | None = None


class RecordPayment:
    """Record a payment of an invoice or a debit note, a draft's too. Nothing is sent: the DGI does not hear of it."""

    def __init__(self, book: PaymentBook, clock: Clock, identifiers: Identifiers) -> None:
        self._book = book
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, new: NewPayment, *, idempotency_key: str, actor: str
    ) -> Entered:
        """The payment and its document. The same key and input give the same payment back, whatever happened since.

        More than what is owed may be paid: the document is OVERPAID then. Raises MalformedPaymentError,
        MalformedIdempotencyKeyError, IdempotencyConflictError, DocumentNotFoundError, NotPayableError,
        PaymentLimitReachedError.
        """
        now = self._clock.now()
        _refuse_malformed(new, now)
        intent = Intent(
            key=checked_key(idempotency_key),
            fingerprint=fingerprint(OPERATION, {"document": document_id, "payment": new}),
            operation=OPERATION,
        )
        payment = RecordedPayment(
            tenant_id=tenant_id,
            payment_id=PaymentId(self._identifiers.new_id()),
            document_id=document_id,
            amount=round_amount(new.amount),
            method=new.method,
            paid_at=new.paid_at,
            recorded_at=now,
            recorded_by=actor,
            reference=new.reference,
            external_id=new.external_id,
        )

        def judge(document: FiscalDocument, payments: Sequence[RecordedPayment]) -> Event:
            refuse_unpayable(document)
            if len(payments) >= PAYMENTS_MAX:
                raise PaymentLimitReachedError(document_id=document_id, limit=PAYMENTS_MAX)
            facts = {"payment": payment.payment_id, "amount": amount_text(payment.amount), "method": new.method.name}
            return Event(at=now, kind=EventKind.PAYMENT_RECORDED, actor=actor, facts=facts)

        return await self._book.record(payment, intent=intent, judge=judge)


def refuse_unpayable(document: FiscalDocument) -> None:
    """Raise NotPayableError for a document that nobody owes anything for."""
    reason = _why_unpayable(document)
    if reason is not None:
        raise NotPayableError(path=("documentId",), document_id=document.document_id, reason=reason)


def _why_unpayable(document: FiscalDocument) -> Wording | None:
    if document.document_type.is_credit_note:
        return _CREDIT_NOTE
    if document.mode is DocumentMode.DGI_IMPORT:
        return _IMPORTED
    if document.withdrawn_at is not None:
        return _WITHDRAWN
    if document.is_void:
        return _VOID
    return _REFUSED if document.standing_status.is_rejected or document.submission is Submission.REFUSED else None


def _refuse_malformed(new: NewPayment, now: datetime) -> None:
    amount = new.amount
    if not amount.is_finite() or not 0 < amount <= AMOUNT_MAX or decimals_of(amount) > 2:
        raise MalformedPaymentError(path=("amount",), problem=_AMOUNT)
    if new.method is PaymentForm.CREDIT:
        raise MalformedPaymentError(path=("method",), problem=_PROMISE)
    if new.paid_at > now + CLOCKS_DIFFER:
        raise MalformedPaymentError(path=("paidAt",), problem=_FUTURE)
    for name, text in (("reference", new.reference), ("externalId", new.external_id)):
        if text is not None and not (1 <= len(text) <= TEXT_MAX and text.isprintable() and text.strip()):
            raise MalformedPaymentError(path=(name,), problem=_TEXT)
