"""Everything of a month for the accountant: each file as it is stored, and an index of all documents."""

from collections.abc import AsyncIterator, Sequence

from core.archives import ArchivedFile, archived_name, index_of, protocols_of
from core.documents import FiscalDocument
from core.identifiers import TenantId
from core.months import Month
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.ports.file_store import FileStore
from core.use_cases.walk_documents import pages_of


class ArchiveMonth:
    """Read a month's documents page by page and hand out their files one by one, the indexes last. Reads only.

    One file is in memory at a time; the index takes some kilobytes per document.
    """

    def __init__(self, documents: DocumentRepository, files: FileStore) -> None:
        self._documents = documents
        self._files = files

    async def __call__(self, tenant_id: TenantId, month: Month) -> AsyncIterator[ArchivedFile]:
        """Every file, no name twice. Raises FileNotStoredError, FileCorruptError, StoreUnavailableError: an archive
        with a hole is none."""
        documents = [document async for document in self.documents(tenant_id, month)]
        async for file in self.files_of(documents):
            yield file

    async def documents(self, tenant_id: TenantId, month: Month) -> AsyncIterator[FiscalDocument]:
        """The documents of the month, newest first. Raises StoreUnavailableError."""
        wanted = DocumentFilter(issued_from=month.begins, issued_before=month.ends)
        async for page in pages_of(self._documents, tenant_id, wanted):
            for document in page:
                yield document

    async def files_of(self, documents: Sequence[FiscalDocument]) -> AsyncIterator[ArchivedFile]:
        """The archive's files for these documents of one taxpayer. Raises as the whole does."""
        for document in documents:
            for file in document.files:
                name = archived_name(document, file.kind)
                if name is not None:
                    content = await self._files.get(document.tenant_id, file.digest)
                    yield ArchivedFile(name=name, content=content)
        yield protocols_of(list(documents))
        yield index_of(list(documents))
