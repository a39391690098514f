"""Webhooks that came before we knew their document are matched when it appears."""

from core.documents import Change, FiscalDocument
from core.lifecycle.deliveries import take_delivery
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.webhook_inbox import Delivery, DeliveryState, WebhookInbox


class MatchDeliveries:
    """Give a document every waiting delivery that names its id or its CUFE."""

    def __init__(self, documents: DocumentRepository, inbox: WebhookInbox, clock: Clock) -> None:
        self._documents = documents
        self._inbox = inbox
        self._clock = clock

    async def __call__(self, document: FiscalDocument) -> FiscalDocument:
        """The document with its next check brought forward by what was found."""
        cufe = document.cufe or document.expected_cufe
        waiting = await self._inbox.unmatched(document.tenant_id, pac_document_id=document.pac_document_id, cufe=cufe)
        for delivery in waiting:
            document = await self.take(document, delivery)
        return document

    async def take(self, document: FiscalDocument, delivery: Delivery) -> FiscalDocument:
        """Let one delivery have its effect: evidence, and a check at once. Its body is never the truth."""

        def apply(current: FiscalDocument) -> Change:
            return take_delivery(current, delivery, now=self._clock.now())

        taken = await self._documents.update(document.tenant_id, document.document_id, apply)
        await self._inbox.settle(
            delivery.tenant_id, delivery.delivery_id, DeliveryState.PROCESSED, document.document_id
        )
        return taken
