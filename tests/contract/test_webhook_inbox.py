"""WebhookInbox: every authenticated delivery is there once, and stays until it is matched (I10)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.persistence.stores import Stores
from core.cufe import build_cufe, parse_cufe
from core.failures import DeliveryNotFoundError
from core.identifiers import DeliveryId, DocumentId, PacDocumentId, TenantId
from core.ports.webhook_inbox import DeliveryState
from tests.builders import NOW, a_delivery, a_document

LATER = NOW + timedelta(minutes=1)


async def test_keeps_a_delivery_whole(stores: Stores, tenant_id: TenantId) -> None:
    delivery = a_delivery(
        tenant_id,
        body=b'{"id": "\xff\x00"}',
        pac_document_id=PacDocumentId("pac-1"),
        cufe="FE-no-cufe",
        claimed_user_id="ñandú",
    )
    stored = await stores.inbox.store(delivery)
    assert (stored.delivery, stored.is_new) == (delivery, True)
    assert await stores.inbox.get(tenant_id, delivery.delivery_id) == delivery


async def test_identical_bytes_are_one_delivery_whose_count_grows(stores: Stores, tenant_id: TenantId) -> None:
    first = a_delivery(tenant_id, body=b"{}")
    await stores.inbox.store(first)
    await stores.inbox.settle(tenant_id, first.delivery_id, DeliveryState.PROCESSED, DocumentId("d"))
    for repeats in (1, 2):
        again = await stores.inbox.store(a_delivery(tenant_id, body=b"{}", received_at=LATER))
        expected = replace(
            first,
            repeats=repeats,
            last_received_at=LATER,
            state=DeliveryState.PROCESSED,
            document_id=DocumentId("d"),
        )
        assert (again.delivery, again.is_new) == (expected, False)
    assert await stores.inbox.get(tenant_id, first.delivery_id) == expected


async def test_the_same_bytes_for_another_tenant_are_another_delivery(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    for owner in (tenant_id, stranger_id):
        assert (await stores.inbox.store(a_delivery(owner, body=b"{}"))).is_new


async def test_concurrent_repetitions_are_all_counted_and_stored_once(stores: Stores, tenant_id: TenantId) -> None:
    answers = await asyncio.gather(*(stores.inbox.store(a_delivery(tenant_id, body=b"{}")) for _ in range(20)))
    assert sum(answer.is_new for answer in answers) == 1
    (waiting,) = await stores.inbox.waiting(tenant_id, limit=10)
    assert waiting.repeats == 19


async def test_waiting_are_the_received_ones_oldest_first(stores: Stores, tenant_id: TenantId) -> None:
    newer, older, settled = (a_delivery(tenant_id, received_at=at) for at in (LATER, NOW, NOW))
    for delivery in (newer, older, settled):
        await stores.inbox.store(delivery)
    await stores.inbox.settle(tenant_id, settled.delivery_id, DeliveryState.UNMATCHED, None)
    assert list(await stores.inbox.waiting(tenant_id, limit=10)) == [older, newer]
    assert list(await stores.inbox.waiting(tenant_id, limit=1)) == [older]


async def test_settling_says_what_became_of_it(stores: Stores, tenant_id: TenantId) -> None:
    delivery = a_delivery(tenant_id)
    await stores.inbox.store(delivery)
    await stores.inbox.settle(tenant_id, delivery.delivery_id, DeliveryState.PROCESSED, DocumentId("d-1"))
    found = await stores.inbox.get(tenant_id, delivery.delivery_id)
    assert found == replace(delivery, state=DeliveryState.PROCESSED, document_id=DocumentId("d-1"))


async def test_finds_unmatched_by_the_pacs_id_or_by_the_cufe_whatever_its_date(
    stores: Stores, tenant_id: TenantId
) -> None:
    cufe = a_document(tenant_id).expected_cufe
    parts = parse_cufe(cufe).parts
    next_day = build_cufe(replace(parts, issued_on=parts.issued_on + timedelta(days=1)))
    other = a_document(tenant_id).expected_cufe
    by_id, by_cufe, by_next_day, raw, foreign, done = (
        a_delivery(tenant_id, **named)
        for named in (
            {"pac_document_id": PacDocumentId("pac-1")},
            {"cufe": cufe},
            {"cufe": next_day},
            {"cufe": "not readable"},
            {"cufe": other, "pac_document_id": PacDocumentId("pac-2")},
            {"cufe": cufe},
        )
    )
    for delivery in (by_id, by_cufe, by_next_day, raw, foreign, done):
        await stores.inbox.store(delivery)
    await stores.inbox.settle(tenant_id, by_cufe.delivery_id, DeliveryState.UNMATCHED, None)
    await stores.inbox.settle(tenant_id, done.delivery_id, DeliveryState.PROCESSED, None)

    async def named(pac_document_id: str | None, named_cufe: str | None) -> list[DeliveryId]:
        found = await stores.inbox.unmatched(
            tenant_id,
            pac_document_id=None if pac_document_id is None else PacDocumentId(pac_document_id),
            cufe=named_cufe,
        )
        return [one.delivery_id for one in found]

    assert await named("pac-1", cufe) == [by_id.delivery_id, by_cufe.delivery_id, by_next_day.delivery_id]
    assert await named("pac-1", None) == [by_id.delivery_id]
    assert await named(None, "not readable") == [raw.delivery_id]
    assert await named("pac-unknown", None) == []
    assert await named(None, None) == []


async def test_tenants_with_waiting_deliveries_come_by_their_longest_wait(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    for owner, at in ((tenant_id, LATER), (stranger_id, NOW), (stranger_id, LATER)):
        await stores.inbox.store(a_delivery(owner, received_at=at))
    assert list(await stores.inbox.waiting_tenants(limit=10)) == [stranger_id, tenant_id]
    assert list(await stores.inbox.waiting_tenants(limit=1)) == [stranger_id]


async def test_another_tenants_delivery_is_not_found(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    delivery = a_delivery(tenant_id, pac_document_id=PacDocumentId("pac-1"), cufe="c")
    await stores.inbox.store(delivery)
    with pytest.raises(DeliveryNotFoundError):
        await stores.inbox.get(stranger_id, delivery.delivery_id)
    with pytest.raises(DeliveryNotFoundError):
        await stores.inbox.settle(stranger_id, delivery.delivery_id, DeliveryState.PROCESSED, None)
    assert list(await stores.inbox.waiting(stranger_id, limit=10)) == []
    found = await stores.inbox.unmatched(stranger_id, pac_document_id=delivery.pac_document_id, cufe="c")
    assert list(found) == []
    assert await stores.inbox.get(tenant_id, delivery.delivery_id) == delivery


async def test_text_that_no_database_can_hold_does_not_stop_a_delivery(stores: Stores, tenant_id: TenantId) -> None:
    strange = "a\x00b\ud800c"
    delivery = a_delivery(
        tenant_id,
        body=b'{"id":"a\\u0000b\\ud800c"}',
        pac_document_id=PacDocumentId(strange),
        cufe=strange,
        claimed_status=strange,
        claimed_user_id=strange,
    )
    assert (await stores.inbox.store(delivery)).is_new
    kept = await stores.inbox.get(tenant_id, delivery.delivery_id)
    assert kept.body == delivery.body
    found = await stores.inbox.unmatched(tenant_id, pac_document_id=PacDocumentId(strange), cufe=None)
    assert [one.delivery_id for one in found] == [delivery.delivery_id]


async def test_deliveries_that_name_a_document_are_found_whatever_became_of_them(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    pac_id, cufe = PacDocumentId("pac-1"), a_document(tenant_id).expected_cufe
    named = [
        a_delivery(tenant_id, body=b"1", pac_document_id=pac_id),
        a_delivery(tenant_id, body=b"2", cufe=cufe, received_at=LATER),
    ]
    for delivery in (*named, a_delivery(tenant_id, body=b"3"), a_delivery(stranger_id, pac_document_id=pac_id)):
        await stores.inbox.store(delivery)
    await stores.inbox.settle(tenant_id, named[0].delivery_id, DeliveryState.PROCESSED, DocumentId("d"))
    found = await stores.inbox.naming(tenant_id, pac_document_id=pac_id, cufe=cufe)
    assert [delivery.delivery_id for delivery in found] == [delivery.delivery_id for delivery in named]
    assert await stores.inbox.naming(tenant_id, pac_document_id=None, cufe=None) == ()
