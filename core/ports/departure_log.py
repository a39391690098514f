"""What left for the PAC, remembered outside the database."""

from abc import abstractmethod
from collections.abc import AsyncIterator
from typing import Protocol

from core.departures import Departure, LogPage, LogReach, VoidDeparture


class DepartureLog(Protocol):
    """Outlives the database, as the high-water marks do. Forgets the oldest days when there are too many.

    Every method raises StoreUnavailableError when it cannot be written or read.
    """

    @abstractmethod
    async def keep(self, departure: Departure | VoidDeparture) -> None:
        """Remember it durably: when this returns, it is on the disk. The same one may be kept again."""

    @abstractmethod
    def pages(self) -> AsyncIterator[LogPage]:
        """Everything that is remembered, oldest first, in pages of bounded size."""

    @abstractmethod
    async def reach(self) -> LogReach:
        """How far back it remembers."""
