"""What is due, in SQL: the database is the queue."""

from collections.abc import Sequence
from datetime import datetime

from adapters.persistence import sql_document_statements as sql
from adapters.persistence.instants import to_micros
from adapters.persistence.store_units import StoreUnits
from core.documents import Submission
from core.identifiers import TenantId
from core.ports.document_repository import DueDocument, DueWork


class SqlDueWork(DueWork):
    """Reads by the partial indexes of ``next_action_at``; rows that wait for nothing cost nothing."""

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def due_tenants(self, now: datetime, *, limit: int) -> Sequence[TenantId]:
        """See the port. One of the few reads that cross tenants."""
        rows = await self._units.read(sql.due_tenants, tenant_id=None, now=to_micros(now), limit=limit)
        return tuple(row["tenant_id"] for row in rows)

    async def due_documents(self, tenant_id: TenantId, now: datetime, *, limit: int) -> Sequence[DueDocument]:
        """See the port."""
        rows = await self._units.read(sql.due_documents, tenant_id=tenant_id, now=to_micros(now), limit=limit)
        return tuple(
            DueDocument(tenant_id=tenant_id, document_id=row["document_id"], submission=Submission(row["submission"]))
            for row in rows
        )
