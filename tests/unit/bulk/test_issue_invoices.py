"""Many invoices at once: one bad line stops nothing, a repeat repeats nothing, and the PAC's pace is kept."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from core.codes import DocumentType, ReceiverType
from core.documents import DocumentMode, Submission
from core.drafts import Draft, DraftLine, DraftReceiver
from core.identifiers import ClientId, TenantId
from core.use_cases.create_invoice import NewInvoice
from core.use_cases.issue_invoices import BulkLine, BulkResult, IssueInvoices
from tests.world import World, tenant_of

CONSUMER = DraftReceiver(receiver_type=ReceiverType.FINAL_CONSUMER)


def line(place: int, *, quantity: str = "1", key: str = "", client: str | None = None) -> BulkLine:
    item = DraftLine(description="Martillo", quantity=Decimal(quantity), unit_price=Decimal("12.50"))
    draft = Draft(document_type=DocumentType.DOMESTIC_INVOICE, receiver=CONSUMER, lines=(item,))
    invoice = NewInvoice(draft=draft, client_id=None if client is None else ClientId(client))
    return BulkLine(place=place, key=key or f"sale-{place}", invoice=invoice)


async def issued(world: World, tenant_id: TenantId, lines: list[BulkLine], *, wait: float = 10) -> list[BulkResult]:
    issue = IssueInvoices(world.create_invoice, world.clock)
    results = issue(tenant_id, lines, mode=DocumentMode.DGI, wait_seconds=wait, actor="cli:test")
    return sorted([result async for result in results], key=lambda result: result.line.place)


async def test_one_bad_line_stops_nothing() -> None:
    world = World()
    shop = await world.open_shop()
    results = await issued(
        world, tenant_of(shop), [line(0), line(1, quantity="-1"), line(2, client="01NOBODY"), line(3)]
    )
    assert [result.document is not None for result in results] == [True, False, False, True]
    assert [result.failure.code for result in results if result.failure] == ["preflight_refused", "client_not_found"]
    assert len(world.engine.documents) == 2


async def test_a_second_run_gives_the_same_documents_and_issues_what_was_mended() -> None:
    world = World()
    shop = await world.open_shop()
    first = await issued(world, tenant_of(shop), [line(0), line(1, quantity="-1"), line(2)])
    again = await issued(world, tenant_of(shop), [line(0), line(1), line(2)])
    for place in (0, 2):
        assert again[place].document.document_id == first[place].document.document_id
    assert again[1].document.submission is Submission.ACCEPTED
    assert len(world.engine.documents) == 3


async def test_a_key_that_meant_something_else_is_said_of_its_line_alone() -> None:
    world = World()
    shop = await world.open_shop()
    await issued(world, tenant_of(shop), [line(0)])
    results = await issued(world, tenant_of(shop), [line(0, quantity="2"), line(1)])
    assert results[0].failure.code == "idempotency_conflict"
    assert results[1].document is not None


async def test_a_pac_that_asks_to_slow_down_is_obeyed_and_everything_is_issued_in_the_end() -> None:
    world = World()
    shop = await world.open_shop()
    throttled = FaultRule(kind=FaultKind.THROTTLED_429, nth=frozenset({2, 3, 4, 5}), seconds=30)
    world.engine.set_faults(FaultPlan(rules=(throttled,)))
    issuing = asyncio.create_task(issued(world, tenant_of(shop), [line(place) for place in range(12)]))
    await world.clock.run_for(29)
    assert not issuing.done(), "nothing new is begun before the time that the PAC asked for"
    assert len(world.engine.documents) < 12
    await world.clock.run_for(600)
    results = await issuing
    assert all(result.document is not None for result in results)
    await world.sweep(times=60, every_seconds=30)
    current = [await world.current(result.document) for result in results]
    assert {document.submission for document in current} == {Submission.ACCEPTED}
    assert len(world.engine.documents) == 12


async def test_without_waiting_they_are_recorded_and_a_worker_sends_them() -> None:
    world = World()
    shop = await world.open_shop()
    results = await issued(world, tenant_of(shop), [line(place) for place in range(5)], wait=0)
    assert {result.document.submission for result in results} == {Submission.QUEUED}
    await world.queue.drain(world.run_due_work.handle)
    assert len(world.engine.documents) == 5


async def test_nobody_bills_another_tenants_client() -> None:
    world = World()
    mine, theirs = await world.open_shop(), await world.open_shop("155000002-2-2020", "Otra, S.A.")
    results = await issued(world, tenant_of(mine), [line(0, client=theirs.client.client_id)])
    assert results[0].failure.code == "client_not_found"


@pytest.mark.parametrize("count", [0, 1, 9])
async def test_every_line_has_one_result(count: int) -> None:
    world = World()
    shop = await world.open_shop()
    lines = [replace(line(place), key=f"k{place}") for place in range(count)]
    results = await issued(world, tenant_of(shop), lines)
    assert [result.line for result in results] == lines


async def test_a_call_with_patience_records_what_it_cannot_wait_for() -> None:
    """A hundred lines of 30 s each must not hold a caller for an hour."""
    world = World()
    shop = await world.open_shop()
    world.engine.set_faults(FaultPlan(rules=(FaultRule(kind=FaultKind.DROP_BEFORE, times=None),)))
    issue = IssueInvoices(world.create_invoice, world.clock, in_flight=2)

    async def call() -> list[BulkResult]:
        told = issue(
            tenant_of(shop),
            [line(place) for place in range(24)],
            mode=DocumentMode.DGI,
            wait_seconds=30,
            actor="caller:test",
            patience_seconds=20,
        )
        return [result async for result in told]

    calling = asyncio.create_task(call())
    await world.clock.run_for(21)
    assert calling.done(), "the whole call ends when its patience does"
    results = await calling
    assert len(results) == 24
    assert {result.document.submission for result in results if result.document} == {Submission.QUEUED}
