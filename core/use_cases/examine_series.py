"""The part of the examination that walks through a tenant's numbers."""

from collections.abc import AsyncIterator

from core.documents import INTERNAL_POINT, SeriesKey
from core.failures import StoreUnavailableError
from core.identifiers import TenantId
from core.invariants.faults import Fault
from core.invariants.findings import Finding, name_of
from core.invariants.numbering import SeriesWalk, check_known_series, check_mark
from core.ports.series_ledger import HighWaterMarks, SeriesLedger
from core.ports.store_inspection import InspectedSeries, NumberUse, StoreInspection
from core.use_cases.examine_documents import DocumentsSeen

SERIES_PAGE = 100
NUMBER_PAGE = 1_000


class ExamineSeries:
    """Every number is used once or explained, and every mark protects what was sent.

    Others issue meanwhile: numbers from the series' next one on were taken since it was read, unless the series
    itself, asked again, does not know them.
    """

    def __init__(self, inspection: StoreInspection, ledger: SeriesLedger, marks: HighWaterMarks) -> None:
        self._inspection = inspection
        self._ledger = ledger
        self._marks = marks

    async def __call__(self, tenant_id: TenantId, seen: DocumentsSeen) -> AsyncIterator[list[Finding]]:
        """The findings of one series after the other. ``seen``: all documents of the tenant, read before."""
        known: list[SeriesKey] = []
        while page := await self._inspection.series(tenant_id, after=known[-1] if known else None, limit=SERIES_PAGE):
            for series in page:
                key = series.state.series
                known.append(key)
                if key.billing_point == INTERNAL_POINT:
                    continue  # a draft that becomes a DGI document leaves a gap in the internal numbers
                seen.counts["series"] += 1
                yield await self._check_numbers(tenant_id, series)
                yield await self._check_mark(tenant_id, key, seen.highest_sent.get(key, 0))
        yield list(check_known_series(tenant_id, seen.highest_sent, known))

    async def _check_numbers(self, tenant_id: TenantId, series: InspectedSeries) -> list[Finding]:
        state = series.state
        walk = SeriesWalk(tenant_id, state, series.moves)
        found: list[Finding] = []
        last: NumberUse | None = None
        while page := await self._inspection.numbers(tenant_id, state.series, after=last, limit=NUMBER_PAGE):
            found += walk.take(use for use in page if use.number < state.next_number)
            last = page[-1]
        found += walk.end()
        if last is None or last.number < state.next_number:
            return found
        now_at = await self._ledger.find(tenant_id, state.series)
        if now_at is None or now_at.next_number <= last.number:
            what = f"the next number is {state.next_number}, and {last.number} is used"
            found.append(
                Finding(fault=Fault.SERIES_BEHIND, tenant_id=tenant_id, subject=name_of(state.series), detail=what)
            )
        return found

    async def _check_mark(self, tenant_id: TenantId, series: SeriesKey, highest_sent: int) -> list[Finding]:
        try:
            mark = await self._marks.read(tenant_id, series)
        except StoreUnavailableError as error:
            what = f"the mark cannot be read: {error.__cause__ or error}"
            subject = name_of(series)
            return [Finding(fault=Fault.MARK_UNREADABLE, tenant_id=tenant_id, subject=subject, detail=what)]
        state = await self._ledger.find(
            tenant_id, series
        )  # after the mark: a number is taken before its mark is raised
        return [] if state is None else list(check_mark(tenant_id, state, mark, highest_sent))
