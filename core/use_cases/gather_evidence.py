"""Everything that is known of one document, as a bundle that can be checked without Istmo."""

from core.documents import FileKind, FiscalDocument
from core.evidence import Sources, bundle
from core.failures import DocumentNotFoundError
from core.identifiers import DocumentId, TenantId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentJournal, DocumentRepository
from core.ports.file_store import FileStore
from core.ports.webhook_inbox import WebhookInbox


class GatherEvidence:
    """Collect request, answers, webhooks, files and timeline of a document. Reads only."""

    def __init__(
        self,
        documents: DocumentRepository,
        journal: DocumentJournal,
        inbox: WebhookInbox,
        files: FileStore,
        clock: Clock,
    ) -> None:
        self._documents = documents
        self._journal = journal
        self._inbox = inbox
        self._files = files
        self._clock = clock

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId) -> dict[str, bytes]:
        """The bundle's files by name. Raises DocumentNotFoundError, FileNotStoredError, FileCorruptError,
        StoreUnavailableError."""
        document = await self._documents.get(tenant_id, document_id)
        sources = Sources(
            document=document,
            request=await self._request(document),
            events=await self._journal.events(tenant_id, document_id),
            exchanges=await self._journal.exchanges(tenant_id, document_id),
            deliveries=await self._inbox.naming(
                tenant_id,
                pac_document_id=document.pac_document_id,
                cufe=document.cufe or document.expected_cufe or None,
            ),
            files=await self._stored(document),
        )
        return bundle(sources, made_at=self._clock.now())

    async def _request(self, document: FiscalDocument) -> bytes | None:
        try:
            return await self._journal.body(document.tenant_id, document.document_id)
        except DocumentNotFoundError:  # it exists: nothing is ever sent of it
            return None

    async def _stored(self, document: FiscalDocument) -> dict[FileKind, bytes]:
        return {file.kind: await self._files.get(document.tenant_id, file.digest) for file in document.files}
