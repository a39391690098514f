"""The printed form over ReportLab. Drawing takes CPU, so a thread of its own does it, one page at a time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from adapters.cafe.letter_sheets import draw_letter
from adapters.cafe.ticket_roll import draw_ticket
from core.cafe import CafePage, CafePaper
from core.failures import CafeBusyError
from core.ports.cafe_renderer import CafeRenderer

WAITING_MAX = 32  # pages that wait or are drawn; a caller beyond that is told to come again
CREATOR = "Istmo"


def draw_cafe(page: CafePage, paper: CafePaper, creator: str = CREATOR) -> bytes:
    """The PDF, drawn here and now. The same arguments give the same bytes."""
    return draw_letter(page, creator) if paper is CafePaper.LETTER else draw_ticket(page, creator)


class ReportlabCafeRenderer(CafeRenderer):
    """Draws with ReportLab. ``close`` ends its thread."""

    def __init__(self, *, waiting_max: int = WAITING_MAX) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cafe")
        self._waiting_max = waiting_max
        self._waiting = 0

    async def render(self, page: CafePage, paper: CafePaper) -> bytes:
        if self._waiting >= self._waiting_max:
            raise CafeBusyError
        self._waiting += 1
        drawing = asyncio.get_running_loop().run_in_executor(self._thread, draw_cafe, page, paper)
        drawing.add_done_callback(self._drawn)  # not when the caller leaves: the thread draws on
        return await drawing

    def _drawn(self, _drawing: "asyncio.Future[bytes]") -> None:
        self._waiting -= 1

    def close(self) -> None:
        """Draw nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
