"""The history of documents and the work that is due, read from memory."""

from collections.abc import Sequence
from datetime import datetime

from adapters.persistence.in_memory_documents import find_stored
from adapters.persistence.in_memory_state import InMemoryStore
from core.documents import Attachment, FileKind
from core.events import ChainedEvent, Exchange
from core.failures import DocumentNotFoundError
from core.identifiers import DocumentId, TenantId
from core.ports.document_repository import DocumentJournal, DueDocument, DueWork


class InMemoryDocumentJournal(DocumentJournal):
    """Reads what InMemoryDocumentRepository wrote."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def body(self, tenant_id: TenantId, document_id: DocumentId) -> bytes:
        """See the port."""
        body = find_stored(self._store, tenant_id, document_id).body
        if not body:
            raise DocumentNotFoundError(document_id=document_id)
        return body

    async def events(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[ChainedEvent]:
        """See the port."""
        return tuple(find_stored(self._store, tenant_id, document_id).events)

    async def exchanges(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[Exchange]:
        """See the port."""
        return tuple(find_stored(self._store, tenant_id, document_id).exchanges)

    async def attachments(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[Attachment]:
        """See the port."""
        attachments = find_stored(self._store, tenant_id, document_id).attachments
        return tuple(sorted(attachments, key=lambda attachment: attachment.kind.value))

    async def attachment(self, tenant_id: TenantId, document_id: DocumentId, kind: FileKind) -> Attachment | None:
        """See the port."""
        attachments = find_stored(self._store, tenant_id, document_id).attachments
        return next((attachment for attachment in attachments if attachment.kind is kind), None)


class InMemoryDueWork(DueWork):
    """Finds what is due among the documents in memory."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def due_tenants(self, now: datetime, *, limit: int) -> Sequence[TenantId]:
        """See the port."""
        waiting = sorted((at, tenant_id) for at, tenant_id, _ in self._due(now))
        return tuple(dict.fromkeys(tenant_id for _, tenant_id in waiting))[:limit]

    async def due_documents(self, tenant_id: TenantId, now: datetime, *, limit: int) -> Sequence[DueDocument]:
        """See the port."""
        due = sorted((at, document_id) for at, owner, document_id in self._due(now) if owner == tenant_id)
        documents = [self._store.documents[tenant_id, document_id].document for _, document_id in due[:limit]]
        return tuple(
            DueDocument(
                tenant_id=tenant_id,
                document_id=document.document_id,
                submission=document.submission,
                has_void=document.void is not None,
            )
            for document in documents
        )

    def _due(self, now: datetime) -> list[tuple[datetime, TenantId, DocumentId]]:
        return [
            (stored.document.next_action_at, tenant_id, document_id)
            for (tenant_id, document_id), stored in self._store.documents.items()
            if stored.document.next_action_at is not None and stored.document.next_action_at <= now
        ]
