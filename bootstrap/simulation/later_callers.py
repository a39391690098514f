"""Those who want something of a document that they have: its void, notes, payments, a corrected successor."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from bootstrap.simulation.corrections import Corrections
from bootstrap.simulation.later_doors import Later, credit, debit, void
from bootstrap.simulation.plans import DocumentPlan
from bootstrap.simulation.processes import NobodyAnswersError, SimulatedProcess
from bootstrap.simulation.till import Till
from bootstrap.simulation.wishes import Shop
from bootstrap.simulation.world import World

PAUSES = (0.5, 2.0, 10.0, 60.0, 300.0)
Ask = Callable[[SimulatedProcess, Shop, str, str], Coroutine[Any, Any, Later]]


class LaterCallers:
    """They come when the document was answered for, and ask until they are answered."""

    def __init__(self, world: World, shop_of: Callable[[int], Shop]) -> None:
        self._world = world
        self._shop_of = shop_of
        self.voided: set[str] = set()  # documents whose void was acknowledged
        self.noted: dict[str, str] = {}  # debit notes that a caller was told of, by key
        self.corrections = Corrections(world, self.until_answered)
        self.till = Till(world, self.until_answered)

    async def come(self, place: int, wish: DocumentPlan, document_id: str) -> None:
        """All that is planned for one document, each at its time."""
        later = list(self._wishes(place, wish, document_id))
        if len(later) == 1:
            await later[0]
        elif later:
            await asyncio.gather(*later)

    def _wishes(self, place: int, wish: DocumentPlan, document_id: str) -> Iterator[Coroutine[Any, Any, None]]:
        shop = self._shop_of(place)
        if wish.void_after is not None:
            keys = [f"void-{place}-{turn}" for turn in range(1 + wish.is_void_asked_twice)]
            yield self._wish_later("void", void, shop, document_id, wish.void_after, keys)
        if wish.credit_after is not None:
            keys = [f"credit-{place}-{turn}" for turn in range(1 + wish.is_credit_asked_twice)]
            yield self._wish_later("credit", credit, shop, document_id, wish.credit_after, keys)
        if wish.debit_after is not None:
            yield self._wish_later("debit", debit, shop, document_id, wish.debit_after, [f"debit-{place}"])
        if wish.reissue_after is not None:
            yield self.corrections.come(place, wish, shop, document_id)
        for turn, payment in enumerate(wish.payments):
            yield self.till.come(f"pay-{place}-{turn}", payment, shop, document_id)

    async def _wish_later(
        self, name: str, ask: Ask, shop: Shop, document_id: str, seconds: float, keys: list[str]
    ) -> None:
        await asyncio.sleep(seconds)
        self._world.coverage.note(f"{name} asked for", len(keys))
        await asyncio.gather(*(self._wish(name, ask, shop, document_id, key) for key in keys))

    async def _wish(self, name: str, ask: Ask, shop: Shop, document_id: str, key: str) -> None:
        told = await self.until_answered(lambda answering: ask(answering, shop, document_id, key))
        if told.refusal is not None:
            self._world.coverage.note(f"{name} refused {told.refusal}")
        elif name == "void":
            self.voided.add(document_id)
        elif name == "debit" and told.made is not None:
            self.noted[key] = told.made
        self._world.trace.note(f"{name} told", key, told.refusal)

    async def until_answered(self, make: Callable[[SimulatedProcess], Coroutine[Any, Any, Later]]) -> Later:
        """Ask whoever is up, and again after ever longer pauses while nobody answers."""
        world, attempt = self._world, 0
        while True:
            try:
                return await world.any_process().answer(make)
            except NobodyAnswersError:
                await asyncio.sleep(PAUSES[min(attempt, len(PAUSES) - 1)] * (1 + world.random.random() / 10))
                attempt += 1
