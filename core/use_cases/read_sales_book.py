"""The sales book of a month."""

from core.documents import FiscalDocument
from core.failures import BookTooLargeError
from core.identifiers import TenantId
from core.months import Month
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.sales_book import SalesBook, sales_book

PAGE = 100
DOCUMENTS_MAX = 5_000


class ReadSalesBook:
    """Read a month's documents and add them up."""

    def __init__(self, documents: DocumentRepository, *, documents_max: int | None = DOCUMENTS_MAX) -> None:
        """``documents_max`` None: as many as there are, for a process of its own."""
        self._documents = documents
        self._documents_max = documents_max

    async def __call__(self, tenant_id: TenantId, month: Month) -> SalesBook:
        """Raises BookTooLargeError for a month with more documents than one answer may hold, StoreUnavailableError."""
        wanted = DocumentFilter(issued_from=month.begins, issued_before=month.ends)
        found: list[FiscalDocument] = []
        page = await self._documents.page(tenant_id, wanted, limit=PAGE, after=None)
        found.extend(page.documents)
        while page.next_after is not None:
            if self._documents_max is not None and len(found) >= self._documents_max:
                raise BookTooLargeError(path=("month",), limit=self._documents_max)
            page = await self._documents.page(tenant_id, wanted, limit=PAGE, after=page.next_after)
            found.extend(page.documents)
        return sales_book(month, found)
