"""Clients and orders in memory."""

from collections.abc import Sequence

from adapters.persistence.connection import UniqueViolation
from adapters.persistence.document_keys import refuse_page
from adapters.persistence.in_memory_intents import find_made, remember_made
from adapters.persistence.in_memory_state import InMemoryStore
from core.failures import ClientNotFoundError, OrderNotFoundError
from core.identifiers import ClientId, OrderId, TenantId
from core.intents import Intent
from core.ports.trade_book import TradeBook
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

    async def clients(self, tenant_id: TenantId, *, limit: int, after: ClientId | None) -> Sequence[Client]:
        """See the port."""
        refuse_page(limit, 101)
        own = [
            client
            for (owner, client_id), client in self._store.clients.items()
            if owner == tenant_id and (after is None or client_id < after)
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
