"""DocumentRepository: finding documents by what the PAC says, and in pages."""

from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.persistence.stores import Stores
from core.codes import DocumentType
from core.cufe import build_cufe, parse_cufe
from core.diagnosis import waits_since_before
from core.documents import Change, FiscalDocument, LegalStatus, SeriesKey, Submission
from core.failures import DocumentNotFoundError, MalformedPageError
from core.identifiers import DocumentId, PacDocumentId, TenantId
from core.ports.document_repository import DocumentFilter
from tests.builders import INVOICES, NOW, a_draft, a_void, record_document

EVERYTHING = DocumentFilter()


def on_another_day(cufe: str) -> str:
    parts = parse_cufe(cufe).parts
    return build_cufe(replace(parts, issued_on=parts.issued_on + timedelta(days=1)))


async def changed(stores: Stores, document: FiscalDocument, **changes: object) -> FiscalDocument:
    return await stores.documents.update(
        document.tenant_id, document.document_id, lambda now: Change(document=replace(now, **changes))
    )


async def test_another_tenants_document_is_not_found(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    document = await record_document(stores.documents, tenant_id, external_id="shop-1")
    document = await changed(stores, document, pac_document_id=PacDocumentId("pac-1"), cufe=document.expected_cufe)
    for unknown in (document.document_id, DocumentId("unknown")):
        with pytest.raises(DocumentNotFoundError):
            await stores.documents.get(stranger_id, unknown)
        with pytest.raises(DocumentNotFoundError):
            await stores.documents.update(stranger_id, unknown, lambda now: Change(document=now))
    found = await stores.documents.find_by_reference(
        stranger_id, pac_document_id=document.pac_document_id, cufe=document.expected_cufe
    )
    assert found is None
    for wanted in (EVERYTHING, DocumentFilter(cufe=document.cufe), DocumentFilter(external_id="shop-1")):
        page = await stores.documents.page(stranger_id, wanted, limit=10, after=None)
        assert (tuple(page.documents), page.next_after) == ((), None)


async def test_finds_by_the_pacs_id_before_the_cufe(stores: Stores, tenant_id: TenantId) -> None:
    first, second = [await record_document(stores.documents, tenant_id) for _ in range(2)]
    first = await changed(stores, first, pac_document_id=PacDocumentId("pac-1"))
    found = await stores.documents.find_by_reference(
        tenant_id, pac_document_id=PacDocumentId("pac-1"), cufe=second.expected_cufe
    )
    assert found == first


async def test_finds_by_the_expected_cufe_when_the_id_is_not_known(stores: Stores, tenant_id: TenantId) -> None:
    await record_document(stores.documents, tenant_id)
    document = await record_document(stores.documents, tenant_id)
    for pac_document_id in (None, PacDocumentId("pac-unknown")):
        found = await stores.documents.find_by_reference(
            tenant_id, pac_document_id=pac_document_id, cufe=document.expected_cufe
        )
        assert found == document


async def test_finds_by_the_cufe_that_the_pac_gave(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    document = await changed(stores, document, cufe="a CUFE of the PAC's own making")
    found = await stores.documents.find_by_reference(
        tenant_id, pac_document_id=None, cufe="a CUFE of the PAC's own making"
    )
    assert found == document


async def test_a_cufe_whose_date_alone_differs_still_matches(stores: Stores, tenant_id: TenantId) -> None:
    await record_document(stores.documents, tenant_id)
    document = await record_document(stores.documents, tenant_id)
    cufe = on_another_day(document.expected_cufe)
    found = await stores.documents.find_by_reference(tenant_id, pac_document_id=None, cufe=cufe)
    assert found == document


@pytest.mark.parametrize("cufe", [None, "", "FE01", "F" * 66, "'; DROP TABLE documents; --", "\x7f" * 5_000])
async def test_what_is_no_cufe_matches_nothing(stores: Stores, tenant_id: TenantId, cufe: str | None) -> None:
    await record_document(stores.documents, tenant_id)
    assert await stores.documents.find_by_reference(tenant_id, pac_document_id=None, cufe=cufe) is None


async def test_another_security_code_is_another_document(stores: Stores, tenant_id: TenantId) -> None:
    document = await record_document(stores.documents, tenant_id)
    parts = parse_cufe(document.expected_cufe).parts
    other = build_cufe(replace(parts, security_code="987654321"))
    assert await stores.documents.find_by_reference(tenant_id, pac_document_id=None, cufe=other) is None


async def test_pages_are_newest_first_and_whole(stores: Stores, tenant_id: TenantId) -> None:
    recorded = [await record_document(stores.documents, tenant_id) for _ in range(7)]
    seen: list[FiscalDocument] = []
    sizes, after = [], None
    while True:
        page = await stores.documents.page(tenant_id, EVERYTHING, limit=3, after=after)
        sizes.append(len(page.documents))
        seen.extend(page.documents)
        after = page.next_after
        if after is None:
            break
    assert sizes == [3, 3, 1]
    assert seen == recorded[::-1]


async def test_a_last_page_that_is_full_has_no_next(stores: Stores, tenant_id: TenantId) -> None:
    recorded = [await record_document(stores.documents, tenant_id) for _ in range(2)]
    page = await stores.documents.page(tenant_id, EVERYTHING, limit=2, after=None)
    assert (list(page.documents), page.next_after) == (recorded[::-1], None)


async def test_pages_stay_stable_while_documents_are_added(stores: Stores, tenant_id: TenantId) -> None:
    recorded = [await record_document(stores.documents, tenant_id) for _ in range(4)]
    first = await stores.documents.page(tenant_id, EVERYTHING, limit=2, after=None)
    await record_document(stores.documents, tenant_id)
    second = await stores.documents.page(tenant_id, EVERYTHING, limit=2, after=first.next_after)
    assert [*first.documents, *second.documents] == recorded[::-1]


@pytest.mark.parametrize("limit", [-1, 0, 101])
async def test_a_page_has_its_limits(stores: Stores, tenant_id: TenantId, limit: int) -> None:
    with pytest.raises(MalformedPageError):
        await stores.documents.page(tenant_id, EVERYTHING, limit=limit, after=None)


async def test_filters_hold_alone_and_together(stores: Stores, tenant_id: TenantId) -> None:
    plain = await record_document(stores.documents, tenant_id)
    draft = a_draft(receiver=replace(a_draft().receiver, ruc="8-100-1"))
    point = SeriesKey(billing_point="002", document_type=DocumentType.DOMESTIC_INVOICE)
    marked = await record_document(stores.documents, tenant_id, draft=draft, external_id="shop-1", series=point)
    accepted = await record_document(stores.documents, tenant_id, issued_at=NOW + timedelta(days=1))
    accepted = await changed(
        stores,
        accepted,
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_AUTHORIZED,
        cufe="CUFE-BY-PAC",
        updated_at=NOW + timedelta(seconds=1),
    )
    cases: list[tuple[DocumentFilter, list[FiscalDocument]]] = [
        (DocumentFilter(submission=(Submission.QUEUED,)), [marked, plain]),
        (DocumentFilter(submission=(Submission.QUEUED, Submission.ACCEPTED)), [accepted, marked, plain]),
        (DocumentFilter(legal_status=(LegalStatus.DGI_AUTHORIZED,)), [accepted]),
        (DocumentFilter(cufe="CUFE-BY-PAC"), [accepted]),
        (DocumentFilter(cufe=accepted.expected_cufe), [accepted]),
        (DocumentFilter(number=1), [marked, plain]),
        (DocumentFilter(number=2), [accepted]),
        (DocumentFilter(external_id="shop-1"), [marked]),
        (DocumentFilter(receiver_ruc="8-100-1"), [marked]),
        (DocumentFilter(issued_from=NOW, issued_before=NOW + timedelta(days=1)), [marked, plain]),
        (DocumentFilter(issued_from=NOW + timedelta(microseconds=1)), [accepted]),
        (DocumentFilter(issued_before=NOW), []),
        (DocumentFilter(updated_since=NOW), [accepted, marked, plain]),
        (DocumentFilter(updated_since=NOW + timedelta(microseconds=1)), [accepted]),
        (DocumentFilter(number=1, receiver_ruc="8-100-1", submission=(Submission.QUEUED,)), [marked]),
        (DocumentFilter(number=2, external_id="shop-1"), []),
    ]
    for wanted, expected in cases:
        page = await stores.documents.page(tenant_id, wanted, limit=10, after=None)
        assert list(page.documents) == expected, wanted


async def test_finds_those_that_wait_for_longer_than_they_should(stores: Stores, tenant_id: TenantId) -> None:
    old, fresh = NOW - timedelta(days=2), NOW
    settled = await record_document(stores.documents, tenant_id, created_at=old, next_action_at=None)
    queued = await record_document(stores.documents, tenant_id, created_at=old)
    young = await record_document(stores.documents, tenant_id, created_at=fresh)
    parked = await record_document(stores.documents, tenant_id, created_at=old, next_action_at=None)
    parked = await changed(stores, parked, submission=Submission.QUARANTINED)
    last = await record_document(stores.documents, tenant_id, created_at=NOW - timedelta(microseconds=1))

    async def shown(**wanted: object) -> list[FiscalDocument]:
        return list((await stores.documents.page(tenant_id, DocumentFilter(**wanted), limit=10, after=None)).documents)

    voiding = await record_document(stores.documents, tenant_id, created_at=old)
    issued = {"submission": Submission.ACCEPTED, "legal_status": LegalStatus.DGI_AUTHORIZED}
    voiding = await changed(stores, voiding, **issued, void=a_void(requested_at=NOW - timedelta(hours=1)))
    waiting = await record_document(stores.documents, tenant_id, created_at=old)
    waiting = await changed(stores, waiting, void=a_void(requested_at=NOW))  # its own outcome is open, too
    everything = [waiting, voiding, last, parked, young, queued, settled]
    for before in (NOW, NOW - timedelta(days=1), NOW - timedelta(minutes=30), old, NOW + timedelta(days=1)):
        overdue = [document for document in everything if waits_since_before(document, before)]
        assert await shown(overdue_before=before) == overdue
        assert await shown(not_overdue_before=before) == [one for one in everything if one not in overdue]
    assert await shown(overdue_before=NOW) == [waiting, voiding, last, parked, queued]
    assert await shown(overdue_before=NOW - timedelta(days=1)) == [waiting, parked, queued], "a fresh void is not late"
    assert await shown(overdue_before=NOW, submission=(Submission.QUARANTINED,)) == [parked]


async def test_pages_of_overdue_documents_follow_each_other(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    recorded = [await record_document(stores.documents, tenant_id) for _ in range(5)]
    await record_document(stores.documents, stranger_id)
    wanted = DocumentFilter(overdue_before=NOW + timedelta(seconds=1))
    first = await stores.documents.page(tenant_id, wanted, limit=3, after=None)
    second = await stores.documents.page(tenant_id, wanted, limit=3, after=first.next_after)
    assert [*first.documents, *second.documents] == recorded[::-1]
    assert second.next_after is None


async def test_pages_can_show_one_kind_of_document_and_the_notes_of_one_invoice(
    stores: Stores, tenant_id: TenantId
) -> None:
    invoice, other = [await record_document(stores.documents, tenant_id) for _ in range(2)]
    credit = SeriesKey(billing_point="001", document_type=DocumentType.REFERRING_CREDIT_NOTE)
    debit = SeriesKey(billing_point="001", document_type=DocumentType.REFERRING_DEBIT_NOTE)
    first = await record_document(stores.documents, tenant_id, series=credit, parent_id=invoice.document_id)
    second = await record_document(stores.documents, tenant_id, series=credit, parent_id=other.document_id)
    third = await record_document(stores.documents, tenant_id, series=debit, parent_id=invoice.document_id)

    async def shown(wanted: DocumentFilter) -> list[DocumentId]:
        page = await stores.documents.page(tenant_id, wanted, limit=10, after=None)
        return [document.document_id for document in page.documents]

    one_type = DocumentFilter(document_types=(DocumentType.REFERRING_CREDIT_NOTE,))
    two_types = DocumentFilter(document_types=(credit.document_type, debit.document_type))
    assert await shown(one_type) == [second.document_id, first.document_id]
    assert await shown(two_types) == [third.document_id, second.document_id, first.document_id]
    assert await shown(DocumentFilter(parent_id=invoice.document_id)) == [third.document_id, first.document_id]
    assert await shown(replace(one_type, parent_id=invoice.document_id)) == [first.document_id]


async def test_several_documents_are_read_at_once_and_no_stranger_s(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    first, second, _ = [await record_document(stores.documents, tenant_id) for _ in range(3)]
    wanted = [second.document_id, DocumentId("unknown"), first.document_id]
    assert await stores.documents.several(tenant_id, wanted) == (first, second)
    assert await stores.documents.several(stranger_id, wanted) == ()
    with pytest.raises(MalformedPageError):
        await stores.documents.several(tenant_id, [DocumentId(f"{place}") for place in range(101)])


async def test_lists_of_notes_have_their_kind_alone_however_it_is_asked_for(
    stores: Stores, tenant_id: TenantId
) -> None:
    kinds = (
        DocumentType.DOMESTIC_INVOICE,
        DocumentType.REFERRING_CREDIT_NOTE,
        DocumentType.REFERRING_DEBIT_NOTE,
        DocumentType.GENERIC_CREDIT_NOTE,
        DocumentType.GENERIC_DEBIT_NOTE,
        DocumentType.REFERRING_CREDIT_NOTE,
    )
    recorded = []
    for kind in kinds:
        series = replace(INVOICES, document_type=kind)
        parent = recorded[0].document_id if kind.name.startswith("REFERRING") else None
        recorded.append(await record_document(stores.documents, tenant_id, series=series, parent_id=parent))

    async def shown(*types: DocumentType, **more: object) -> list[DocumentType]:
        wanted = DocumentFilter(document_types=types, **more)
        page = await stores.documents.page(tenant_id, wanted, limit=9, after=None)
        return [one.document_type for one in page.documents]

    for types in (
        (DocumentType.REFERRING_CREDIT_NOTE, DocumentType.GENERIC_CREDIT_NOTE),
        (DocumentType.GENERIC_CREDIT_NOTE, DocumentType.REFERRING_CREDIT_NOTE),
        (DocumentType.GENERIC_DEBIT_NOTE, DocumentType.REFERRING_DEBIT_NOTE),
        (DocumentType.GENERIC_CREDIT_NOTE,),
        (DocumentType.GENERIC_CREDIT_NOTE, DocumentType.GENERIC_DEBIT_NOTE),
    ):
        assert await shown(*types) == [kind for kind in reversed(kinds) if kind in types]
        named = [kind for kind in reversed(kinds) if kind in types and kind.name.startswith("REFERRING")]
        assert await shown(*types, parent_id=recorded[0].document_id) == named
