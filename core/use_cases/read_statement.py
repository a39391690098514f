"""The zero-difference statement of a day: re-read at the PAC, compared, explained. Changes nothing."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.codes import DocumentType
from core.days import day_begins, day_ends
from core.documents import DocumentMode, FiscalDocument, SeriesKey
from core.failures import StatementTooLargeError
from core.identifiers import TenantId
from core.number_ledger import NumberedDocument, NumberUse, explain
from core.ports.clock import Clock
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.ports.number_book import PAGE_MAX, NumberBook
from core.ports.pac_gateway import PacGateway
from core.ports.series_ledger import SeriesLedger
from core.ports.tenant_resolver import TenantDirectory
from core.ports.webhook_inbox import Delivery, WebhookInbox
from core.statements import DayEvidence, Statement, UnexplainedRun, compare
from core.use_cases.read_at_pac import ReadAtPac
from core.use_cases.walk_documents import pages_of

DOCUMENTS_MAX = 200
DELIVERIES_MAX = 1_000
WEBHOOKS_COME_WITHIN = timedelta(days=7)
NUMBERS_AROUND = 1_000


class ReadStatement:
    """Read a day's documents, look each up at the PAC by its ids, and compare. What is news is learnt by the next
    sweep, not here."""

    def __init__(
        self,
        documents: DocumentRepository,
        inbox: WebhookInbox,
        directory: TenantDirectory,
        series_ledger: SeriesLedger,
        numbers: NumberBook,
        read_at_pac: ReadAtPac,
        pac: PacGateway,
        clock: Clock,
        *,
        documents_max: int | None = DOCUMENTS_MAX,
    ) -> None:
        """``documents_max`` None: as many as there are, for a process of its own."""
        self._documents = documents
        self._inbox = inbox
        self._directory = directory
        self._series_ledger = series_ledger
        self._numbers = numbers
        self._read_at_pac = read_at_pac
        self._pac = pac
        self._clock = clock
        self._documents_max = documents_max

    async def __call__(self, tenant_id: TenantId, day: date) -> Statement:
        """The statement of a day of Panama's calendar, of DGI documents by their time of issue.

        Raises MalformedInputError, StatementTooLargeError, PacCompanyNotConfiguredError, FileCorruptError,
        StoreUnavailableError.
        """
        documents = await self._issued_on(tenant_id, day)
        readings = await self._read_at_pac(tenant_id, documents)
        deliveries = await self._left_over(tenant_id, day)
        evidence = DayEvidence(
            day=day,
            documents=documents,
            readings=readings,
            deliveries=deliveries[:DELIVERIES_MAX],
            are_deliveries_cut=len(deliveries) > DELIVERIES_MAX,
            unexplained=await self._unexplained(tenant_id, documents),
        )
        now = self._clock.now()
        can_list = self._pac.capabilities.find_by_number
        return compare(evidence, as_of=now, is_over=day_ends(day) <= now, can_list=can_list)

    async def _issued_on(self, tenant_id: TenantId, day: date) -> list[FiscalDocument]:
        wanted = DocumentFilter(issued_from=day_begins(day), issued_before=day_ends(day))
        found: list[FiscalDocument] = []
        async for page in pages_of(self._documents, tenant_id, wanted):
            found += (document for document in page if document.mode is DocumentMode.DGI)
            if self._documents_max is not None and len(found) > self._documents_max:
                raise StatementTooLargeError(path=("day",), limit=self._documents_max)
        return found

    async def _left_over(self, tenant_id: TenantId, day: date) -> Sequence[Delivery]:
        """Webhooks about a day come during it and for some days after."""
        until = day_ends(day) + WEBHOOKS_COME_WITHIN
        return await self._inbox.left_over(
            tenant_id, received_from=day_begins(day), received_before=until, limit=DELIVERIES_MAX + 1
        )

    async def _unexplained(self, tenant_id: TenantId, documents: Sequence[FiscalDocument]) -> list[UnexplainedRun]:
        """Of every series the numbers around those of the day; of one without a document that day the last ones."""
        of_day: dict[SeriesKey, list[int]] = {}
        for document in documents:
            of_day.setdefault(document.series, []).append(document.number)
        points = {point for office in await self._directory.offices(tenant_id) for point in office.billing_points}
        keys = {
            SeriesKey(billing_point=point, document_type=document_type)
            for point in points
            for document_type in DocumentType
        }
        ordered = sorted(keys | of_day.keys(), key=lambda key: (key.billing_point, key.document_type.value))
        return [run for key in ordered for run in await self._gaps(tenant_id, key, of_day.get(key, []))]

    async def _gaps(self, tenant_id: TenantId, series: SeriesKey, used: Sequence[int]) -> list[UnexplainedRun]:
        """The series is read before its documents and its moves after them, as in ReadNumberLedger."""
        state = await self._series_ledger.find(tenant_id, series)
        if state is None:
            return []
        last = state.next_number - 1
        first = max(state.first_number, min(used, default=last) - NUMBERS_AROUND)
        last = min(last, max(used, default=last) + NUMBERS_AROUND)
        numbered: list[NumberedDocument] = []
        at = first
        while at <= last:
            page = await self._numbers.numbered(tenant_id, series, first=at, last=last, limit=PAGE_MAX)
            numbered += page
            if len(page) < PAGE_MAX:
                break
            at = page[-1].number + 1
        moves = await self._series_ledger.moves(tenant_id, series)
        return [
            UnexplainedRun(series=series, first=entry.first, last=entry.last)
            for entry in explain(numbered, moves, first=first, last=last)
            if entry.use is NumberUse.UNEXPLAINED
        ]
