"""What was told to the service about a document before its successor was claimed, by what the PAC itself holds."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from core.documents import FiscalDocument
from core.identifiers import DocumentId

ValidIds = Callable[[str], Iterable[str]]
"""Of a CUFE: the ids under which the PAC holds it as authorised and not void."""


class SuccessorWatch:
    """Evidence that was answered with 200 before a claim was committed must keep the claimed successor at home.

    Nothing here is read from the service's rows but which document replaces which.
    """

    def __init__(self, documents: Mapping[DocumentId, FiscalDocument], valid_ids: ValidIds) -> None:
        self._documents = documents
        self._valid_ids = valid_ids
        self._order = 0
        self._heard: dict[bytes, int] = {}  # the body of a webhook, by when it was answered
        self._claimed: dict[DocumentId, int] = {}

    def heard(self, body: bytes) -> None:
        """A webhook was answered with 200."""
        self._order += 1
        self._heard.setdefault(body, self._order)

    def claimed(self, document: FiscalDocument) -> None:
        """A claim was committed."""
        if document.replaces is not None:
            self._order += 1
            self._claimed[document.document_id] = self._order

    def forget(self) -> None:
        """The database went back in time, and what was heard is forgotten with it."""
        self._heard.clear()
        self._claimed.clear()

    def originals(self, document: FiscalDocument) -> Iterator[FiscalDocument]:
        """What a document replaces, what that one replaced, and so on."""
        earlier = document.replaces
        while earlier is not None and earlier in self._documents:
            original = self._documents[earlier]
            yield original
            earlier = original.replaces

    def valid_and_told_of(self, successor: FiscalDocument) -> Iterator[FiscalDocument]:
        """Originals that are valid at the PAC, and of which a webhook told before the successor's newest claim."""
        claimed = self._claimed.get(successor.document_id, 0)
        for original in self.originals(successor):
            valid = [one.encode() for one in self._valid_ids(original.expected_cufe)]
            told = (body for body, when in self._heard.items() if when < claimed)
            if valid and any(one in body for body in told for one in valid):
                yield original
