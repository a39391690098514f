"""Cells of the fault matrix from the mutation to the recorded answer; the id in a name is the cell's."""

import asyncio
from datetime import timedelta

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind, FaultRule
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from core.codes import DocumentType
from core.documents import Submission
from core.events import EventKind
from core.failures import StoreUnavailableError
from core.ports.job_queue import Job, JobKind
from core.ports.pac_gateway import PacAccount, SubmitAnswer
from core.tenants import DoubtPolicy
from core.use_cases.run_due_work import SweepLimits
from tests.unit.use_cases.dying_processes import (
    TurnedClock,
    crash_once,
    crashed,
    posts,
    shop_with,
    spoil,
    until_settled,
)
from tests.world import World, tenant_of

AFTER_ACCEPTANCE = (
    FaultKind.DROP_AFTER_ACCEPT,
    FaultKind.ERROR_500_AFTER_ACCEPT,
    FaultKind.ERROR_502_AFTER_ACCEPT,
    FaultKind.TIME_OUT_AFTER_ACCEPT,
    FaultKind.TRUNCATE_BODY,
    FaultKind.CUT_MID_BODY,
    FaultKind.HTML_200,
    FaultKind.EMPTY_200,
    FaultKind.NO_ID_200,
)


async def test_b06_a_crash_after_the_commit_and_before_the_reply_keeps_the_number_for_the_intent():
    world = World()
    shop = await shop_with(world, DoubtPolicy.PARK)
    again = await crashed(world, shop, "before_claim")
    other = await world.invoice(shop, await world.an_order(shop), "other")
    assert (again.number, other.number) == (1, 2)
    await world.sweep(times=3, every_seconds=5)
    assert (await world.current(again)).submission is Submission.ACCEPTED


async def test_b14_ten_equal_rings_post_once():
    world = World()
    shop = await shop_with(world, DoubtPolicy.RESEND)
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    ring = Job(kind=JobKind.SUBMIT, tenant_id=document.tenant_id, subject_id=document.document_id)
    await asyncio.gather(*(world.run_due_work.handle(ring) for _ in range(10)))
    assert (posts(world), (await world.current(document)).attempts) == (1, 1)


async def test_b15_after_a_crash_at_the_claim_nothing_is_posted_before_the_lease_is_over_and_then_once():
    world = World()
    shop = await shop_with(world, DoubtPolicy.RESEND)
    document = await crashed(world, shop, "after_claim_before_send")
    await world.sweep(times=8, every_seconds=10)
    assert (posts(world), (await world.current(document)).submission) == (0, Submission.SENDING)
    after = await until_settled(world, document)
    assert (posts(world), after.submission, after.number) == (1, Submission.ACCEPTED, document.number)


@pytest.mark.parametrize("hours", [1, -1])
async def test_b17_a_clock_that_jumps_doubles_nothing_and_stalls_no_longer_than_the_jump(hours: int):
    clock = TurnedClock()
    world = World(clock=clock)
    shop = await shop_with(world, DoubtPolicy.RESEND)
    document = await crashed(world, shop, "after_answer_before_record")
    assert posts(world) == 1
    clock.turned = timedelta(hours=hours)
    await world.deliver_webhooks()
    if hours < 0:
        world.wait(hours=-hours)
    after = await until_settled(world, document)
    assert after.submission is Submission.ACCEPTED
    assert len(world.engine.documents) == 1
    assert posts(world) == 1, "the webhook was evidence enough"


async def test_b18_a_crash_before_the_first_byte_is_doubt_and_the_same_number_goes_out_after_settling():
    world = World()
    shop = await shop_with(world, DoubtPolicy.RESEND, webhooks=False)
    document = await crashed(world, shop, "after_claim_before_send")
    world.wait(seconds=world.schedules.lease + 1)
    await world.sweep()
    doubted = await world.current(document)
    assert (doubted.submission, doubted.doubt_reason) == (Submission.IN_DOUBT, "lease_expired")
    await world.sweep(times=3, every_seconds=200)
    assert posts(world) == 0, "not before the settling time"
    after = await until_settled(world, document)
    assert (posts(world), after.submission, after.number) == (1, Submission.ACCEPTED, 1)
    body = await world.stores.journal.body(document.tenant_id, document.document_id)
    assert world.engine.documents[0].raw == body


