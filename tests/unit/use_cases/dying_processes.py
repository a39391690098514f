"""Processes that die at a named point, and clocks that jump, for the cells of the fault matrix."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from adapters.alanube.fake.faults import FaultPlan, FaultRule
from adapters.scheduler.manual_clock import ManualClock
from core.documents import FiscalDocument
from core.tenants import DoubtPolicy
from tests.world import World, tenant_of


class CrashedError(Exception):
    """The process ends here."""


class TurnedClock(ManualClock):
    """A wall clock that somebody turns; the monotonic one goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.turned = timedelta()

    def now(self) -> datetime:
        return super().now() + self.turned


def crash_once(place: str, error: type[Exception] = CrashedError) -> Callable[[str], None]:
    struck: list[str] = []

    def crashpoint(name: str) -> None:
        if name == place and not struck:
            struck.append(name)
            raise error

    return crashpoint


def posts(world: World) -> int:
    return sum(each.request.method == "POST" and "invoices" in each.request.path for each in world.engine.exchanges)


def spoil(world: World, *rules: FaultRule) -> None:
    world.engine.set_faults(FaultPlan(rules=rules))


async def shop_with(world: World, policy: DoubtPolicy, *, webhooks: bool = True):
    shop = await world.open_shop()
    await world.stores.directory.set_doubt_policy(tenant_of(shop), policy)
    world.engine.switch_webhooks(shop.tenant.pac_company_id, enabled=webhooks)
    return shop


async def crashed(world: World, shop, place: str) -> FiscalDocument:
    """Issued by a process that died at ``place``."""
    world.crashpoint = crash_once(place)
    order = await world.an_order(shop)
    with pytest.raises(CrashedError):
        await world.invoice(shop, order, "sale")
    return await world.invoice(shop, order, "sale", wait=0)  # the caller asks again with the same key


async def until_settled(world: World, document: FiscalDocument) -> FiscalDocument:
    for seconds in (world.schedules.lease + 10, world.schedules.settling + 10):
        world.wait(seconds=seconds)
        await world.deliver_webhooks()
        await world.sweep(times=3, every_seconds=5)
    return await world.current(document)
