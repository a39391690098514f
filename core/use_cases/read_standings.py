"""Where documents stand, read for many at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from core.documents import FiscalDocument
from core.identifiers import DocumentId, TenantId
from core.issue_time import panama_date
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.payment_book import PaymentBook
from core.standing import Standing, is_owed, standing_of


class ReadStandings:
    """The standing of up to 100 documents of one tenant, in two reads whatever their number."""

    def __init__(self, book: PaymentBook, documents: DocumentRepository, clock: Clock) -> None:
        self._book = book
        self._documents = documents
        self._clock = clock

    async def __call__(
        self, tenant_id: TenantId, documents: Sequence[FiscalDocument]
    ) -> Mapping[DocumentId, Standing | None]:
        """By the document's id. None for a credit note, which owes nothing, and for a document of another issuer.

        Raises MalformedPageError for more than 100 documents.
        """
        owing = {document.document_id: document for document in documents if is_owed(document)}
        if not owing:
            return dict.fromkeys(document.document_id for document in documents)
        payments = await self._book.payments_of(tenant_id, tuple(owing))
        notes: dict[DocumentId, list[FiscalDocument]] = defaultdict(list)
        for note in await self._documents.notes_of(tenant_id, tuple(owing)):
            if note.parent_id is not None:
                notes[note.parent_id].append(note)
        today = panama_date(self._clock.now())
        standings: dict[DocumentId, Standing | None] = dict.fromkeys(document.document_id for document in documents)
        for document_id, document in owing.items():
            standings[document_id] = standing_of(document, payments[document_id], notes[document_id], today=today)
        return standings
