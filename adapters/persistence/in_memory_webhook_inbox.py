"""The inbox of webhooks in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from adapters.persistence.connection import UniqueViolation
from adapters.persistence.document_keys import natural_key
from adapters.persistence.in_memory_state import InMemoryStore
from core.failures import DeliveryNotFoundError
from core.identifiers import DeliveryId, DocumentId, PacDocumentId, TenantId
from core.ports.webhook_inbox import Delivery, DeliveryState, Stored, WebhookInbox

_MOST_NAMING = 100
_OPEN = (DeliveryState.RECEIVED, DeliveryState.UNMATCHED)


class InMemoryWebhookInbox(WebhookInbox):
    """Identical bytes of one tenant are one delivery."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def store(self, delivery: Delivery) -> Stored:
        """See the port."""
        for known in self._of(delivery.tenant_id):
            if known.body_digest == delivery.body_digest:
                counted = replace(known, repeats=known.repeats + 1, last_received_at=delivery.received_at)
                self._store.deliveries[known.tenant_id, known.delivery_id] = counted
                return Stored(delivery=counted, is_new=False)
        key = (delivery.tenant_id, delivery.delivery_id)
        if key in self._store.deliveries:
            raise UniqueViolation("pk_webhook_deliveries")
        self._store.deliveries[key] = delivery
        return Stored(delivery=delivery, is_new=True)

    async def get(self, tenant_id: TenantId, delivery_id: DeliveryId) -> Delivery:
        """See the port."""
        delivery = self._store.deliveries.get((tenant_id, delivery_id))
        if delivery is None:
            raise DeliveryNotFoundError(delivery_id=delivery_id)
        return delivery

    async def settle(
        self,
        tenant_id: TenantId,
        delivery_id: DeliveryId,
        state: DeliveryState,
        document_id: DocumentId | None,
    ) -> None:
        """See the port. Raises DeliveryNotFoundError."""
        delivery = await self.get(tenant_id, delivery_id)
        if delivery.state is DeliveryState.PROCESSED and state is not DeliveryState.PROCESSED:
            return
        self._store.deliveries[tenant_id, delivery_id] = replace(delivery, state=state, document_id=document_id)

    async def waiting(self, tenant_id: TenantId, *, limit: int) -> Sequence[Delivery]:
        """See the port."""
        received = [one for one in self._of(tenant_id) if one.state is DeliveryState.RECEIVED]
        return tuple(sorted(received, key=_by_age)[:limit])

    async def unmatched(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> Sequence[Delivery]:
        """See the port. A CUFE whose date alone differs is the same one."""
        return self._naming(tenant_id, pac_document_id, cufe, _OPEN)

    async def naming(
        self, tenant_id: TenantId, *, pac_document_id: PacDocumentId | None, cufe: str | None
    ) -> Sequence[Delivery]:
        """See the port. A CUFE whose date alone differs is the same one."""
        return self._naming(tenant_id, pac_document_id, cufe, tuple(DeliveryState))

    def _naming(
        self,
        tenant_id: TenantId,
        pac_document_id: PacDocumentId | None,
        cufe: str | None,
        states: Collection[DeliveryState],
    ) -> tuple[Delivery, ...]:
        key = natural_key(cufe)
        naming = [
            one
            for one in self._of(tenant_id)
            if one.state in states
            and (
                (pac_document_id is not None and one.pac_document_id == pac_document_id)
                or (cufe is not None and one.cufe == cufe)
                or (key is not None and natural_key(one.cufe) == key)
            )
        ]
        return tuple(sorted(naming, key=_by_age)[:_MOST_NAMING])

    async def left_over(
        self, tenant_id: TenantId, *, received_from: datetime, received_before: datetime, limit: int
    ) -> Sequence[Delivery]:
        """See the port."""
        states = (DeliveryState.UNMATCHED, DeliveryState.UNREADABLE)
        found = [
            one
            for one in self._of(tenant_id)
            if one.state in states and received_from <= one.received_at < received_before
        ]
        return tuple(sorted(found, key=_by_age)[:limit])

    async def waiting_tenants(self, *, limit: int) -> Sequence[TenantId]:
        """See the port."""
        received = sorted(
            (one.received_at, one.tenant_id)
            for one in self._store.deliveries.values()
            if one.state is DeliveryState.RECEIVED
        )
        return tuple(dict.fromkeys(tenant_id for _, tenant_id in received))[:limit]

    def _of(self, tenant_id: TenantId) -> list[Delivery]:
        return [one for (owner, _), one in self._store.deliveries.items() if owner == tenant_id]


def _by_age(delivery: Delivery) -> tuple[datetime, str]:
    return delivery.received_at, delivery.delivery_id
