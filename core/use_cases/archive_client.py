"""A client that is sold to no more. It is never deleted: orders and documents name it."""

from dataclasses import replace

from core.identifiers import ClientId, TenantId
from core.ports.clock import Clock
from core.ports.trade_book import TradeBook
from core.trade import Client
from core.use_cases.update_client import next_version


class ArchiveClient:
    """Hide a client from lists and from new orders and invoices, or take it back. Orders that name it can be billed."""

    def __init__(self, trade_book: TradeBook, clock: Clock) -> None:
        self._trade_book = trade_book
        self._clock = clock

    async def __call__(self, tenant_id: TenantId, client_id: ClientId, *, archived: bool) -> Client:
        """The client as it is then; what it is already is no change. Raises ClientNotFoundError."""
        now = self._clock.now()

        def change(current: Client) -> Client | None:
            if (current.archived_at is not None) == archived:
                return None
            return next_version(replace(current, archived_at=now if archived else None), now)

        return await self._trade_book.update_client(tenant_id, client_id, change)
