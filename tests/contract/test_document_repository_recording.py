"""DocumentRepository.record: one intent, one number, one document, whoever asks at the same time."""

import asyncio
from dataclasses import replace

import pytest

from adapters.persistence.stores import Stores
from core.codes import DocumentType
from core.documents import Change, DocumentMode, LegalStatus, Recording, SeriesKey, Submission
from core.failures import (
    IdempotencyConflictError,
    OrderAlreadyInvoicedError,
    SeriesExhaustedError,
    StoreUnavailableError,
)
from core.identifiers import OrderId, TenantId
from core.ports.series_ledger import SeriesMove
from core.timeline import first_break
from tests.builders import INVOICES, NOW, a_draft, a_reservation, an_event, an_id, building, record_document

CREDIT_NOTES = SeriesKey(billing_point="001", document_type=DocumentType.GENERIC_CREDIT_NOTE)


async def test_takes_number_one_first_and_keeps_document_body_and_events(stores: Stores, tenant_id: TenantId) -> None:
    reservation = a_reservation(tenant_id)
    recorded = await stores.documents.record(reservation, building(reservation, body=b"\x00\xff exact"))
    document = recorded.document
    assert (recorded.is_replay, document.number) == (False, 1)
    assert await stores.documents.get(tenant_id, document.document_id) == document
    assert await stores.journal.body(tenant_id, document.document_id) == b"\x00\xff exact"
    events = await stores.journal.events(tenant_id, document.document_id)
    assert [chained.event for chained in events] == [an_event(facts={"number": "1"})]
    assert first_break(events) is None


