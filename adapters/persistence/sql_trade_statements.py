"""The SQL of clients and orders, compiled once per engine."""

from functools import lru_cache

import sqlalchemy as sa

from adapters.persistence.statements import Statement
from adapters.persistence.tables import clients, documents, orders

_tenant: sa.BindParameter[str] = sa.bindparam("tenant")
_one_client = sa.and_(clients.c.tenant_id == _tenant, clients.c.client_id == sa.bindparam("client"))
_one_order = sa.and_(orders.c.tenant_id == _tenant, orders.c.order_id == sa.bindparam("order"))

add_client = Statement(sa.insert(clients))
get_client = Statement(sa.select(clients.c.content).where(_one_client))
lock_client = Statement(sa.select(clients.c.content).where(_one_client).with_for_update())
change_client = Statement(
    sa.update(clients)
    .where(_one_client)
    .values({name: sa.bindparam(name) for name in ("name", "ruc", "external_id", "content", "is_archived")})
)

add_order = Statement(sa.insert(orders))
get_order = Statement(sa.select(orders.c.content).where(_one_order))
lock_order = Statement(
    sa.select(orders.c.content, orders.c.version, orders.c.is_cancelled).where(_one_order).with_for_update()
)
change_order = Statement(
    sa.update(orders)
    .where(_one_order)
    .values({name: sa.bindparam(name) for name in ("client_id", "external_id", "content", "version", "is_cancelled")})
)

_bills = (
    sa.select(documents.c.document_id)
    .where(
        documents.c.tenant_id == orders.c.tenant_id,
        documents.c.order_id == orders.c.order_id,
        documents.c.bills_order == 1,
    )
    .exists()
)
_CLIENTS = {
    "external_id": clients.c.external_id == sa.bindparam("external_id"),
    "ruc": clients.c.ruc == sa.bindparam("ruc"),
    "archived": clients.c.is_archived == sa.bindparam("archived"),
    "after": clients.c.client_id < sa.bindparam("after"),
}
_ORDERS = {
    "external_id": orders.c.external_id == sa.bindparam("external_id"),
    "client": orders.c.client_id == sa.bindparam("client"),
    "cancelled": orders.c.is_cancelled == sa.bindparam("cancelled"),
    "invoiced": sa.case((_bills, 1), else_=0) == sa.bindparam("invoiced"),
    "created_since": orders.c.created_at >= sa.bindparam("created_since"),
    "after": orders.c.order_id < sa.bindparam("after"),
}


@lru_cache(maxsize=64)
def page_of_clients(conditions: frozenset[str]) -> Statement:
    """One page, newest first, under these conditions; each is a parameter of its own, beside ``limit``."""
    return Statement(
        sa.select(clients.c.content)
        .where(clients.c.tenant_id == _tenant, *(_CLIENTS[name] for name in sorted(conditions)))
        .order_by(clients.c.client_id.desc())
        .limit(sa.bindparam("limit"))
    )


@lru_cache(maxsize=64)
def page_of_orders(conditions: frozenset[str]) -> Statement:
    """As ``page_of_clients``."""
    return Statement(
        sa.select(orders.c.content)
        .where(orders.c.tenant_id == _tenant, *(_ORDERS[name] for name in sorted(conditions)))
        .order_by(orders.c.order_id.desc())
        .limit(sa.bindparam("limit"))
    )
