"""On PostgreSQL a due document is in the hands of one worker at a time, for some seconds, and none is lost by it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.sql_due_work import IN_HAND
from adapters.persistence.stores import Stores, open_stores
from core.documents import Change, FiscalDocument
from core.identifiers import DocumentId, TenantId
from tests.builders import NOW, a_tenant, record_document
from tests.contract.conftest import KEY
from tests.services import PostgresRoles

pytestmark = pytest.mark.postgres
WORKERS = 4


@pytest.fixture
async def workers(empty_postgres_url: str, tmp_path: Path) -> AsyncIterator[list[Stores]]:
    opened = [
        await open_stores(empty_postgres_url, secrets_key=KEY, files_folder=tmp_path, marks_folder=tmp_path)
        for _ in range(WORKERS)
    ]
    yield opened
    for stores in opened:
        await stores.close()


@pytest.fixture
async def tenant_id(workers: list[Stores]) -> TenantId:
    tenant = a_tenant()
    await workers[0].directory.add_tenant(tenant)
    return tenant.tenant_id


async def due(stores: Stores, tenant_id: TenantId, *, later: timedelta = timedelta(0)) -> list[DocumentId]:
    found = await stores.due_work.due_documents(tenant_id, NOW + later, limit=10)
    return [one.document_id for one in found]


async def test_workers_that_ask_at_once_get_different_documents(workers: list[Stores], tenant_id: TenantId) -> None:
    names = [
        (await record_document(workers[0].documents, tenant_id, next_action_at=NOW)).document_id for _ in range(40)
    ]
    found: list[DocumentId] = []
    for _ in range(6):
        for some in await asyncio.gather(*(due(stores, tenant_id) for stores in workers)):
            found += some
    assert sorted(found) == sorted(names)
    assert list(await workers[0].due_work.due_tenants(NOW, limit=10)) == []


async def test_what_a_dead_worker_had_in_hand_comes_again(workers: list[Stores], tenant_id: TenantId) -> None:
    await record_document(workers[0].documents, tenant_id, next_action_at=NOW)
    name = await due(workers[0], tenant_id)
    assert await due(workers[1], tenant_id, later=IN_HAND - timedelta(microseconds=1)) == []
    assert list(await workers[1].due_work.due_tenants(NOW + IN_HAND, limit=10)) == [tenant_id]
    assert await due(workers[1], tenant_id, later=IN_HAND) == name


async def test_a_changed_document_is_in_nobodys_hands(workers: list[Stores], tenant_id: TenantId) -> None:
    document = await record_document(workers[0].documents, tenant_id, next_action_at=NOW)
    await due(workers[0], tenant_id)

    def soon(now: FiscalDocument) -> Change:
        return Change(document=replace(now, next_action_at=NOW + timedelta(seconds=1)))

    await workers[0].documents.update(tenant_id, document.document_id, soon)
    assert await due(workers[1], tenant_id) == []
    assert await due(workers[1], tenant_id, later=timedelta(seconds=1)) == [document.document_id]


async def test_a_document_that_is_locked_is_passed_over_and_not_waited_for(
    workers: list[Stores], tenant_id: TenantId, empty_postgres_roles: PostgresRoles
) -> None:
    locked = await record_document(workers[0].documents, tenant_id, next_action_at=NOW - timedelta(seconds=9))
    free = await record_document(workers[0].documents, tenant_id, next_action_at=NOW)
    with psycopg.connect(empty_postgres_roles.superuser_url) as other:
        other.execute("SELECT 1 FROM documents WHERE document_id = %s FOR UPDATE", (locked.document_id,))
        assert await due(workers[0], tenant_id) == [free.document_id]
    assert await due(workers[0], tenant_id) == [locked.document_id]
