"""What the documents of one answer owe, read for all of them at once: a page of 100 costs no more reads than one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

from adapters.graphql.cursors import PAGE_MAX
from core.documents import FiscalDocument
from core.identifiers import DocumentId
from core.standing import Standing

ReadMany = Callable[[Sequence[FiscalDocument]], Awaitable[Mapping[DocumentId, Standing | None]]]
Asked = dict[DocumentId, tuple[FiscalDocument, asyncio.Future[Standing | None]]]


class StandingsAtOnce:
    """Gathers what is asked in one turn of the event loop, in which the fields of all entries of a page are resolved.

    Nothing is remembered beyond that: a second mutation of the same request shows what it changed.
    """

    def __init__(self, read_many: ReadMany) -> None:
        self._read_many = read_many
        self._asked: Asked = {}
        self._reading: set[asyncio.Task[None]] = set()

    def of(self, document: FiscalDocument) -> Awaitable[Standing | None]:
        """The standing of one document, None for one that owes nothing. Raises StoreUnavailableError when awaited."""
        known = self._asked.get(document.document_id)
        if known is not None:
            return known[1]
        loop = asyncio.get_running_loop()
        if not self._asked:
            loop.call_soon(self._start)
        answer: asyncio.Future[Standing | None] = loop.create_future()
        self._asked[document.document_id] = (document, answer)
        return answer

    def _start(self) -> None:
        asked, self._asked = list(self._asked.values()), {}
        for place in range(0, len(asked), PAGE_MAX):
            task = asyncio.create_task(self._read(asked[place : place + PAGE_MAX]))
            self._reading.add(task)
            task.add_done_callback(self._reading.discard)

    async def _read(self, asked: Sequence[tuple[FiscalDocument, asyncio.Future[Standing | None]]]) -> None:
        try:
            standings = await self._read_many([document for document, _ in asked])
        except Exception as error:  # noqa: BLE001 - every field that waits for it tells it
            for _, answer in asked:
                if not answer.done():
                    answer.set_exception(error)
            return
        for document, answer in asked:
            if not answer.done():
                answer.set_result(standings[document.document_id])
