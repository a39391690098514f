"""DueWork: what is due is read from the documents themselves, the longest waiting first."""

from dataclasses import replace
from datetime import datetime, timedelta

from adapters.persistence.stores import Stores
from core.documents import Change, Submission
from core.identifiers import DocumentId, TenantId
from core.ports.document_repository import DueDocument
from tests.builders import NOW, record_document


def minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


async def due_at(stores: Stores, tenant_id: TenantId, at: datetime | None) -> DocumentId:
    return (await record_document(stores.documents, tenant_id, next_action_at=at)).document_id


async def test_documents_are_due_at_their_time_and_not_before(stores: Stores, tenant_id: TenantId) -> None:
    name = await due_at(stores, tenant_id, NOW)
    early = NOW - timedelta(microseconds=1)
    assert list(await stores.due_work.due_documents(tenant_id, early, limit=10)) == []
    due = await stores.due_work.due_documents(tenant_id, NOW, limit=10)
    assert list(due) == [DueDocument(tenant_id=tenant_id, document_id=name, submission=Submission.QUEUED)]


async def test_the_longest_waiting_come_first_and_the_limit_holds(stores: Stores, tenant_id: TenantId) -> None:
    names = [await due_at(stores, tenant_id, NOW - minutes(ago)) for ago in (1, 3, 2)]
    due = await stores.due_work.due_documents(tenant_id, NOW, limit=2)
    assert [one.document_id for one in due] == [names[1], names[2]]


async def test_a_document_without_a_time_waits_for_nothing(stores: Stores, tenant_id: TenantId) -> None:
    await due_at(stores, tenant_id, None)
    assert list(await stores.due_work.due_documents(tenant_id, NOW + minutes(600), limit=10)) == []
    assert list(await stores.due_work.due_tenants(NOW + minutes(600), limit=10)) == []


async def test_a_changed_time_changes_what_is_due(stores: Stores, tenant_id: TenantId) -> None:
    name = await due_at(stores, tenant_id, NOW)
    later = await stores.documents.update(
        tenant_id,
        name,
        lambda now: Change(document=replace(now, next_action_at=NOW + minutes(5), submission=Submission.ACCEPTED)),
    )
    assert list(await stores.due_work.due_documents(tenant_id, NOW + minutes(4), limit=10)) == []
    (due,) = await stores.due_work.due_documents(tenant_id, NOW + minutes(5), limit=10)
    assert (due.document_id, due.submission) == (later.document_id, Submission.ACCEPTED)


async def test_tenants_come_by_their_longest_wait_each_once(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    for owner, ago in ((tenant_id, 1), (tenant_id, 5), (stranger_id, 3), (stranger_id, 2)):
        await due_at(stores, owner, NOW - minutes(ago))
    assert list(await stores.due_work.due_tenants(NOW, limit=10)) == [tenant_id, stranger_id]
    assert list(await stores.due_work.due_tenants(NOW, limit=1)) == [tenant_id]
    assert list(await stores.due_work.due_tenants(NOW - minutes(4), limit=10)) == [tenant_id]


async def test_due_documents_of_one_tenant_name_no_other(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    await due_at(stores, tenant_id, NOW)
    assert list(await stores.due_work.due_documents(stranger_id, NOW, limit=10)) == []
