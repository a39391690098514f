"""Everything of a month for the accountant: each file as it is stored, and an index of all documents."""

from collections.abc import AsyncIterator

from core.archives import ArchivedFile, archived_name, index_of, protocols_of
from core.documents import FiscalDocument
from core.identifiers import TenantId
from core.months import Month
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.ports.file_store import FileStore

PAGE = 100


class ArchiveMonth:
    """Read a month's documents page by page and hand out their files one by one, the indexes last. Reads only.

    One file is in memory at a time; the index takes about a kilobyte per document.
    """

    def __init__(self, documents: DocumentRepository, files: FileStore) -> None:
        self._documents = documents
        self._files = files

    async def __call__(self, tenant_id: TenantId, month: Month) -> AsyncIterator[ArchivedFile]:
        """Every file, no name twice. Raises FileNotStoredError, FileCorruptError, StoreUnavailableError: an archive
        with a hole is none."""
        kept: list[FiscalDocument] = []
        wanted = DocumentFilter(issued_from=month.begins, issued_before=month.ends)
        page = await self._documents.page(tenant_id, wanted, limit=PAGE, after=None)
        while True:
            for document in page.documents:
                kept.append(document)
                for file in document.files:
                    name = archived_name(document, file.kind)
                    if name is not None:
                        yield ArchivedFile(name=name, content=await self._files.get(tenant_id, file.digest))
            if page.next_after is None:
                break
            page = await self._documents.page(tenant_id, wanted, limit=PAGE, after=page.next_after)
        yield protocols_of(kept)
        yield index_of(kept)
