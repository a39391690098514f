"""The cells of docs/fault-matrix.md about voids, each told as it happens."""

import asyncio
from datetime import timedelta

import pytest

from adapters.alanube.fake.faults import FaultKind
from core.documents import LegalStatus, Submission
from core.events import EventKind, ExchangeKind
from core.failures import VoidStandsError, VoidWindowClosedError
from core.voids import VoidState
from tests.unit.voids.voidable import REASON, a_voidable, void_of
from tests.world import World

LATE_MINUTES = 17  # past the lease and the settling time of a lost answer


async def test_b66_a_time_out_after_the_pac_voided_is_settled_by_the_repetition() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.break_deletes(FaultKind.TIME_OUT_AFTER_ACCEPT)
    asked = await shop.ask(invoice)
    assert void_of(asked).state is VoidState.IN_DOUBT
    assert shop.at_pac(invoice).voided_at is not None
    await shop.world.sweep(times=2, every_seconds=5)
    looked = await shop.world.current(invoice)
    assert void_of(looked).state is VoidState.IN_DOUBT, "that a GET shows no void proves nothing"
    await shop.world.sweep(every_seconds=60 * LATE_MINUTES)
    voided = await shop.world.current(invoice)
    assert void_of(voided).state is VoidState.VOIDED
    assert void_of(voided).codes == ("0622",)
    assert len(shop.deletes) == 2
    assert voided.legal_status is LegalStatus.DGI_AUTHORIZED


async def test_b66_a_read_that_shows_the_void_settles_it_without_a_second_delete() -> None:
    shop = await a_voidable()
    shop.world.engine.behave(void_in_view=True)
    invoice = await shop.invoice()
    shop.break_deletes(FaultKind.DROP_AFTER_ACCEPT)
    await shop.ask(invoice)
    await shop.world.sweep(times=2, every_seconds=5)
    assert void_of(await shop.world.current(invoice)).state is VoidState.VOIDED
    assert len(shop.deletes) == 1


async def test_b66_outside_the_window_after_a_lost_answer_settles_nothing() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.break_deletes(FaultKind.ERROR_503_BEFORE)
    assert void_of(await shop.ask(invoice)).state is VoidState.IN_DOUBT
    shop.world.engine.behave(void_window=timedelta(0))
    await shop.world.sweep(times=3, every_seconds=3600)
    doubted = void_of(await shop.world.current(invoice))
    assert doubted.state is VoidState.IN_DOUBT
    assert doubted.doubt_reason == "refused_after_doubt"
    assert doubted.codes == ("AP10141",), "what the PAC said is shown"
    assert doubted.due_at is not None, "it is asked for again"
    assert len(shop.deletes) >= 2


async def test_b67_the_pac_decides_about_a_void_that_was_asked_for_just_in_time() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.world.clock.advance(
        (invoice.issued_at + timedelta(hours=181, minutes=59) - shop.world.clock.now()).total_seconds()
    )
    waiting = await shop.ask(invoice, wait=0)
    assert void_of(waiting).state is VoidState.REQUESTED
    await shop.world.sweep(every_seconds=180)
    failed = void_of(await shop.world.current(invoice))
    assert failed.state is VoidState.FAILED
    assert failed.codes == ("AP10141",)
    assert "plazo" in failed.message, "the caller is told in the PAC's own words"
    assert shop.at_pac(invoice).voided_at is None
    with pytest.raises(VoidWindowClosedError) as told:
        await shop.ask(invoice, "another wish")
    assert "createCredit" in told.value.hint.english


async def test_b67_and_when_the_pac_still_takes_it_the_document_is_void() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.world.engine.behave(void_window=timedelta(hours=183))
    shop.world.clock.advance(
        (invoice.issued_at + timedelta(hours=181, minutes=59) - shop.world.clock.now()).total_seconds()
    )
    await shop.ask(invoice, wait=0)
    await shop.world.sweep(every_seconds=180)
    assert (await shop.world.current(invoice)).is_void


@pytest.mark.parametrize("crash", ["before_void_claim", "after_void_claim_before_delete"])
async def test_b68_a_crash_between_the_wish_and_the_delete_leaves_one_delete(crash: str) -> None:
    def die(name: str) -> None:
        if name == crash:
            raise RuntimeError(crash)

    shop = await a_voidable(World(crashpoint=die))
    invoice = await shop.invoice()
    with pytest.raises(RuntimeError, match=crash):
        await shop.ask(invoice)
    assert shop.deletes == []
    shop.world.crashpoint = lambda _: None
    await shop.world.sweep(times=60, every_seconds=60)
    assert (await shop.world.current(invoice)).is_void
    assert len(shop.deletes) == 1


