"""What is asked of every order, new or changed. What makes it impossible to bill at all is refused here."""

from decimal import Decimal

from core.drafts import DraftLine
from core.errors import Path, Wording
from core.failures import EmptyOrderError, MalformedOrderError
from core.ports.tenant_resolver import TenantDirectory
from core.ports.trade_book import TradeBook
from core.trade import Order
from core.use_cases.client_terms import find_active_client

LINES_MAX = 1000


def refuse_malformed_order(order: Order) -> None:
    """Raises EmptyOrderError, MalformedOrderError."""
    if not order.lines:
        raise EmptyOrderError(path=("lines",))
    if len(order.lines) > LINES_MAX:
        problem = Wording(f"at most {LINES_MAX} lines", f"máximo {LINES_MAX} líneas")
        raise MalformedOrderError(path=("lines",), problem=problem)
    for place, line in enumerate(order.lines):
        _refuse_malformed(line, ("lines", place))


async def refuse_unknown_names(order: Order, trade_book: TradeBook, directory: TenantDirectory) -> None:
    """Raises ClientNotFoundError, ClientArchivedError, OfficeNotFoundError for what the order names."""
    if order.client_id is not None:
        await find_active_client(trade_book, order.tenant_id, order.client_id)
    if order.office_id is not None:
        await directory.get_office(order.tenant_id, order.office_id)


def _refuse_malformed(line: DraftLine, path: Path) -> None:
    if not line.quantity.is_finite() or line.quantity <= Decimal(0):
        problem = Wording("a quantity is above zero", "la cantidad es mayor que cero")
        raise MalformedOrderError(path=(*path, "quantity"), problem=problem)
    if not line.unit_price.is_finite() or line.unit_price < Decimal(0):
        problem = Wording("a unit price is not negative", "el precio unitario no es negativo")
        raise MalformedOrderError(path=(*path, "unitPrice"), problem=problem)
    if not 1 <= len(line.description.strip()) <= 500:
        problem = Wording("a description has 1 to 500 characters", "la descripción tiene de 1 a 500 caracteres")
        raise MalformedOrderError(path=(*path, "description"), problem=problem)
