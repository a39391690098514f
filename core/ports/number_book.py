"""Which documents have the numbers of a series."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol

from core.documents import SeriesKey
from core.identifiers import TenantId
from core.number_ledger import NumberedDocument
from core.series_traffic import SeriesTraffic

PAGE_MAX = 1_001


class NumberBook(Protocol):
    """Reads documents by their numbers. Raises StoreUnavailableError when it cannot be reached."""

    @abstractmethod
    async def numbered(
        self, tenant_id: TenantId, series: SeriesKey, *, first: int, last: int, limit: int
    ) -> Sequence[NumberedDocument]:
        """Documents with numbers from ``first`` to ``last``, ascending; ``limit`` 1 to 1,001.

        Raises MalformedPageError for another limit.
        """

    @abstractmethod
    async def traffic(self, tenant_id: TenantId, series: SeriesKey) -> SeriesTraffic:
        """What of the series is SENDING or IN_DOUBT now; at most 1,000 of each."""
