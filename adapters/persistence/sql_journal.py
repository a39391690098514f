"""The history of documents in SQL, and the work that is due."""

from collections.abc import Callable, Sequence

from adapters.persistence import sql_document_statements as sql
from adapters.persistence.connection import Connection, T
from adapters.persistence.document_rows import attachment_of, event_of, exchange_of
from adapters.persistence.statements import Row, Statement
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from core.documents import Attachment, FileKind
from core.events import ChainedEvent, Exchange
from core.failures import DocumentNotFoundError
from core.identifiers import DocumentId, TenantId
from core.ports.document_repository import DocumentJournal


class SqlDocumentJournal(DocumentJournal):
    """Reads what SqlDocumentRepository wrote."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def body(self, tenant_id: TenantId, document_id: DocumentId) -> bytes:
        """See the port."""
        rows = await self._units.read(sql.body_of, tenant_id=tenant_id, document=document_id)
        if not rows:
            raise DocumentNotFoundError(document_id=document_id)
        body: bytes = rows[0]["body"]
        return body

    async def events(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[ChainedEvent]:
        """See the port."""
        return await self._all(sql.events_of, event_of, tenant_id, document_id)

    async def exchanges(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[Exchange]:
        """See the port."""
        return await self._all(sql.exchanges_of, exchange_of, tenant_id, document_id)

    async def attachments(self, tenant_id: TenantId, document_id: DocumentId) -> Sequence[Attachment]:
        """See the port."""
        return await self._all(sql.attachments_of, attachment_of, tenant_id, document_id)

    async def attachment(self, tenant_id: TenantId, document_id: DocumentId, kind: FileKind) -> Attachment | None:
        """See the port."""
        current = await self.attachments(tenant_id, document_id)
        return next((attachment for attachment in current if attachment.kind is kind), None)

    async def _all(
        self, statement: Statement, read: Callable[[Row], T], tenant_id: TenantId, document_id: DocumentId
    ) -> tuple[T, ...]:
        whose = storable({"tenant": tenant_id, "document": document_id})

        def unit(connection: Connection) -> list[Row]:
            rows = connection.execute(statement, **whose)
            if not rows and connection.one_or_none(sql.has_document, **whose) is None:
                raise DocumentNotFoundError(document_id=document_id)
            return rows

        return tuple(map(read, await self._units.read_all(unit, tenant_id=tenant_id)))
