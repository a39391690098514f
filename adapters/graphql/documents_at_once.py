"""What belongs to the documents of one answer, read for all at once: a page of 100 costs no more reads than one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Generic, TypeVar

from adapters.graphql.cursors import PAGE_MAX
from core.documents import FiscalDocument
from core.identifiers import DocumentId

Found = TypeVar("Found")


class DocumentsAtOnce(Generic[Found]):
    """Gathers what is asked in one turn of the event loop, in which the fields of all entries of a page are resolved.

    Nothing is remembered beyond that: a second mutation of the same request shows what it changed.
    """

    def __init__(self, read_many: Callable[[Sequence[FiscalDocument]], Awaitable[Mapping[DocumentId, Found]]]) -> None:
        self._read_many = read_many
        self._asked: dict[DocumentId, tuple[FiscalDocument, asyncio.Future[Found]]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    def of(self, document: FiscalDocument) -> Awaitable[Found]:
        """What belongs to one document. Raises StoreUnavailableError when awaited."""
        known = self._asked.get(document.document_id)
        if known is not None:
            return known[1]
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._start)
        answer: asyncio.Future[Found] = loop.create_future()
        self._asked[document.document_id] = (document, answer)
        return answer

    def _start(self) -> None:
        asked, self._asked = list(self._asked.values()), {}
        for place in range(0, len(asked), PAGE_MAX):
            task = asyncio.create_task(self._read(asked[place : place + PAGE_MAX]))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, asked: Sequence[tuple[FiscalDocument, asyncio.Future[Found]]]) -> None:
        try:
            found = await self._read_many([document for document, _ in asked])
        except Exception as error:  # noqa: BLE001 - every field that waits for it tells it
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(error)
            return
        for document, answer in asked:
            if not answer.done():
                answer.set_result(found[document.document_id])
