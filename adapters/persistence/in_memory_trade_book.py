"""Clients and orders in memory."""

from collections.abc import Sequence

from adapters.persistence.connection import UniqueViolation
from adapters.persistence.document_keys import bills_its_order, refuse_page
from adapters.persistence.in_memory_intents import find_made, remember_made
from adapters.persistence.in_memory_state import InMemoryStore
from adapters.persistence.trade_keys import LARGEST_PAGE, refuse_other
from core.failures import ClientNotFoundError, OrderNotFoundError
from core.identifiers import ClientId, DocumentId, OrderId, TenantId
from core.intents import Intent
from core.ports.trade_book import (
    ACTIVE_CLIENTS,
    EVERY_ORDER,
    ClientFilter,
    ClientStep,
    OrderFilter,
    OrderStep,
    TradeBook,
)
from core.trade import Client, Order


class InMemoryTradeBook(TradeBook):
    """Keeps frozen clients and orders as they were given."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def add_client(self, client: Client, *, intent: Intent | None = None) -> Client:
        """See the port."""
        made = find_made(self._store, client.tenant_id, intent)
        if made is not None:
            return self._store.clients[client.tenant_id, ClientId(made)]
        if (client.tenant_id, client.client_id) in self._store.clients:
            raise UniqueViolation("pk_clients")
        self._store.clients[client.tenant_id, client.client_id] = client
        remember_made(self._store, client.tenant_id, intent, client.client_id)
        return client

    async def find_made_client(self, tenant_id: TenantId, intent: Intent) -> Client | None:
        """See the port."""
        made = find_made(self._store, tenant_id, intent)
        return None if made is None else self._store.clients[tenant_id, ClientId(made)]

    async def get_client(self, tenant_id: TenantId, client_id: ClientId) -> Client:
        """See the port."""
        client = self._store.clients.get((tenant_id, client_id))
        if client is None:
            raise ClientNotFoundError(client_id=client_id)
        return client

    async def update_client(self, tenant_id: TenantId, client_id: ClientId, step: ClientStep) -> Client:
        """See the port."""
        before = await self.get_client(tenant_id, client_id)
        after = step(before)
        if after is None:
            return before
        refuse_other(before, after)
        self._store.clients[tenant_id, client_id] = after
        return after

    async def clients(
        self, tenant_id: TenantId, wanted: ClientFilter = ACTIVE_CLIENTS, *, limit: int, after: ClientId | None
    ) -> Sequence[Client]:
        """See the port."""
        refuse_page(limit, LARGEST_PAGE)
        own = [
            client
            for (owner, client_id), client in self._store.clients.items()
            if owner == tenant_id and (after is None or client_id < after) and _is_wanted_client(client, wanted)
        ]
        return tuple(sorted(own, key=lambda one: one.client_id, reverse=True)[:limit])

    async def add_order(self, order: Order, *, intent: Intent | None = None) -> Order:
        """See the port."""
        made = find_made(self._store, order.tenant_id, intent)
        if made is not None:
            return self._store.orders[order.tenant_id, OrderId(made)]
        if (order.tenant_id, order.order_id) in self._store.orders:
            raise UniqueViolation("pk_orders")
        self._store.orders[order.tenant_id, order.order_id] = order
        remember_made(self._store, order.tenant_id, intent, order.order_id)
        return order

    async def find_made_order(self, tenant_id: TenantId, intent: Intent) -> Order | None:
        """See the port."""
        made = find_made(self._store, tenant_id, intent)
        return None if made is None else self._store.orders[tenant_id, OrderId(made)]

    async def get_order(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """See the port."""
        order = self._store.orders.get((tenant_id, order_id))
        if order is None:
            raise OrderNotFoundError(order_id=order_id)
        return order

    async def update_order(self, tenant_id: TenantId, order_id: OrderId, step: OrderStep) -> Order:
        """See the port."""
        before = await self.get_order(tenant_id, order_id)
        after = step(before, min(self._bills(before), default=None))
        if after is None:
            return before
        refuse_other(before, after)
        self._store.orders[tenant_id, order_id] = after
        return after

    async def orders(
        self, tenant_id: TenantId, wanted: OrderFilter = EVERY_ORDER, *, limit: int, after: OrderId | None
    ) -> Sequence[Order]:
        """See the port."""
        refuse_page(limit, LARGEST_PAGE)
        own = [
            order
            for (owner, order_id), order in self._store.orders.items()
            if owner == tenant_id and (after is None or order_id < after) and self._is_wanted_order(order, wanted)
        ]
        return tuple(sorted(own, key=lambda one: one.order_id, reverse=True)[:limit])

    def _bills(self, order: Order) -> list[DocumentId]:
        return [
            stored.document.document_id
            for (owner, _), stored in self._store.documents.items()
            if owner == order.tenant_id
            and stored.document.order_id == order.order_id
            and bills_its_order(stored.document)
        ]

    def _is_wanted_order(self, order: Order, wanted: OrderFilter) -> bool:
        return all(
            (
                wanted.external_id is None or order.external_id == wanted.external_id,
                wanted.client_id is None or order.client_id == wanted.client_id,
                wanted.cancelled is None or (order.cancelled_at is not None) == wanted.cancelled,
                wanted.invoiced is None or bool(self._bills(order)) == wanted.invoiced,
                wanted.created_since is None or order.created_at >= wanted.created_since,
            )
        )


def _is_wanted_client(client: Client, wanted: ClientFilter) -> bool:
    return all(
        (
            wanted.external_id is None or client.external_id == wanted.external_id,
            wanted.ruc is None or client.ruc == wanted.ruc,
            (client.archived_at is not None) == wanted.archived,
        )
    )
