"""A draft, or an import, is taken back."""

from core.documents import Change, DocumentKind, FiscalDocument
from core.errors import Wording
from core.failures import DocumentNotFoundError, MalformedInputError
from core.identifiers import DocumentId, TenantId
from core.lifecycle.drafting import withdraw
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository

REASON_MAX = 1000
_TOO_LONG = Wording(f"it has up to {REASON_MAX} characters", f"tiene hasta {REASON_MAX} caracteres")


class WithdrawDocument:
    """Take back what the DGI never heard of from us. It stays readable and is issued no more."""

    def __init__(self, documents: DocumentRepository, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, document_id: DocumentId, *, kind: DocumentKind, reason: str, actor: str
    ) -> FiscalDocument:
        """The document; taken back twice it is the same. ``reason`` has 0 to 1000 characters.

        Raises DocumentNotFoundError (also for another kind), NotADraftError, MalformedInputError (the reason).
        """
        told = reason.strip()
        if len(told) > REASON_MAX:
            raise MalformedInputError(path=("reason",), problem=_TOO_LONG)

        def take_back(current: FiscalDocument) -> Change | None:
            if current.kind is not kind:
                raise DocumentNotFoundError(document_id=document_id)
            return withdraw(current, reason=told, actor=actor, now=self._clock.now())

        return await self._documents.update(tenant_id, document_id, take_back)
