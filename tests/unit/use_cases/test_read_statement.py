"""The zero-difference statement over the whole service and the fake PAC. It changes nothing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule, RequestMatch
from core.circuits import Circuit, CircuitState
from core.errors import IstmoError
from core.failures import StatementTooLargeError
from core.issue_time import panama_date
from core.statement_codes import DifferenceCode
from core.statements import Statement
from tests.unit.use_cases.statements import statement_reader
from tests.world import Shop, World, tenant_of


async def a_day(world: World, count: int = 3) -> tuple[Shop, date]:
    """A shop that sold, and whose documents are all authorised with their files."""
    shop = await world.open_shop()
    for _ in range(count):
        await world.invoice(shop, await world.an_order(shop))
    await world.sweep(times=30, every_seconds=60)
    return shop, panama_date(world.clock.now())


def codes(made: Statement) -> list[DifferenceCode]:
    return [difference.code for difference in made.differences]


async def test_a_day_on_which_nothing_differs_is_zero() -> None:
    world = World()
    shop, day = await a_day(world)
    made = await statement_reader(world)(tenant_of(shop), day)
    assert (made.is_zero, made.is_complete, made.is_over) == (True, True, False)
    (line,) = made.lines
    assert (line.ours_count, line.pac_count, line.ours_total, line.pac_total) == (
        *(3, 3, Decimal("385.20"), Decimal("385.20")),
    )


async def test_it_asks_the_pac_and_changes_nothing() -> None:
    world = World()
    shop = await world.open_shop()
    document = await world.invoice(shop, await world.an_order(shop))
    world.wait(hours=1)
    before = await world.current(document)
    asked = len(world.engine.exchanges)
    made = await statement_reader(world)(tenant_of(shop), panama_date(world.clock.now()))
    assert codes(made) == [DifferenceCode.STATUS_DIFFERS]
    assert [each.request.method for each in world.engine.exchanges[asked:]].count("POST") == 0
    assert await world.current(document) == before
    await world.sweep(times=30, every_seconds=60)
    assert (await statement_reader(world)(tenant_of(shop), panama_date(document.issued_at))).is_zero


async def test_a_pac_that_is_away_leaves_the_day_unread_after_a_few_requests() -> None:
    world = World()
    shop, day = await a_day(world, 12)
    world.engine.set_faults(
        FaultPlan(rules=(FaultRule(kind=FaultKind.ERROR_503_BEFORE, match=RequestMatch(method="GET")),))
    )
    asked = len(world.engine.exchanges)
    made = await statement_reader(world)(tenant_of(shop), day)
    assert made.is_zero
    assert not made.is_complete
    assert len(made.unread) == 12
    assert len(world.engine.exchanges) - asked <= 8


async def test_while_the_circuit_is_open_nobody_asks() -> None:
    world = World()
    shop, day = await a_day(world)
    probe_at = world.clock.now() + timedelta(minutes=5)
    is_open = Circuit(tenant_id=tenant_of(shop), state=CircuitState.OPEN, probe_at=probe_at)
    await world.stores.circuits.change(tenant_of(shop), lambda _: is_open)
    asked = len(world.engine.exchanges)
    made = await statement_reader(world)(tenant_of(shop), day)
    assert len(made.unread) == 3
    assert len(world.engine.exchanges) == asked


async def test_a_webhook_of_an_unknown_document_is_told() -> None:
    world = World()
    shop, _ = await a_day(world, 0)
    shop_at_pac = shop.tenant.pac_company_id or ""
    await world.receive_webhook(
        shop_at_pac,
        signature=b"the secret that the PAC echoes",
        user_id=None,
        body=b'{"id": "01JFOREIGN0000000000000000", "legalStatus": "DGI_AUTHORIZED"}',
    )
    await world.queue.drain(world.run_due_work.handle)
    made = await statement_reader(world)(tenant_of(shop), panama_date(world.clock.now()))
    assert codes(made) == [DifferenceCode.UNMATCHED_WEBHOOK]


async def test_another_taxpayer_sees_nothing_of_it() -> None:
    world = World()
    _, day = await a_day(world)
    other = await world.open_shop("155000002-2-2020", "Otra, S.A.")
    made = await statement_reader(world)(tenant_of(other), day)
    assert (made.lines, made.differences, made.unread) == ((), (), ())


async def test_a_day_with_too_many_documents_names_the_command() -> None:
    world = World()
    shop, day = await a_day(world, 3)
    with pytest.raises(StatementTooLargeError) as refused:
        await statement_reader(world, documents_max=2)(tenant_of(shop), day)
    assert "istmo statement" in refused.value.hint.english


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
async def test_a_day_that_no_calendar_of_ours_has_is_refused(day: date) -> None:
    world = World()
    shop = await world.open_shop()
    with pytest.raises(IstmoError) as refused:
        await statement_reader(world)(tenant_of(shop), day)
    assert refused.value.code == "malformed_input"
