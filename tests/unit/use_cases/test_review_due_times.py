"""Due times, back-off and what is written meanwhile: one suspicion of a review a test."""

import asyncio
from dataclasses import replace

from adapters.alanube.fake.behaviour import DuplicateAnswer
from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.circuits import CircuitState
from core.documents import FiscalDocument, LegalStatus, Submission
from core.failures import StoreUnavailableError
from core.ports.pac_gateway import PacDocument
from core.tenants import DoubtPolicy
from tests.unit.use_cases.told_pac import a_world, alarms, lost, resent, tell
from tests.world import tenant_of


async def test_a_repetition_that_an_open_circuit_held_back_goes_out_soon_after_it_closed():
    world, _ = a_world()
    shop, document = await lost(world)
    down = FaultRule(kind=FaultKind.DROP_BEFORE)
    world.engine.set_faults(FaultPlan(rules=(down,)))
    for _ in range(world.schedules.circuit_failures):
        await world.invoice(shop, await world.an_order(shop))
    assert (await world.stores.circuits.circuit_of(tenant_of(shop))).state is CircuitState.OPEN
    await world.sweep(times=30, every_seconds=60)
    world.engine.set_faults(FaultPlan())
    await world.sweep(times=60, every_seconds=60)
    assert not (await world.stores.circuits.circuit_of(tenant_of(shop))).is_open
    assert (await world.current(document)).attempts == 2


async def test_a_webhook_during_the_post_does_not_move_the_end_of_the_lease():
    world, pac = a_world()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    seen: list[FiscalDocument] = []
    unknown = "01UNKNXWNUNKNXWNUNKNXWNUNK"

    async def webhook() -> None:
        await tell(world, shop, document, unknown)
        seen.append(await world.current(document))

    world.queue.lose_everything()
    pac.during_post = webhook
    await world.submit(document.tenant_id, document.document_id)
    (sending,) = seen
    assert sending.claim is not None
    assert sending.hinted_ids == (unknown,)
    assert sending.next_action_at == sending.claim.expires_at


async def test_a_document_that_cannot_be_handled_writes_a_bounded_history():
    world, _ = a_world()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    tenants = world.stores.tenants._store.tenants
    tenants[tenant_of(shop)] = replace(tenants[tenant_of(shop)], pac_company_id=None)
    await world.sweep(times=24 * 60, every_seconds=60)
    events = await world.stores.journal.events(document.tenant_id, document.document_id)
    assert len(events) < 50
    tenants[tenant_of(shop)] = replace(tenants[tenant_of(shop)], pac_company_id=shop.tenant.pac_company_id)
    await world.sweep(times=70, every_seconds=60)
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED


async def test_a_second_id_of_a_finished_document_is_looked_at_until_it_is_judged():
    world, pac = a_world()
    world.engine.behave(duplicate_answer=DuplicateAnswer.ACCEPTED_TWICE)
    shop, document = await lost(world)
    await resent(world, document)
    await world.sweep(times=10, every_seconds=30)
    done = await world.current(document)
    assert done.next_action_at is None
    other = next(each.id for each in world.engine.documents if each.id != done.pac_document_id)
    pac.says[other] = None
    await tell(world, shop, document, other)
    del pac.says[other]
    await world.sweep(times=10, every_seconds=30)
    assert "pac_accepted_number_twice" in await alarms(world, document)
    assert (await world.stores.tenants.get(tenant_of(shop))).doubt_policy is DoubtPolicy.PARK
    assert (await world.current(document)).next_action_at is None


async def test_an_answer_is_kept_when_the_store_is_away_for_a_moment():
    world, pac = a_world()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop), wait=0)
    update, refusals = world.stores.documents.update, [2]

    async def away(tenant_id, document_id, step):
        if refusals[0]:
            refusals[0] -= 1
            raise StoreUnavailableError
        return await update(tenant_id, document_id, step)

    async def leave() -> None:
        world.stores.documents.update = away

    pac.during_post = leave
    sending = asyncio.create_task(world.submit(document.tenant_id, document.document_id))
    await world.clock.run_for(60)
    assert (await sending).submission is Submission.ACCEPTED


async def test_repeated_bytes_bring_the_next_check_forward_at_most_every_five_seconds():
    world, pac = a_world()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    pac.says[document.pac_document_id] = PacDocument(
        pac_document_id=document.pac_document_id, legal_status="PAC_AUTHORIZED", cufe=document.cufe
    )
    await world.sweep(times=12, every_seconds=600)
    looked: list[float] = []
    look_up = pac.look_up

    async def counting(*args):
        looked.append(world.clock.monotonic())
        return await look_up(*args)

    pac.look_up = counting
    await tell(world, shop, document, document.pac_document_id)
    await world.sweep(times=9, every_seconds=600)
    looked.clear()
    for _ in range(60):
        await tell(world, shop, document, document.pac_document_id)
        await world.sweep()
    assert 2 <= len(looked) <= 14


async def test_b77_a_tenant_whose_pac_hangs_holds_up_nobody_elses_sweeps():
    world, pac = a_world()
    slow, quick = await world.open_shop(), await world.open_shop("155000002-2-2020", "Panadería La Otra, S.A.")
    stuck = await world.invoice(slow, await world.an_order(slow))
    document = await world.invoice(quick, await world.an_order(quick))
    look_up, answered = pac.look_up, asyncio.Event()

    async def hanging(account, document_type, pac_document_id):
        if account.company_id == slow.tenant.pac_company_id:
            await answered.wait()
        return await look_up(account, document_type, pac_document_id)

    pac.look_up = hanging
    for _ in range(4):
        world.wait(seconds=3)
        sweeping = asyncio.create_task(world.run_due_work())
        await world.clock.run_for(6)
        assert sweeping.done()
    assert (await world.current(document)).legal_status is LegalStatus.DGI_AUTHORIZED
    assert (await world.current(stuck)).legal_status is not LegalStatus.DGI_AUTHORIZED
    answered.set()
    await world.clock.settle()
    await world.sweep(times=5, every_seconds=5)
    assert (await world.current(stuck)).legal_status is LegalStatus.DGI_AUTHORIZED
    assert world.clock.sleepers == 0, "nobody is left waiting"


async def test_a_caller_whose_wait_ends_while_the_store_is_away_gets_the_document_all_the_same():
    world, pac = a_world()
    shop = await world.open_shop()
    order, answered = await world.an_order(shop), asyncio.Event()

    async def away(*_):
        raise StoreUnavailableError

    async def leave() -> None:
        world.stores.documents.get = away
        await answered.wait()

    pac.during_post = leave
    document = await world.invoice(shop, order, wait=0.05)
    assert (document.order_id, document.number) == (order.order_id, 1)
    answered.set()
    await world.submit.finish_running()
