"""Ids, answers and policies that cross each other: one suspicion of a review a test."""

from dataclasses import replace

import pytest

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.in_memory_gateway import InMemoryPacGateway
from core.documents import LegalStatus, Submission
from core.failures import OrderAlreadyInvoicedError
from core.identifiers import ApiKeyId, PacDocumentId
from core.ports.pac_gateway import Accepted, PacDocument, Rejected
from core.tenants import DoubtPolicy
from tests.unit.use_cases.told_pac import RAW, a_world, alarms, lost, resent, tell
from tests.world import tenant_of

OPERATOR = ApiKeyId("key")


async def test_a_late_news_of_a_refused_repetition_never_throws_the_authorised_id_away():
    world, pac = a_world()
    world.engine.behave(duplicate_answer=DuplicateAnswer.REJECTED_BY_DGI)
    shop, document = await lost(world)
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.run_due_work()
    await world.run_due_work()
    repeated = await world.current(document)
    first, second = (each.id for each in world.engine.documents)
    assert repeated.pac_document_id == second
    world.wait(seconds=30)
    pac.meanwhile = lambda: tell(world, shop, document, first)
    await world.run_due_work()
    after = await world.current(document)
    assert (after.submission, after.pac_document_id) == (Submission.ACCEPTED, first)
    assert after.legal_status is LegalStatus.DGI_AUTHORIZED


@pytest.mark.parametrize("by", ["id", "cufe"])
async def test_what_the_pac_shows_of_another_document_is_neither_applied_nor_stored(by: str):
    world, pac = a_world()
    shop = await world.open_shop()
    other = await world.invoice(shop, await world.an_order(shop, price="9.00"))
    await world.sweep(times=5, every_seconds=5)
    document = await world.invoice(shop, await world.an_order(shop))
    account = await world.find_account(tenant_of(shop))
    foreign = await InMemoryPacGateway.look_up(pac, account, other.document_type, other.pac_document_id)
    assert foreign.document.legal_status == "DGI_AUTHORIZED"
    assert document.cufe is not None
    shown_id = foreign.document.pac_document_id if by == "id" else document.pac_document_id
    pac.says[document.pac_document_id] = replace(foreign.document, pac_document_id=shown_id)
    await world.sweep(times=3, every_seconds=10)
    after = await world.current(document)
    assert after.legal_status is not LegalStatus.DGI_AUTHORIZED
    assert after.files == ()
    assert after.next_action_at is not None
    assert await alarms(world, document)


async def test_an_answer_that_is_a_repetition_refused_by_the_dgi_is_doubt_and_frees_no_order():
    world, pac = a_world()
    shop, document = await lost(world)
    second = PacDocument(
        pac_document_id=PacDocumentId("01NEWNEWNEWNEWNEWNEWNEWNEW"),
        legal_status="DGI_REJECTED",
        cufe=document.expected_cufe,
        codes=("1002",),
    )
    pac.answers.append(Accepted(raw=RAW, document=second))
    after = await resent(world, document)
    assert after.attempts == 2
    assert after.submission is Submission.IN_DOUBT
    order = await world.stores.trade_book.get_order(document.tenant_id, document.order_id)
    with pytest.raises(OrderAlreadyInvoicedError):
        await world.invoice(shop, order, "another key")


@pytest.mark.parametrize("codes", [("1002",), ("X-NEW-COLLISION",)])
async def test_a_repetition_that_the_pac_rejects_later_refutes_its_id_and_not_the_document(codes):
    world, pac = a_world()
    world.engine.behave(duplicate_answer=DuplicateAnswer.ACCEPTED_TWICE)
    shop, document = await lost(world)
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.run_due_work()
    await world.run_due_work()
    followed = (await world.current(document)).pac_document_id
    pac.says[followed] = PacDocument(
        pac_document_id=followed, legal_status="PAC_REJECTED", cufe=document.expected_cufe, codes=codes
    )
    await world.sweep(times=3, every_seconds=10)
    after = await world.current(document)
    assert after.legal_status is not LegalStatus.PAC_REJECTED
    assert after.submission is Submission.QUARANTINED
    first = world.engine.documents[0].id
    await tell(world, shop, document, first)
    assert (await world.current(document)).pac_document_id == first


@pytest.mark.parametrize("is_rejected_first", [True, False])
async def test_of_two_hinted_ids_the_authorised_one_is_adopted_and_not_the_rejected_one(is_rejected_first: bool):
    world, pac = a_world()
    shop, document = await lost(world, DoubtPolicy.PARK)
    good, bad = world.engine.documents[0].id, PacDocumentId("01BADBADBADBADBADBADBADBAD")
    pac.says |= {good: None, bad: None}
    for named in (bad, good) if is_rejected_first else (good, bad):
        await tell(world, shop, document, named)
    del pac.says[good]
    pac.says[bad] = PacDocument(
        pac_document_id=bad, legal_status="DGI_REJECTED", cufe=document.expected_cufe, codes=("1601",)
    )
    await world.sweep(times=6, every_seconds=30)
    after = await world.current(document)
    assert (after.pac_document_id, after.legal_status) == (good, LegalStatus.DGI_AUTHORIZED)


async def test_a_rejected_id_never_overrules_that_the_dgi_shows_the_cufe():
    world, pac = a_world()
    shop, document = await lost(world, DoubtPolicy.PARK)
    await world.confirm_at_dgi(document.tenant_id, document.document_id, "visto en la DGI", OPERATOR)
    bad = PacDocumentId("01BADBADBADBADBADBADBADBAD")
    pac.says[bad] = PacDocument(
        pac_document_id=bad, legal_status="DGI_REJECTED", cufe=document.expected_cufe, codes=("1601",)
    )
    await tell(world, shop, document, bad)
    assert (await world.current(document)).submission is Submission.ISSUED_ID_UNKNOWN
    await tell(world, shop, document, world.engine.documents[0].id)
    await world.sweep(times=3, every_seconds=10)
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED


async def test_a_queued_repetition_is_not_sent_any_more_once_the_policy_is_park():
    world, _ = a_world()
    shop, document = await lost(world)
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.run_due_work()
    assert (await world.current(document)).submission is Submission.QUEUED
    await world.stores.directory.set_doubt_policy(tenant_of(shop), DoubtPolicy.PARK)
    await world.sweep(times=3)
    after = await world.current(document)
    assert (after.submission, after.attempts) == (Submission.IN_DOUBT, 1)
    world.wait(hours=25)
    await world.sweep(times=2)
    assert (await world.current(document)).submission is Submission.QUARANTINED


async def test_an_order_refused_with_a_code_that_no_table_knows_is_billed_anew_only_after_the_settling_time():
    world, pac = a_world()
    shop = await world.open_shop()
    order = await world.an_order(shop)
    pac.answers.append(Rejected(raw=RAW, codes=("ZZ-1",), messages=(), is_recognised=False))
    refused = await world.invoice(shop, order, "first")
    assert refused.submission is Submission.REFUSED
    with pytest.raises(OrderAlreadyInvoicedError):
        await world.invoice(shop, order, "second")
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    await world.sweep(times=2)
    at_rest = await world.current(refused)
    assert (at_rest.submission, at_rest.next_action_at) == (Submission.REFUSED, None)
    assert (await world.invoice(shop, order, "second")).submission is Submission.ACCEPTED
