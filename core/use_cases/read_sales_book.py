"""The sales book of a month."""

from core.documents import FiscalDocument
from core.failures import BookTooLargeError
from core.identifiers import TenantId
from core.months import Month
from core.ports.clock import Clock
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.sales_book import SalesBook, sales_book
from core.use_cases.walk_documents import pages_of
from core.voids import VoidWindow

DOCUMENTS_MAX = 5_000


class ReadSalesBook:
    """Read a month's documents and add them up."""

    def __init__(
        self,
        documents: DocumentRepository,
        clock: Clock,
        window: VoidWindow,
        *,
        documents_max: int | None = DOCUMENTS_MAX,
    ) -> None:
        """``documents_max`` None: as many as there are, for a process of its own."""
        self._documents = documents
        self._clock = clock
        self._window = window
        self._documents_max = documents_max

    async def __call__(self, tenant_id: TenantId, month: Month) -> SalesBook:
        """Raises BookTooLargeError for a month with more documents than one answer may hold, StoreUnavailableError."""
        wanted = DocumentFilter(issued_from=month.begins, issued_before=month.ends)
        found: list[FiscalDocument] = []
        async for page in pages_of(self._documents, tenant_id, wanted):
            if self._documents_max is not None and len(found) >= self._documents_max:
                raise BookTooLargeError(path=("month",), limit=self._documents_max)
            found.extend(page)
        return sales_book(month, found, now=self._clock.now(), window=self._window)
