"""An answer of the PAC that nobody else has is kept, though the store may be away for a moment."""

import logging
from collections.abc import Callable

from core.documents import Change, FiscalDocument
from core.failures import StoreUnavailableError
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository

log = logging.getLogger(__name__)

KEEP_AGAIN_SECONDS = (0.2, 1.0, 3.0, 10.0)  # a failover of the store takes about as long


class KeepAnswer:
    """Apply a step that records an answer. A store that is away is asked a few times more; then doubt takes over."""

    def __init__(self, documents: DocumentRepository, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    async def __call__(self, document: FiscalDocument, step: Callable[[FiscalDocument], Change]) -> FiscalDocument:
        """Raises StoreUnavailableError when it stays away, and what ``update`` raises otherwise."""
        for pause in KEEP_AGAIN_SECONDS:
            try:
                return await self._documents.update(document.tenant_id, document.document_id, step)
            except StoreUnavailableError as error:
                log.warning("An answer for document %s waits for the store: %s", document.document_id, error)
                await self._clock.sleep(pause)
        return await self._documents.update(document.tenant_id, document.document_id, step)
