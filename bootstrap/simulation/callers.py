"""Those who want documents: they ask, lose their connections, and ask again with the same key."""

import asyncio

from bootstrap.simulation.doors import issue
from bootstrap.simulation.later_callers import PAUSES, LaterCallers
from bootstrap.simulation.plans import DocumentPlan
from bootstrap.simulation.processes import NobodyAnswersError
from bootstrap.simulation.wishes import Answered, Shop
from bootstrap.simulation.world import World

CONFLICT = "idempotency_conflict"
ISSUED_BEFORE = "issued_before_restore"
OTHER_PRICE = 7  # cents more, in a call that reuses a key for something else
AFTER_LOSS = (0.0, 45.0, 900.0)  # some ask again at once, others when new sales were made


class Callers:
    """One caller for each document of the plan. ``told`` is everything that each key was answered with."""

    def __init__(self, world: World, shops: list[Shop]) -> None:
        self._world = world
        self._shops = shops
        self.told: dict[str, list[Answered]] = {}
        self.later = LaterCallers(world, self.shop_of)
        self.repeated: list[tuple[str, Answered]] = []  # after a loss of the tail

    def begin(self) -> None:
        """Let every caller come at its time, and once more with the same key after a loss of the tail."""
        loss = self._world.plan.tail_loss
        for place, wish in enumerate(self._world.plan.documents):
            self._world.after(wish.at, self._come(place, wish))
            if loss is not None:
                moment = loss.lost_at + loss.downtime + AFTER_LOSS[place % len(AFTER_LOSS)]
                self._world.after(moment, self._repeat(place, wish))

    def shop_of(self, place: int) -> Shop:
        """The shop that the ``place``-th document is of."""
        return self._shops[self._world.plan.documents[place].tenant % len(self._shops)]

    async def _repeat(self, place: int, wish: DocumentPlan) -> None:
        """Whoever was answered asks again, for he cannot know what a restore has forgotten."""
        told, key = self.told.get(key_of(place), []), key_of(place)
        if not any(answer.document_id for answer in told):
            return
        self._world.coverage.note("asked again after the loss")
        answered = await self._answer(place, wish, wish.cents, patience=None)
        self.repeated.append((key, answered))
        self._world.coverage.note(f"after the loss {answered.refusal or 'a document'}")
        if answered.document_id in self._world.lost_documents:
            self._world.coverage.note("lost document came back")

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
        self.told[key_of(place)].append(await self._answer(place, wish, cents, patience=wish.leaves_after))

    async def _answer(self, place: int, wish: DocumentPlan, cents: int, *, patience: float | None) -> Answered:
        """What he is told in the end. He leaves once when it takes longer than ``patience``."""
        world, key, attempt = self._world, key_of(place), 0
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
            world.trace.note("told", key, answered.document_id, answered.number, answered.refusal)
            return answered


def key_of(place: int) -> str:
    """The idempotency key of the ``place``-th document of a plan."""
    return f"wish-{place}"
