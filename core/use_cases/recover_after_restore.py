"""After a restore or a failover: nothing is sent blindly, and no number is given twice."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.documents import Change, FiscalDocument, LegalStatus, SeriesKey, Submission
from core.failures import MalformedSeriesError, TenantNotFoundError
from core.identifiers import TenantId
from core.lifecycle.recovering import ACTOR, UNSETTLED, UNSETTLED_LEGAL_STATUS, recover
from core.ports.clock import Clock
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.ports.series_ledger import HighWaterMarks, SeriesLedger, SeriesMove, SeriesState
from core.ports.tenant_resolver import TenantDirectory
from core.schedules import Schedules
from core.use_cases.recall_departures import LostNumbers, RecallDepartures, Recalled
from core.use_cases.set_series import NUMBER_MAX
from core.use_cases.walk_documents import pages_of
from core.voids import VoidState

TENANTS_MAX = 100_000
REASON = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantSeries:
    """One series of one tenant."""

    tenant_id: TenantId
    series: SeriesKey


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMoved:
    """The numbers from ``from_number`` to ``to_number`` - 1 are burnt: they may be at the PAC."""

    of: TenantSeries
    from_number: int
    to_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LostTenant:
    """A series of a tenant whom the restored database does not know; up to ``mark`` its numbers may be at the PAC."""

    of: TenantSeries
    mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What was done. ``changed`` documents count as maybe executed now; ``in_doubt`` of them, or their voids, wait for
    evidence."""

    changed: int
    in_doubt: int
    moved: tuple[SeriesMoved, ...]
    lost_tenants: tuple[LostTenant, ...]
    recalled: Recalled


class RecoverAfterRestore:
    """Run it while nothing else runs on the database. Running it again repeats only what is harmless."""

    def __init__(
        self,
        directory: TenantDirectory,
        documents: DocumentRepository,
        series_ledger: SeriesLedger,
        marks: HighWaterMarks,
        recall: RecallDepartures,
        clock: Clock,
        schedules: Schedules,
    ) -> None:
        self._directory = directory
        self._documents = documents
        self._series_ledger = series_ledger
        self._marks = marks
        self._recall = recall
        self._clock = clock
        self._schedules = schedules

    async def __call__(self, marked: Collection[TenantSeries], past: Mapping[TenantSeries, int]) -> Recovery:
        """``marked``: every series that has a high-water mark. ``past``: the last number that may be at the PAC, where
        a person knows better than the marks; it is kept as a mark too.

        Raises TenantNotFoundError and MalformedSeriesError for a bad ``past``, before anything is changed, and
        StoreUnavailableError.
        """
        tenants = [tenant.tenant_id for tenant in await self._directory.tenants(limit=TENANTS_MAX)]
        if any(not 1 <= number <= NUMBER_MAX for number in past.values()):
            raise MalformedSeriesError
        for one in past:
            if one.tenant_id not in tenants:
                raise TenantNotFoundError(tenant_id=one.tenant_id)
        wanted = {*marked, *past}
        changed = in_doubt = 0
        for tenant_id in tenants:
            async for page in self._unsettled(tenant_id):
                wanted.update(TenantSeries(tenant_id=tenant_id, series=document.series) for document in page)
                recovered = await asyncio.gather(*(self._recover(document) for document in page))
                changed += sum(after.version != was.version for was, after in zip(page, recovered, strict=True))
                in_doubt += sum(_is_in_doubt(after) for after in recovered)
        recalled = await self._recall(tenants)
        wanted.update(TenantSeries(tenant_id=tenant_id, series=series) for tenant_id, series in recalled.numbers)
        moved, lost = [], []
        for one in sorted(wanted, key=_order):
            if one.tenant_id not in tenants:
                mark = await self._marks.read(one.tenant_id, one.series)
                lost.append(LostTenant(of=one, mark=mark))
                continue
            if one in past:
                await self._marks.raise_to(one.tenant_id, one.series, past[one])
            move = await self._move_past_mark(one, recalled.numbers.get((one.tenant_id, one.series)))
            if move is not None:
                moved.append(move)
        return Recovery(
            changed=changed, in_doubt=in_doubt, moved=tuple(moved), lost_tenants=tuple(lost), recalled=recalled
        )

    async def _unsettled(self, tenant_id: TenantId) -> AsyncIterator[Sequence[FiscalDocument]]:
        """Page by page; what is done to a document between two pages disturbs neither."""
        for wanted in (
            DocumentFilter(submission=UNSETTLED),
            DocumentFilter(submission=(Submission.ACCEPTED,), legal_status=UNSETTLED_LEGAL_STATUS),
            # authorised ones that still wait for something: a void among them has a due time
            DocumentFilter(
                submission=(Submission.ACCEPTED,),
                legal_status=(LegalStatus.DGI_AUTHORIZED,),
                overdue_before=self._clock.now() + timedelta(seconds=1),
            ),
        ):
            async for page in pages_of(self._documents, tenant_id, wanted):
                yield page

    async def _recover(self, document: FiscalDocument) -> FiscalDocument:
        def step(current: FiscalDocument) -> Change | None:
            return recover(current, now=self._clock.now(), schedules=self._schedules)

        return await self._documents.update(document.tenant_id, document.document_id, step)

    async def _move_past_mark(self, one: TenantSeries, lost: LostNumbers | None) -> SeriesMoved | None:
        """Past every lost number too, should a mark be lost. A series that the database does not know begins with the
        first lost number."""
        first_free = max(await self._marks.read(one.tenant_id, one.series), lost.highest if lost else 0) + 1
        state = await self._series_ledger.find(one.tenant_id, one.series)
        if state is None and lost is not None:
            state = await self._advance(one, 1, lost.lowest)
        next_number = 1 if state is None else state.next_number
        if next_number >= first_free:
            return None
        await self._advance(one, next_number, first_free)
        return SeriesMoved(of=one, from_number=next_number, to_number=first_free)

    async def _advance(self, one: TenantSeries, from_number: int, to_number: int) -> SeriesState:
        move = SeriesMove(
            at=self._clock.now(),
            actor=ACTOR,
            series=one.series,
            from_number=from_number,
            to_number=to_number,
            reason=REASON,
        )
        return await self._series_ledger.advance(one.tenant_id, move)


def _is_in_doubt(document: FiscalDocument) -> bool:
    is_void_in_doubt = document.void is not None and document.void.state is VoidState.IN_DOUBT
    return document.submission is Submission.IN_DOUBT or is_void_in_doubt


def _order(one: TenantSeries) -> tuple[str, str, str]:
    return one.tenant_id, one.series.billing_point, one.series.document_type.value
