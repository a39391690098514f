"""What every trade book must agree on, whatever it is made of."""

from typing import TypeVar

from core.failures import OrderCancelledError, OrderChangedError
from core.identifiers import OrderId
from core.trade import Client, Order

LARGEST_PAGE = 101
_FIXED = {Client: ("tenant_id", "client_id", "created_at"), Order: ("tenant_id", "order_id", "created_at")}

Thing = TypeVar("Thing", Client, Order)


def refuse_other(before: Thing, after: Thing) -> None:
    """Raise ValueError when a step made another thing of the one that it was given."""
    rewritten = [name for name in _FIXED[type(before)] if getattr(before, name) != getattr(after, name)]
    if rewritten:
        raise ValueError(f"a step may not change {', '.join(rewritten)}")


def refuse_unlike(order_id: OrderId, read: int | None, version: int, *, is_cancelled: bool) -> None:
    """Raise OrderCancelledError, and OrderChangedError when the order is not the one that was read."""
    if is_cancelled:
        raise OrderCancelledError(path=("orderId",), order_id=order_id)
    if read is not None and read != version:
        raise OrderChangedError(path=("orderId",), order_id=order_id, version=version)
