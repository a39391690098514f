"""Hundreds of issuers at once take numbers without a hole and without a duplicate, through the use case."""

import asyncio

from adapters.persistence.stores import Stores
from core.codes import DocumentType
from core.failures import OrderAlreadyInvoicedError
from core.number_ledger import NumberUse
from core.use_cases.read_number_ledger import ReadNumberLedger
from tests.world import World, tenant_of

ISSUERS = 300


async def test_hundreds_of_issuers_at_once_leave_no_hole(stores: Stores) -> None:
    world = World(stores=stores)
    shop, other = await world.open_shop(), await world.open_shop(ruc="155000002-2-2020", name="Otra, S.A.")
    orders = [await world.an_order(shop) for _ in range(ISSUERS)]
    theirs = [await world.an_order(other) for _ in range(5)]
    documents = await asyncio.gather(
        *(world.invoice(shop, order, wait=0) for order in orders), *(world.invoice(other, o, wait=0) for o in theirs)
    )
    mine = sorted(document.number for document in documents[:ISSUERS])
    assert mine == list(range(1, ISSUERS + 1))
    assert sorted(document.number for document in documents[ISSUERS:]) == [1, 2, 3, 4, 5]
    ledger = await ReadNumberLedger(stores.directory, stores.series, stores.numbers, stores.lost)(
        tenant_of(shop), shop.office.office_id, "001", DocumentType.DOMESTIC_INVOICE
    )
    assert [entry.first for entry in ledger.entries] == mine
    assert {entry.use for entry in ledger.entries} == {NumberUse.RESERVED}
    assert ledger.next_number == ISSUERS + 1


async def test_issuers_who_are_refused_or_repeat_themselves_take_no_number(stores: Stores) -> None:
    world = World(stores=stores)
    shop = await world.open_shop()
    orders = [await world.an_order(shop) for _ in range(20)]
    repeated = [world.invoice(shop, order, "one-" + order.order_id, wait=0) for order in orders for _ in range(3)]
    refused = [world.invoice(shop, order, "two-" + order.order_id, wait=0) for order in orders]
    answers = await asyncio.gather(*repeated, *refused, return_exceptions=True)
    assert not [
        one for one in answers if isinstance(one, BaseException) and not isinstance(one, OrderAlreadyInvoicedError)
    ]
    numbers = {one.number for one in answers if not isinstance(one, BaseException)}
    assert numbers == set(range(1, 21))
    ledger = await ReadNumberLedger(stores.directory, stores.series, stores.numbers, stores.lost)(
        tenant_of(shop), shop.office.office_id, "001", DocumentType.DOMESTIC_INVOICE
    )
    assert (len(ledger.entries), ledger.next_number) == (20, 21)
