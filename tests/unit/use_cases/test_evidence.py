"""What evidence does to a document, one rule a test."""

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.documents import Submission
from core.ports.webhook_inbox import DeliveryState
from tests.shop import WEBHOOK_SECRET
from tests.world import World


async def test_a_404_for_a_hinted_id_does_not_refute_it():
    """Found by the state machine: the one look-up that failed made the true id worthless for ever."""
    world = World()
    shop = await world.open_shop()
    lost, unknown = (
        FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),
        FaultRule(kind=FaultKind.NOT_FOUND_404, nth=frozenset({1, 2})),
    )
    world.engine.set_faults(FaultPlan(rules=(lost, unknown)))
    document = await world.invoice(shop, await world.an_order(shop))
    await world.deliver_webhooks()
    assert (await world.current(document)).submission is Submission.IN_DOUBT
    await world.sweep(times=3, every_seconds=20)
    assert (await world.current(document)).submission is Submission.ACCEPTED


async def test_a_webhook_that_names_an_id_and_no_cufe_still_finds_the_document_in_doubt():
    world = World()
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),)))
    document = await world.invoice(shop, await world.an_order(shop))
    body = f'{{"id":"{world.engine.documents[0].id}","legalStatus":"PAC_AUTHORIZED"}}'.encode()
    await world.receive_webhook(shop.tenant.pac_company_id, signature=WEBHOOK_SECRET.encode(), user_id=None, body=body)
    await world.queue.drain(world.run_due_work.handle)
    assert (await world.current(document)).submission is Submission.ACCEPTED


async def test_an_id_that_the_pac_does_not_know_stays_unmatched():
    world = World()
    shop = await world.open_shop()
    stored = await world.receive_webhook(
        shop.tenant.pac_company_id,
        signature=WEBHOOK_SECRET.encode(),
        user_id=None,
        body=b'{"id":"01NOSUCHID0000000000000000","legalStatus":"PAC_AUTHORIZED"}',
    )
    await world.queue.drain(world.run_due_work.handle)
    kept = await world.stores.inbox.get(shop.tenant.tenant_id, stored.delivery.delivery_id)
    assert kept.state is DeliveryState.UNMATCHED
