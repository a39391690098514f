"""A draft becomes a DGI document: the same id, once, whatever happens in between."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.persistence.in_memory_store import InMemoryDocumentRepository, InMemoryStore
from core.codes import PaymentForm
from core.documents import INTERNAL_POINT, DocumentMode, FiscalDocument, Recording, Submission
from core.events import EventKind
from core.failures import (
    BillingPointNotOfOfficeError,
    DocumentNotFoundError,
    DraftChangedError,
    NotADraftError,
    OrderAlreadyInvoicedError,
    OrderCancelledError,
    PacCompanyNotConfiguredError,
)
from core.ports.document_repository import Recorded, Reservation
from core.preflight import PreflightRefusedError
from core.use_cases.record_payment import NewPayment
from tests.builders import a_line
from tests.shop import Shop
from tests.unit.use_cases.drafting import ACTOR, HAMMERS, converted, drafted, kinds, selling, updated, withdrawn
from tests.unit.use_cases.dying_processes import CrashedError, crash_once, posts
from tests.world import World, memory_of


@pytest.fixture
async def world() -> World:
    return World()


@pytest.fixture
async def shop(world: World) -> Shop:
    return await world.open_shop()


async def test_a_draft_needs_no_account_at_the_pac_and_issuing_it_does() -> None:
    memory = InMemoryStore()
    world = World(stores=memory_of(memory))
    shop = await world.open_shop()
    memory.tenants[shop.tenant.tenant_id] = replace(shop.tenant, pac_company_id=None)
    draft = await drafted(world, shop)
    with pytest.raises(PacCompanyNotConfiguredError):
        await converted(world, draft)
    assert await world.current(draft) == draft


async def test_what_would_be_refused_is_noted_in_a_draft_and_refused_at_its_conversion(
    world: World, shop: Shop
) -> None:
    draft = await drafted(world, shop, selling(a_line(description="")))
    (event, *_) = await world.stores.journal.events(draft.tenant_id, draft.document_id)
    assert event.event.facts["findings"]
    assert world.judge_draft(draft.draft).is_refused
    with pytest.raises(PreflightRefusedError):
        await converted(world, draft)
    assert await world.current(draft) == draft
    mended = await converted(world, await updated(world, draft, HAMMERS))
    assert (mended.number, mended.submission) == (1, Submission.ACCEPTED)


async def test_a_draft_becomes_the_document_that_createinvoice_would_have_made(world: World, shop: Shop) -> None:
    invoice = replace(HAMMERS, client_id=shop.client.client_id, external_id="POS-1")
    draft = await drafted(world, shop, invoice)
    world.wait(hours=50)
    document = await converted(world, draft)
    at_once = await world.create_invoice(
        shop.tenant.tenant_id, invoice, mode=DocumentMode.DGI, idempotency_key="dgi", wait_seconds=10, actor=ACTOR
    )
    own = {
        name: getattr(document, name)
        for name in ("document_id", "number", "idempotency_key", "security_code", "version")
    }
    shared = {
        name: getattr(document, name)
        for name in ("expected_cufe", "cufe", "pac_document_id", "updated_at", "qr", "public_url", "settles_at")
    }
    assert replace(at_once, **own, **shared) == document
    assert (document.document_id, document.number, at_once.number) == (draft.document_id, 1, 2)
    assert document.cufe == document.expected_cufe
    assert await kinds(world, document) == [
        EventKind.RECORDED,
        EventKind.CONVERTED,
        *(await kinds(world, at_once))[1:],
    ]


async def test_converting_twice_and_at_once_gives_one_document_and_one_post(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    made = await asyncio.gather(*(converted(world, draft) for _ in range(5)))
    again = await converted(world, draft)
    assert {one.document_id for one in (*made, again)} == {draft.document_id}
    assert again.submission is Submission.ACCEPTED
    assert again.attempts == 1
    assert posts(world) == 1
    assert (await kinds(world, draft)).count(EventKind.CONVERTED) == 1
    assert await drafted(world, shop) == again, "the draft's key names what became of it"


async def test_a_crash_between_conversion_and_post_leaves_a_document_that_the_sweep_sends(
    world: World, shop: Shop
) -> None:
    draft = await drafted(world, shop)
    world.wait(hours=72)

    world.crashpoint = crash_once("before_claim")
    with pytest.raises(CrashedError):
        await converted(world, draft)
    queued = await world.current(draft)
    assert (queued.mode, queued.submission, queued.number) == (DocumentMode.DGI, Submission.QUEUED, 1)
    await world.sweep(times=3, every_seconds=60)
    sent = await world.current(draft)
    assert (sent.submission, sent.attempts) == (Submission.ACCEPTED, 1)
    assert sent.created_at == queued.issued_at, "it waits since it was issued, not since it was drafted"


async def test_without_a_wait_a_worker_is_rung(world: World, shop: Shop) -> None:
    queued = await converted(world, await drafted(world, shop), wait=0)
    assert queued.submission is Submission.QUEUED
    await world.queue.drain(world.run_due_work.handle)
    assert (await world.current(queued)).submission is Submission.ACCEPTED


async def test_a_draft_keeps_the_billing_point_that_it_was_given(world: World, shop: Shop) -> None:
    branch = await world.create_office(
        shop.tenant.tenant_id,
        code="0002",
        address="Vía España",
        coordinates="+8.9936,-79.5197",
        location_code="8-8-8",
        telephone="200-0102",
        billing_points=("002", "022"),
    )
    draft = await drafted(world, shop, replace(HAMMERS, billing_point="022"))
    assert (draft.office_id, draft.series.billing_point) == (branch.office_id, INTERNAL_POINT)
    document = await converted(world, draft)
    assert (document.series.billing_point, document.office_id) == ("022", branch.office_id)
    assert document.draft.billing_point is None
    with pytest.raises(BillingPointNotOfOfficeError):
        await drafted(world, shop, replace(HAMMERS, billing_point="777"), "draft-2")


async def test_an_order_is_billed_once_however_many_drafts_it_has(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)

    async def draft_of_it(key: str) -> FiscalDocument:
        return await world.generate_invoice(
            shop.tenant.tenant_id,
            order.order_id,
            mode=DocumentMode.PROFORM,
            idempotency_key=key,
            wait_seconds=0,
            actor=ACTOR,
        )

    first, second = await draft_of_it("a"), await draft_of_it("b")
    document = await converted(world, first)
    assert document.order_id == order.order_id
    for refused in (converted(world, second), world.invoice(shop, order, "c"), draft_of_it("d")):
        with pytest.raises(OrderAlreadyInvoicedError):
            await refused
    assert (await world.current(second)).submission is Submission.DRAFT


async def test_another_tenants_draft_is_not_found(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    stranger = await world.open_shop(ruc="155000002-2-2020", name="Otra Empresa, S.A.")
    theirs = replace(draft, tenant_id=stranger.tenant.tenant_id)
    for refused in (converted(world, theirs), updated(world, theirs, HAMMERS), withdrawn(world, theirs)):
        with pytest.raises(DocumentNotFoundError):
            await refused
    assert await world.current(draft) == draft


async def test_a_draft_of_an_order_that_was_called_off_is_not_issued(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)
    draft = await world.generate_invoice(
        shop.tenant.tenant_id,
        order.order_id,
        mode=DocumentMode.PROFORM,
        idempotency_key="a",
        wait_seconds=0,
        actor=ACTOR,
    )
    await world.cancel_order(shop.tenant.tenant_id, order.order_id)
    with pytest.raises(OrderCancelledError):
        await converted(world, draft)
    assert await world.current(draft) == draft


async def test_an_edit_and_a_conversion_at_once_never_issue_what_nobody_read(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    other = selling(a_line(quantity=Decimal(9)))
    done = await asyncio.gather(converted(world, draft), updated(world, draft, other), return_exceptions=True)
    final = await world.current(draft)
    failed = [one for one in done if isinstance(one, BaseException)]
    assert all(isinstance(one, DraftChangedError | NotADraftError) for one in failed)
    if final.mode is DocumentMode.DGI:
        assert final.draft.lines == HAMMERS.draft.lines
        assert isinstance(done[1], NotADraftError)
    else:
        assert final.draft.lines == other.draft.lines


class Overtaken(InMemoryDocumentRepository):
    """Whenever a DGI document is about to be recorded, somebody else does something first."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def record(self, reservation: Reservation, build: Callable[[int], Recording]) -> Recorded:
        if self.meanwhile is not None:
            await self.meanwhile()
        return await super().record(reservation, build)


