"""A registry of taxpayers for tests: one answer for every RUC, none, or not in time."""

import asyncio
from dataclasses import dataclass

from adapters.scheduler.manual_clock import ManualClock
from core.codes import RucType
from core.failures import PacUnavailableError, RucNotRegisteredError
from core.ports.pac_gateway import PacAccount
from core.ports.ruc_registry import ReceiverClass, RegisteredRuc, RucRegistry


@dataclass
class Registry(RucRegistry):
    """What it says may be changed between questions."""

    clock: ManualClock
    receiver_class: ReceiverClass = ReceiverClass.TAXPAYER
    dv: str = "40"
    is_away: bool = False
    hangs: bool = False
    knows_it: bool = True
    asked: int = 0

    async def verify(self, account: PacAccount, ruc: str, ruc_type: RucType) -> RegisteredRuc:
        self.asked += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.is_away:
            raise PacUnavailableError(reason="down")
        if not self.knows_it:
            raise RucNotRegisteredError(ruc=ruc)
        return RegisteredRuc(
            ruc=ruc, ruc_type=ruc_type, dv=self.dv, receiver_class=self.receiver_class, checked_at=self.clock.now()
        )
