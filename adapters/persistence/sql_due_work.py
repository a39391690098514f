"""What is due, in SQL: the database is the queue."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from adapters.persistence import sql_document_statements as sql
from adapters.persistence.connection import Connection
from adapters.persistence.instants import to_micros
from adapters.persistence.statements import Row
from adapters.persistence.storable_text import storable
from adapters.persistence.store_units import StoreUnits
from core.documents import Submission
from core.identifiers import TenantId
from core.ports.document_repository import DueDocument, DueWork

IN_HAND = timedelta(seconds=10)
"""How long a document is one worker's alone. A worker that died delays its documents by no more."""


class SqlDueWork(DueWork):
    """Reads by the partial indexes of ``next_action_at``; rows that wait for nothing cost nothing.

    On PostgreSQL, where workers are many, what is handed out is in hand for IN_HAND, so that no two workers ask the
    PAC about the same document in the same moment; any change of the document ends it. It spares work and is no lock:
    the claim under the row's lock is what keeps a document from being sent twice.
    """

    def __init__(self, units: StoreUnits) -> None:
        self._units = units

    async def due_tenants(self, now: datetime, *, limit: int) -> Sequence[TenantId]:
        """See the port. One of the few reads that cross tenants."""
        rows = await self._units.read(sql.due_tenants, tenant_id=None, now=to_micros(now), limit=limit)
        return tuple(row["tenant_id"] for row in rows)

    async def due_documents(self, tenant_id: TenantId, now: datetime, *, limit: int) -> Sequence[DueDocument]:
        """See the port. On PostgreSQL without those that another worker has in hand."""
        if self._units.dialect == "sqlite":
            rows = await self._units.read(sql.due_documents, tenant_id=tenant_id, now=to_micros(now), limit=limit)
        else:
            rows = await self._offered(tenant_id, now, limit)
        return tuple(
            DueDocument(
                tenant_id=tenant_id,
                document_id=row["document_id"],
                submission=Submission(row["submission"]),
                has_void=bool(row["has_void"]),
            )
            for row in rows
        )

    async def _offered(self, tenant_id: TenantId, now: datetime, limit: int) -> list[Row]:
        times = {"now": to_micros(now), "until": to_micros(now + IN_HAND)}
        whose = storable({"tenant": tenant_id})

        def unit(connection: Connection) -> list[Row]:
            return connection.execute(sql.offer_documents, **whose, **times, limit=limit)

        rows = await self._units.claim(unit, tenant_id=tenant_id)
        return sorted(rows, key=lambda row: (row["next_action_at"], row["document_id"]))
