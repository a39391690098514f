"""SeriesLedger: series move forward only, and every move by hand is kept."""

import asyncio
from dataclasses import replace

import pytest

from adapters.persistence.stores import Stores
from core.codes import DocumentType
from core.documents import SeriesKey
from core.failures import SeriesNotForwardError
from core.identifiers import TenantId
from core.ports.series_ledger import SeriesMove, SeriesState
from tests.builders import INVOICES, NOW, record_document

EXPORTS = SeriesKey(billing_point="001", document_type=DocumentType.EXPORT_INVOICE)


def to(number: int) -> SeriesMove:
    return SeriesMove(at=NOW, actor="operator:k1", series=INVOICES, from_number=0, to_number=number, reason="otro PAC")


async def test_a_series_that_was_never_used_is_not_there(stores: Stores, tenant_id: TenantId) -> None:
    assert await stores.series.find(tenant_id, INVOICES) is None
    assert list(await stores.series.moves(tenant_id, INVOICES)) == []


async def test_a_new_series_begins_where_it_is_set(stores: Stores, tenant_id: TenantId) -> None:
    state = await stores.series.advance(tenant_id, to(500))
    assert state == SeriesState(series=INVOICES, first_number=500, next_number=500)
    assert await stores.series.find(tenant_id, INVOICES) == state
    assert (await record_document(stores.documents, tenant_id)).number == 500
    assert list(await stores.series.moves(tenant_id, INVOICES)) == [replace(to(500), from_number=1)]


async def test_a_used_series_moves_forward_and_keeps_where_it_began(stores: Stores, tenant_id: TenantId) -> None:
    await record_document(stores.documents, tenant_id)
    state = await stores.series.advance(tenant_id, to(100))
    assert state == SeriesState(series=INVOICES, first_number=1, next_number=100)
    await stores.series.advance(tenant_id, to(101))
    assert (await record_document(stores.documents, tenant_id)).number == 101
    moves = await stores.series.moves(tenant_id, INVOICES)
    assert [(move.from_number, move.to_number) for move in moves] == [(2, 100), (100, 101)]


async def test_a_series_never_moves_back(stores: Stores, tenant_id: TenantId) -> None:
    await stores.series.advance(tenant_id, to(100))
    with pytest.raises(SeriesNotForwardError) as refused:
        await stores.series.advance(tenant_id, to(99))
    assert refused.value.details == {"next_number": "100", "asked": "99"}
    assert len(await stores.series.moves(tenant_id, INVOICES)) == 1
    assert (await stores.series.advance(tenant_id, to(100))).next_number == 100


async def test_series_and_tenants_are_apart(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    await stores.series.advance(tenant_id, to(100))
    assert await stores.series.find(tenant_id, EXPORTS) is None
    assert await stores.series.find(stranger_id, INVOICES) is None
    assert list(await stores.series.moves(stranger_id, INVOICES)) == []
    assert (await record_document(stores.documents, stranger_id)).number == 1


async def test_concurrent_moves_and_issuers_never_share_a_number(stores: Stores, tenant_id: TenantId) -> None:
    async def move(number: int) -> None:
        try:
            await stores.series.advance(tenant_id, to(number))
        except SeriesNotForwardError:
            return

    issuers = [record_document(stores.documents, tenant_id) for _ in range(20)]
    documents = await asyncio.gather(*issuers, *(move(number) for number in range(5, 60, 6)))
    numbers = [document.number for document in documents if document is not None]
    assert len(set(numbers)) == 20
    state = await stores.series.find(tenant_id, INVOICES)
    assert state is not None
    assert state.next_number > max(numbers)
