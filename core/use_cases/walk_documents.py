"""All documents of a taxpayer that a filter holds for, page by page."""

from collections.abc import AsyncIterator, Sequence

from core.documents import FiscalDocument
from core.identifiers import TenantId
from core.ports.document_repository import DocumentFilter, DocumentRepository

PAGE = 100


async def pages_of(
    documents: DocumentRepository, tenant_id: TenantId, wanted: DocumentFilter
) -> AsyncIterator[Sequence[FiscalDocument]]:
    """The pages, newest first, each read when it is asked for. Raises StoreUnavailableError.

    A document that leaves the filter meanwhile does not disturb the next page: pages go by id.
    """
    page = await documents.page(tenant_id, wanted, limit=PAGE, after=None)
    yield page.documents
    while page.next_after is not None:
        page = await documents.page(tenant_id, wanted, limit=PAGE, after=page.next_after)
        yield page.documents
