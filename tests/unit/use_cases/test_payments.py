"""What documents owe as payments, credit notes and voids come and go, and which documents take payments at all."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from core.business_status import BusinessStatus
from core.codes import DocumentType, PaymentForm
from core.documents import Change, DocumentMode, FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from core.failures import NotPayableError, PaymentLimitReachedError
from core.payments import PAYMENTS_MAX
from core.ports.pac_gateway import PacAccount, SubmitAnswer
from core.ports.payment_book import Entered
from core.timeline import first_break
from core.use_cases.record_payment import NewPayment
from core.voids import Void, VoidState
from tests.builders import INVOICES, NOW, a_tenant, record_document
from tests.world import World

TENANT = a_tenant().tenant_id
ISSUED_ON = date(2026, 3, 2)
TOTAL = Decimal("77.63")
CREDIT_NOTES = replace(INVOICES, document_type=DocumentType.REFERRING_CREDIT_NOTE)


def a_void(state: VoidState) -> Void:
    return Void(
        state=state, reason="error en los datos", requested_at=NOW, requested_by="caller:key", idempotency_key="void"
    )


async def pay(world: World, document: FiscalDocument, amount: str = "10.00", key: str = "k") -> Entered:
    new = NewPayment(amount=Decimal(amount), method=PaymentForm.CASH, paid_at=world.clock.now())
    return await world.record_payment(
        document.tenant_id, document.document_id, new, idempotency_key=key, actor="caller:test"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"series": CREDIT_NOTES}, "credit note"),
        ({"mode": DocumentMode.DGI_IMPORT, "submission": Submission.IMPORTED}, "somebody else"),
        ({"submission": Submission.REFUSED}, "refused or rejected"),
        ({"legal_status": LegalStatus.PAC_REJECTED}, "refused or rejected"),
        ({"legal_status": LegalStatus.DGI_REJECTED}, "refused or rejected"),
        ({"void": a_void(VoidState.VOIDED)}, "void"),
        ({"mode": DocumentMode.PROFORM, "submission": Submission.DRAFT, "withdrawn_at": NOW}, "taken back"),
    ],
)
async def test_what_nobody_owes_takes_no_payment(changes: dict[str, Any], reason: str) -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT, **changes)
    with pytest.raises(NotPayableError, match=reason):
        await pay(world, document)
    found = await world.stores.payments.payments_of(TENANT, [document.document_id])
    assert list(found[document.document_id]) == []


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"submission": Submission.IN_DOUBT},
        {"submission": Submission.QUARANTINED},
        {"submission": Submission.ISSUED_ID_UNKNOWN},
        {"submission": Submission.ACCEPTED, "legal_status": LegalStatus.DGI_AUTHORIZED},
        {"mode": DocumentMode.PROFORM, "submission": Submission.DRAFT},
        {"series": replace(INVOICES, document_type=DocumentType.REFERRING_DEBIT_NOTE)},
        {"void": a_void(VoidState.FAILED)},
        {"void": a_void(VoidState.REQUESTED)},
    ],
)
async def test_money_for_what_may_be_owed_is_recorded_whatever_its_sending(changes: dict[str, Any]) -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT, **changes)
    await pay(world, document)
    found = await world.read_standings(TENANT, [await world.current(document)])
    seen = found[document.document_id]
    assert seen is not None
    assert (seen.sums.payments, seen.sums.balance) == (Decimal("10.00"), TOTAL - Decimal("10.00"))


async def test_a_payment_of_what_was_refused_afterwards_can_still_be_taken_back() -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT)
    entered = await pay(world, document)
    refuse = Change(document=replace(entered.document, submission=Submission.REFUSED))
    await world.stores.documents.update(TENANT, document.document_id, lambda _: refuse)
    with pytest.raises(NotPayableError):
        await pay(world, document, key="another")
    back = await world.reverse_payment(
        TENANT, entered.payment.payment_id, "no se emitió", idempotency_key="k", actor="caller:test"
    )
    assert not back.payment.counts
    assert (await pay(world, document)).payment == back.payment


class PaidMeanwhile(InMemoryPacGateway):
    """A PAC that answers only after the customer paid."""

    def __init__(self, world: World, document: FiscalDocument) -> None:
        super().__init__(world.engine)
        self._world, self._document = world, document

    async def submit(self, account: PacAccount, document_type: DocumentType, body: bytes) -> SubmitAnswer:
        assert (await self._world.current(self._document)).submission is Submission.SENDING
        await pay(self._world, self._document)
        return await super().submit(account, document_type, body)


async def test_a_payment_while_the_document_is_being_sent_disturbs_no_attempt() -> None:
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    submit = world.make_submit("worker-2", PaidMeanwhile(world, document))
    sent = await submit(document.tenant_id, document.document_id)
    assert (sent.submission, sent.attempts) == (Submission.ACCEPTED, 1)
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    kinds = [chained.event.kind for chained in events]
    assert kinds.index(EventKind.SENDING) < kinds.index(EventKind.PAYMENT_RECORDED) < kinds.index(EventKind.ACCEPTED)
    assert first_break(events) is None
    seen = (await world.read_standings(document.tenant_id, [sent]))[document.document_id]
    assert seen is not None
    assert seen.status is BusinessStatus.PARTIALLY_PAID
    assert len(world.engine.documents) == 1


async def test_a_document_has_its_most_payments_and_no_more() -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT)
    for place in range(PAYMENTS_MAX):
        await pay(world, document, "0.01", key=str(place))
    with pytest.raises(PaymentLimitReachedError):
        await pay(world, document, "0.01", key="one more")
    assert (await pay(world, document, "0.01", key="0")).payment.amount == Decimal("0.01")


async def test_who_owes_nothing_to_this_issuer_has_no_standing() -> None:
    world = World()
    note = await record_document(world.stores.documents, TENANT, series=CREDIT_NOTES)
    imported = await record_document(
        world.stores.documents, TENANT, mode=DocumentMode.DGI_IMPORT, submission=Submission.IMPORTED
    )
    invoice = await record_document(world.stores.documents, TENANT)
    found = await world.read_standings(TENANT, [note, imported, invoice])
    assert [found[each.document_id] is None for each in (note, imported, invoice)] == [True, True, False]
    assert await world.read_standings(TENANT, [note]) == {note.document_id: None}


async def test_credit_notes_of_the_store_lower_the_balance_of_the_invoice_that_they_name() -> None:
    world = World()
    invoice = await record_document(world.stores.documents, TENANT)
    other = await record_document(world.stores.documents, TENANT)
    await record_document(
        world.stores.documents,
        TENANT,
        series=CREDIT_NOTES,
        parent_id=invoice.document_id,
        submission=Submission.ACCEPTED,
        legal_status=LegalStatus.DGI_AUTHORIZED,
    )
    found = await world.read_standings(TENANT, [invoice, other])
    credited, untouched = found[invoice.document_id], found[other.document_id]
    assert credited is not None
    assert untouched is not None
    assert (credited.status, credited.sums.credits) == (BusinessStatus.CANCELED, TOTAL)
    assert (untouched.sums.credits, untouched.sums.balance) == (Decimal("0.00"), TOTAL)


cents = st.integers(1, 5000).map(lambda amount: f"{Decimal(amount).scaleb(-2):f}")


@given(amounts=st.lists(cents, min_size=1, max_size=5), taken=st.data())
async def test_taking_back_any_payments_leaves_what_the_others_leave(amounts: list[str], taken: st.DataObject) -> None:
    world = World()
    document = await record_document(world.stores.documents, TENANT)
    entered = [await pay(world, document, amount, key=str(place)) for place, amount in enumerate(amounts)]
    gone = taken.draw(st.sets(st.sampled_from(range(len(amounts)))))
    for place in sorted(gone):
        await world.reverse_payment(
            TENANT, entered[place].payment.payment_id, "cheque devuelto", idempotency_key=str(place), actor="x"
        )
    seen = (await world.read_standings(TENANT, [document]))[document.document_id]
    assert seen is not None
    left = [Decimal(amount) for place, amount in enumerate(amounts) if place not in gone]
    assert seen.sums.balance == TOTAL - sum(left)
    assert len(seen.payments) == len(amounts)
    assert (seen.status is BusinessStatus.PARTIALLY_PAID) <= bool(left)
