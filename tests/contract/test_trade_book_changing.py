"""TradeBook: clients and orders change by function under their row's lock, and lists find them by what they say."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from adapters.persistence.stores import Stores
from core.documents import Change, DocumentMode, FiscalDocument, Submission
from core.failures import (
    ClientNotFoundError,
    MalformedPageError,
    OrderAlreadyInvoicedError,
    OrderCancelledError,
    OrderChangedError,
    OrderNotFoundError,
)
from core.identifiers import ClientId, DocumentId, OrderId, TenantId
from core.ports.trade_book import ClientFilter, OrderFilter
from core.trade import Client, Order
from tests.builders import NOW, a_client, a_line, a_reservation, an_id, an_order, building, record_document


def renamed(client: Client) -> Client:
    return replace(client, name=f"{client.name} II", version=client.version + 1, updated_at=NOW)


def cancelled(order: Order) -> Order:
    return replace(order, cancelled_at=NOW, version=order.version + 1, updated_at=NOW)


async def kept_client(stores: Stores, tenant_id: TenantId, **changes: Any) -> Client:
    return await stores.trade_book.add_client(a_client(tenant_id, **changes))


async def kept_order(stores: Stores, tenant_id: TenantId, **changes: Any) -> Order:
    return await stores.trade_book.add_order(an_order(tenant_id, **changes))


async def bill(stores: Stores, order: Order, *, version: int | None = None, **changes: Any) -> FiscalDocument:
    reservation = a_reservation(order.tenant_id, order_id=order.order_id, order_version=version)
    return (await stores.documents.record(reservation, building(reservation, **changes))).document


async def test_a_changed_client_is_the_client_from_then_on(stores: Stores, tenant_id: TenantId) -> None:
    client = await kept_client(stores, tenant_id, external_id="crm-1")
    seen: list[Client] = []

    def change(current: Client) -> Client:
        seen.append(current)
        return replace(renamed(current), external_id="crm-2", ruc=None, emails=("nuevo@example.com",))

    changed = await stores.trade_book.update_client(tenant_id, client.client_id, change)
    assert seen[-1] == client
    assert changed == change(client)
    assert await stores.trade_book.get_client(tenant_id, client.client_id) == changed
    for external_id, expected in (("crm-1", []), ("crm-2", [changed])):
        found = await stores.trade_book.clients(tenant_id, ClientFilter(external_id=external_id), limit=10, after=None)
        assert list(found) == expected


async def test_a_changed_order_is_the_order_from_then_on(stores: Stores, tenant_id: TenantId) -> None:
    order = await kept_order(stores, tenant_id)
    invoices: list[DocumentId | None] = []

    def change(current: Order, invoice: DocumentId | None) -> Order:
        invoices.append(invoice)
        lines = (a_line(description="Sierra", quantity=Decimal("0.5")),)
        return replace(current, lines=lines, client_id=ClientId("c"), version=2, updated_at=NOW)

    changed = await stores.trade_book.update_order(tenant_id, order.order_id, change)
    assert invoices[-1] is None
    assert changed == change(order, None)
    assert await stores.trade_book.get_order(tenant_id, order.order_id) == changed


async def test_a_step_that_gives_none_or_raises_changes_nothing(stores: Stores, tenant_id: TenantId) -> None:
    client, order = await kept_client(stores, tenant_id), await kept_order(stores, tenant_id)

    def fail(*_: object) -> None:
        raise LookupError("refused")

    assert await stores.trade_book.update_client(tenant_id, client.client_id, lambda _: None) == client
    assert await stores.trade_book.update_order(tenant_id, order.order_id, lambda _, __: None) == order
    with pytest.raises(LookupError):
        await stores.trade_book.update_client(tenant_id, client.client_id, fail)
    with pytest.raises(LookupError):
        await stores.trade_book.update_order(tenant_id, order.order_id, fail)
    assert await stores.trade_book.get_client(tenant_id, client.client_id) == client
    assert await stores.trade_book.get_order(tenant_id, order.order_id) == order


async def test_a_step_cannot_make_another_thing_of_it(stores: Stores, tenant_id: TenantId) -> None:
    client, order = await kept_client(stores, tenant_id), await kept_order(stores, tenant_id)
    with pytest.raises(ValueError, match="client_id"):
        await stores.trade_book.update_client(
            tenant_id, client.client_id, lambda current: replace(current, client_id=ClientId("other"))
        )
    with pytest.raises(ValueError, match="created_at"):
        await stores.trade_book.update_order(
            tenant_id, order.order_id, lambda current, _: replace(current, created_at=NOW + timedelta(days=1))
        )


async def test_changes_that_come_at_once_are_all_made(stores: Stores, tenant_id: TenantId) -> None:
    client = await kept_client(stores, tenant_id)
    await asyncio.gather(*(stores.trade_book.update_client(tenant_id, client.client_id, renamed) for _ in range(8)))
    changed = await stores.trade_book.get_client(tenant_id, client.client_id)
    assert (changed.version, changed.name.count("II")) == (9, 8)


async def test_another_tenants_clients_and_orders_are_not_changed_or_listed(
    stores: Stores, tenant_id: TenantId, stranger_id: TenantId
) -> None:
    client, order = await kept_client(stores, tenant_id), await kept_order(stores, tenant_id)
    for owner, client_id in ((stranger_id, client.client_id), (tenant_id, ClientId("\x00"))):
        with pytest.raises(ClientNotFoundError):
            await stores.trade_book.update_client(owner, client_id, renamed)
    for owner, order_id in ((stranger_id, order.order_id), (tenant_id, OrderId("unknown"))):
        with pytest.raises(OrderNotFoundError):
            await stores.trade_book.update_order(owner, order_id, lambda current, _: cancelled(current))
    assert list(await stores.trade_book.orders(stranger_id, limit=10, after=None)) == []
    assert list(await stores.trade_book.orders(tenant_id, limit=10, after=None)) == [order]


async def test_lists_of_clients_leave_archived_ones_to_those_who_ask(stores: Stores, tenant_id: TenantId) -> None:
    kept, hidden = await kept_client(stores, tenant_id), await kept_client(stores, tenant_id)
    hidden = await stores.trade_book.update_client(
        tenant_id, hidden.client_id, lambda current: replace(renamed(current), archived_at=NOW)
    )

    async def listed(**conditions: Any) -> Sequence[Client]:
        return list(await stores.trade_book.clients(tenant_id, ClientFilter(**conditions), limit=10, after=None))

    assert await listed() == [kept]
    assert await listed(archived=True) == [hidden]
    assert await listed(ruc=kept.ruc) == [kept]
    assert await listed(ruc="8-0-0") == []


async def test_orders_are_found_by_what_they_say_and_whether_they_are_billed(
    stores: Stores, tenant_id: TenantId
) -> None:
    billed = await kept_order(stores, tenant_id, external_id="POS-1", client_id=ClientId("c"))
    open_ = await kept_order(stores, tenant_id, external_id="POS-2", created_at=NOW + timedelta(hours=1))
    refused = await kept_order(stores, tenant_id, created_at=NOW + timedelta(hours=2))
    gone = await kept_order(stores, tenant_id, created_at=NOW + timedelta(hours=3))
    await bill(stores, billed)
    await bill(stores, refused, submission=Submission.REFUSED)
    await bill(stores, open_, mode=DocumentMode.PROFORM, submission=Submission.DRAFT)
    gone = await stores.trade_book.update_order(tenant_id, gone.order_id, lambda current, _: cancelled(current))

    async def listed(**conditions: Any) -> Sequence[Order]:
        return list(await stores.trade_book.orders(tenant_id, OrderFilter(**conditions), limit=10, after=None))

    assert await listed() == [gone, refused, open_, billed]
    assert await listed(invoiced=True) == [billed]
    assert await listed(invoiced=False) == [gone, refused, open_]
    assert await listed(invoiced=False, cancelled=False) == [refused, open_]
    assert await listed(cancelled=True) == [gone]
    assert await listed(external_id="POS-1") == [billed]
    assert await listed(client_id=ClientId("c")) == [billed]
    assert await listed(created_since=NOW + timedelta(hours=2)) == [gone, refused]
    assert await listed(external_id="POS-1", invoiced=False) == []


async def test_orders_are_listed_newest_first_page_by_page(stores: Stores, tenant_id: TenantId) -> None:
    orders = [await kept_order(stores, tenant_id) for _ in range(5)]
    seen: list[Order] = []
    while len(seen) < len(orders):
        after = seen[-1].order_id if seen else None
        seen.extend(await stores.trade_book.orders(tenant_id, limit=2, after=after))
    assert seen == orders[::-1]
    for limit in (0, 102):
        with pytest.raises(MalformedPageError):
            await stores.trade_book.orders(tenant_id, limit=limit, after=None)


async def test_a_step_over_an_order_sees_its_live_invoice(stores: Stores, tenant_id: TenantId) -> None:
    order = await kept_order(stores, tenant_id)
    invoices: list[DocumentId | None] = []

    def look(_order: Order, invoice: DocumentId | None) -> None:
        invoices.append(invoice)

    document = await bill(stores, order)
    await stores.trade_book.update_order(tenant_id, order.order_id, look)
    refuse = Change(document=replace(document, submission=Submission.REFUSED))
    await stores.documents.update(tenant_id, document.document_id, lambda _: refuse)
    await stores.trade_book.update_order(tenant_id, order.order_id, look)
    assert invoices == [document.document_id, None]


async def test_an_order_that_changed_since_it_was_read_is_not_billed(stores: Stores, tenant_id: TenantId) -> None:
    order = await kept_order(stores, tenant_id)
    changed = await stores.trade_book.update_order(
        tenant_id, order.order_id, lambda current, _: replace(current, information="ñ", version=2)
    )
    with pytest.raises(OrderChangedError):
        await bill(stores, order, version=order.version)
    assert (await bill(stores, changed, version=changed.version)).number == 1


async def test_a_cancelled_order_is_not_billed_whoever_asks(stores: Stores, tenant_id: TenantId) -> None:
    order = await kept_order(stores, tenant_id)
    await stores.trade_book.update_order(tenant_id, order.order_id, lambda current, _: cancelled(current))
    for version in (None, 1, 2):
        with pytest.raises(OrderCancelledError):
            await bill(stores, order, version=version)
    assert (await record_document(stores.documents, tenant_id)).number == 1


async def test_of_a_bill_and_a_cancellation_that_come_at_once_one_is_refused(
    stores: Stores, tenant_id: TenantId
) -> None:
    def cancel(current: Order, invoice: DocumentId | None) -> Order:
        if invoice is not None:
            raise OrderAlreadyInvoicedError(order_id=current.order_id, document_id=invoice)
        return cancelled(current)

    for _ in range(6):
        order = await kept_order(stores, tenant_id, order_id=OrderId(an_id()))
        answers = await asyncio.gather(
            bill(stores, order, version=1),
            stores.trade_book.update_order(tenant_id, order.order_id, cancel),
            return_exceptions=True,
        )
        refused = [answer for answer in answers if isinstance(answer, OrderCancelledError | OrderAlreadyInvoicedError)]
        assert len(refused) == 1, answers
        now = await stores.trade_book.get_order(tenant_id, order.order_id)
        billed = await stores.trade_book.orders(tenant_id, OrderFilter(invoiced=True), limit=100, after=None)
        assert (now.cancelled_at is None) == (now in billed)
