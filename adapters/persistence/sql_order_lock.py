"""The order of an invoice that is being recorded: locked, so that nobody changes or cancels it meanwhile."""

from adapters.persistence.connection import Connection
from adapters.persistence.sql_trade_statements import lock_order
from adapters.persistence.storable_text import storable
from adapters.persistence.trade_keys import refuse_unlike
from core.identifiers import OrderId, TenantId


def refuse_changed_order(connection: Connection, tenant_id: TenantId, order_id: OrderId, version: int | None) -> None:
    """Lock the order until the unit ends. Raises OrderCancelledError, OrderChangedError.

    An order that this store does not have refuses nothing: whose it is was asked before.
    """
    row = connection.one_or_none(lock_order, **storable({"tenant": tenant_id, "order": order_id}))
    if row is not None:
        refuse_unlike(order_id, version, row["version"], is_cancelled=bool(row["is_cancelled"]))
