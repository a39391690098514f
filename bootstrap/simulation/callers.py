"""Those who want documents: they ask, lose their connections, and ask again with the same key."""

import asyncio

from bootstrap.simulation.doors import issue
from bootstrap.simulation.later_callers import PAUSES, LaterCallers
from bootstrap.simulation.plans import DocumentPlan
from bootstrap.simulation.processes import NobodyAnswersError
from bootstrap.simulation.wishes import Answered, Shop
from bootstrap.simulation.world import World

CONFLICT = "idempotency_conflict"
OTHER_PRICE = 7  # cents more, in a call that reuses a key for something else


class Callers:
    """One caller for each document of the plan. ``told`` is everything that each key was answered with."""

    def __init__(self, world: World, shops: list[Shop]) -> None:
        self._world = world
        self._shops = shops
        self.told: dict[str, list[Answered]] = {}
        self.later = LaterCallers(world, self.shop_of)

    def begin(self) -> None:
        """Let every caller come at its time."""
        for place, wish in enumerate(self._world.plan.documents):
            self._world.after(wish.at, self._come(place, wish))

    def shop_of(self, place: int) -> Shop:
        """The shop that the ``place``-th document is of."""
        return self._shops[self._world.plan.documents[place].tenant % len(self._shops)]

    async def _come(self, place: int, wish: DocumentPlan) -> None:
        key = key_of(place)
        self.told[key] = []
        calls = [self._ask_until_answered(place, wish, wish.cents)]
        if wish.is_asked_twice:
            calls.append(self._ask_until_answered(place, wish, wish.cents))
            self._world.coverage.note("the same call twice at once")
        if wish.is_asked_otherwise:
            calls.append(self._ask_until_answered(place, wish, wish.cents + OTHER_PRICE))
            self._world.coverage.note("one key for two inputs at once")
        await asyncio.gather(*calls)
        document_id = next((told.document_id for told in self.told[key] if told.document_id), None)
        if document_id is None:
            return
        await self.later.come(place, wish, document_id)

    async def _ask_until_answered(self, place: int, wish: DocumentPlan, cents: int) -> None:
        world, key, attempt = self._world, key_of(place), 0
        patience = wish.leaves_after
        while True:
            try:
                process = world.any_process()
                answered = await process.answer(
                    lambda answering: issue(answering, world.plan.door, self.shop_of(place), wish, key, cents),
                    patience=patience,
                )
            except NobodyAnswersError:
                if patience is not None:
                    world.coverage.note("caller left")
                patience = None  # once is enough
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)] * (1 + world.random.random() / 10))
                attempt += 1
                continue
            self.told[key].append(answered)
            world.trace.note("told", key, answered.document_id, answered.number, answered.refusal)
            return


def key_of(place: int) -> str:
    """The idempotency key of the ``place``-th document of a plan."""
    return f"wish-{place}"
