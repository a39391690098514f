"""What the PAC counts."""

from abc import abstractmethod
from datetime import date
from typing import Protocol

from core.documents import LegalStatus
from core.ports.pac_gateway import PacAccount


class PacReports(Protocol):
    """Counts of documents at the PAC."""

    @abstractmethod
    async def count(self, account: PacAccount, first: date, last: date, legal_status: LegalStatus | None) -> int:
        """The company's documents issued on these days of Panama, both included, at most 90 days.

        Raises PacUnavailableError, PacMisconfiguredError and PacRefusedError; a PAC that has no such report refuses.
        """
