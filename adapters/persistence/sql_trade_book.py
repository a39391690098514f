"""Clients and orders in SQL."""

from collections.abc import Sequence

import sqlalchemy as sa

from adapters.persistence.connection import Connection
from adapters.persistence.content_codec import from_json, to_json
from adapters.persistence.document_keys import refuse_page
from adapters.persistence.instants import to_micros
from adapters.persistence.sql_intents import claim_intent, find_intent, intent_parameters, subject_of
from adapters.persistence.statements import Statement
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.tables import clients, orders
from core.failures import ClientNotFoundError, OrderNotFoundError
from core.identifiers import ClientId, OrderId, TenantId
from core.intents import Intent
from core.ports.trade_book import TradeBook
from core.trade import Client, Order

_add_client = Statement(sa.insert(clients))
_get_client = Statement(
    sa.select(clients.c.content).where(
        clients.c.tenant_id == sa.bindparam("tenant"), clients.c.client_id == sa.bindparam("client")
    )
)
_newest_clients = (
    sa.select(clients.c.content)
    .where(clients.c.tenant_id == sa.bindparam("tenant"))
    .order_by(clients.c.client_id.desc())
    .limit(sa.bindparam("limit"))
)
_first_clients = Statement(_newest_clients)
_clients_after = Statement(_newest_clients.where(clients.c.client_id < sa.bindparam("after")))
_add_order = Statement(sa.insert(orders))
_get_order = Statement(
    sa.select(orders.c.content).where(
        orders.c.tenant_id == sa.bindparam("tenant"), orders.c.order_id == sa.bindparam("order")
    )
)


class SqlTradeBook(TradeBook):
    """Keeps clients and orders whole; their columns are for finding them."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def add_client(self, client: Client, *, intent: Intent | None = None) -> Client:
        """See the port."""
        row = storable(
            {
                "tenant_id": client.tenant_id,
                "client_id": client.client_id,
                "name": client.name,
                "ruc": client.ruc,
                "external_id": client.external_id,
                "created_at": to_micros(client.created_at),
                "content": to_json(client),
            }
        )

        def unit(connection: Connection) -> Client:
            made = claim_intent(connection, client.tenant_id, intent, subject_id=client.client_id, at=client.created_at)
            if made == client.client_id:
                connection.run(_add_client, **row)
                return client
            kept = connection.one(_get_client, **storable({"tenant": client.tenant_id, "client": made}))
            return from_json(Client, kept["content"])

        return await self._units.write(unit, tenant_id=client.tenant_id)

    async def find_made_client(self, tenant_id: TenantId, intent: Intent) -> Client | None:
        """See the port."""
        made = await self._made(tenant_id, intent)
        return None if made is None else await self.get_client(tenant_id, ClientId(made))

    async def get_client(self, tenant_id: TenantId, client_id: ClientId) -> Client:
        """See the port."""
        rows = await self._units.read(_get_client, tenant_id=tenant_id, client=client_id)
        if not rows:
            raise ClientNotFoundError(client_id=client_id)
        return from_json(Client, rows[0]["content"])

    async def clients(self, tenant_id: TenantId, *, limit: int, after: ClientId | None) -> Sequence[Client]:
        """See the port."""
        refuse_page(limit, 101)
        if after is None:
            rows = await self._units.read(_first_clients, tenant_id=tenant_id, limit=limit)
        else:
            rows = await self._units.read(_clients_after, tenant_id=tenant_id, limit=limit, after=after)
        return tuple(from_json(Client, row["content"]) for row in rows)

    async def add_order(self, order: Order, *, intent: Intent | None = None) -> Order:
        """See the port."""
        row = storable(
            {
                "tenant_id": order.tenant_id,
                "order_id": order.order_id,
                "client_id": order.client_id,
                "external_id": order.external_id,
                "created_at": to_micros(order.created_at),
                "content": to_json(order),
            }
        )

        def unit(connection: Connection) -> Order:
            made = claim_intent(connection, order.tenant_id, intent, subject_id=order.order_id, at=order.created_at)
            if made == order.order_id:
                connection.run(_add_order, **row)
                return order
            kept = connection.one(_get_order, **storable({"tenant": order.tenant_id, "order": made}))
            return from_json(Order, kept["content"])

        return await self._units.write(unit, tenant_id=order.tenant_id)

    async def find_made_order(self, tenant_id: TenantId, intent: Intent) -> Order | None:
        """See the port."""
        made = await self._made(tenant_id, intent)
        return None if made is None else await self.get_order(tenant_id, OrderId(made))

    async def get_order(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """See the port."""
        rows = await self._units.read(_get_order, tenant_id=tenant_id, order=order_id)
        if not rows:
            raise OrderNotFoundError(order_id=order_id)
        return from_json(Order, rows[0]["content"])

    async def _made(self, tenant_id: TenantId, intent: Intent) -> str | None:
        rows = await self._units.read(find_intent, tenant_id=tenant_id, **intent_parameters(intent))
        return subject_of(rows[0], intent) if rows else None
