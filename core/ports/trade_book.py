"""Clients and orders of a tenant."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from core.identifiers import ClientId, OrderId, TenantId
from core.trade import Client, Order


class TradeBook(Protocol):
    """Another tenant's ids are simply not found."""

    @abstractmethod
    async def add_client(self, client: Client) -> None:
        """Keep a client."""

    @abstractmethod
    async def get_client(self, tenant_id: TenantId, client_id: ClientId) -> Client:
        """Raises ClientNotFoundError."""

    @abstractmethod
    async def clients(self, tenant_id: TenantId, *, limit: int, after: ClientId | None) -> Sequence[Client]:
        """Newest first; ``limit`` 1 to 101."""

    @abstractmethod
    async def add_order(self, order: Order) -> None:
        """Keep an order."""

    @abstractmethod
    async def get_order(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """Raises OrderNotFoundError."""
