"""LostDocuments: what left before a restore, kept in the restored database until a person settles it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from adapters.persistence.stores import Stores
from core.departures import departure_of, key_digest_of
from core.documents import Submission
from core.failures import DecisionRefusedError, DocumentNotFoundError, MalformedPageError
from core.identifiers import DocumentId, OrderId, TenantId
from core.lost_documents import LostDocument, say_issued, say_never_issued
from tests.builders import INVOICES, NOW, a_document, a_reservation, building, record_document


def lost_of(tenant_id: TenantId, number: int = 1, **changes: Any) -> LostDocument:
    document = a_document(tenant_id, number=number, **changes)
    return LostDocument(departure=departure_of(document, b"{}", at=NOW), noticed_at=NOW)


async def in_the_way(
    stores: Stores, tenant_id: TenantId, key: str = "-", document_id: str | None = None, order_id: str | None = None
) -> list[DocumentId]:
    found = await stores.lost.in_the_way(
        tenant_id,
        key_digest=key_digest_of(tenant_id, key),
        document_id=None if document_id is None else DocumentId(document_id),
        order_id=None if order_id is None else OrderId(order_id),
    )
    return [one.document_id for one in found]


async def test_it_is_kept_whole_and_once(stores: Stores, tenant_id: TenantId) -> None:
    lost = lost_of(tenant_id)
    assert await stores.lost.add(tenant_id, [lost]) == 1
    later = replace(lost, noticed_at=lost.noticed_at.replace(year=2030))
    assert await stores.lost.add(tenant_id, [later, lost_of(tenant_id, 2)]) == 1
    assert await stores.lost.get(tenant_id, lost.document_id) == lost


async def test_its_key_its_id_and_its_order_find_it(stores: Stores, tenant_id: TenantId) -> None:
    lost = lost_of(tenant_id, idempotency_key="sale-1", order_id="01ORDER")
    other = lost_of(tenant_id, 2, idempotency_key="sale-2")
    await stores.lost.add(tenant_id, [lost, other])
    assert await in_the_way(stores, tenant_id, "sale-1") == [lost.document_id]
    assert await in_the_way(stores, tenant_id, document_id=other.document_id) == [other.document_id]
    assert await in_the_way(stores, tenant_id, order_id="01ORDER") == [lost.document_id]
    assert await in_the_way(stores, tenant_id, "sale-2", order_id="01ORDER") == [lost.document_id, other.document_id]
    assert await in_the_way(stores, tenant_id, "sale-3", order_id="01OTHER") == []


async def test_no_tenant_meets_another_ones(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    lost = lost_of(tenant_id, idempotency_key="sale-1", order_id="01ORDER")
    await stores.lost.add(tenant_id, [lost])
    assert await in_the_way(stores, stranger_id, "sale-1", lost.document_id, "01ORDER") == []
    assert not await stores.lost.page(stranger_id, only_open=False, limit=10, after=None)
    assert not await stores.lost.numbered(stranger_id, INVOICES, first=1, last=9, limit=10)
    with pytest.raises(DocumentNotFoundError):
        await stores.lost.get(stranger_id, lost.document_id)
    with pytest.raises(DocumentNotFoundError):
        await stores.lost.change(stranger_id, lost.document_id, lambda one: one)


def never_issued(lost: LostDocument) -> LostDocument:
    return say_never_issued(lost, note="el PAC no lo tiene", operator="cli:ana", now=NOW)


def issued(lost: LostDocument) -> LostDocument:
    return say_issued(lost, pac_document_id=None, note="visto en la DGI", operator="cli:ana", now=NOW)


@pytest.mark.parametrize(
    ("say", "submission", "stays"),
    [(never_issued, Submission.REFUSED, False), (issued, Submission.ISSUED_ID_UNKNOWN, True)],
)
async def test_a_persons_word_settles_it_once(
    stores: Stores,
    tenant_id: TenantId,
    say: Callable[[LostDocument], LostDocument],
    submission: Submission,
    stays: bool,
) -> None:
    lost = lost_of(tenant_id, idempotency_key="sale-1")
    await stores.lost.add(tenant_id, [lost])
    settled = await stores.lost.change(tenant_id, lost.document_id, say)
    assert (settled.submission, settled.settled_by, settled.settled_at) == (submission, "cli:ana", NOW)
    assert await stores.lost.get(tenant_id, lost.document_id) == settled
    assert bool(await in_the_way(stores, tenant_id, "sale-1")) is stays
    assert not await stores.lost.page(tenant_id, only_open=True, limit=10, after=None)
    assert await stores.lost.page(tenant_id, only_open=False, limit=10, after=None) == (settled,)
    with pytest.raises(DecisionRefusedError):
        await stores.lost.change(tenant_id, lost.document_id, say)
    assert await stores.lost.get(tenant_id, lost.document_id) == settled


async def test_pages_follow_each_other(stores: Stores, tenant_id: TenantId) -> None:
    every = [lost_of(tenant_id, number) for number in (1, 2, 3)]
    await stores.lost.add(tenant_id, every)
    first = await stores.lost.page(tenant_id, only_open=True, limit=2, after=None)
    rest = await stores.lost.page(tenant_id, only_open=True, limit=2, after=first[-1].document_id)
    assert [*first, *rest] == every


async def test_numbers_come_ascending_up_to_the_limit(stores: Stores, tenant_id: TenantId) -> None:
    await stores.lost.add(tenant_id, [lost_of(tenant_id, number) for number in (9, 4, 6, 2)])
    found = await stores.lost.numbered(tenant_id, INVOICES, first=3, last=9, limit=2)
    assert [one.departure.number for one in found] == [4, 6]


async def test_pages_have_a_bound(stores: Stores, tenant_id: TenantId) -> None:
    with pytest.raises(MalformedPageError):
        await stores.lost.page(tenant_id, only_open=True, limit=101, after=None)
    with pytest.raises(MalformedPageError):
        await stores.lost.numbered(tenant_id, INVOICES, first=1, last=2, limit=1_002)
    with pytest.raises(MalformedPageError):
        await stores.lost.add(tenant_id, [lost_of(tenant_id, number) for number in range(1, 102)])


async def test_a_number_that_was_taken_before_a_restore_is_kept_and_passed(stores: Stores, tenant_id: TenantId) -> None:
    first = await record_document(stores.documents, tenant_id)
    reservation = replace(a_reservation(tenant_id), number=7)
    recorded = await stores.documents.record(reservation, building(reservation))
    assert (recorded.document.number, recorded.is_replay) == (7, False)
    assert (await stores.documents.record(reservation, building(reservation))).is_replay
    assert (first.number, (await record_document(stores.documents, tenant_id)).number) == (1, 8)
    lower = replace(a_reservation(tenant_id), number=5)
    assert (await stores.documents.record(lower, building(lower))).document.number == 5
    assert (await record_document(stores.documents, tenant_id)).number == 9