@pytest.mark.parametrize("kind", AFTER_ACCEPTANCE)
async def test_b21_b24_b26_an_answer_lost_after_acceptance_is_doubt_until_the_document_is_adopted(kind: FaultKind):
    world = World()
    shop = await shop_with(world, DoubtPolicy.PARK)
    spoil(world, FaultRule(kind=kind, nth=frozenset({1})))
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.submission is Submission.IN_DOUBT
    await world.deliver_webhooks()
    await world.sweep(times=3, every_seconds=3)
    after = await world.current(document)
    assert (after.submission, after.number) == (Submission.ACCEPTED, 1)
    assert (posts(world), len(world.engine.documents)) == (1, 1)


async def test_b22_accepted_45_seconds_after_the_time_out_it_is_adopted_and_not_doubled():
    world = World()
    shop = await shop_with(world, DoubtPolicy.RESEND)
    spoil(world, FaultRule(kind=FaultKind.TIME_OUT_THEN_ACCEPT_LATE, nth=frozenset({1}), seconds=45))
    document = await world.invoice(shop, await world.an_order(shop))
    assert (document.submission, len(world.engine.documents)) == (Submission.IN_DOUBT, 0)
    world.wait(seconds=46)
    await world.deliver_webhooks()
    after = await until_settled(world, document)
    assert (after.submission, after.attempts, len(world.engine.documents)) == (Submission.ACCEPTED, 1, 1)


@pytest.mark.parametrize("webhooks", [True, False], ids=["webhooks arrive", "webhooks are lost"])
async def test_b23_accepted_after_the_settling_time_there_is_still_one_document(webhooks: bool):
    world = World()
    shop = await shop_with(world, DoubtPolicy.RESEND, webhooks=webhooks)
    late = world.schedules.lease + world.schedules.settling + 300
    spoil(world, FaultRule(kind=FaultKind.TIME_OUT_THEN_ACCEPT_LATE, nth=frozenset({1}), seconds=late))
    document = await world.invoice(shop, await world.an_order(shop))
    resent = await until_settled(world, document)
    assert (resent.submission, resent.resends) == (Submission.ACCEPTED, 1)
    world.wait(seconds=400)
    await world.deliver_webhooks()
    await world.sweep(times=3, every_seconds=5)
    assert len(world.engine.documents) == 1
    assert (await world.current(document)).pac_document_id == world.engine.documents[0].id


async def test_b23_accepted_late_and_just_before_the_resend_the_repetition_adopts_it():
    world = World()
    world.engine.behave(duplicate_answer=DuplicateAnswer.CONFLICT_WITH_ID)
    shop = await shop_with(world, DoubtPolicy.RESEND, webhooks=False)
    late = world.schedules.settling
    spoil(world, FaultRule(kind=FaultKind.TIME_OUT_THEN_ACCEPT_LATE, nth=frozenset({1}), seconds=late))
    document = await world.invoice(shop, await world.an_order(shop))
    after = await until_settled(world, document)
    assert (after.submission, after.attempts, len(world.engine.documents)) == (Submission.ACCEPTED, 2, 1)


async def test_b28_another_document_under_our_number_is_quarantined_with_the_difference():
    world = World()
    world.engine.behave(duplicate_answer=DuplicateAnswer.CONFLICT_WITH_ID)
    shop = await shop_with(world, DoubtPolicy.RESEND)
    ours = await world.invoice(shop, await world.an_order(shop), wait=0)
    body = await world.stores.journal.body(ours.tenant_id, ours.document_id)
    account = await world.find_account(tenant_of(shop))
    code = ours.security_code.encode()
    foreign = body.replace(code, code[::-1] if code != code[::-1] else b"123456789")
    await world.pac.submit(account, ours.document_type, foreign)
    assert len(world.engine.documents) == 1
    world.engine.take_due_webhooks()
    await world.queue.drain(world.run_due_work.handle)
    await world.sweep(times=3, every_seconds=5)
    after = await world.current(ours)
    assert after.submission is Submission.QUARANTINED
    assert world.engine.documents[0].cufe in (after.quarantine_reason or "")


