"""What an operator may decide about a void that cannot settle itself. Each decision says who and why."""

from core.documents import Change, FiscalDocument
from core.identifiers import ApiKeyId, DocumentId, TenantId
from core.lifecycle.void_wishes import confirm_void, give_up_void
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.use_cases.decide_document import checked_note


class ConfirmVoided:
    """The operator learnt from the PAC or the DGI that the document is void."""

    def __init__(self, documents: DocumentRepository, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, note: str, operator: ApiKeyId
    ) -> FiscalDocument:
        """Raises DocumentNotFoundError, VoidDecisionRefusedError, MalformedInputError (the note)."""
        checked = checked_note(note, "note")

        def confirm(current: FiscalDocument) -> Change:
            return confirm_void(current, note=checked, operator=f"operator:{operator}", now=self._clock.now())

        return await self._documents.update(tenant_id, document_id, confirm)


class GiveUpVoid:
    """The operator is sure that the document is not void, or takes back a void that was never sent."""

    def __init__(self, documents: DocumentRepository, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, reason: str, operator: ApiKeyId
    ) -> FiscalDocument:
        """Raises DocumentNotFoundError, VoidDecisionRefusedError, MalformedInputError (the reason)."""
        checked = checked_note(reason, "reason")

        def stop(current: FiscalDocument) -> Change:
            return give_up_void(current, reason=checked, operator=f"operator:{operator}", now=self._clock.now())

        return await self._documents.update(tenant_id, document_id, stop)
