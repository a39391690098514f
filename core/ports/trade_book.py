"""Clients and orders of a tenant."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.identifiers import ClientId, DocumentId, OrderId, TenantId
from core.intents import Intent
from core.trade import Client, Order

ClientStep = Callable[[Client], Client | None]
"""A synchronous, pure step: the client with its changes, or None for no change."""

OrderStep = Callable[[Order, DocumentId | None], Order | None]
"""A synchronous, pure step over an order and the oldest live DGI invoice that bills it, None while there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientFilter:
    """Which clients a page shows; all given conditions must hold."""

    external_id: str | None = None
    ruc: str | None = None  # in the form that is kept
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders a page shows; all given conditions must hold."""

    external_id: str | None = None
    client_id: ClientId | None = None
    cancelled: bool | None = None
    invoiced: bool | None = None  # whether it has a live DGI invoice
    created_since: datetime | None = None


ACTIVE_CLIENTS = ClientFilter()
EVERY_ORDER = OrderFilter()


class TradeBook(Protocol):
    """Another tenant's ids are simply not found.

    What is added with an intent is kept in one transaction with it: the same key and fingerprint give back what was
    made, as it is now, tasks that come at once are served one after the other, and another fingerprint under the key
    of the same tenant and operation raises IdempotencyConflictError.

    A step runs under the row's lock and may run twice; when it raises, nothing is written and the error passes through.
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
    async def update_client(self, tenant_id: TenantId, client_id: ClientId, step: ClientStep) -> Client:
        """Apply a step and return the client as it then stands. Raises ClientNotFoundError.

        Raises ValueError when the step gives the client another id, tenant or time of creation.
        """

    @abstractmethod
    async def clients(
        self, tenant_id: TenantId, wanted: ClientFilter = ACTIVE_CLIENTS, *, limit: int, after: ClientId | None
    ) -> Sequence[Client]:
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

    @abstractmethod
    async def update_order(self, tenant_id: TenantId, order_id: OrderId, step: OrderStep) -> Order:
        """Apply a step and return the order as it then stands. No invoice of the order is recorded meanwhile.

        Raises OrderNotFoundError, and ValueError as ``update_client``.
        """

    @abstractmethod
    async def orders(
        self, tenant_id: TenantId, wanted: OrderFilter = EVERY_ORDER, *, limit: int, after: OrderId | None
    ) -> Sequence[Order]:
        """Newest first; ``limit`` 1 to 101."""
