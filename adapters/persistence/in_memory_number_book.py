"""Documents by their numbers in memory."""

from collections.abc import Sequence

from adapters.persistence.document_keys import refuse_page
from adapters.persistence.in_memory_state import InMemoryStore
from core.documents import FiscalDocument, SeriesKey, Submission
from core.identifiers import TenantId
from core.number_ledger import NumberedDocument, reason_of
from core.ports.number_book import PAGE_MAX, NumberBook
from core.series_traffic import AttemptUnderWay, SeriesTraffic


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

    async def traffic(self, tenant_id: TenantId, series: SeriesKey) -> SeriesTraffic:
        """See the port."""
        own = [stored.document for (owner, _), stored in self._store.documents.items() if owner == tenant_id]
        of_series = [document for document in own if document.series == series]
        doubted = [document.number for document in of_series if document.submission is Submission.IN_DOUBT]
        return SeriesTraffic(
            lowest_in_doubt=min(doubted, default=None),
            under_way=tuple(
                AttemptUnderWay(document_id=document.document_id, lease_ends_at=document.claim.expires_at)
                for document in of_series
                if document.claim is not None and document.submission is Submission.SENDING
            ),
        )


def _numbered_document(document: FiscalDocument) -> NumberedDocument:
    return NumberedDocument(
        number=document.number,
        document_id=document.document_id,
        submission=document.submission,
        standing_status=document.standing_status,
        reason=reason_of(document.refusal, document.quarantine_reason, document.doubt_reason),
    )