async def overtaken() -> tuple[World, Overtaken, FiscalDocument]:
    memory = InMemoryStore()
    documents = Overtaken(memory)
    world = World(stores=replace(memory_of(memory), documents=documents))
    return world, documents, await drafted(world, await world.open_shop())


async def test_a_payment_that_comes_meanwhile_does_not_stop_a_conversion() -> None:
    world, documents, draft = await overtaken()

    async def pay() -> None:
        documents.meanwhile = None
        new = NewPayment(amount=Decimal("1.00"), method=PaymentForm.CASH, paid_at=world.clock.now())
        await world.record_payment(draft.tenant_id, draft.document_id, new, idempotency_key="till", actor=ACTOR)

    documents.meanwhile = pay
    issued = await converted(world, draft)
    assert (issued.document_id, issued.number, issued.submission) == (draft.document_id, 1, Submission.ACCEPTED)
    assert EventKind.PAYMENT_RECORDED in await kinds(world, issued)


async def test_an_edit_that_comes_meanwhile_still_does() -> None:
    world, documents, draft = await overtaken()

    async def edit() -> None:
        documents.meanwhile = None
        await updated(world, draft, selling(a_line(), a_line()))

    documents.meanwhile = edit
    with pytest.raises(DraftChangedError):
        await converted(world, draft)
    assert (await world.current(draft)).submission is Submission.DRAFT
