"""A successor leaves only while what it replaces cannot be valid."""

from collections.abc import AsyncIterator, Awaitable, Callable

from core.documents import Change, FiscalDocument
from core.lifecycle.replacing import hold_back, stands_in_the_way
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.schedules import Schedules

REASON = "the document that this one replaces may be valid"
ReadInbox = Callable[[FiscalDocument], Awaitable[FiscalDocument]]


class StayBehindOriginal:
    """Hold a queued successor back when evidence for its original, or for what that one replaced, came before it left.

    It is asked before the claim, and again between the claim and the first byte: evidence that was committed before
    the claim is always seen, without a lock over two documents.
    """

    def __init__(self, documents: DocumentRepository, clock: Clock, schedules: Schedules) -> None:
        self._documents = documents
        self._clock = clock
        self._schedules = schedules

    async def may_leave(self, successor: FiscalDocument, read_inbox: ReadInbox) -> bool:
        """Whether nothing is known for any of its originals, the inbox read first."""
        async for original in self._originals(successor, read_inbox):
            if stands_in_the_way(original):
                return False
        return True

    async def hold(self, successor: FiscalDocument, read_inbox: ReadInbox) -> FiscalDocument:
        """The successor, quarantined when an original is valid, due later while one is being looked at."""
        async for original in self._originals(successor, read_inbox):

            def keep(current: FiscalDocument, original: FiscalDocument = original) -> Change | None:
                return hold_back(current, original, now=self._clock.now(), schedules=self._schedules)

            if stands_in_the_way(original):
                return await self._documents.update(successor.tenant_id, successor.document_id, keep)
        return successor

    async def _originals(self, successor: FiscalDocument, read_inbox: ReadInbox) -> AsyncIterator[FiscalDocument]:
        earlier = successor.replaces
        while earlier is not None:
            original = await read_inbox(await self._documents.get(successor.tenant_id, earlier))
            yield original
            earlier = original.replaces
