"""PaymentBook: payments and reversals are only added, once per intent, each with its entry in the timeline."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.persistence.stores import Stores
from core.codes import PaymentForm
from core.documents import FiscalDocument
from core.events import Event, EventKind
from core.failures import (
    DocumentNotFoundError,
    IdempotencyConflictError,
    MalformedPageError,
    NotPayableError,
    PaymentAlreadyReversedError,
    PaymentNotFoundError,
)
from core.identifiers import DocumentId, PaymentId, ReversalId, TenantId
from core.intents import Intent
from core.payments import RecordedPayment, Reversal
from core.ports.payment_book import Entered
from core.timeline import first_break
from tests.builders import NOW, an_id, record_document


def a_payment(document: FiscalDocument, **changes: Any) -> RecordedPayment:
    payment = RecordedPayment(
        tenant_id=document.tenant_id,
        payment_id=PaymentId(an_id()),
        document_id=document.document_id,
        amount=Decimal("12.50"),
        method=PaymentForm.TRANSFER,
        paid_at=NOW - timedelta(hours=3),
        recorded_at=NOW,
        recorded_by="caller:key",
    )
    return replace(payment, **changes)


def a_reversal(**changes: Any) -> Reversal:
    reversal = Reversal(
        reversal_id=ReversalId(an_id()), reversed_at=NOW, reversed_by="caller:key", reason="cheque devuelto"
    )
    return replace(reversal, **changes)


def an_intent(operation: str = "recordPayment", key: str = "", meaning: str = "x") -> Intent:
    return Intent(key=key or an_id(), fingerprint=hashlib.sha256(meaning.encode()).hexdigest(), operation=operation)


def agreeing(kind: EventKind, seen: list[Sequence[RecordedPayment]] | None = None) -> Any:
    def judge(_document: FiscalDocument, payments: Sequence[RecordedPayment]) -> Event:
        if seen is not None:
            seen.append(payments)
        return Event(at=NOW, kind=kind, actor="caller:key", facts={"payments": str(len(payments))})

    return judge


def refusing(document: FiscalDocument, _payments: Sequence[RecordedPayment]) -> Event:
    raise NotPayableError(document_id=document.document_id, reason="test")


async def record(stores: Stores, payment: RecordedPayment, intent: Intent | None = None) -> Entered:
    judge = agreeing(EventKind.PAYMENT_RECORDED)
    return await stores.payments.record(payment, intent=intent or an_intent(), judge=judge)


async def reverse(
    stores: Stores, payment: RecordedPayment, reversal: Reversal | None = None, intent: Intent | None = None
) -> Entered:
    return await stores.payments.reverse(
        payment.tenant_id,
        payment.payment_id,
        reversal or a_reversal(),
        intent=intent or an_intent("reversePayment"),
        judge=agreeing(EventKind.PAYMENT_REVERSED),
    )


@pytest.fixture
async def document(stores: Stores, tenant_id: TenantId) -> FiscalDocument:
    return await record_document(stores.documents, tenant_id)


async def kept(stores: Stores, document: FiscalDocument) -> list[RecordedPayment]:
    return list((await stores.payments.payments_of(document.tenant_id, [document.document_id]))[document.document_id])


async def kinds(stores: Stores, document: FiscalDocument) -> list[EventKind]:
    events = await stores.journal.events(document.tenant_id, document.document_id)
    assert first_break(events) is None
    return [chained.event.kind for chained in events]


async def test_payments_come_back_as_they_were_recorded(stores: Stores, document: FiscalDocument) -> None:
    plain = a_payment(document)
    full = a_payment(
        document,
        amount=Decimal("99999999999.99"),
        method=PaymentForm.CHEQUE,
        reference="ñ 4711",
        external_id="POS-1-pago",
        paid_at=NOW - timedelta(microseconds=1),
    )
    small = a_payment(document, amount=Decimal("0.01"))
    for payment in (plain, full, small):
        assert (await record(stores, payment)).payment == payment
    assert await kept(stores, document) == [plain, full, small]
    assert [str(one.amount) for one in await kept(stores, document)] == ["12.50", "99999999999.99", "0.01"]


async def test_a_payment_grows_the_timeline_and_nothing_else_of_the_document(
    stores: Stores, document: FiscalDocument
) -> None:
    entered = await record(stores, a_payment(document))
    assert entered.document == await stores.documents.get(document.tenant_id, document.document_id)
    changed = replace(document, version=document.version + 1, updated_at=entered.document.updated_at)
    assert entered.document == changed
    assert await kinds(stores, document) == [EventKind.RECORDED, EventKind.PAYMENT_RECORDED]


async def test_the_judge_sees_the_locked_document_and_what_was_paid_before(
    stores: Stores, document: FiscalDocument
) -> None:
    first, second = a_payment(document), a_payment(document)
    seen: list[Sequence[RecordedPayment]] = []
    for payment in (first, second):
        await stores.payments.record(payment, intent=an_intent(), judge=agreeing(EventKind.PAYMENT_RECORDED, seen))
    assert [list(payments) for payments in seen] == [[], [first]]


async def test_a_refused_payment_leaves_nothing_behind_and_its_key_free(
    stores: Stores, document: FiscalDocument
) -> None:
    payment, intent = a_payment(document), an_intent()
    with pytest.raises(NotPayableError):
        await stores.payments.record(payment, intent=intent, judge=refusing)
    assert await kept(stores, document) == []
    assert await stores.documents.get(document.tenant_id, document.document_id) == document
    assert (await record(stores, payment, intent)).payment == payment


async def test_the_same_intent_gives_the_same_payment_as_it_stands_now(
    stores: Stores, document: FiscalDocument
) -> None:
    intent = an_intent()
    first = (await record(stores, a_payment(document), intent)).payment
    assert (await record(stores, a_payment(document), intent)).payment == first
    reversed_ = (await reverse(stores, first)).payment
    again = await stores.payments.record(a_payment(document), intent=intent, judge=refusing)
    assert again.payment == reversed_
    assert again.document == await stores.documents.get(document.tenant_id, document.document_id)
    assert await kept(stores, document) == [reversed_]
    with pytest.raises(IdempotencyConflictError):
        await record(stores, a_payment(document), replace(intent, fingerprint="f" * 64))


async def test_of_many_who_come_at_once_with_one_key_one_pays(stores: Stores, document: FiscalDocument) -> None:
    intent = an_intent()
    entered = await asyncio.gather(*(record(stores, a_payment(document), intent) for _ in range(8)))
    assert len({one.payment.payment_id for one in entered}) == 1
    assert len(await kept(stores, document)) == 1
    assert (await kinds(stores, document)).count(EventKind.PAYMENT_RECORDED) == 1


async def test_payments_that_come_at_once_are_all_kept(stores: Stores, document: FiscalDocument) -> None:
    payments = [a_payment(document, amount=Decimal(place + 1).scaleb(-2)) for place in range(8)]
    await asyncio.gather(*(record(stores, payment) for payment in payments))
    assert await kept(stores, document) == payments
    assert (await kinds(stores, document)).count(EventKind.PAYMENT_RECORDED) == 8


async def test_a_reversal_stands_beside_its_payment(stores: Stores, document: FiscalDocument) -> None:
    payment, other = a_payment(document), a_payment(document)
    for each in (payment, other):
        await record(stores, each)
    reversal = a_reversal(reason="ñ " * 10)
    entered = await reverse(stores, payment, reversal)
    assert entered.payment == replace(payment, reversal=reversal)
    assert await kept(stores, document) == [entered.payment, other]
    assert (await kinds(stores, document))[-1] is EventKind.PAYMENT_REVERSED


async def test_a_payment_is_reversed_once_whatever_the_key(stores: Stores, document: FiscalDocument) -> None:
    payment, intent = a_payment(document), an_intent("reversePayment")
    await record(stores, payment)
    first = await reverse(stores, payment, intent=intent)
    assert await reverse(stores, payment, intent=intent) == first
    with pytest.raises(PaymentAlreadyReversedError):
        await reverse(stores, payment)
    with pytest.raises(IdempotencyConflictError):
        await reverse(stores, payment, intent=replace(intent, fingerprint="f" * 64))
    assert await kept(stores, document) == [first.payment]
    assert (await kinds(stores, document)).count(EventKind.PAYMENT_REVERSED) == 1


async def test_of_many_reversals_that_come_at_once_one_counts(stores: Stores, document: FiscalDocument) -> None:
    payment = a_payment(document)
    await record(stores, payment)
    answers = await asyncio.gather(*(reverse(stores, payment) for _ in range(6)), return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, PaymentAlreadyReversedError)]
    assert (len(refused), len(answers)) == (5, 6)
    assert (await kinds(stores, document)).count(EventKind.PAYMENT_REVERSED) == 1


async def test_the_payments_of_many_documents_are_read_at_once(stores: Stores, tenant_id: TenantId) -> None:
    documents = [await record_document(stores.documents, tenant_id, number=place + 1) for place in range(3)]
    first, second = a_payment(documents[0]), a_payment(documents[2])
    for payment in (second, first):
        await record(stores, payment)
    ids = [document.document_id for document in documents]
    found = await stores.payments.payments_of(tenant_id, ids)
    assert {document_id: list(payments) for document_id, payments in found.items()} == {
        ids[0]: [first],
        ids[1]: [],
        ids[2]: [second],
    }


@pytest.mark.parametrize("count", [0, 101])
async def test_reading_has_its_limits(stores: Stores, tenant_id: TenantId, count: int) -> None:
    with pytest.raises(MalformedPageError):
        await stores.payments.payments_of(tenant_id, [DocumentId(an_id()) for _ in range(count)])


async def test_another_tenants_payments_and_documents_are_not_found(
    stores: Stores, document: FiscalDocument, stranger_id: TenantId
) -> None:
    payment = a_payment(document)
    await record(stores, payment)
    with pytest.raises(DocumentNotFoundError):
        await record(stores, replace(a_payment(document), tenant_id=stranger_id))
    with pytest.raises(DocumentNotFoundError):
        await record(stores, replace(a_payment(document), document_id=DocumentId("unknown")))
    for owner, payment_id in ((stranger_id, payment.payment_id), (document.tenant_id, PaymentId("\x00"))):
        with pytest.raises(PaymentNotFoundError):
            await reverse(stores, replace(payment, tenant_id=owner, payment_id=payment_id))
    found = await stores.payments.payments_of(stranger_id, [document.document_id])
    assert list(found[document.document_id]) == []
    assert await kept(stores, document) == [payment]
