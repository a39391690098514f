"""What the inspection and the gauges promise, whoever keeps the data; on PostgreSQL they are the owner's."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from adapters.persistence.in_memory_inspection import InMemoryBlobInspection, InMemoryStoreInspection
from adapters.persistence.in_memory_store import InMemoryStore, in_memory_stores
from adapters.persistence.in_memory_work_gauges import InMemoryWorkGauges
from adapters.persistence.inspections import open_gauges, open_inspection
from adapters.persistence.local_blob_inspection import LocalBlobInspection
from adapters.persistence.sql_work_gauges import (
    CENSUS_BODY,
    CENSUS_FUNCTION,
    GAUGE_ROWS,
    WAITING_BODY,
    WAITING_FUNCTION,
)
from adapters.persistence.stores import Stores, open_stores
from core.circuits import Circuit, CircuitState
from core.documents import Change, FileKind, LegalStatus, Submission
from core.failures import StoreUnavailableError
from core.identifiers import DeliveryId, DocumentId, OfficeId, OrderId, PacDocumentId, TenantId
from core.ports.series_ledger import SeriesMove
from core.ports.store_inspection import BlobInspection, NumberUse, RepeatKind, StoreInspection, WholeDocument
from core.ports.webhook_inbox import DeliveryState
from core.ports.work_gauges import WorkGauges
from tests.builders import (
    INVOICES,
    NOW,
    a_delivery,
    a_tenant,
    an_attachment,
    an_event,
    an_office,
    an_order,
    record_document,
)
from tests.services import PostgresRoles

KEY = bytes(range(32))
SECOND_POINT = replace(INVOICES, billing_point="002")


@dataclass(frozen=True)
class Looked:
    """Stores to fill and what looks into them."""

    stores: Stores
    inspection: StoreInspection
    blobs: BlobInspection
    gauges: WorkGauges


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def looked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Looked]:
    if request.param == "memory":
        memory = InMemoryStore()
        yield Looked(
            in_memory_stores(memory),
            InMemoryStoreInspection(memory),
            InMemoryBlobInspection(memory),
            InMemoryWorkGauges(memory),
        )
        return
    if request.param == "sqlite":
        url = owner_url = str(request.getfixturevalue("empty_sqlite_url"))
    else:
        roles: PostgresRoles = request.getfixturevalue("empty_postgres_roles")
        url, owner_url = roles.application_url, roles.owner_url
    async with AsyncExitStack() as opened:
        files = tmp_path / "files"
        stores = await open_stores(url, secrets_key=KEY, files_folder=files, marks_folder=tmp_path / "marks")
        opened.push_async_callback(stores.close)
        inspection = await open_inspection(owner_url)
        opened.push_async_callback(inspection.close)
        gauges = await open_gauges(owner_url)
        opened.push_async_callback(gauges.close)
        yield Looked(stores, inspection.store, LocalBlobInspection(files), gauges.gauges)


@pytest.fixture
async def tenant_id(looked: Looked) -> TenantId:
    tenant = a_tenant()
    await looked.stores.directory.add_tenant(tenant)
    return tenant.tenant_id


@pytest.fixture
async def stranger_id(looked: Looked) -> TenantId:
    tenant = a_tenant()
    await looked.stores.directory.add_tenant(tenant)
    return tenant.tenant_id


async def test_documents_come_in_pages_with_everything_that_hangs_on_them(
    looked: Looked, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    documents = looked.stores.documents
    recorded = [await record_document(documents, tenant_id, body=f"body {place}".encode()) for place in range(5)]
    await record_document(documents, stranger_id)
    pdf = an_attachment()

    def attach(current: object) -> Change:
        return Change(document=replace(recorded[0], files=(pdf,)), events=(an_event(), an_event()), attachments=(pdf,))

    await documents.update(tenant_id, recorded[0].document_id, attach)
    seen: list[WholeDocument] = []
    after: DocumentId | None = None
    while page := await looked.inspection.documents(tenant_id, after=after, limit=2):
        assert len(page) <= 2
        seen += [whole for whole in page if isinstance(whole, WholeDocument)]
        after = seen[-1].document.document_id
    assert [whole.document.document_id for whole in seen] == sorted(one.document_id for one in recorded)
    assert [whole.body for whole in seen] == [f"body {place}".encode() for place in range(5)]
    first = seen[0]
    assert first.document == await documents.get(tenant_id, recorded[0].document_id)
    assert first.events == await looked.stores.journal.events(tenant_id, recorded[0].document_id)
    assert first.event_count == 3
    assert [(one.attachment, one.is_current) for one in first.attachments or ()] == [(pdf, True)]
    assert all(whole.disagreeing == () for whole in seen)


async def test_tenants_come_in_pages_and_nobody_is_a_stranger(
    looked: Looked, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    first = await looked.inspection.tenants(after=None, limit=1)
    second = await looked.inspection.tenants(after=first[0], limit=1)
    assert [*first, *second] == sorted([tenant_id, stranger_id])
    assert await looked.inspection.tenants(after=second[0], limit=1) == ()
    assert await looked.inspection.strangers(limit=10) == ()


async def test_series_come_with_their_moves_and_their_numbers_in_order(looked: Looked, tenant_id: TenantId) -> None:
    documents = looked.stores.documents
    first = await record_document(documents, tenant_id)
    move = SeriesMove(at=NOW, actor="cli:test", series=INVOICES, from_number=0, to_number=9, reason="elsewhere")
    await looked.stores.series.advance(tenant_id, move)
    second = await record_document(documents, tenant_id)
    await record_document(documents, tenant_id, series=SECOND_POINT)
    (one,) = await looked.inspection.series(tenant_id, after=None, limit=1)
    assert (one.state.series, one.state.next_number) == (INVOICES, 10)
    assert [(kept.from_number, kept.to_number) for kept in one.moves] == [(2, 9)]
    (other,) = await looked.inspection.series(tenant_id, after=INVOICES, limit=5)
    assert (other.state.series, other.moves) == (SECOND_POINT, ())
    uses = [
        NumberUse(number=1, document_id=first.document_id),
        NumberUse(number=9, document_id=second.document_id),
    ]
    assert list(await looked.inspection.numbers(tenant_id, INVOICES, after=None, limit=5)) == uses
    assert list(await looked.inspection.numbers(tenant_id, INVOICES, after=uses[0], limit=5)) == uses[1:]


async def test_a_refused_invoice_that_lives_again_is_a_second_one_of_its_order(
    looked: Looked, tenant_id: TenantId
) -> None:
    order_id = OrderId(an_order(tenant_id).order_id)
    documents = looked.stores.documents
    refused = await record_document(documents, tenant_id, order_id=order_id)
    after = replace(refused, submission=Submission.REFUSED)
    await documents.update(tenant_id, refused.document_id, lambda _: Change(document=after))
    again = await record_document(documents, tenant_id, order_id=order_id)
    assert await looked.inspection.repeats(tenant_id, RepeatKind.LIVE_ORDER, limit=5) in ((), [])
    revived = replace(refused, submission=Submission.ACCEPTED, pac_document_id=PacDocumentId("pac-1"))
    await documents.update(tenant_id, refused.document_id, lambda _: Change(document=revived))
    (repeat,) = await looked.inspection.repeats(tenant_id, RepeatKind.LIVE_ORDER, limit=5)
    assert (repeat.value, set(repeat.document_ids)) == (order_id, {refused.document_id, again.document_id})
    for kind in set(RepeatKind) - {RepeatKind.LIVE_ORDER}:
        assert list(await looked.inspection.repeats(tenant_id, kind, limit=5)) == []


async def test_a_document_of_no_office_is_a_stray(looked: Looked, tenant_id: TenantId) -> None:
    office = an_office(tenant_id)
    await looked.stores.directory.add_office(office)
    await record_document(looked.stores.documents, tenant_id, office_id=office.office_id)
    assert list(await looked.inspection.strays(tenant_id, limit=5)) == []
    lost = await record_document(looked.stores.documents, tenant_id, office_id=OfficeId("nowhere"))
    (stray,) = await looked.inspection.strays(tenant_id, limit=5)
    assert (stray.what, stray.row_id, stray.parent, stray.parent_id) == (
        "document",
        lost.document_id,
        "office",
        "nowhere",
    )
    (point,) = await looked.inspection.office_points(tenant_id, limit=5)
    assert (point.billing_point, point.office_id, point.office_code) == ("001", office.office_id, "0000")


async def test_deliveries_come_in_pages_with_their_bytes(looked: Looked, tenant_id: TenantId) -> None:
    deliveries = [a_delivery(tenant_id) for _ in range(3)]
    for delivery in deliveries:
        await looked.stores.inbox.store(delivery)
    first = await looked.inspection.deliveries(tenant_id, after=None, limit=2)
    rest = await looked.inspection.deliveries(tenant_id, after=DeliveryId(deliveries[1].delivery_id), limit=2)
    assert [*first, *rest] == deliveries


async def test_blobs_are_listed_and_only_old_ones_are_removed(looked: Looked, tenant_id: TenantId) -> None:
    digests = {await looked.stores.files.put(tenant_id, content) for content in (b"one", b"two", b"three")}
    first = await looked.blobs.blobs(tenant_id, after=None, limit=2)
    rest = await looked.blobs.blobs(tenant_id, after=first[-1].key, limit=2)
    assert {blob.digest for blob in (*first, *rest)} == digests
    assert sorted(blob.size for blob in (*first, *rest)) == [3, 3, 5]
    blob = first[0]
    assert blob.digest is not None
    assert not await looked.blobs.remove(tenant_id, blob.key, stored_before=blob.stored_at)
    assert await looked.stores.files.has(tenant_id, blob.digest)
    later = blob.stored_at + timedelta(seconds=1)
    assert await looked.blobs.remove(tenant_id, blob.key, stored_before=later)
    assert not await looked.stores.files.has(tenant_id, blob.digest)
    assert not await looked.blobs.remove(tenant_id, blob.key, stored_before=later)


async def test_a_digest_is_referenced_by_its_own_tenant_alone(
    looked: Looked, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    document = await record_document(looked.stores.documents, tenant_id)
    xml = an_attachment(kind=FileKind.XML)
    change = Change(document=replace(document, files=(xml,)), attachments=(xml,))
    await looked.stores.documents.update(tenant_id, document.document_id, lambda _: change)
    assert await looked.inspection.referenced(tenant_id, [xml.digest, "0" * 64]) == {xml.digest}
    assert await looked.inspection.referenced(stranger_id, [xml.digest]) == frozenset()


async def test_the_gauges_count_what_waits_over_all_tenants(
    looked: Looked, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    documents = looked.stores.documents
    hour = timedelta(hours=1)
    await record_document(documents, tenant_id, next_action_at=NOW - hour, created_at=NOW - 30 * hour)
    await record_document(documents, stranger_id, next_action_at=NOW + hour)
    doubted = await record_document(documents, tenant_id)
    doubt = replace(doubted, submission=Submission.IN_DOUBT, doubt_since=NOW - 2 * hour, next_action_at=NOW + hour)
    await documents.update(tenant_id, doubted.document_id, lambda _: Change(document=doubt))
    settled = await record_document(documents, tenant_id)
    done = replace(
        settled, submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_AUTHORIZED, next_action_at=None
    )
    await documents.update(tenant_id, settled.document_id, lambda _: Change(document=done))
    await looked.stores.inbox.store(a_delivery(tenant_id, received_at=NOW - hour))
    unmatched = a_delivery(stranger_id, state=DeliveryState.UNMATCHED)
    await looked.stores.inbox.store(unmatched)
    opened = Circuit(tenant_id=tenant_id, state=CircuitState.OPEN, opened_at=NOW, probe_at=NOW, openings=1)
    await looked.stores.circuits.change(tenant_id, lambda _: opened)

    waiting = await looked.gauges.waiting(NOW, overdue_before=NOW - 24 * hour)
    assert dict(waiting.by_submission) == {"QUEUED": 2, "IN_DOUBT": 1}
    assert (waiting.due, waiting.oldest_due_at, waiting.overdue) == (1, NOW - hour, 1)
    assert waiting.oldest_doubt_since == NOW - 2 * hour
    assert (waiting.received, waiting.oldest_received_at) == (1, NOW - hour)
    assert dict(waiting.circuits) == {"OPEN": 1}
    census = await looked.gauges.census()
    assert dict(census.by_submission) == {"QUEUED": 2, "IN_DOUBT": 1, "ACCEPTED": 1}
    assert dict(census.by_legal_status) == {"NONE": 3, "DGI_AUTHORIZED": 1}
    assert census.unmatched == 1


async def test_the_gauges_of_an_empty_installation_are_zero(looked: Looked) -> None:
    waiting = await looked.gauges.waiting(NOW, overdue_before=NOW)
    assert (dict(waiting.by_submission), waiting.due, waiting.oldest_due_at, waiting.overdue) == ({}, 0, None, 0)
    assert (await looked.gauges.census()).unmatched == 0


@pytest.mark.postgres
async def test_the_application_role_is_refused_and_not_shown_an_empty_installation(
    empty_postgres_roles: PostgresRoles,
) -> None:
    opened = await open_inspection(empty_postgres_roles.application_url)
    try:
        with pytest.raises(StoreUnavailableError):
            await opened.store.tenants(after=None, limit=10)
        with pytest.raises(StoreUnavailableError):
            await opened.store.strangers(limit=10)
    finally:
        await opened.close()


def test_a_key_that_is_no_blob_is_never_removed(tmp_path: Path) -> None:
    blobs = LocalBlobInspection(tmp_path)
    for key in ("../../etc/passwd", "ab/../../x", "ab/", "zz/" + "0" * 64, ".lock"):
        with pytest.raises(ValueError, match="key of a blob"):
            blobs.remove(TenantId("tenant"), key, stored_before=NOW).send(None)


@pytest.mark.postgres
async def test_the_application_role_reads_the_gauges_through_definer_functions(
    empty_postgres_roles: PostgresRoles, tmp_path: Path
) -> None:
    roles = empty_postgres_roles
    stores = await open_stores(roles.application_url, secrets_key=KEY, files_folder=tmp_path, marks_folder=tmp_path)
    opened = await open_gauges(roles.application_url, through_functions=True)
    try:
        tenant = a_tenant()
        await stores.directory.add_tenant(tenant)
        await record_document(stores.documents, tenant.tenant_id)
        with pytest.raises(StoreUnavailableError):
            await opened.gauges.waiting(NOW, overdue_before=NOW)
        with definer_functions(roles):
            assert (await opened.gauges.waiting(NOW, overdue_before=NOW)).due == 1
            assert dict((await opened.gauges.census()).by_submission) == {"QUEUED": 1}
    finally:
        await opened.close()
        await stores.close()


@contextmanager
def definer_functions(roles: PostgresRoles) -> Iterator[None]:
    """As a migration would make them, with ``create_definer_function``."""
    functions = ((WAITING_FUNCTION, WAITING_BODY), (CENSUS_FUNCTION, CENSUS_BODY))
    with psycopg.connect(roles.owner_url, autocommit=True) as owner:
        for signature, body in functions:
            created = (
                f"CREATE FUNCTION {signature} RETURNS TABLE ({GAUGE_ROWS}) LANGUAGE sql STABLE SECURITY DEFINER"
                f" SET search_path = public, pg_temp AS $$ {body} $$"
            )
            owner.execute(created.encode())
            name = signature.partition("(")[0]
            owner.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {roles.application_role}".encode())
        try:
            yield
        finally:
            for signature, _ in functions:
                owner.execute(f"DROP FUNCTION {signature.partition('(')[0]}".encode())
