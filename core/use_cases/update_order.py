"""An order changes, or is called off. What was billed of it stays as it is: documents hold their own copy."""

from dataclasses import replace
from datetime import datetime

from core.failures import OrderAlreadyInvoicedError, OrderCancelledError, OrderChangedError
from core.identifiers import DocumentId, OrderId, TenantId
from core.ports.clock import Clock
from core.ports.tenant_resolver import TenantDirectory
from core.ports.trade_book import TradeBook
from core.trade import KEPT_OF_AN_ORDER, Order
from core.use_cases.order_terms import refuse_malformed_order, refuse_unknown_names


class UpdateOrder:
    """Replace what an order says, as a whole. While it has a live DGI invoice only its external id may change."""

    def __init__(self, trade_book: TradeBook, directory: TenantDirectory, clock: Clock) -> None:
        self._trade_book = trade_book
        self._directory = directory
        self._clock = clock

    async def __call__(self, order_id: OrderId, order: Order, *, expected_version: int | None = None) -> Order:
        """``order`` as the caller gives it, with its tenant; what it leaves out is gone. What it says already is no
        change, whatever the version.

        Raises EmptyOrderError, MalformedOrderError, OrderNotFoundError, OrderCancelledError, OrderChangedError (it
        does not have ``expected_version`` any more), OrderAlreadyInvoicedError, ClientNotFoundError,
        ClientArchivedError, OfficeNotFoundError.
        """
        refuse_malformed_order(order)
        known = await self._trade_book.get_order(order.tenant_id, order_id)
        if (order.client_id, order.office_id) != (known.client_id, known.office_id):
            await refuse_unknown_names(order, self._trade_book, self._directory)
        now = self._clock.now()

        def change(current: Order, invoice: DocumentId | None) -> Order | None:
            wanted = replace(order, **{name: getattr(current, name) for name in KEPT_OF_AN_ORDER})
            if wanted == current:
                return None
            if current.cancelled_at is not None:
                raise OrderCancelledError(order_id=order_id)
            if expected_version is not None and current.version != expected_version:
                raise OrderChangedError(path=("expectedVersion",), order_id=order_id, version=current.version)
            if replace(wanted, external_id=current.external_id) != current:
                refuse_billed_order(order_id, invoice)
            return next_version(wanted, now)

        return await self._trade_book.update_order(order.tenant_id, order_id, change)


class CancelOrder:
    """Call an order off: it is never billed. It stays readable; a cancelled order stays cancelled."""

    def __init__(self, trade_book: TradeBook, clock: Clock) -> None:
        self._trade_book = trade_book
        self._clock = clock

    async def __call__(self, tenant_id: TenantId, order_id: OrderId) -> Order:
        """The order as it is then; cancelling it again changes nothing.

        Raises OrderNotFoundError, OrderAlreadyInvoicedError.
        """
        now = self._clock.now()

        def change(current: Order, invoice: DocumentId | None) -> Order | None:
            if current.cancelled_at is not None:
                return None
            refuse_billed_order(order_id, invoice)
            return next_version(replace(current, cancelled_at=now), now)

        return await self._trade_book.update_order(tenant_id, order_id, change)


def refuse_billed_order(order_id: OrderId, invoice: DocumentId | None) -> None:
    """Raise OrderAlreadyInvoicedError for an order with a live DGI invoice."""
    if invoice is not None:
        raise OrderAlreadyInvoicedError(order_id=order_id, document_id=invoice)


def next_version(order: Order, now: datetime) -> Order:
    """The order as it is kept after a change."""
    return replace(order, version=order.version + 1, updated_at=now)
