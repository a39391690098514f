"""A payment that counts no longer: a bounced cheque, a refund, a slip of the till."""

from collections.abc import Sequence

from core.documents import FiscalDocument
from core.errors import Wording
from core.events import Event, EventKind
from core.failures import MalformedPaymentError
from core.fingerprint import fingerprint
from core.identifiers import PaymentId, ReversalId, TenantId
from core.intents import Intent, checked_key
from core.money import amount_text
from core.payments import REASON_MAX, REASON_MIN, RecordedPayment, Reversal
from core.ports.clock import Clock, Identifiers
from core.ports.payment_book import Entered, PaymentBook

OPERATION = "reversePayment"
_REASON = Wording(
    f"the reason has {REASON_MIN} to {REASON_MAX} characters",
    f"el motivo tiene de {REASON_MIN} a {REASON_MAX} caracteres",
)


class ReversePayment:
    """Take a payment back, whatever state its document is in. It stays visible with its reversal beside it."""

    def __init__(self, book: PaymentBook, clock: Clock, identifiers: Identifiers) -> None:
        self._book = book
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(
        self, tenant_id: TenantId, payment_id: PaymentId, reason: str, *, idempotency_key: str, actor: str
    ) -> Entered:
        """The reversed payment and its document. The same key and input give the same reversal back.

        Raises MalformedPaymentError (the reason), MalformedIdempotencyKeyError, IdempotencyConflictError,
        PaymentNotFoundError, PaymentAlreadyReversedError.
        """
        checked = reason.strip()
        if not REASON_MIN <= len(checked) <= REASON_MAX:
            raise MalformedPaymentError(path=("reason",), problem=_REASON)
        now = self._clock.now()
        intent = Intent(
            key=checked_key(idempotency_key),
            fingerprint=fingerprint(OPERATION, {"payment": payment_id, "reason": checked}),
            operation=OPERATION,
        )
        reversal = Reversal(
            reversal_id=ReversalId(self._identifiers.new_id()), reversed_at=now, reversed_by=actor, reason=checked
        )

        def judge(_document: FiscalDocument, payments: Sequence[RecordedPayment]) -> Event:
            amount = next(payment.amount for payment in payments if payment.payment_id == payment_id)
            facts = {"payment": payment_id, "amount": amount_text(amount), "reason": checked}
            return Event(at=now, kind=EventKind.PAYMENT_REVERSED, actor=actor, facts=facts)

        return await self._book.reverse(tenant_id, payment_id, reversal, intent=intent, judge=judge)
