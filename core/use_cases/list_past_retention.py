"""What is older than the retention, of every taxpayer."""

from dataclasses import dataclass
from datetime import datetime

from core.identifiers import TenantId
from core.ports.clock import Clock
from core.ports.document_repository import DocumentFilter, DocumentRepository
from core.ports.tenant_resolver import TenantDirectory
from core.retention import PastRetention, YearCounts, kept_since
from core.use_cases.walk_documents import pages_of

TENANTS_MAX = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionList:
    """``kept_since``: what was issued before is listed."""

    kept_since: datetime
    past: tuple[PastRetention, ...]


class ListPastRetention:
    """Count what is older. Reads only: nothing is ever deleted by its age."""

    def __init__(self, directory: TenantDirectory, documents: DocumentRepository, clock: Clock, *, years: int) -> None:
        """``years``: whole years after the fiscal year of the issue."""
        self._directory = directory
        self._documents = documents
        self._clock = clock
        self._years = years

    async def __call__(self) -> RetentionList:
        """Of the first 1,000 taxpayers, in their order. Raises StoreUnavailableError."""
        since = kept_since(self._clock.now(), self._years)
        past: list[PastRetention] = []
        for tenant in await self._directory.tenants(limit=TENANTS_MAX):
            past += await self._of(tenant.tenant_id, since)
        return RetentionList(kept_since=since, past=tuple(past))

    async def _of(self, tenant_id: TenantId, since: datetime) -> tuple[PastRetention, ...]:
        """Page by page: only the counts are kept."""
        wanted = DocumentFilter(issued_before=since)
        counts = YearCounts()
        async for page in pages_of(self._documents, tenant_id, wanted):
            counts.add(page)
        return counts.of(tenant_id)
