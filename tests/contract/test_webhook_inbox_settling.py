"""WebhookInbox: who comes late does not take back what became of a delivery; what nobody could use is found."""

from datetime import timedelta

import pytest

from adapters.persistence.stores import Stores
from core.identifiers import DocumentId, TenantId
from core.ports.webhook_inbox import DeliveryState
from tests.builders import NOW, a_delivery

DOCUMENT = DocumentId("d")


@pytest.mark.parametrize("late", [DeliveryState.UNMATCHED, DeliveryState.RECEIVED])
async def test_a_processed_delivery_is_never_unmatched_again(
    stores: Stores, tenant_id: TenantId, late: DeliveryState
) -> None:
    delivery = a_delivery(tenant_id, body=b"{}")
    await stores.inbox.store(delivery)
    await stores.inbox.settle(tenant_id, delivery.delivery_id, DeliveryState.PROCESSED, DOCUMENT)
    await stores.inbox.settle(tenant_id, delivery.delivery_id, late, None)
    kept = await stores.inbox.get(tenant_id, delivery.delivery_id)
    assert (kept.state, kept.document_id) == (DeliveryState.PROCESSED, DOCUMENT)


async def test_an_unmatched_delivery_becomes_processed(stores: Stores, tenant_id: TenantId) -> None:
    delivery = a_delivery(tenant_id, body=b"{}")
    await stores.inbox.store(delivery)
    await stores.inbox.settle(tenant_id, delivery.delivery_id, DeliveryState.UNMATCHED, None)
    await stores.inbox.settle(tenant_id, delivery.delivery_id, DeliveryState.PROCESSED, DOCUMENT)
    assert (await stores.inbox.get(tenant_id, delivery.delivery_id)).state is DeliveryState.PROCESSED


async def test_what_was_left_over_in_a_period_is_found(stores: Stores, tenant_id: TenantId) -> None:
    later = NOW + timedelta(hours=1)
    arrivals = {
        "before": (NOW - timedelta(microseconds=1), DeliveryState.UNMATCHED),
        "first": (NOW, DeliveryState.UNMATCHED),
        "second": (NOW + timedelta(minutes=5), DeliveryState.UNREADABLE),
        "third": (NOW + timedelta(minutes=6), DeliveryState.UNMATCHED),
        "processed": (NOW, DeliveryState.PROCESSED),
        "received": (NOW, DeliveryState.RECEIVED),
        "end": (later, DeliveryState.UNMATCHED),
    }
    for name, (moment, state) in arrivals.items():
        delivery = a_delivery(tenant_id, body=name.encode(), received_at=moment)
        await stores.inbox.store(delivery)
        await stores.inbox.settle(tenant_id, delivery.delivery_id, state, None)

    async def bodies(owner: TenantId, limit: int = 10) -> list[bytes]:
        found = await stores.inbox.left_over(owner, received_from=NOW, received_before=later, limit=limit)
        return [delivery.body for delivery in found]

    assert await bodies(tenant_id) == [b"first", b"second", b"third"]
    assert await bodies(tenant_id, 2) == [b"first", b"second"]
    assert await bodies(TenantId("another")) == []
