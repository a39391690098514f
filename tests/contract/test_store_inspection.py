"""What the inspection promises, whoever keeps the data; on PostgreSQL it is the owner's."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from adapters.persistence.inspections import open_inspection
from adapters.persistence.local_blob_inspection import LocalBlobInspection
from adapters.persistence.s3_blob_inspection import S3BlobInspection
from core.codes import DocumentType
from core.documents import Change, FileKind, Submission
from core.failures import StoreUnavailableError
from core.identifiers import DeliveryId, DocumentId, OfficeId, OrderId, PacDocumentId, TenantId
from core.ports.series_ledger import SeriesMove
from core.ports.store_inspection import NumberUse, RepeatKind, WholeDocument
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
from tests.contract.inspection_fixtures import Looked, looking
from tests.contract.s3_fixtures import new_bucket, s3_server
from tests.services import PostgresRoles

KEY = bytes(range(32))
CREDIT_NOTES = replace(INVOICES, document_type=DocumentType.REFERRING_CREDIT_NOTE)
SECOND_POINT = replace(INVOICES, billing_point="002")


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def looked(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Looked]:
    async with looking(request, tmp_path) as filled:
        yield filled


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


async def test_a_document_comes_with_the_notes_that_name_it(
    looked: Looked, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    documents = looked.stores.documents
    invoices = [await record_document(documents, tenant_id) for _ in range(2)]
    notes = [
        await record_document(documents, tenant_id, series=CREDIT_NOTES, parent_id=invoices[place].document_id)
        for place in (1, 0, 1)
    ]
    await record_document(documents, stranger_id, series=CREDIT_NOTES, parent_id=invoices[0].document_id)
    page = await looked.inspection.documents(tenant_id, after=None, limit=10)
    found = {one.document.document_id: tuple(one.notes) for one in page if isinstance(one, WholeDocument)}
    assert found[invoices[0].document_id] == (notes[1],)
    assert found[invoices[1].document_id] == (notes[0], notes[2])
    assert found[notes[0].document_id] == ()


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


async def test_a_bucket_is_listed_and_cleaned_like_a_folder() -> None:
    tenant_id, other = TenantId("01TENANT"), TenantId("01TENANT2")
    with s3_server() as endpoint:
        bucket = new_bucket(endpoint)
        blobs = S3BlobInspection(bucket.settings())
        digests = {await blobs.put(tenant_id, content) for content in (b"one", b"two", b"three")}
        await blobs.put(other, b"another tenant's")
        first = await blobs.blobs(tenant_id, after=None, limit=2)
        rest = await blobs.blobs(tenant_id, after=first[-1].key, limit=2)
        assert [blob.key for blob in (*first, *rest)] == sorted(f"{digest[:2]}/{digest}" for digest in digests)
        assert sorted(blob.size for blob in (*first, *rest)) == [3, 3, 5]
        blob = first[0]
        assert not await blobs.remove(tenant_id, blob.key, stored_before=blob.stored_at)
        assert await blobs.remove(tenant_id, blob.key, stored_before=blob.stored_at + timedelta(seconds=1))
        assert not await blobs.has(tenant_id, blob.digest or "")
        assert not await blobs.remove(tenant_id, blob.key, stored_before=blob.stored_at + timedelta(seconds=1))
        with pytest.raises(ValueError, match="key of a blob"):
            await blobs.remove(tenant_id, "../x", stored_before=NOW)
