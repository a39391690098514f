"""WebhookInbox: who comes late does not take back what became of a delivery."""

import pytest

from adapters.persistence.stores import Stores
from core.identifiers import DocumentId, TenantId
from core.ports.webhook_inbox import DeliveryState
from tests.builders import a_delivery

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
