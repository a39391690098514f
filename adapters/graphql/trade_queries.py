"""Reading lists of clients and orders."""

from typing import Any

from adapters.graphql.connections import connection_of
from adapters.graphql.cursors import read_cursor, read_first
from adapters.graphql.inputs import Input
from adapters.graphql.permissions import RootResolver
from adapters.graphql.request_context import Info
from core.identifiers import ClientId, OrderId
from core.ports.trade_book import ClientFilter, OrderFilter
from core.receivers import ruc_as_stored


async def clients(
    _root: object,
    info: Info,
    *,
    first: int,
    after: str | None = None,
    filter: Input | None = None,  # noqa: A002
) -> dict[str, Any]:
    """A page of clients. Raises MalformedPageError."""
    context, wanted = info.context, filter or {}
    limit, last_shown = read_first(first), read_cursor("client", after)
    ruc = wanted.get("ruc")
    found = await context.operations.trade_book.clients(
        context.caller.tenant_id,
        ClientFilter(
            external_id=wanted.get("external_id"),
            ruc=ruc_as_stored(ruc) if ruc is not None else None,
            archived=bool(wanted.get("archived")),
        ),
        limit=limit + 1,
        after=ClientId(last_shown) if last_shown is not None else None,
    )
    return connection_of("client", found[:limit], lambda client: client.client_id, has_next=len(found) > limit)


async def orders(
    _root: object,
    info: Info,
    *,
    first: int,
    after: str | None = None,
    filter: Input | None = None,  # noqa: A002
) -> dict[str, Any]:
    """A page of orders. Raises MalformedPageError."""
    context, wanted = info.context, filter or {}
    limit, last_shown = read_first(first), read_cursor("order", after)
    client_id = wanted.get("client_id")
    found = await context.operations.trade_book.orders(
        context.caller.tenant_id,
        OrderFilter(
            external_id=wanted.get("external_id"),
            client_id=ClientId(client_id) if client_id is not None else None,
            cancelled=wanted.get("cancelled"),
            invoiced=wanted.get("invoiced"),
            created_since=wanted.get("created_since"),
        ),
        limit=limit + 1,
        after=OrderId(last_shown) if last_shown is not None else None,
    )
    return connection_of("order", found[:limit], lambda order: order.order_id, has_next=len(found) > limit)


TRADE_QUERIES: tuple[tuple[str, RootResolver], ...] = (("clients", clients), ("orders", orders))
