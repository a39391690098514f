"""Cells of the fault matrix from the webhook to the stored PDF; the id in a name is the cell's."""

import asyncio
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from core.documents import FileKind, FiscalDocument, LegalStatus, Submission
from core.events import EventKind
from tests.shop import WEBHOOK_SECRET
from tests.world import World


def spoil(world: World, *rules: FaultRule) -> None:
    world.engine.set_faults(FaultPlan(rules=rules))


async def issued(world: World, *, webhooks: bool = True) -> FiscalDocument:
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=webhooks)
    return await world.invoice(shop, await world.an_order(shop))


async def finished(world: World, document: FiscalDocument) -> FiscalDocument:
    for _ in range(30):
        await world.sweep(every_seconds=10)
        current = await world.current(document)
        if current.next_action_at is None:
            return current
    raise AssertionError(current)


async def kinds(world: World, document: FiscalDocument) -> list[EventKind]:
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    return [each.event.kind for each in events]


async def revisions(world: World, document: FiscalDocument, kind: FileKind) -> int:
    """How many files of one kind were ever attached."""
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    return sum(each.event.kind is EventKind.FILE_STORED and each.event.facts["file"] == kind.value for each in events)


async def test_b38_b43_a_webhook_that_overtakes_the_answer_is_matched_and_regresses_nothing():
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    seen: list[Submission] = []

    async def deliver() -> None:
        await world.deliver_webhooks()
        seen.append((await world.current(document)).submission)

    world.queue.lose_everything()
    spoil(world, FaultRule(kind=FaultKind.WEBHOOK_BEFORE_ANSWER))
    submit = world.make_submit("worker-2", pac=InMemoryPacGateway(world.engine, deliver_webhooks=deliver))
    await submit(document.tenant_id, document.document_id)
    assert seen == [Submission.SENDING], "the webhook came while the answer was on its way"
    done = await finished(world, document)
    assert (done.submission, done.legal_status) == (Submission.ACCEPTED, LegalStatus.DGI_AUTHORIZED)
    assert (done.hinted_ids, done.refuted_ids) == ((), ())
    assert len(world.engine.documents) == 1


async def test_b46_webhooks_out_of_order_never_take_a_status_back():
    world = World()
    document = await issued(world)
    early = world.engine.take_due_webhooks()
    world.wait(seconds=3)
    await world.deliver_webhooks()
    authorised = await world.current(document)
    assert authorised.legal_status is LegalStatus.DGI_AUTHORIZED
    assert early
    for webhook in early:
        await world.receive_webhook(
            webhook.company_id, signature=WEBHOOK_SECRET.encode(), user_id=None, body=webhook.body
        )
    await world.queue.drain(world.run_due_work.handle)
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED


async def test_b49_a_webhook_that_was_kept_and_not_processed_is_processed_by_the_sweep():
    world = World()
    document = await issued(world)
    world.wait(seconds=3)
    for webhook in world.engine.take_due_webhooks():
        await world.receive_webhook(
            webhook.company_id, signature=WEBHOOK_SECRET.encode(), user_id=None, body=webhook.body
        )
    world.queue.lose_everything()  # the process died here: only what is stored is left
    await world.run_due_work()
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED
    assert EventKind.WEBHOOK in await kinds(world, document)
    assert not await world.stores.inbox.waiting(document.tenant_id, limit=10)


async def test_b52_a_known_id_that_is_not_found_is_kept_and_asked_for_again():
    world = World()
    document = await issued(world, webhooks=False)
    spoil(world, FaultRule(kind=FaultKind.NOT_FOUND_404))
    await world.sweep(times=6, every_seconds=60)
    kept = await world.current(document)
    assert (kept.submission, kept.pac_document_id) == (Submission.ACCEPTED, document.pac_document_id)
    assert not kept.legal_status.is_terminal
    assert EventKind.CHECK_FAILED in await kinds(world, document)
    spoil(world)
    assert (await finished(world, document)).legal_status is LegalStatus.DGI_AUTHORIZED


