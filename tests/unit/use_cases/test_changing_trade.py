"""Clients and orders change; what was made from them does not."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.codes import ReceiverType
from core.documents import Change, DocumentMode, Submission
from core.failures import (
    ClientArchivedError,
    ClientChangedError,
    ClientNotFoundError,
    EmptyOrderError,
    MalformedClientError,
    OrderAlreadyInvoicedError,
    OrderCancelledError,
    OrderChangedError,
    OrderNotFoundError,
)
from core.identifiers import ClientId, OrderId
from core.ports.trade_book import OrderFilter
from core.trade import Client, Order
from core.use_cases.create_invoice import NewInvoice
from core.use_cases.generate_invoice import GenerateInvoice
from tests.builders import a_draft, a_line
from tests.shop import Shop
from tests.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def shop(world: World) -> Shop:
    return await world.open_shop()


async def change_client(world: World, client: Client, expected_version: int | None = None, **changes: Any) -> Client:
    return await world.update_client(
        client.tenant_id,
        client.client_id,
        replace(client, **changes),
        receiver_type=client.receiver_type,
        expected_version=expected_version,
    )


async def change_order(world: World, order: Order, expected_version: int | None = None, **changes: Any) -> Order:
    return await world.update_order(order.order_id, replace(order, **changes), expected_version=expected_version)


async def test_a_document_keeps_what_its_client_and_order_said_when_it_was_issued(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)
    document = await world.invoice(shop, order, "key")
    await change_client(world, shop.client, name="Otro Nombre, S.A.", emails=("otro@example.com",))
    await change_order(world, order, external_id="POS-2")
    await world.archive_client(shop.tenant.tenant_id, shop.client.client_id, archived=True)
    assert await world.current(document) == document
    assert document.draft.receiver.name == "Constructora Añil, S.A."
    assert document.external_id is None
    assert await world.invoice(shop, order, "key") == document


async def test_an_order_that_is_not_billed_yet_follows_its_client(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)
    await change_client(world, shop.client, name="Otro Nombre, S.A.")
    document = await world.invoice(shop, order)
    assert document.draft.receiver.name == "Otro Nombre, S.A."


async def test_a_change_grows_the_version_and_what_is_said_already_is_none(world: World, shop: Shop) -> None:
    world.wait(minutes=5)
    changed = await change_client(world, shop.client, address="Vía España")
    assert (changed.version, changed.updated_at) == (2, world.clock.now())
    assert changed == replace(shop.client, address="Vía España", version=2, updated_at=changed.updated_at)
    world.wait(minutes=5)
    assert await change_client(world, shop.client, expected_version=1, address="Vía España") == changed
    order = await world.an_order(shop)
    again = await change_order(world, order, expected_version=7)
    assert again == order


async def test_of_two_editors_the_later_one_is_told(world: World, shop: Shop) -> None:
    await change_client(world, shop.client, expected_version=1, name="Primera, S.A.")
    with pytest.raises(ClientChangedError):
        await change_client(world, shop.client, expected_version=1, name="Segunda, S.A.")
    assert (await change_client(world, shop.client, expected_version=2, name="Segunda, S.A.")).version == 3
    order = await world.an_order(shop)
    await change_order(world, order, expected_version=1, information="uno")
    with pytest.raises(OrderChangedError):
        await change_order(world, order, expected_version=1, information="dos")
    assert (await change_order(world, order, information="dos")).version == 3


async def test_a_changed_client_and_order_are_judged_as_new_ones(world: World, shop: Shop) -> None:
    with pytest.raises(MalformedClientError):
        await change_client(world, shop.client, name="x")
    with pytest.raises(MalformedClientError):
        await change_client(world, shop.client, dv="00")
    order = await world.an_order(shop)
    with pytest.raises(EmptyOrderError):
        await change_order(world, order, lines=())
    with pytest.raises(ClientNotFoundError):
        await change_order(world, order, client_id=ClientId("unknown"))
    with pytest.raises(OrderNotFoundError):
        await change_order(world, replace(order, order_id=OrderId("unknown")), information="x")


async def test_a_type_that_is_left_out_is_asked_of_the_registry(world: World, shop: Shop) -> None:
    asked = await world.update_client(
        shop.tenant.tenant_id, shop.client.client_id, replace(shop.client, name="Otra, S.A."), receiver_type=None
    )
    assert asked.receiver_type is ReceiverType.TAXPAYER
    with pytest.raises(ClientNotFoundError):
        await world.update_client(shop.tenant.tenant_id, ClientId("unknown"), shop.client, receiver_type=None)


async def test_an_archived_client_is_named_by_nothing_new_until_it_is_taken_back(world: World, shop: Shop) -> None:
    tenant_id, client_id = shop.tenant.tenant_id, shop.client.client_id
    order, other = await world.an_order(shop), await world.an_order(shop)
    archived = await world.archive_client(tenant_id, client_id, archived=True)
    assert await world.archive_client(tenant_id, client_id, archived=True) == archived
    with pytest.raises(ClientArchivedError):
        await world.an_order(shop)
    with pytest.raises(ClientArchivedError):
        await world.create_invoice(
            tenant_id,
            NewInvoice(draft=a_draft(), client_id=client_id),
            mode=DocumentMode.DGI,
            idempotency_key="k",
            wait_seconds=0,
            actor="caller:test",
        )
    assert (await world.invoice(shop, order)).client_id == client_id  # what was agreed before can be billed
    assert (await change_order(world, other, information="sigue")).client_id == client_id
    back = await world.archive_client(tenant_id, client_id, archived=False)
    assert (back.archived_at, back.version) == (None, 3)
    assert (await world.an_order(shop)).client_id == client_id


async def test_a_billed_order_changes_nothing_but_its_external_id(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)
    document = await world.invoice(shop, order)
    for changes in ({"lines": (a_line(),)}, {"information": "x"}, {"client_id": None}, {"billing_point": "001"}):
        with pytest.raises(OrderAlreadyInvoicedError):
            await change_order(world, order, **changes)
    with pytest.raises(OrderAlreadyInvoicedError):
        await change_order(world, order, external_id="POS-9", information="x")
    with pytest.raises(OrderAlreadyInvoicedError):
        await world.cancel_order(order.tenant_id, order.order_id)
    assert (await change_order(world, order, external_id="POS-9")).external_id == "POS-9"
    assert await world.current(document) == document


async def test_an_order_whose_invoice_was_refused_changes_again(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)
    document = await world.invoice(shop, order, wait=0)
    refuse = Change(document=replace(document, submission=Submission.REFUSED))
    await world.stores.documents.update(document.tenant_id, document.document_id, lambda _: refuse)
    changed = await change_order(world, order, lines=(a_line(description="Sierra"),))
    again = await world.invoice(shop, changed, "second")
    assert [line.description for line in again.draft.lines] == ["Sierra"]
    assert [line.description for line in (await world.current(document)).draft.lines] != ["Sierra"]


async def test_a_cancelled_order_is_never_billed_or_changed_but_stays_readable(world: World, shop: Shop) -> None:
    order = await world.an_order(shop)
    cancelled = await world.cancel_order(order.tenant_id, order.order_id)
    world.wait(minutes=1)
    assert await world.cancel_order(order.tenant_id, order.order_id) == cancelled
    with pytest.raises(OrderCancelledError):
        await world.invoice(shop, order)
    with pytest.raises(OrderCancelledError):
        await change_order(world, order, information="x")
    assert await world.stores.trade_book.get_order(order.tenant_id, order.order_id) == cancelled
    assert (await world.invoice(shop, await world.an_order(shop))).number == 1


class EditedMeanwhile:
    """A trade book in which somebody changes each order right after it was read, a number of times."""

    def __init__(self, world: World, times: int) -> None:
        self._world, self._book, self._left = world, world.stores.trade_book, times

    async def get_client(self, *named: Any) -> Client:
        return await self._book.get_client(*named)

    async def get_order(self, *named: Any) -> Order:
        order = await self._book.get_order(*named)
        if self._left:
            self._left -= 1
            lines = (replace(order.lines[0], unit_price=order.lines[0].unit_price + 1),)
            await self._world.update_order(order.order_id, replace(order, lines=lines))
        return order


async def test_an_order_that_changes_while_it_is_billed_is_billed_as_it_says_last(world: World, shop: Shop) -> None:
    order = await world.an_order(shop, price="40.00")
    for times, expected in ((2, Decimal("42.00")), (0, Decimal("42.00"))):
        book: Any = EditedMeanwhile(world, times)
        generate = GenerateInvoice(book, world.stores.documents, world.issue)
        document = await generate(
            order.tenant_id,
            order.order_id,
            mode=DocumentMode.DGI,
            idempotency_key="k",
            wait_seconds=0,
            actor="caller:test",
        )
        assert document.draft.lines[0].unit_price == expected
    never: Any = EditedMeanwhile(world, 99)
    other = await world.an_order(shop)
    with pytest.raises(OrderChangedError):
        await GenerateInvoice(never, world.stores.documents, world.issue)(
            other.tenant_id,
            other.order_id,
            mode=DocumentMode.DGI,
            idempotency_key="other",
            wait_seconds=0,
            actor="caller:test",
        )
    left = await world.stores.trade_book.orders(other.tenant_id, OrderFilter(invoiced=False), limit=10, after=None)
    assert [each.order_id for each in left] == [other.order_id]


async def test_the_same_key_gives_the_same_client_and_order_as_they_are_now(world: World, shop: Shop) -> None:
    told = replace(shop.client, name="Tercera, S.A.")
    made = await world.create_client(
        shop.tenant.tenant_id, told, receiver_type=ReceiverType.TAXPAYER, idempotency_key="crm-3"
    )
    changed = await change_client(world, made, name="Tercera Nueva, S.A.")
    again = await world.create_client(
        shop.tenant.tenant_id, told, receiver_type=ReceiverType.TAXPAYER, idempotency_key="crm-3"
    )
    assert again == changed