async def test_b69_a_void_of_a_document_in_doubt_waits_and_is_sent_once_it_is_authorised() -> None:
    shop = await a_voidable()
    world = shop.world
    shop.break_posts(FaultKind.DROP_AFTER_ACCEPT)
    invoice = await world.invoice(shop.shop, await world.an_order(shop.shop), "sale")
    assert invoice.submission is Submission.IN_DOUBT
    waiting = void_of(await shop.ask(invoice))
    assert waiting.waits
    assert shop.deletes == []
    await world.deliver_webhooks()
    for _ in range(10):
        await world.sweep(every_seconds=5)
        await world.deliver_webhooks()
    current = await world.current(invoice)
    assert current.legal_status is LegalStatus.DGI_AUTHORIZED
    assert current.is_void
    assert len(shop.deletes) == 1


async def test_b69_a_void_fails_with_its_document() -> None:
    shop = await a_voidable()
    world = shop.world
    order = await world.an_order(shop.shop)
    queued = await world.invoice(shop.shop, order, "sale", wait=0)
    assert void_of(await shop.ask(queued)).waits
    world.engine.behave(strict_registry=True)  # the receiver's RUC is unknown now: 1602
    await world.sweep(every_seconds=5)
    refused = await world.current(queued)
    assert refused.submission is Submission.REFUSED
    assert void_of(refused).state is VoidState.FAILED
    assert void_of(refused).codes == ("document_never_issued",)
    assert (await shop.kinds(refused))[-1] is EventKind.VOID_FAILED
    assert shop.deletes == []


async def test_b70_two_voids_at_once_have_one_effect() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    results = await asyncio.gather(*(shop.ask(invoice, key) for key in ("one", "one", "two")), return_exceptions=True)
    assert isinstance(results[2], VoidStandsError)
    await shop.world.sweep(times=3, every_seconds=5)
    assert (await shop.world.current(invoice)).is_void
    assert len(shop.deletes) == 1
    again = await shop.ask(invoice, "one")
    assert again.is_void
    assert len(shop.deletes) == 1


async def test_b71_an_unknown_id_fails_the_void_and_looks_the_document_up() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    shop.break_deletes(FaultKind.NOT_FOUND_404)
    failed = await shop.ask(invoice)
    assert void_of(failed).state is VoidState.FAILED
    assert failed.next_action_at is not None, "somebody looks"
    reads_before = shop.at_pac(invoice).reads
    await shop.world.sweep(every_seconds=5)
    assert shop.at_pac(invoice).reads == reads_before + 1
    assert EventKind.ALARM in await shop.kinds(failed)


async def test_b47_a_webhook_six_hours_late_changes_nothing_of_a_void_document() -> None:
    shop = await a_voidable()
    shop.world.engine.set_faults(shop.plan(FaultKind.DELAY_WEBHOOK, seconds=6 * 3600))
    invoice = await shop.invoice()
    voided = await shop.ask(invoice)
    assert voided.is_void
    shop.world.wait(hours=7)
    assert await shop.world.deliver_webhooks() > 0
    await shop.world.sweep(times=2, every_seconds=5)
    after = await shop.world.current(invoice)
    assert (after.void, after.legal_status, after.submission) == (voided.void, voided.legal_status, voided.submission)


async def test_a_void_keeps_what_was_sent_and_what_was_answered() -> None:
    shop = await a_voidable()
    invoice = await shop.invoice()
    await shop.ask(invoice)
    kept = await shop.world.stores.journal.exchanges(invoice.tenant_id, invoice.document_id)
    of_void = [one for one in kept if one.kind in (ExchangeKind.VOID_REQUEST, ExchangeKind.VOID)]
    (delete,) = shop.deletes
    assert [one.kind for one in of_void] == [ExchangeKind.VOID_REQUEST, ExchangeKind.VOID]
    assert of_void[0].body == delete.request.body
    assert of_void[1].body == delete.answer.body
    assert REASON.encode() in of_void[0].body
    assert await shop.kinds(invoice) == [EventKind.VOID_REQUESTED, EventKind.VOID_SENDING, EventKind.VOIDED]
