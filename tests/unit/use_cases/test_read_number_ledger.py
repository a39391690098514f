"""The number ledger over the whole service: what became of each number, page by page."""

import pytest

from adapters.alanube.fake.faults import FaultKind, FaultPlan, FaultRule
from adapters.persistence.in_memory_store import InMemoryStore
from bootstrap.recovering import recovery_on
from core.codes import DocumentType
from core.documents import Submission
from core.failures import BillingPointNotOfOfficeError, MalformedPageError, OfficeNotFoundError
from core.identifiers import ApiKeyId
from core.number_ledger import LedgerEntry, NumberLedger, NumberUse
from core.use_cases.read_number_ledger import ReadNumberLedger
from core.use_cases.recover_after_restore import TenantSeries
from core.use_cases.set_series import SetSeries
from tests.builders import INVOICES
from tests.world import Shop, World, memory_of, tenant_of


async def read(world: World, shop: Shop, **asked: int) -> NumberLedger:
    ledger = ReadNumberLedger(world.stores.directory, world.stores.series, world.stores.numbers, world.stores.lost)
    return await ledger(tenant_of(shop), shop.office.office_id, "001", DocumentType.DOMESTIC_INVOICE, **asked)


async def issue(world: World, shop: Shop, fault: FaultKind | None = None) -> Submission:
    rules = () if fault is None else (FaultRule(kind=fault, nth=frozenset({1})),)
    world.engine.set_faults(FaultPlan(rules=rules))
    return (await world.invoice(shop, await world.an_order(shop))).submission


async def move(world: World, shop: Shop, to: int, reason: str = "venimos de otro PAC") -> None:
    await SetSeries(world.stores.tenants, world.stores.series, world.clock)(
        tenant_of(shop),
        billing_point="001",
        document_type=DocumentType.DOMESTIC_INVOICE,
        next_number=to,
        reason=reason,
        actor="operator:key",
    )


def told(ledger: NumberLedger) -> list[tuple[int, int, NumberUse]]:
    return [(entry.first, entry.last, entry.use) for entry in ledger.entries]


async def test_a_series_that_was_never_used_has_no_entries() -> None:
    world = World()
    ledger = await read(world, await world.open_shop())
    assert (ledger.entries, ledger.next_number, ledger.next_first) == ((), 1, None)


async def test_tells_used_reserved_refused_moved_doubted_and_restored_numbers() -> None:
    world = World()
    shop = await world.open_shop()
    await issue(world, shop)
    await world.sweep(times=12, every_seconds=30)
    assert await issue(world, shop, FaultKind.DROP_AFTER_ACCEPT) is Submission.IN_DOUBT
    await move(world, shop, 10)
    world.engine.set_faults(FaultPlan())
    queued = await world.invoice(shop, await world.an_order(shop), wait=0)
    await world.stores.marks.raise_to(tenant_of(shop), INVOICES, 14)
    stores = world.stores
    await recovery_on(stores, world.clock, world.schedules)((), {})
    ledger = await read(world, shop)
    uses = told(ledger)
    assert uses[:3] == [(1, 1, NumberUse.USED), (2, 2, NumberUse.IN_DOUBT), (3, 9, NumberUse.BURNT)]
    assert uses[3][:2] == (10, 10)
    assert ledger.entries[3].document_id == queued.document_id
    assert ledger.entries[2].reason == "moved by operator:key: venimos de otro PAC"


async def test_a_move_after_a_restore_burns_what_may_be_at_the_pac() -> None:
    world = World()
    shop = await world.open_shop()
    await issue(world, shop)
    await world.stores.marks.raise_to(tenant_of(shop), INVOICES, 5)
    stores = world.stores
    recovery = recovery_on(stores, world.clock, world.schedules)

    await recovery((TenantSeries(tenant_id=tenant_of(shop), series=INVOICES),), {})
    ledger = await read(world, shop)
    assert told(ledger)[1:] == [(2, 5, NumberUse.BURNT)]
    assert "restore" in ledger.entries[1].reason
    assert ledger.next_number == 6


async def test_a_given_up_document_burns_its_number_with_the_operators_words() -> None:
    world = World()
    shop = await world.open_shop()
    world.engine.switch_webhooks(shop.tenant.pac_company_id or "", enabled=False)
    assert await issue(world, shop, FaultKind.ERROR_503_BEFORE) is Submission.IN_DOUBT
    (doubted,) = (await read(world, shop)).entries
    assert (doubted.use, bool(doubted.reason)) == (NumberUse.IN_DOUBT, True)
    world.wait(seconds=world.schedules.lease + world.schedules.settling + 1)
    assert doubted.document_id is not None
    await world.give_up(tenant_of(shop), doubted.document_id, "no está en el PAC", ApiKeyId("key"))
    (entry,) = (await read(world, shop)).entries
    assert (entry.use, entry.reason) == (NumberUse.BURNT, "given_up: no está en el PAC")


async def test_a_gap_that_nobody_explains_is_shown_as_such() -> None:
    memory = InMemoryStore()
    world = World(stores=memory_of(memory))
    shop = await world.open_shop()
    first = await world.invoice(shop, await world.an_order(shop), wait=0)
    await world.invoice(shop, await world.an_order(shop), wait=0)
    del memory.documents[first.tenant_id, first.document_id]
    assert (await read(world, shop)).entries[0] == LedgerEntry(first=1, last=1, use=NumberUse.UNEXPLAINED, reason="")


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 7, 1_000])
async def test_pages_of_any_size_give_the_whole_ledger(limit: int) -> None:
    world = World()
    shop = await world.open_shop()
    await move(world, shop, 3)
    for place in range(9):
        await world.invoice(shop, await world.an_order(shop), wait=0)
        if place % 3 == 1:
            await move(world, shop, 100 * (place + 1))
    await move(world, shop, 1_000)
    whole = await read(world, shop, first=1)
    seen: list[LedgerEntry] = []
    start: int | None = 1
    while start is not None:
        page = await read(world, shop, first=start, limit=limit)
        assert 1 <= len(page.entries) <= limit
        seen.extend(page.entries)
        start = page.next_first
    covered = [number for entry in seen for number in range(entry.first, entry.last + 1)]
    assert covered == list(range(1, 1_000))
    assert [entry.document_id for entry in seen if entry.document_id] == [
        entry.document_id for entry in whole.entries if entry.document_id
    ]


async def test_a_range_is_cut_where_it_is_asked_to_be() -> None:
    world = World()
    shop = await world.open_shop()
    for _ in range(5):
        await world.invoice(shop, await world.an_order(shop), wait=0)
    assert [entry.first for entry in (await read(world, shop, first=2, last=3)).entries] == [2, 3]
    assert [entry.first for entry in (await read(world, shop, first=4, last=99)).entries] == [4, 5]
    assert (await read(world, shop, first=6)).entries == ()
    assert (await read(world, shop, first=-5, last=1)).entries[0].first == 1


async def test_refuses_what_is_not_the_offices_and_pages_that_are_too_large() -> None:
    world = World()
    shop = await world.open_shop()
    other = await world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    ledger = ReadNumberLedger(world.stores.directory, world.stores.series, world.stores.numbers, world.stores.lost)
    invoice = DocumentType.DOMESTIC_INVOICE
    with pytest.raises(OfficeNotFoundError):
        await ledger(tenant_of(shop), other.office.office_id, "001", invoice)
    with pytest.raises(BillingPointNotOfOfficeError):
        await ledger(tenant_of(shop), shop.office.office_id, "999", invoice)
    for limit in (0, 1_001):
        with pytest.raises(MalformedPageError):
            await read(world, shop, limit=limit)
