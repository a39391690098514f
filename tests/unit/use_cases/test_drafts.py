"""PROFORM documents: never sent, changed freely, taken back."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.codes import DocumentType
from core.documents import INTERNAL_POINT, DocumentKind, DocumentMode, LegalStatus, Submission
from core.drafts import DraftLine
from core.events import EventKind
from core.failures import (
    DocumentNotFoundError,
    DraftChangedError,
    IdempotencyConflictError,
    MalformedInputError,
    NotADraftError,
)
from core.preflight import PreflightRefusedError
from tests.builders import a_line
from tests.shop import Shop
from tests.unit.use_cases.drafting import ACTOR, HAMMERS, converted, drafted, kinds, selling, updated, withdrawn
from tests.world import World


@pytest.fixture
async def world() -> World:
    return World()


@pytest.fixture
async def shop(world: World) -> Shop:
    return await world.open_shop()


async def test_a_draft_has_an_internal_number_no_cufe_and_nothing_due(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    assert (draft.mode, draft.submission, draft.legal_status) == (
        DocumentMode.PROFORM,
        Submission.DRAFT,
        LegalStatus.NONE,
    )
    assert (draft.series.billing_point, draft.number, draft.expected_cufe) == (INTERNAL_POINT, 1, "")
    assert draft.next_action_at is None
    assert draft.totals.total == Decimal("40.13")
    assert await drafted(world, shop) == draft
    with pytest.raises(IdempotencyConflictError):
        await drafted(world, shop, selling(a_line(), a_line()))


async def test_no_sweep_ever_sends_a_draft(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    edited = await updated(world, draft, selling(a_line(quantity=Decimal(5))))
    gone = await withdrawn(world, await drafted(world, shop, key="draft-2"))
    for _ in range(3):
        await world.sweep(times=3, every_seconds=86_400)
    assert await world.submit(draft.tenant_id, draft.document_id) == edited
    assert await world.current(draft) == edited
    assert await world.current(gone) == gone
    assert not world.engine.documents


@pytest.mark.parametrize("lines", [(), (a_line(quantity=Decimal("NaN")),)])
async def test_the_figures_of_a_draft_must_compute(world: World, shop: Shop, lines: tuple[DraftLine, ...]) -> None:
    broken = replace(HAMMERS, draft=replace(HAMMERS.draft, lines=lines))
    with pytest.raises(PreflightRefusedError):
        await drafted(world, shop, broken)
    draft = await drafted(world, shop)
    with pytest.raises(PreflightRefusedError):
        await updated(world, draft, broken)
    assert await world.current(draft) == draft


async def test_an_edit_replaces_everything_that_the_draft_said(world: World, shop: Shop) -> None:
    first = replace(HAMMERS, client_id=shop.client.client_id, external_id="POS-1")
    draft = await drafted(world, shop, first)
    world.wait(hours=1)
    after = await updated(world, draft, selling(a_line(unit_price=Decimal(20)), information="dos"), draft.version)
    assert (after.version, after.totals.total, after.external_id, after.client_id) == (2, Decimal("64.20"), None, None)
    assert (after.document_id, after.number, after.idempotency_key) == (
        draft.document_id,
        draft.number,
        draft.idempotency_key,
    )
    assert after.draft.information == "dos"
    assert after.issued_at > draft.issued_at
    assert await world.current(draft) == after
    assert await kinds(world, draft) == [EventKind.RECORDED, EventKind.DRAFT_CHANGED]


async def test_an_edit_of_what_somebody_else_edited_is_refused(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    after = await updated(world, draft, selling(a_line(quantity=Decimal(5))), draft.version)
    with pytest.raises(DraftChangedError):
        await updated(world, draft, HAMMERS, draft.version)
    assert await world.current(draft) == after
    assert (await updated(world, draft, HAMMERS)).version == 3


async def test_a_withdrawn_draft_stays_readable_and_nothing_more_is_done_with_it(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    gone = await withdrawn(world, draft)
    assert gone.withdrawn_at == world.clock.now()
    assert await withdrawn(world, draft) == gone
    assert await world.current(draft) == gone
    assert await kinds(world, draft) == [EventKind.RECORDED, EventKind.WITHDRAWN]
    for refused in (converted(world, draft), updated(world, draft, HAMMERS)):
        with pytest.raises(NotADraftError, match="withdrawn"):
            await refused
    with pytest.raises(MalformedInputError):
        await world.withdraw(
            draft.tenant_id, draft.document_id, kind=DocumentKind.INVOICE, reason="x" * 1001, actor=ACTOR
        )


async def test_a_dgi_document_is_never_changed_and_the_refusal_says_what_to_do(world: World, shop: Shop) -> None:
    document = await converted(world, await drafted(world, shop))
    assert document.legal_status is LegalStatus.PAC_AUTHORIZED
    for hint, minutes in (("isSettled", 0), ("createCredit", 10)):
        world.wait(minutes=minutes)
        await world.run_due_work()
        kept = await world.current(document)
        for refused in (updated(world, document, HAMMERS), withdrawn(world, document)):
            with pytest.raises(NotADraftError) as error:
                await refused
            assert hint in error.value.hint.english
            assert hint in error.value.hint.spanish
        assert await world.current(document) == kept


@pytest.mark.parametrize("kind", [DocumentKind.CREDIT, DocumentKind.DEBIT])
async def test_an_invoice_is_not_found_where_a_note_is_meant(world: World, shop: Shop, kind: DocumentKind) -> None:
    draft = await drafted(world, shop)
    with pytest.raises(DocumentNotFoundError):
        await withdrawn(world, draft, kind)
    with pytest.raises(DocumentNotFoundError):
        await world.convert_draft(draft.tenant_id, draft.document_id, kind=kind, wait_seconds=0, actor=ACTOR)
    assert await world.current(draft) == draft


async def test_the_type_of_a_draft_stays(world: World, shop: Shop) -> None:
    draft = await drafted(world, shop)
    with pytest.raises(MalformedInputError):
        await world.update_invoice(
            draft.tenant_id,
            draft.document_id,
            HAMMERS,
            document_type=DocumentType.EXPORT_INVOICE,
            expected_version=None,
            actor=ACTOR,
        )
