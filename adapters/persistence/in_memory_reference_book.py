"""The PAC's answers about taxpayers and catalogues in memory."""

from adapters.persistence.in_memory_state import InMemoryStore
from core.catalogues import Catalogue, CatalogueKind
from core.codes import RucType
from core.identifiers import TenantId
from core.ports.reference_book import ReferenceBook
from core.ports.ruc_registry import RegisteredRuc


class InMemoryReferenceBook(ReferenceBook):
    """See the port."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def recall_ruc(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> RegisteredRuc | None:
        """See the port."""
        return self._store.rucs.get((tenant_id, ruc, ruc_type))

    async def keep_ruc(self, tenant_id: TenantId, known: RegisteredRuc) -> None:
        """See the port."""
        key = (tenant_id, known.ruc, known.ruc_type)
        kept = self._store.rucs.get(key)
        if kept is None or kept.checked_at <= known.checked_at:
            self._store.rucs[key] = known

    async def forget_ruc(self, tenant_id: TenantId, ruc: str, ruc_type: RucType) -> None:
        """See the port."""
        self._store.rucs.pop((tenant_id, ruc, ruc_type), None)

    async def recall_catalogue(self, tenant_id: TenantId, kind: CatalogueKind) -> Catalogue | None:
        """See the port."""
        return self._store.catalogues.get((tenant_id, kind))

    async def keep_catalogue(self, tenant_id: TenantId, catalogue: Catalogue) -> None:
        """See the port."""
        kept = self._store.catalogues.get((tenant_id, catalogue.kind))
        if kept is None or kept.fetched_at <= catalogue.fetched_at:
            self._store.catalogues[tenant_id, catalogue.kind] = catalogue
