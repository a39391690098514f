"""Series and their high-water marks in memory."""

from collections.abc import Sequence
from dataclasses import replace

from adapters.persistence.in_memory_state import InMemoryStore
from core.documents import SeriesKey
from core.failures import SeriesNotForwardError
from core.identifiers import TenantId
from core.ports.series_ledger import HighWaterMarks, SeriesLedger, SeriesMove, SeriesState

_MOST = 1_000


class InMemorySeriesLedger(SeriesLedger):
    """The same series that InMemoryDocumentRepository takes numbers from."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def find(self, tenant_id: TenantId, series: SeriesKey) -> SeriesState | None:
        """See the port."""
        return self._store.series.get((tenant_id, series))

    async def advance(self, tenant_id: TenantId, move: SeriesMove) -> SeriesState:
        """See the port. A series that was never used begins at ``to_number``."""
        key = (tenant_id, move.series)
        state = self._store.series.get(key)
        if state is not None and move.to_number < state.next_number:
            raise SeriesNotForwardError(next_number=state.next_number, asked=move.to_number)
        moved = (
            replace(state, next_number=move.to_number)
            if state is not None
            else SeriesState(series=move.series, first_number=move.to_number, next_number=move.to_number)
        )
        kept = replace(move, from_number=state.next_number if state is not None else 1)
        self._store.series[key] = moved
        self._store.series_moves.setdefault(key, []).append(kept)
        return moved

    async def moves(self, tenant_id: TenantId, series: SeriesKey) -> Sequence[SeriesMove]:
        """See the port."""
        return tuple(self._store.series_moves.get((tenant_id, series), ())[:_MOST])


class InMemoryHighWaterMarks(HighWaterMarks):
    """Marks that live as long as the store."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def raise_to(self, tenant_id: TenantId, series: SeriesKey, number: int) -> None:
        """See the port."""
        key = (tenant_id, series)
        self._store.marks[key] = max(number, self._store.marks.get(key, 0))

    async def read(self, tenant_id: TenantId, series: SeriesKey) -> int:
        """See the port."""
        return self._store.marks.get((tenant_id, series), 0)
