"""Lines and terms that will become an invoice."""

from dataclasses import replace

from core.identifiers import OrderId
from core.intents import meaning_of, read_intent
from core.ports.clock import Clock, Identifiers
from core.ports.tenant_resolver import TenantDirectory
from core.ports.trade_book import TradeBook
from core.trade import KEPT_OF_AN_ORDER, Order
from core.use_cases.order_terms import refuse_malformed_order, refuse_unknown_names

OPERATION = "createOrder"
_NOT_SAID = frozenset(KEPT_OF_AN_ORDER)


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
        back, as it is now.

        Raises EmptyOrderError, MalformedOrderError, MalformedIdempotencyKeyError, IdempotencyConflictError,
        ClientNotFoundError, ClientArchivedError, OfficeNotFoundError.
        """
        refuse_malformed_order(order)
        intent = read_intent(OPERATION, idempotency_key, meaning_of(order, without=_NOT_SAID))
        if intent is not None:
            made = await self._trade_book.find_made_order(order.tenant_id, intent)
            if made is not None:
                return made
        await refuse_unknown_names(order, self._trade_book, self._directory)
        kept = replace(order, order_id=OrderId(self._identifiers.new_id()), created_at=self._clock.now())
        return await self._trade_book.add_order(kept, intent=intent)
