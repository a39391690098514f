"""Those who record what was paid, and take it back."""

import asyncio
from dataclasses import dataclass, field

from bootstrap.simulation.corrections import UntilAnswered
from bootstrap.simulation.later_doors import Later, pay, reverse
from bootstrap.simulation.plans import PaymentPlan
from bootstrap.simulation.wishes import Shop
from bootstrap.simulation.world import World

ALREADY = "payment_already_reversed"


@dataclass(slots=True, kw_only=True)
class Slip:
    """What the till knows of one payment: what was asked, and everything that it was told."""

    document_id: str
    cents: int
    recorded: list[Later] = field(default_factory=list)
    reversals: list[Later] = field(default_factory=list)

    @property
    def is_recorded(self) -> bool:
        """Whether anybody was told so."""
        return any(told.made is not None for told in self.recorded)

    @property
    def is_reversed(self) -> bool:
        """Whether anybody was told so."""
        return any(told.made is not None for told in self.reversals)


class Till:
    """``slips``: by the key of the payment, which is its reference too."""

    def __init__(self, world: World, until_answered: UntilAnswered) -> None:
        self._world = world
        self._until_answered = until_answered
        self.slips: dict[str, Slip] = {}

    async def come(self, key: str, planned: PaymentPlan, shop: Shop, document_id: str) -> None:
        """Record one payment, and reverse it when that is planned."""
        await asyncio.sleep(planned.after)
        world, at = self._world, self._world.clock.now()
        slip = self.slips[key] = Slip(document_id=document_id, cents=planned.cents)

        async def record() -> None:
            slip.recorded.append(
                await self._until_answered(lambda one: pay(one, shop, document_id, planned.cents, key, at))
            )

        await asyncio.gather(*(record() for _ in range(1 + planned.is_recorded_twice)))
        for told in slip.recorded:
            world.coverage.note("payment recorded" if told.refusal is None else f"payment refused {told.refusal}")
            world.trace.note("payment told", key, told.made, told.refusal)
        payment_id = next((told.made for told in slip.recorded if told.made is not None), None)
        if planned.reversed_after is not None and payment_id is not None:
            await asyncio.sleep(planned.reversed_after)
            await self._reverse(key, planned, shop, payment_id)

    async def _reverse(self, key: str, planned: PaymentPlan, shop: Shop, payment_id: str) -> None:
        slip = self.slips[key]

        async def take_back(turn: int) -> None:
            own = f"{key}-back-{turn}"
            slip.reversals.append(await self._until_answered(lambda one: reverse(one, shop, payment_id, own)))

        await asyncio.gather(*(take_back(turn) for turn in range(1 + planned.is_reversed_twice)))
        for told in slip.reversals:
            name = "payment reversed" if told.refusal is None else f"reversal refused {told.refusal}"
            self._world.coverage.note(name)
            self._world.trace.note("reversal told", key, told.made, told.refusal)
