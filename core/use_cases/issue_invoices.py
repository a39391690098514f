"""Many invoices at once: each is an intent of its own, so one bad line stops nothing and a repeat repeats nothing."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from datetime import timedelta

from core.documents import DocumentMode, FiscalDocument, Submission
from core.errors import Category, IstmoError
from core.identifiers import TenantId
from core.ports.clock import Clock
from core.use_cases.create_invoice import CreateInvoice, NewInvoice

PAUSE_MAX = timedelta(seconds=60)
AGAIN_SECONDS = (1.0, 5.0, 20.0)  # a failover of the store takes about as long


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkLine:
    """One invoice of many. ``key`` is its idempotency key."""

    place: int  # 0 is the first
    key: str
    invoice: NewInvoice


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkResult:
    """What became of a line: its document as it stands, or the failure that a caller can mend."""

    line: BulkLine
    document: FiscalDocument | None = None
    failure: IstmoError | None = None


class IssueInvoices:
    """Issue lines with at most ``in_flight`` under way; results come in the order in which they are ready.

    When the PAC slows down (it asks to, or the tenant's circuit is open) a document stays queued with a later due
    time: nothing new is begun until then, 60 seconds at most. A store that is away is asked a few times more.
    """

    def __init__(self, create_invoice: CreateInvoice, clock: Clock, *, in_flight: int = 4) -> None:
        self._create_invoice = create_invoice
        self._clock = clock
        self._in_flight = in_flight

    async def __call__(
        self,
        tenant_id: TenantId,
        lines: Iterable[BulkLine],
        *,
        mode: DocumentMode,
        wait_seconds: float,
        actor: str,
        patience_seconds: float | None = None,
    ) -> AsyncIterator[BulkResult]:
        """``wait_seconds``: as for one invoice; with 0 nothing is sent here and the PAC's pace does not matter.

        After ``patience_seconds`` of the whole call the lines that are left are recorded and not waited for; None:
        every line is waited for, however long all of them take.
        """
        ends_at = None if patience_seconds is None else self._clock.monotonic() + patience_seconds
        waiting = iter(lines)
        under_way: set[asyncio.Task[BulkResult]] = set()

        def begin() -> None:
            for line in waiting:
                wait = self._within(wait_seconds, ends_at)
                issue = self._issue(tenant_id, line, mode=mode, wait_seconds=wait, actor=actor, ends_at=ends_at)
                under_way.add(asyncio.ensure_future(issue))
                if len(under_way) >= self._in_flight:
                    return

        try:
            begin()
            while under_way:
                done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
                under_way -= done
                results = [task.result() for task in done]
                for result in results:
                    yield result
                if self._within(wait_seconds, ends_at) > 0:
                    await self._keep_the_pace(results, ends_at)
                begin()
        finally:
            for task in under_way:
                task.cancel()
            await asyncio.gather(*under_way, return_exceptions=True)

    def _within(self, seconds: float, ends_at: float | None) -> float:
        """As many seconds as the patience of the whole call leaves."""
        return seconds if ends_at is None else max(0.0, min(seconds, ends_at - self._clock.monotonic()))

    async def _issue(
        self,
        tenant_id: TenantId,
        line: BulkLine,
        *,
        mode: DocumentMode,
        wait_seconds: float,
        actor: str,
        ends_at: float | None,
    ) -> BulkResult:
        for pause in (*AGAIN_SECONDS, None):
            try:
                document = await self._create_invoice(
                    tenant_id,
                    line.invoice,
                    mode=mode,
                    idempotency_key=line.key,
                    wait_seconds=wait_seconds,
                    actor=actor,
                )
                return BulkResult(line=line, document=document)
            except IstmoError as error:
                if error.category is not Category.UNAVAILABLE or pause is None or self._within(pause, ends_at) < pause:
                    return BulkResult(line=line, failure=error)
                await self._clock.sleep(pause)
        raise AssertionError("the last attempt returns")

    async def _keep_the_pace(self, results: list[BulkResult], ends_at: float | None) -> None:
        now = self._clock.now()
        queued = [
            result.document.next_action_at - now
            for result in results
            if result.document is not None
            and result.document.submission is Submission.QUEUED
            and result.document.next_action_at is not None
        ]
        pause = min(max(queued, default=timedelta(0)), PAUSE_MAX)
        if pause > timedelta(0):
            await self._clock.sleep(self._within(pause.total_seconds(), ends_at))
