"""The payments of documents."""

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from core.documents import FiscalDocument
from core.events import Event
from core.identifiers import DocumentId, PaymentId, TenantId
from core.intents import Intent
from core.payments import RecordedPayment, Reversal

Judge = Callable[[FiscalDocument, Sequence[RecordedPayment]], Event]
"""Looks at the locked document and the payments it has, oldest first: the event to write, or an error to refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A payment as it is kept, and its document as it then stands."""

    payment: RecordedPayment
    document: FiscalDocument


class PaymentBook(Protocol):
    """Payments and reversals are only ever added. Another tenant's are simply not found.

    A change locks the document's row and writes payment and event in one transaction. The same intent gives back what
    it made, as it stands now; ``judge`` is synchronous and pure, may run twice, and when it raises nothing is written
    and the intent stays free.
    """

    @abstractmethod
    async def record(self, payment: RecordedPayment, *, intent: Intent, judge: Judge) -> Entered:
        """Add a payment. Raises DocumentNotFoundError, IdempotencyConflictError and what ``judge`` raises."""

    @abstractmethod
    async def reverse(
        self, tenant_id: TenantId, payment_id: PaymentId, reversal: Reversal, *, intent: Intent, judge: Judge
    ) -> Entered:
        """Add the one reversal of a payment.

        Raises PaymentNotFoundError, PaymentAlreadyReversedError, IdempotencyConflictError and what ``judge`` raises.
        """

    @abstractmethod
    async def payments_of(
        self, tenant_id: TenantId, document_ids: Sequence[DocumentId]
    ) -> Mapping[DocumentId, Sequence[RecordedPayment]]:
        """The payments of up to 100 documents, reversed ones too, as they were recorded; an entry for each id.

        Raises MalformedPageError for more documents or none.
        """
