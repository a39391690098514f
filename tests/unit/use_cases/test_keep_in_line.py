"""While a number of a series is in doubt, its later documents go one by one, where the setting says so."""

import asyncio

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.documents import Submission
from tests.world import World


class CountingGateway:
    """Says how many submissions were under way at once; each takes a few turns of the loop."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.now, self.most = 0, 0

    async def submit(self, account, document_type, body):
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(30):
            await asyncio.sleep(0)
        self.now -= 1
        return await self._world.pac.submit(account, document_type, body)


async def most_at_once(*, one_at_a_time: bool, in_doubt: bool) -> int:
    world = World(one_at_a_time=one_at_a_time)
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=False)
    if in_doubt:
        world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_AFTER_ACCEPT, nth=frozenset({1})),)))
    first = await world.invoice(shop, await world.an_order(shop))
    assert first.submission is (Submission.IN_DOUBT if in_doubt else Submission.ACCEPTED)
    waiting = [await world.invoice(shop, await world.an_order(shop), wait=0) for _ in range(6)]
    counting = CountingGateway(world)
    submit = world.make_submit("worker", counting)
    for _ in range(40):
        world.wait(seconds=700)
        await asyncio.gather(*(submit(document.tenant_id, document.document_id) for document in waiting))
        states = {(await world.current(document)).submission for document in waiting}
        if states == {Submission.ACCEPTED}:
            return counting.most
    raise AssertionError(f"never all sent: {states}")


async def test_they_go_one_by_one_and_all_of_them_go():
    assert await most_at_once(one_at_a_time=True, in_doubt=True) == 1


async def test_without_doubt_nothing_waits():
    assert await most_at_once(one_at_a_time=True, in_doubt=False) == 6


async def test_by_default_doubt_holds_nobody_up():
    assert await most_at_once(one_at_a_time=False, in_doubt=True) == 6
