"""What became of every number of a series."""

from core.codes import DocumentType
from core.documents import SeriesKey
from core.failures import BillingPointNotOfOfficeError, MalformedPageError
from core.identifiers import OfficeId, TenantId
from core.number_ledger import NumberedDocument, NumberLedger, explain
from core.ports.lost_documents import LostDocuments
from core.ports.number_book import NumberBook
from core.ports.series_ledger import SeriesLedger, SeriesState
from core.ports.tenant_resolver import TenantDirectory

ENTRIES_MAX = 1_000


class ReadNumberLedger:
    """Account for the numbers that a series gave, page by page: each is reserved, used, burnt with its reason, in doubt
    or (which must not happen) unexplained. A number that only a lost document explains is explained by it."""

    def __init__(
        self, directory: TenantDirectory, series_ledger: SeriesLedger, numbers: NumberBook, lost: LostDocuments
    ) -> None:
        self._directory = directory
        self._series_ledger = series_ledger
        self._numbers = numbers
        self._lost = lost

    async def __call__(
        self,
        tenant_id: TenantId,
        office_id: OfficeId,
        billing_point: str,
        document_type: DocumentType,
        *,
        first: int | None = None,
        last: int | None = None,
        limit: int = ENTRIES_MAX,
    ) -> NumberLedger:
        """At most ``limit`` (1 to 1,000) entries from ``first`` (None: where this installation began) to ``last``
        (None: the last number that was given). A series that was never used has none.

        Raises OfficeNotFoundError, BillingPointNotOfOfficeError, MalformedPageError, StoreUnavailableError.
        """
        if not 1 <= limit <= ENTRIES_MAX:
            raise MalformedPageError(path=("first",), limit=ENTRIES_MAX)
        office = await self._directory.get_office(tenant_id, office_id)
        if billing_point not in office.billing_points:
            raise BillingPointNotOfOfficeError(
                path=("billingPoint",),
                billing_point=billing_point,
                office_code=office.code,
                billing_points=", ".join(office.billing_points),
            )
        series = SeriesKey(billing_point=billing_point, document_type=document_type)
        state = await self._series_ledger.find(tenant_id, series)
        if state is None:
            return NumberLedger(series=series, entries=(), first_number=1, next_number=1)
        start = state.first_number if first is None else max(first, 1)
        end = state.next_number - 1 if last is None else min(last, state.next_number - 1)
        return await self._page(tenant_id, state, start, end, limit)

    async def _page(self, tenant_id: TenantId, state: SeriesState, start: int, end: int, limit: int) -> NumberLedger:
        """The series is read before its documents, and its moves after them: what was taken meanwhile is above the
        range, and no number of the range is without its document or its move."""
        documents = await self._numbered(tenant_id, state, start, end, limit + 1)
        moves = await self._series_ledger.moves(tenant_id, state.series)
        is_cut = len(documents) > limit
        until = documents[limit - 1].number if is_cut else end
        entries = explain(documents[:limit], moves, first=start, last=until)[:limit]
        reached = entries[-1].last if entries else end
        return NumberLedger(
            series=state.series,
            entries=entries,
            first_number=state.first_number,
            next_number=state.next_number,
            next_first=reached + 1 if reached < end else None,
        )

    async def _numbered(
        self, tenant_id: TenantId, state: SeriesState, start: int, end: int, limit: int
    ) -> list[NumberedDocument]:
        """Documents and lost ones, ascending; a lost one that came back is a document."""
        lost = await self._lost.numbered(tenant_id, state.series, first=start, last=end, limit=limit)
        documents = await self._numbers.numbered(tenant_id, state.series, first=start, last=end, limit=limit)
        by_number = {one.departure.number: one.numbered for one in lost} | {one.number: one for one in documents}
        return [by_number[number] for number in sorted(by_number)][:limit]
