"""Clients and orders of a tenant."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from core.identifiers import ClientId, OrderId, TenantId
from core.intents import Intent
from core.trade import Client, Order


class TradeBook(Protocol):
    """Another tenant's ids are simply not found.

    What is added with an intent is kept in one transaction with it: the same key and fingerprint give back what was
    made, tasks that come at once are served one after the other, and another fingerprint under the key of the same
    tenant and operation raises IdempotencyConflictError.
    """

    @abstractmethod
    async def add_client(self, client: Client, *, intent: Intent | None = None) -> Client:
        """Keep a client. The client as it is kept: ``client``, or the one that the intent made before."""

    @abstractmethod
    async def find_made_client(self, tenant_id: TenantId, intent: Intent) -> Client | None:
        """The client that the intent made. Raises IdempotencyConflictError."""

    @abstractmethod
    async def get_client(self, tenant_id: TenantId, client_id: ClientId) -> Client:
        """Raises ClientNotFoundError."""

    @abstractmethod
    async def clients(self, tenant_id: TenantId, *, limit: int, after: ClientId | None) -> Sequence[Client]:
        """Newest first; ``limit`` 1 to 101."""

    @abstractmethod
    async def add_order(self, order: Order, *, intent: Intent | None = None) -> Order:
        """Keep an order. The order as it is kept: ``order``, or the one that the intent made before."""

    @abstractmethod
    async def find_made_order(self, tenant_id: TenantId, intent: Intent) -> Order | None:
        """The order that the intent made. Raises IdempotencyConflictError."""

    @abstractmethod
    async def get_order(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """Raises OrderNotFoundError."""
