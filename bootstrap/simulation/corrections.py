"""Those who want the corrected successor of a document, and the operator who gives a quarantined one up for them."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from adapters.alanube.fake.progression import DGI_AUTHORIZED
from bootstrap.simulation.later_doors import Later, give_up, reissue
from bootstrap.simulation.plans import DocumentPlan, Fate
from bootstrap.simulation.processes import SimulatedProcess
from bootstrap.simulation.wishes import Shop
from bootstrap.simulation.world import World
from core.documents import Submission
from core.identifiers import DocumentId
from core.receivers import AdHocReceiver
from core.successors import Changes

GOOD_RUC = "155999999-2-2021"
AGAIN_AFTER = (0.5, 2.0, 10.0, 60.0, 300.0, 600.0, 600.0, 1800.0, 1800.0)
ENDED = ("ACCEPTED, DGI_AUTHORIZED", "void")  # states that no correction follows
LONGEST_CHAIN = 3
UntilAnswered = Callable[[Callable[[SimulatedProcess], Coroutine[Any, Any, Later]]], Coroutine[Any, Any, Later]]


class Corrections:
    """``told``: by key, which document was to be replaced and the successor that its caller was told of."""

    def __init__(self, world: World, until_answered: UntilAnswered) -> None:
        self._world = world
        self._until_answered = until_answered
        self.told: dict[str, tuple[str, str]] = {}

    async def come(self, place: int, wish: DocumentPlan, shop: Shop, document_id: str) -> None:
        """Ask for the successor, and where one is planned or the operator frees the way, for its successor in turn."""
        await asyncio.sleep(wish.reissue_after or 0.0)
        for turn in range(LONGEST_CHAIN):
            key = f"reissue-{place}-{turn}"
            is_wrong = wish.is_reissued_wrongly and turn == 0
            successor = await self._corrected(
                shop, wish, document_id, _changes(wish, is_wrong=is_wrong, turn=turn), key
            )
            if successor is None or not (is_wrong or wish.is_given_up):
                return
            document_id = successor

    async def _corrected(
        self, shop: Shop, wish: DocumentPlan, document_id: str, changes: Changes, key: str
    ) -> str | None:
        """The successor; None when there is no way to one, or nobody wants to wait for it any longer."""
        for pause in AGAIN_AFTER:
            told = await self._ask(shop, wish, document_id, changes, key)
            if told.made is not None:
                self._world.coverage.note("reissued")
                self.told[key] = (document_id, told.made)
                return told.made
            is_open = told.refusal in ("not_reissuable", "reissue_too_early") and told.state not in ENDED
            if not is_open:
                return None
            if wish.is_given_up and told.state == Submission.QUARANTINED.value:
                await self._give_up(shop, document_id)
            await asyncio.sleep(self._rest(told, pause))
        return None

    def _rest(self, told: Later, pause: float) -> float:
        """Until the caller was told to come again, or for a while."""
        if told.again_at is None:
            return pause * (1 + self._world.random.random())
        return max(self._world.seconds_of(told.again_at) - self._world.loop.time(), 0.0) + 0.1 + pause / 10

    async def _ask(self, shop: Shop, wish: DocumentPlan, document_id: str, changes: Changes, key: str) -> Later:
        def ask(own: str) -> Coroutine[Any, Any, Later]:
            return self._until_answered(
                lambda answering: reissue(answering, shop, document_id, changes, own, wait=wish.wait)
            )

        self._world.coverage.note("reissue asked for")
        keys = (key, key, f"{key}-b") if wish.is_reissue_asked_twice else (key,)
        told = await asyncio.gather(*map(ask, keys))
        for answer in told:
            if answer.refusal is not None:
                self._world.coverage.note(f"reissue refused {answer.refusal}")
            self._world.trace.note("reissue told", key, answer.made, answer.refusal, answer.state)
        made = {answer.made for answer in told if answer.made is not None}
        if len(made) > 1:
            self._world.witness.accuse("A1", f"{document_id} got the successors {', '.join(sorted(made))}")
        return next((answer for answer in told if answer.made is not None), told[0])

    async def _give_up(self, shop: Shop, document_id: str) -> None:
        """The operator looks at the PAC first: what it holds is not given up."""
        document = self._world.witness.documents.get(DocumentId(document_id))
        held = (one for one in self._world.engine.documents if document and one.cufe == document.expected_cufe)
        if document is None or any(one.legal_status == DGI_AUTHORIZED for one in held):
            return
        told = await self._until_answered(lambda answering: give_up(answering, shop, document_id))
        self._world.trace.note("give up told", document_id, told.refusal)
        if told.refusal is None:
            self._world.coverage.note("given up by an operator")


def _changes(wish: DocumentPlan, *, is_wrong: bool, turn: int) -> Changes:
    """What was wrong is its receiver, where anything was."""
    if is_wrong or wish.fate is Fate.AUTHORISED:
        return Changes(terms={"information": f"corregida {turn}"})
    return Changes(receiver=AdHocReceiver(ruc=GOOD_RUC))
