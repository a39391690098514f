"""NumberBook: documents by their numbers, of one series of one tenant."""

from dataclasses import replace

import pytest

from adapters.persistence.stores import Stores
from core.claims import Claim
from core.codes import DocumentType
from core.documents import Change, FiscalDocument, LegalStatus, Refusal, SeriesKey, Submission
from core.failures import MalformedPageError
from core.identifiers import PacDocumentId, TenantId
from core.number_ledger import NumberedDocument
from core.series_traffic import SeriesTraffic
from tests.builders import INVOICES, NOW, record_document

SECOND_POINT = SeriesKey(billing_point="002", document_type=DocumentType.DOMESTIC_INVOICE)


async def numbers(stores: Stores, tenant_id: TenantId, first: int, last: int, limit: int = 100) -> list[int]:
    found = await stores.numbers.numbered(tenant_id, INVOICES, first=first, last=last, limit=limit)
    return [document.number for document in found]


async def test_reads_a_range_ascending_up_to_its_limit(stores: Stores, tenant_id: TenantId) -> None:
    for _ in range(7):
        await record_document(stores.documents, tenant_id)
    assert await numbers(stores, tenant_id, 1, 7) == [1, 2, 3, 4, 5, 6, 7]
    assert await numbers(stores, tenant_id, 3, 5) == [3, 4, 5]
    assert await numbers(stores, tenant_id, 3, 9_999_999_999, limit=2) == [3, 4]
    assert await numbers(stores, tenant_id, 8, 7) == []


async def test_series_and_tenants_are_apart(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    mine = await record_document(stores.documents, tenant_id)
    other = await record_document(stores.documents, tenant_id, series=SECOND_POINT)
    await record_document(stores.documents, stranger_id)
    for series, document in ((INVOICES, mine), (SECOND_POINT, other)):
        found = await stores.numbers.numbered(tenant_id, series, first=1, last=10, limit=10)
        assert [one.document_id for one in found] == [document.document_id]


async def test_says_what_the_document_says_of_its_number(stores: Stores, tenant_id: TenantId) -> None:
    async def ended(**changes: object) -> FiscalDocument:
        document = await record_document(stores.documents, tenant_id)
        return await stores.documents.update(
            tenant_id, document.document_id, lambda now: Change(document=replace(now, **changes))
        )

    refused = await ended(
        submission=Submission.REFUSED,
        refusal=Refusal(codes=("2500", "X"), messages=("no cuadra", "ñ")),
        doubt_reason="x",
    )
    parked = await ended(submission=Submission.QUARANTINED, quarantine_reason="No proof.", doubt_reason="timeout")
    doubted = await ended(submission=Submission.IN_DOUBT, doubt_reason="timeout")
    used = await ended(submission=Submission.ACCEPTED, legal_status=LegalStatus.DGI_AUTHORIZED)
    beside = await ended(
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_REJECTED,
        authorised_beside=(PacDocumentId("other"),),
    )
    assert beside.standing_status is LegalStatus.DGI_AUTHORIZED
    found = await stores.numbers.numbered(tenant_id, INVOICES, first=1, last=5, limit=5)
    reasons = ("2500 X: no cuadra; ñ", "No proof.", "timeout", "", "")
    assert list(found) == [
        NumberedDocument(
            number=document.number,
            document_id=document.document_id,
            submission=document.submission,
            standing_status=document.standing_status,
            reason=reason,
        )
        for document, reason in zip((refused, parked, doubted, used, beside), reasons, strict=True)
    ]


@pytest.mark.parametrize("limit", [0, 1_002])
async def test_a_page_has_its_limits(stores: Stores, tenant_id: TenantId, limit: int) -> None:
    with pytest.raises(MalformedPageError):
        await stores.numbers.numbered(tenant_id, INVOICES, first=1, last=2, limit=limit)


async def test_shows_what_of_a_series_is_under_way_and_in_doubt(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    async def became(document: FiscalDocument, **changes: object) -> None:
        await stores.documents.update(
            document.tenant_id, document.document_id, lambda now: Change(document=replace(now, **changes))
        )

    assert await stores.numbers.traffic(tenant_id, INVOICES) == SeriesTraffic(lowest_in_doubt=None, under_way=())
    first, second, third = [await record_document(stores.documents, tenant_id) for _ in range(3)]
    held = Claim(token=1, worker="w", expires_at=NOW, doubted_before=False)
    await became(second, submission=Submission.IN_DOUBT)
    await became(third, submission=Submission.SENDING, claim=held)
    for other in (
        await record_document(stores.documents, tenant_id, series=SECOND_POINT),
        await record_document(stores.documents, stranger_id),
    ):
        await became(other, submission=Submission.SENDING, claim=held)
    traffic = await stores.numbers.traffic(tenant_id, INVOICES)
    assert traffic.lowest_in_doubt == second.number
    assert [(one.document_id, one.lease_ends_at) for one in traffic.under_way] == [(third.document_id, NOW)]
    assert first.number < second.number