@pytest.mark.parametrize("kind", [FaultKind.UNKNOWN_STATUS, FaultKind.REGRESSED_STATUS], ids=["b53", "b54"])
async def test_b53_b54_a_status_that_is_strange_or_lower_settles_nothing(kind: FaultKind):
    world = World()
    document = await issued(world, webhooks=False)
    spoil(world, FaultRule(kind=kind, nth=frozenset({1, 2})))
    await world.sweep(times=2, every_seconds=5)
    strange = await world.current(document)
    assert strange.submission is Submission.ACCEPTED
    assert not strange.legal_status.is_terminal
    assert strange.next_action_at is not None
    if kind is FaultKind.UNKNOWN_STATUS:
        assert strange.raw_legal_status
        assert EventKind.ALARM in await kinds(world, document)
    else:
        assert strange.legal_status is LegalStatus.PAC_AUTHORIZED
    done = await finished(world, document)
    assert done.legal_status is LegalStatus.DGI_AUTHORIZED


async def test_b54_an_authorised_document_is_not_taken_back():
    world = World()
    document = await finished(world, await issued(world))
    spoil(world, FaultRule(kind=FaultKind.REGRESSED_STATUS))
    await world.refresh(document.tenant_id, document.document_id, actor="operator:test")
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED


async def test_b56_a_pac_that_is_away_for_72_hours_expires_nothing():
    world = World()
    document = await issued(world, webhooks=False)
    away = FaultRule(kind=FaultKind.DROP_BEFORE, match=RequestMatch(method="GET"))
    spoil(world, away)
    await world.sweep(times=72, every_seconds=3600)
    waiting = await world.current(document)
    assert (waiting.submission, waiting.legal_status) == (Submission.ACCEPTED, LegalStatus.PAC_AUTHORIZED)
    assert waiting.next_action_at is not None
    assert waiting.next_action_at <= world.clock.now() + timedelta(hours=1, minutes=6)
    spoil(world)
    await world.sweep(times=3, every_seconds=4000)
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED


async def test_b58_webhook_and_sweep_that_fetch_at_once_leave_one_pdf():
    world = World()
    document = await issued(world, webhooks=False)
    world.wait(seconds=5)
    await asyncio.gather(
        *(world.refresh(document.tenant_id, document.document_id, actor=actor) for actor in ("webhook", "sweep") * 3)
    )
    files = (await world.current(document)).files
    assert sorted(file.kind.value for file in files) == ["PDF", "XML"]
    assert await revisions(world, document, FileKind.PDF) == 1


@pytest.mark.parametrize(
    "kind",
    [
        pytest.param(FaultKind.PDF_EXPIRED, id="b59"),
        pytest.param(FaultKind.PDF_MISSING, id="b60"),
        pytest.param(FaultKind.PDF_HTML, id="b61-html"),
        pytest.param(FaultKind.PDF_TRUNCATED, id="b61-truncated"),
        pytest.param(FaultKind.PDF_REDIRECT, id="b62"),
    ],
)
async def test_b59_b60_b61_b62_what_is_no_pdf_is_never_stored_and_asked_for_again(kind: FaultKind):
    world = World()
    document = await issued(world, webhooks=False)
    spoil(world, FaultRule(kind=kind, nth=frozenset({1, 2, 3})))
    await world.sweep(times=2, every_seconds=4)
    spoilt = await world.current(document)
    assert not [file for file in spoilt.files if file.kind is FileKind.PDF]
    done = await finished(world, document)
    (pdf,) = [file for file in done.files if file.kind is FileKind.PDF]
    assert (await world.stores.files.get(done.tenant_id, pdf.digest)).startswith(b"%PDF-")
    assert done.legal_status is LegalStatus.DGI_AUTHORIZED


async def test_b63_a_blob_whose_row_was_never_written_is_adopted_by_the_next_fetch():
    world = World()
    document = await issued(world, webhooks=False)
    world.wait(seconds=5)
    account = await world.find_account(document.tenant_id)
    answer = await world.pac.look_up(account, document.document_type, document.pac_document_id)
    downloaded = await world.pac.download_pdf(answer.document.pdf_url)
    orphan = await world.stores.files.put(document.tenant_id, downloaded.content)  # and there the process died
    done = await finished(world, document)
    assert [file.digest for file in done.files if file.kind is FileKind.PDF] == [orphan]


async def test_b65_a_final_pdf_is_never_replaced():
    world = World()
    document = await finished(world, await issued(world, webhooks=False))
    before = {file.kind: file.digest for file in document.files}
    spoil(world, FaultRule(kind=FaultKind.PDF_HTML), FaultRule(kind=FaultKind.PDF_MISSING))
    await world.refresh(document.tenant_id, document.document_id, actor="operator:test")
    assert {file.kind: file.digest for file in (await world.current(document)).files} == before
