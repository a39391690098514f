"""An operator asks for the PDF of a document: the third path into the same last step."""

from core.identifiers import ApiKeyId, DocumentId, TenantId
from core.use_cases.refresh_document import RefreshDocument, Refreshed


class AttachPacPdf:
    """Refresh one document now, for a person. Says stored, held, not ready, or why not."""

    def __init__(self, refresh: RefreshDocument) -> None:
        self._refresh = refresh

    async def __call__(self, tenant_id: TenantId, document_id: DocumentId, operator: ApiKeyId) -> Refreshed:
        """Raises DocumentNotFoundError, PacCompanyNotConfiguredError."""
        return await self._refresh(tenant_id, document_id, actor=f"operator:{operator}")