@pytest.mark.parametrize(("asked", "waited"), [(30, 30), (None, 600)], ids=["Retry-After", "none"])
async def test_b32_throttled_it_waits_as_it_was_told_and_others_do_not(asked: int | None, waited: int):
    world = World()
    shop = await shop_with(world, DoubtPolicy.PARK)
    other = await world.open_shop("155000002-2-2020", "Panadería La Otra, S.A.")
    spoil(world, FaultRule(kind=FaultKind.THROTTLED_429, nth=frozenset({1}), seconds=asked))
    document = await world.invoice(shop, await world.an_order(shop))
    assert (document.submission, document.maybe_executed) == (Submission.QUEUED, False)
    assert document.next_action_at == world.clock.now() + timedelta(seconds=waited)
    theirs = await world.invoice(other, await world.an_order(other))
    assert theirs.submission is Submission.ACCEPTED
    world.wait(seconds=waited - 1)
    await world.run_due_work()
    assert posts(world) == 2
    await world.sweep(times=3, every_seconds=31)
    after = await world.current(document)
    assert (after.submission, after.number, posts(world)) == (Submission.ACCEPTED, 1, 3)


@pytest.mark.parametrize("policy", DoubtPolicy)
async def test_b36_a_crash_between_the_answer_and_its_record_is_doubt_and_then_adopted(policy: DoubtPolicy):
    world = World()
    shop = await shop_with(world, policy)
    document = await crashed(world, shop, "after_answer_before_record")
    await world.deliver_webhooks()
    after = await until_settled(world, document)
    assert after.submission is Submission.ACCEPTED
    assert (posts(world), len(world.engine.documents)) == (1, 1)


async def test_b37_a_database_that_is_away_when_the_answer_comes_is_doubt_and_then_adopted():
    world = World()
    shop = await shop_with(world, DoubtPolicy.PARK)
    world.crashpoint = crash_once("after_answer_before_record", StoreUnavailableError)
    document = await world.invoice(shop, await world.an_order(shop))
    assert document.number == 1, "the caller has its document all the same"
    await world.deliver_webhooks()
    after = await until_settled(world, document)
    assert (after.submission, posts(world)) == (Submission.ACCEPTED, 1)


async def test_b76_an_event_loop_that_stood_still_after_the_claim_sends_nothing_under_a_lease_that_is_too_short():
    world = World()
    shop = await shop_with(world, DoubtPolicy.PARK)
    stood: list[str] = []

    def stand_still(name: str) -> None:
        if name == "after_claim_before_send" and not stood:
            stood.append(name)
            world.clock.advance(60)

    world.crashpoint = stand_still
    document = await world.invoice(shop, await world.an_order(shop))
    assert (document.submission, document.maybe_executed, posts(world)) == (Submission.QUEUED, False, 0)
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    assert [each.event.kind for each in events][-1] is EventKind.NOT_SENT
    await world.sweep(times=3, every_seconds=3)
    assert ((await world.current(document)).submission, posts(world)) == (Submission.ACCEPTED, 1)


class HangingGateway(InMemoryPacGateway):
    """Does not answer one company until it is let go."""

    def hang(self, company_id: str) -> None:
        self.company_id = company_id
        self.released = asyncio.Event()
        self.hanging = 0
        self.most_hanging = 0

    async def submit(self, account: PacAccount, document_type: DocumentType, body: bytes) -> SubmitAnswer:
        if account.company_id == self.company_id:
            self.hanging += 1
            self.most_hanging = max(self.most_hanging, self.hanging)
            await self.released.wait()
            self.hanging -= 1
        return await super().submit(account, document_type, body)


async def test_b77_one_tenants_pac_account_that_hangs_holds_up_nobody_else():
    world = World()
    shop = await world.open_shop()
    other = await world.open_shop("155000002-2-2020", "Panadería La Otra, S.A.")
    gateway = HangingGateway(world.engine)
    gateway.hang(shop.tenant.pac_company_id)
    world.run_due_work._submit = world.make_submit("worker-1", pac=gateway)
    limits = SweepLimits()
    hung = [await world.invoice(shop, await world.an_order(shop), wait=0) for _ in range(limits.in_flight)]
    free = [await world.invoice(other, await world.an_order(other), wait=0) for _ in range(3)]
    world.wait(seconds=5)
    sweeping = asyncio.create_task(world.run_due_work())
    for _ in range(200):
        await asyncio.sleep(0)
    assert [(await world.current(each)).submission for each in free] == [Submission.ACCEPTED] * 3
    assert gateway.most_hanging == limits.in_flight_per_tenant
    gateway.released.set()
    await sweeping
    assert [(await world.current(each)).submission for each in hung] == [Submission.ACCEPTED] * len(hung)
