"""While an earlier number of a series is in doubt, its later documents are sent one by one (a setting)."""

from datetime import timedelta

from core.documents import Change, FiscalDocument
from core.lifecycle.sending import postpone_submission
from core.ports.clock import Clock
from core.ports.document_repository import DocumentRepository
from core.ports.number_book import NumberBook
from core.series_traffic import must_yield

ASK_AGAIN = timedelta(seconds=2)
REASON = "an earlier number of the series is in doubt and another document of it is under way"


class KeepInLine:
    """Whether a document lets another one go first. Off, nothing is asked and nothing waits."""

    def __init__(self, numbers: NumberBook, documents: DocumentRepository, clock: Clock, *, is_on: bool) -> None:
        self._numbers = numbers
        self._documents = documents
        self._clock = clock
        self._is_on = is_on

    async def yields(self, document: FiscalDocument) -> bool:
        """Asked with the document as it is stored: before its claim, and again after it."""
        if not self._is_on or document.number == 1:
            return False
        return must_yield(document, await self._numbers.traffic(document.tenant_id, document.series))

    async def wait(self, document: FiscalDocument) -> FiscalDocument:
        """Come back soon. No event: the document in doubt tells why."""

        def postpone(current: FiscalDocument) -> Change | None:
            return postpone_submission(current, until=self._clock.now() + ASK_AGAIN)

        return await self._documents.update(document.tenant_id, document.document_id, postpone)
