"""Documents by their numbers in memory."""

from collections.abc import Sequence

from adapters.persistence.document_keys import refuse_page
from adapters.persistence.in_memory_state import InMemoryStore
from core.documents import FiscalDocument, SeriesKey
from core.identifiers import TenantId
from core.number_ledger import NumberedDocument, reason_of
from core.ports.number_book import PAGE_MAX, NumberBook


class InMemoryNumberBook(NumberBook):
    """Reads what InMemoryDocumentRepository wrote."""

    def __init__(self, store: InMemoryStore) -> None:
        self._store = store

    async def numbered(
        self, tenant_id: TenantId, series: SeriesKey, *, first: int, last: int, limit: int
    ) -> Sequence[NumberedDocument]:
        """See the port."""
        refuse_page(limit, PAGE_MAX)
        own = [stored.document for (owner, _), stored in self._store.documents.items() if owner == tenant_id]
        chosen = [document for document in own if document.series == series and first <= document.number <= last]
        return tuple(map(_numbered_document, sorted(chosen, key=lambda one: one.number)[:limit]))


def _numbered_document(document: FiscalDocument) -> NumberedDocument:
    return NumberedDocument(
        number=document.number,
        document_id=document.document_id,
        submission=document.submission,
        legal_status=document.legal_status,
        reason=reason_of(document.refusal, document.quarantine_reason, document.doubt_reason),
    )
