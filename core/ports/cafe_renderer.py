"""Draws the printed form of a document."""

from abc import abstractmethod
from typing import Protocol

from core.cafe import CafePage, CafePaper


class CafeRenderer(Protocol):
    """A page as a PDF file."""

    @abstractmethod
    async def render(self, page: CafePage, paper: CafePaper) -> bytes:
        """The bytes of a PDF. The same page on the same paper gives the same bytes, today and tomorrow.

        Whatever text the page holds is drawn as text; what the font lacks becomes a question mark. Raises
        CafeBusyError when more pages wait to be drawn than may.
        """
