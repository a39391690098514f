"""Clients and orders in SQL."""

from collections.abc import Sequence
from typing import Any

from adapters.persistence import sql_trade_statements as sql
from adapters.persistence.connection import Connection
from adapters.persistence.content_codec import from_json, to_json
from adapters.persistence.document_keys import refuse_page
from adapters.persistence.instants import to_micros
from adapters.persistence.sql_document_statements import billed_by
from adapters.persistence.sql_intents import claim_intent, find_intent, intent_parameters, subject_of
from adapters.persistence.statements import Row
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from adapters.persistence.trade_keys import LARGEST_PAGE, refuse_other
from core.failures import ClientNotFoundError, OrderNotFoundError
from core.identifiers import ClientId, OrderId, TenantId
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


class SqlTradeBook(TradeBook):
    """Keeps clients and orders whole; their columns are for finding them."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def add_client(self, client: Client, *, intent: Intent | None = None) -> Client:
        """See the port."""
        whose = {"tenant_id": client.tenant_id, "client_id": client.client_id}
        row = storable({**whose, "created_at": to_micros(client.created_at), **_client_columns(client)})

        def unit(connection: Connection) -> Client:
            made = claim_intent(connection, client.tenant_id, intent, subject_id=client.client_id, at=client.created_at)
            if made == client.client_id:
                connection.run(sql.add_client, **row)
                return client
            kept = connection.one(sql.get_client, **storable({"tenant": client.tenant_id, "client": made}))
            return from_json(Client, kept["content"])

        return await self._units.write(unit, tenant_id=client.tenant_id)

    async def find_made_client(self, tenant_id: TenantId, intent: Intent) -> Client | None:
        """See the port."""
        made = await self._made(tenant_id, intent)
        return None if made is None else await self.get_client(tenant_id, ClientId(made))

    async def get_client(self, tenant_id: TenantId, client_id: ClientId) -> Client:
        """See the port."""
        rows = await self._units.read(sql.get_client, tenant_id=tenant_id, client=client_id)
        if not rows:
            raise ClientNotFoundError(client_id=client_id)
        return from_json(Client, rows[0]["content"])

    async def update_client(self, tenant_id: TenantId, client_id: ClientId, step: ClientStep) -> Client:
        """See the port."""
        whose = storable({"tenant": tenant_id, "client": client_id})

        def unit(connection: Connection) -> Client:
            row = connection.one_or_none(sql.lock_client, **whose)
            if row is None:
                raise ClientNotFoundError(client_id=client_id)
            before = from_json(Client, row["content"])
            after = step(before)
            if after is None:
                return before
            refuse_other(before, after)
            connection.run(sql.change_client, **whose, **storable(_client_columns(after)))
            return after

        return await self._units.claim(unit, tenant_id=tenant_id)

    async def clients(
        self, tenant_id: TenantId, wanted: ClientFilter = ACTIVE_CLIENTS, *, limit: int, after: ClientId | None
    ) -> Sequence[Client]:
        """See the port."""
        refuse_page(limit, LARGEST_PAGE)
        given = _given(external_id=wanted.external_id, ruc=wanted.ruc, archived=int(wanted.archived), after=after)
        statement = sql.page_of_clients(frozenset(given))
        rows = await self._units.read(statement, tenant_id=tenant_id, limit=limit, **given)
        return tuple(from_json(Client, row["content"]) for row in rows)

    async def add_order(self, order: Order, *, intent: Intent | None = None) -> Order:
        """See the port."""
        whose = {"tenant_id": order.tenant_id, "order_id": order.order_id}
        row = storable({**whose, "created_at": to_micros(order.created_at), **_order_columns(order)})

        def unit(connection: Connection) -> Order:
            made = claim_intent(connection, order.tenant_id, intent, subject_id=order.order_id, at=order.created_at)
            if made == order.order_id:
                connection.run(sql.add_order, **row)
                return order
            kept = connection.one(sql.get_order, **storable({"tenant": order.tenant_id, "order": made}))
            return from_json(Order, kept["content"])

        return await self._units.write(unit, tenant_id=order.tenant_id)

    async def find_made_order(self, tenant_id: TenantId, intent: Intent) -> Order | None:
        """See the port."""
        made = await self._made(tenant_id, intent)
        return None if made is None else await self.get_order(tenant_id, OrderId(made))

    async def get_order(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """See the port."""
        rows = await self._units.read(sql.get_order, tenant_id=tenant_id, order=order_id)
        if not rows:
            raise OrderNotFoundError(order_id=order_id)
        return from_json(Order, rows[0]["content"])

    async def update_order(self, tenant_id: TenantId, order_id: OrderId, step: OrderStep) -> Order:
        """See the port."""
        whose = storable({"tenant": tenant_id, "order": order_id})

        def unit(connection: Connection) -> Order:
            row = connection.one_or_none(sql.lock_order, **whose)
            if row is None:
                raise OrderNotFoundError(order_id=order_id)
            before = from_json(Order, row["content"])
            # read after the lock, for which whoever records an invoice of the order has to wait
            live = connection.execute(billed_by, tenant=whose["tenant"], order_id=whose["order"])
            after = step(before, min((one["document_id"] for one in live), default=None))
            if after is None:
                return before
            refuse_other(before, after)
            connection.run(sql.change_order, **whose, **storable(_order_columns(after)))
            return after

        return await self._units.claim(unit, tenant_id=tenant_id)

    async def orders(
        self, tenant_id: TenantId, wanted: OrderFilter = EVERY_ORDER, *, limit: int, after: OrderId | None
    ) -> Sequence[Order]:
        """See the port."""
        refuse_page(limit, LARGEST_PAGE)
        given = _given(
            external_id=wanted.external_id,
            client=wanted.client_id,
            cancelled=None if wanted.cancelled is None else int(wanted.cancelled),
            invoiced=None if wanted.invoiced is None else int(wanted.invoiced),
            created_since=to_micros(wanted.created_since),
            after=after,
        )
        statement = sql.page_of_orders(frozenset(given))
        rows = await self._units.read(statement, tenant_id=tenant_id, limit=limit, **given)
        return tuple(from_json(Order, row["content"]) for row in rows)

    async def _made(self, tenant_id: TenantId, intent: Intent) -> str | None:
        rows = await self._units.read(find_intent, tenant_id=tenant_id, **intent_parameters(intent))
        return subject_of(rows[0], intent) if rows else None


def _client_columns(client: Client) -> Row:
    return {
        "name": client.name,
        "ruc": client.ruc,
        "external_id": client.external_id,
        "content": to_json(client),
        "is_archived": int(client.archived_at is not None),
    }


def _order_columns(order: Order) -> Row:
    return {
        "client_id": order.client_id,
        "external_id": order.external_id,
        "content": to_json(order),
        "version": order.version,
        "is_cancelled": int(order.cancelled_at is not None),
    }


def _given(**conditions: Any) -> dict[str, Any]:
    return {name: value for name, value in conditions.items() if value is not None}
