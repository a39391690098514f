"""Clients and orders in memory."""

from collections.abc import Sequence

from adapters.persistence.connection import UniqueViolation
from adapters.persistence.document_keys import refuse_page
from adapters.persistence.in_memory_state import InMemoryStore
from core.failures import ClientNotFoundError, OrderNotFoundError
from core.identifiers import ClientId, OrderId, TenantId
from core.ports.trade_book import TradeBook
from core.trade import Client, Order


class InMemoryTradeBook(TradeBook):
    """Keeps frozen clients and orders as they were given."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def add_client(self, client: Client) -> None:
        """See the port."""
        if (client.tenant_id, client.client_id) in self._store.clients:
            raise UniqueViolation("pk_clients")
        self._store.clients[client.tenant_id, client.client_id] = client

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

    async def add_order(self, order: Order) -> None:
        """See the port."""
        if (order.tenant_id, order.order_id) in self._store.orders:
            raise UniqueViolation("pk_orders")
        self._store.orders[order.tenant_id, order.order_id] = order

    async def get_order(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """See the port."""
        order = self._store.orders.get((tenant_id, order_id))
        if order is None:
            raise OrderNotFoundError(order_id=order_id)
        return order
