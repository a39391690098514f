"""What evidence does to a document, one rule a test."""

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.documents import Submission
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
