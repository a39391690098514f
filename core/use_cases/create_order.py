"""Lines and terms that will become an invoice."""

from dataclasses import replace
from decimal import Decimal

from core.drafts import DraftLine
from core.errors import Path, Wording
from core.failures import EmptyOrderError, MalformedOrderError
from core.identifiers import OrderId
from core.intents import meaning_of, read_intent
from core.ports.clock import Clock, Identifiers
from core.ports.tenant_resolver import TenantDirectory
from core.ports.trade_book import TradeBook
from core.trade import Order

LINES_MAX = 1000
OPERATION = "createOrder"
_NOT_SAID = frozenset({"tenant_id", "order_id", "created_at"})


class CreateOrder:
    """Keep an order. What makes it impossible to bill at all is refused here; preflight judges the invoice."""

    def __init__(
        self, trade_book: TradeBook, directory: TenantDirectory, clock: Clock, identifiers: Identifiers
    ) -> None:
        self._trade_book = trade_book
        self._directory = directory
        self._clock = clock
        self._identifiers = identifiers

    async def __call__(self, order: Order, *, idempotency_key: str | None = None) -> Order:
        """``order`` as the caller gave it; its id and time are set here. The same key and input give the same order
        back.

        Raises EmptyOrderError, MalformedOrderError, MalformedIdempotencyKeyError, IdempotencyConflictError,
        ClientNotFoundError, OfficeNotFoundError.
        """
        if not order.lines:
            raise EmptyOrderError(path=("lines",))
        if len(order.lines) > LINES_MAX:
            problem = Wording(f"at most {LINES_MAX} lines", f"máximo {LINES_MAX} líneas")
            raise MalformedOrderError(path=("lines",), problem=problem)
        for place, line in enumerate(order.lines):
            _refuse_malformed(line, ("lines", place))
        intent = read_intent(OPERATION, idempotency_key, meaning_of(order, without=_NOT_SAID))
        if intent is not None:
            made = await self._trade_book.find_made_order(order.tenant_id, intent)
            if made is not None:
                return made
        if order.client_id is not None:
            await self._trade_book.get_client(order.tenant_id, order.client_id)
        if order.office_id is not None:
            await self._directory.get_office(order.tenant_id, order.office_id)
        kept = replace(order, order_id=OrderId(self._identifiers.new_id()), created_at=self._clock.now())
        return await self._trade_book.add_order(kept, intent=intent)


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
