"""The departure log in memory, and the documents that a restore made unknown."""

from collections.abc import AsyncIterator, Sequence

from adapters.persistence.document_keys import LARGEST_PAGE, refuse_page
from adapters.persistence.in_memory_state import InMemoryStore
from core.departures import Departure, LogPage, LogReach, VoidDeparture
from core.documents import SeriesKey
from core.failures import DocumentNotFoundError, MalformedPageError
from core.identifiers import DocumentId, OrderId, TenantId
from core.lost_documents import LostDocument
from core.ports.departure_log import DepartureLog
from core.ports.lost_documents import LostDocuments, LostStep
from core.ports.number_book import PAGE_MAX

KEPT_DAYS = 90


class InMemoryDepartureLog(DepartureLog):
    """Remembers as long as the store lives."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def keep(self, departure: Departure | VoidDeparture) -> None:
        """See the port."""
        self._store.departures.append(departure)

    async def pages(self) -> AsyncIterator[LogPage]:
        """See the port."""
        kept = tuple(self._store.departures)
        for start in range(0, len(kept), LARGEST_PAGE):
            yield LogPage(departures=kept[start : start + LARGEST_PAGE])

    async def reach(self) -> LogReach:
        """See the port."""
        first = min((departure.at.date() for departure in self._store.departures), default=None)
        return LogReach(since=first, kept_days=KEPT_DAYS)


class InMemoryLostDocuments(LostDocuments):
    """See the port."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def add(self, tenant_id: TenantId, lost: Sequence[LostDocument]) -> int:
        """See the port."""
        if len(lost) > LARGEST_PAGE:
            raise MalformedPageError(path=("first",), limit=LARGEST_PAGE)
        before = len(self._store.lost)
        for one in lost:
            self._store.lost.setdefault((tenant_id, one.document_id), one)
        return len(self._store.lost) - before

    async def in_the_way(
        self, tenant_id: TenantId, *, key_digest: str, document_id: DocumentId | None, order_id: OrderId | None
    ) -> Sequence[LostDocument]:
        """See the port."""
        return tuple(
            one
            for one in self._of(tenant_id)
            if one.stands_in_the_way
            and (
                one.departure.key_digest == key_digest
                or one.document_id == document_id
                or (order_id is not None and one.departure.order_id == order_id)
            )
        )[:LARGEST_PAGE]

    async def get(self, tenant_id: TenantId, document_id: DocumentId) -> LostDocument:
        """See the port."""
        found = self._store.lost.get((tenant_id, document_id))
        if found is None:
            raise DocumentNotFoundError(document_id=document_id)
        return found

    async def change(self, tenant_id: TenantId, document_id: DocumentId, step: LostStep) -> LostDocument:
        """See the port."""
        after = step(await self.get(tenant_id, document_id))
        self._store.lost[tenant_id, document_id] = after
        return after

    async def page(
        self, tenant_id: TenantId, *, only_open: bool, limit: int, after: DocumentId | None
    ) -> Sequence[LostDocument]:
        """See the port."""
        refuse_page(limit)
        found = (
            one
            for one in self._of(tenant_id)
            if (after is None or one.document_id > after) and (one.is_open or not only_open)
        )
        return tuple(found)[:limit]

    async def numbered(
        self, tenant_id: TenantId, series: SeriesKey, *, first: int, last: int, limit: int
    ) -> Sequence[LostDocument]:
        """See the port."""
        refuse_page(limit, PAGE_MAX)
        of_series = [one for one in self._of(tenant_id) if one.departure.series == series]
        chosen = [one for one in of_series if first <= one.departure.number <= last]
        return tuple(sorted(chosen, key=lambda one: one.departure.number)[:limit])

    def _of(self, tenant_id: TenantId) -> list[LostDocument]:
        own = [one for (owner, _), one in self._store.lost.items() if owner == tenant_id]
        return sorted(own, key=lambda one: one.document_id)