async def test_numbers_of_a_series_follow_each_other_and_series_are_independent(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    second_point = SeriesKey(billing_point="002", document_type=DocumentType.DOMESTIC_INVOICE)
    numbers = [
        (await record_document(stores.documents, owner, series=series)).number
        for owner, series in (
            (tenant_id, INVOICES),
            (tenant_id, INVOICES),
            (tenant_id, second_point),
            (stranger_id, INVOICES),
            (tenant_id, INVOICES),
        )
    ]
    assert numbers == [1, 2, 1, 1, 3]


async def test_the_same_key_and_fingerprint_give_back_the_document_there_is(
    stores: Stores, tenant_id: TenantId
) -> None:
    reservation = a_reservation(tenant_id)
    first = await stores.documents.record(reservation, building(reservation))
    again = await stores.documents.record(reservation, building(reservation))
    assert (again.document, again.is_replay) == (first.document, True)
    assert (await record_document(stores.documents, tenant_id)).number == 2


async def test_a_replay_shows_the_document_as_it_stands_now(stores: Stores, tenant_id: TenantId) -> None:
    reservation = a_reservation(tenant_id)
    first = await stores.documents.record(reservation, building(reservation))
    changed = await stores.documents.update(
        tenant_id, first.document.document_id, lambda now: Change(document=replace(now, attempts=1))
    )
    again = await stores.documents.record(reservation, building(reservation))
    assert again.document == changed


async def test_the_same_key_with_another_fingerprint_is_a_conflict_and_takes_no_number(
    stores: Stores, tenant_id: TenantId
) -> None:
    reservation = a_reservation(tenant_id)
    await stores.documents.record(reservation, building(reservation))
    other = replace(reservation, fingerprint="f" * 64)
    with pytest.raises(IdempotencyConflictError):
        await stores.documents.record(other, building(other))
    assert (await record_document(stores.documents, tenant_id)).number == 2


async def test_two_tenants_may_use_the_same_key(stores: Stores, tenant_id: TenantId, stranger_id: TenantId) -> None:
    mine, theirs = (a_reservation(owner, idempotency_key="sale-1") for owner in (tenant_id, stranger_id))
    first = await stores.documents.record(mine, building(mine))
    second = await stores.documents.record(theirs, building(theirs))
    assert (first.is_replay, second.is_replay) == (False, False)
    found = await stores.documents.find_by_key(tenant_id, "sale-1", mine.fingerprint)
    assert found == first.document


async def test_finds_by_key_and_refuses_another_fingerprint(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    reservation = a_reservation(tenant_id)
    recorded = await stores.documents.record(reservation, building(reservation))
    key = reservation.idempotency_key
    assert await stores.documents.find_by_key(tenant_id, key, reservation.fingerprint) == recorded.document
    assert await stores.documents.find_by_key(tenant_id, "never used", reservation.fingerprint) is None
    assert await stores.documents.find_by_key(stranger_id, key, reservation.fingerprint) is None
    with pytest.raises(IdempotencyConflictError):
        await stores.documents.find_by_key(tenant_id, key, "0" * 64)


async def test_a_build_that_raises_takes_neither_number_nor_key(stores: Stores, tenant_id: TenantId) -> None:
    reservation = a_reservation(tenant_id)

    def refusing(number: int) -> Recording:
        raise ZeroDivisionError(number)

    with pytest.raises(ZeroDivisionError):
        await stores.documents.record(reservation, refusing)
    assert await stores.series.find(tenant_id, INVOICES) is None
    recorded = await stores.documents.record(reservation, building(reservation))
    assert (recorded.is_replay, recorded.document.number) == (False, 1)


@pytest.mark.parametrize("foreign", [{"number": 7}, {"idempotency_key": "another"}, {"order_id": OrderId("another")}])
async def test_a_build_that_makes_another_document_than_was_reserved_is_refused(
    stores: Stores, tenant_id: TenantId, foreign: dict[str, object]
) -> None:
    reservation = a_reservation(tenant_id)
    with pytest.raises(ValueError, match="was reserved"):
        await stores.documents.record(reservation, building(reservation, **foreign))
    assert (await record_document(stores.documents, tenant_id)).number == 1


async def test_a_cufe_that_is_expected_already_is_refused_without_effect(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    await record_document(stores.documents, tenant_id, security_code="123456789")
    with pytest.raises(StoreUnavailableError):  # another call draws another code
        await record_document(stores.documents, stranger_id, security_code="123456789")
    assert (await record_document(stores.documents, stranger_id)).number == 1


async def test_an_exhausted_series_is_refused(stores: Stores, tenant_id: TenantId) -> None:
    move = SeriesMove(at=NOW, actor="t", series=INVOICES, from_number=0, to_number=9_999_999_999, reason="test")
    await stores.series.advance(tenant_id, move)
    assert (await record_document(stores.documents, tenant_id)).number == 9_999_999_999
    for _ in range(2):
        with pytest.raises(SeriesExhaustedError):
            await record_document(stores.documents, tenant_id)


async def test_an_order_has_at_most_one_live_invoice_whatever_the_key(stores: Stores, tenant_id: TenantId) -> None:
    order_id = OrderId(an_id())
    first = await record_document(stores.documents, tenant_id, order_id=order_id)
    with pytest.raises(OrderAlreadyInvoicedError) as refused:
        await record_document(stores.documents, tenant_id, order_id=order_id)
    assert refused.value.details == {"order_id": order_id, "document_id": first.document_id}
    assert (await record_document(stores.documents, tenant_id)).number == 2


async def test_an_order_of_another_tenant_or_another_order_is_no_obstacle(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    order_id = OrderId(an_id())
    await record_document(stores.documents, tenant_id, order_id=order_id)
    await record_document(stores.documents, stranger_id, order_id=order_id)
    assert (await record_document(stores.documents, tenant_id, order_id=OrderId(an_id()))).number == 2


@pytest.mark.parametrize(
    "ended",
    [
        {"submission": Submission.REFUSED},
        {"submission": Submission.ACCEPTED, "legal_status": LegalStatus.PAC_REJECTED},
        {"submission": Submission.ACCEPTED, "legal_status": LegalStatus.DGI_REJECTED},
    ],
)
async def test_an_order_can_be_billed_again_when_its_invoice_was_refused_or_rejected(
    stores: Stores, tenant_id: TenantId, ended: dict[str, object]
) -> None:
    order_id = OrderId(an_id())
    first = await record_document(stores.documents, tenant_id, order_id=order_id)
    await stores.documents.update(
        tenant_id, first.document_id, lambda document: Change(document=replace(document, **ended))
    )
    second = await record_document(stores.documents, tenant_id, order_id=order_id)
    assert second.number == 2


async def test_a_proforma_and_a_note_do_not_bill_the_order(stores: Stores, tenant_id: TenantId) -> None:
    order_id = OrderId(an_id())
    await record_document(
        stores.documents, tenant_id, order_id=order_id, mode=DocumentMode.PROFORM, submission=Submission.DRAFT
    )
    await record_document(
        stores.documents,
        tenant_id,
        order_id=order_id,
        series=CREDIT_NOTES,
        draft=a_draft(document_type=DocumentType.GENERIC_CREDIT_NOTE, sale_type=None),
    )
    assert (await record_document(stores.documents, tenant_id, order_id=order_id)).mode is DocumentMode.DGI


async def test_evidence_that_revives_a_refused_invoice_is_kept_though_its_order_was_billed_again(
    stores: Stores, tenant_id: TenantId
) -> None:
    order_id = OrderId(an_id())

    async def becomes(document_id: str, submission: Submission) -> None:
        await stores.documents.update(
            tenant_id, document_id, lambda document: Change(document=replace(document, submission=submission))
        )

    first = await record_document(stores.documents, tenant_id, order_id=order_id)
    await becomes(first.document_id, Submission.REFUSED)
    second = await record_document(stores.documents, tenant_id, order_id=order_id)
    await becomes(first.document_id, Submission.ACCEPTED)
    assert (await stores.documents.get(tenant_id, first.document_id)).submission is Submission.ACCEPTED
    await becomes(second.document_id, Submission.REFUSED)
    with pytest.raises(OrderAlreadyInvoicedError):
        await record_document(stores.documents, tenant_id, order_id=order_id)


async def test_fifty_concurrent_issuers_leave_no_hole_and_no_duplicate(stores: Stores, tenant_id: TenantId) -> None:
    documents = await asyncio.gather(*(record_document(stores.documents, tenant_id) for _ in range(50)))
    assert sorted(document.number for document in documents) == list(range(1, 51))
    state = await stores.series.find(tenant_id, INVOICES)
    assert state is not None
    assert (state.first_number, state.next_number) == (1, 51)


async def test_failures_among_concurrent_issuers_leave_no_hole(stores: Stores, tenant_id: TenantId) -> None:
    def refusing(number: int) -> Recording:
        raise ZeroDivisionError(number)

    async def one(place: int) -> int | None:
        if place % 3 == 0:
            with pytest.raises(ZeroDivisionError):
                await stores.documents.record(a_reservation(tenant_id), refusing)
            return None
        return (await record_document(stores.documents, tenant_id)).number

    taken = [number for number in await asyncio.gather(*map(one, range(30))) if number is not None]
    assert sorted(taken) == list(range(1, 21))


async def test_concurrent_duplicates_of_one_intent_make_one_document(stores: Stores, tenant_id: TenantId) -> None:
    reservation = a_reservation(tenant_id)
    answers = await asyncio.gather(*(stores.documents.record(reservation, building(reservation)) for _ in range(20)))
    assert {answer.document.document_id for answer in answers} == {answers[0].document.document_id}
    assert sorted(answer.is_replay for answer in answers) == [False] + [True] * 19
    assert (await record_document(stores.documents, tenant_id)).number == 2


async def test_concurrent_inputs_under_one_key_make_one_document_and_conflicts(
    stores: Stores, tenant_id: TenantId
) -> None:
    reservations = [a_reservation(tenant_id, idempotency_key="sale-1") for _ in range(10)]
    answers = await asyncio.gather(
        *(stores.documents.record(one, building(one)) for one in reservations), return_exceptions=True
    )
    conflicts = [answer for answer in answers if isinstance(answer, IdempotencyConflictError)]
    assert len(conflicts) == 9
    assert (await record_document(stores.documents, tenant_id)).number == 2


async def test_concurrent_intents_for_one_order_bill_it_once(stores: Stores, tenant_id: TenantId) -> None:
    order_id = OrderId(an_id())
    points = [SeriesKey(billing_point=f"{place:03d}", document_type=INVOICES.document_type) for place in range(1, 11)]
    answers = await asyncio.gather(
        *(record_document(stores.documents, tenant_id, order_id=order_id, series=point) for point in points),
        return_exceptions=True,
    )
    refused = [answer for answer in answers if isinstance(answer, OrderAlreadyInvoicedError)]
    assert len(refused) == 9
