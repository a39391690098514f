"""Payments in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from adapters.persistence.document_keys import refuse_page
from adapters.persistence.in_memory_documents import InMemoryDocumentRepository, find_stored
from adapters.persistence.in_memory_intents import find_made, remember_made
from adapters.persistence.in_memory_state import InMemoryStore
from core.documents import Change, FiscalDocument
from core.failures import PaymentAlreadyReversedError, PaymentNotFoundError
from core.identifiers import DocumentId, PaymentId, TenantId
from core.intents import Intent
from core.payments import RecordedPayment, Reversal
from core.ports.payment_book import Entered, Judge, PaymentBook


class InMemoryPaymentBook(PaymentBook):
    """Changes are made in one synchronous piece: updating a document in memory never waits."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store
        self._documents = InMemoryDocumentRepository(store)

    async def record(self, payment: RecordedPayment, *, intent: Intent, judge: Judge) -> Entered:
        """See the port."""
        made = find_made(self._store, payment.tenant_id, intent)
        if made is not None:
            return self._as_it_stands(payment.tenant_id, PaymentId(made))
        await self._judge(payment.tenant_id, payment.document_id, judge)
        self._store.payments[payment.tenant_id, payment.payment_id] = payment
        remember_made(self._store, payment.tenant_id, intent, payment.payment_id)
        return self._as_it_stands(payment.tenant_id, payment.payment_id)

    async def reverse(
        self, tenant_id: TenantId, payment_id: PaymentId, reversal: Reversal, *, intent: Intent, judge: Judge
    ) -> Entered:
        """See the port."""
        if find_made(self._store, tenant_id, intent) is not None:
            return self._as_it_stands(tenant_id, payment_id)
        payment = self._payment(tenant_id, payment_id)
        if payment.reversal is not None:
            raise PaymentAlreadyReversedError(
                path=("paymentId",),
                payment_id=payment_id,
                reversed_at=payment.reversal.reversed_at.isoformat(timespec="seconds"),
            )
        await self._judge(tenant_id, payment.document_id, judge)
        self._store.payments[tenant_id, payment_id] = replace(payment, reversal=reversal)
        remember_made(self._store, tenant_id, intent, reversal.reversal_id)
        return self._as_it_stands(tenant_id, payment_id)

    async def payments_of(
        self, tenant_id: TenantId, document_ids: Sequence[DocumentId]
    ) -> Mapping[DocumentId, Sequence[RecordedPayment]]:
        """See the port."""
        refuse_page(len(document_ids))
        return {document_id: self._of(tenant_id, document_id) for document_id in document_ids}

    async def _judge(self, tenant_id: TenantId, document_id: DocumentId, judge: Judge) -> None:
        def step(document: FiscalDocument) -> Change:
            return Change(document=document, events=(judge(document, self._of(tenant_id, document_id)),))

        await self._documents.update(tenant_id, document_id, step)

    def _of(self, tenant_id: TenantId, document_id: DocumentId) -> tuple[RecordedPayment, ...]:
        found = [
            payment
            for (owner, _), payment in self._store.payments.items()
            if owner == tenant_id and payment.document_id == document_id
        ]
        return tuple(sorted(found, key=lambda payment: payment.payment_id))

    def _payment(self, tenant_id: TenantId, payment_id: PaymentId) -> RecordedPayment:
        payment = self._store.payments.get((tenant_id, payment_id))
        if payment is None:
            raise PaymentNotFoundError(path=("paymentId",), payment_id=payment_id)
        return payment

    def _as_it_stands(self, tenant_id: TenantId, payment_id: PaymentId) -> Entered:
        payment = self._payment(tenant_id, payment_id)
        return Entered(payment=payment, document=find_stored(self._store, tenant_id, payment.document_id).document)
