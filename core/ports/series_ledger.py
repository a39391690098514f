"""The series of a tenant, and the high-water marks that outlive its database."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.documents import SeriesKey
from core.identifiers import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesState:
    """Where a series stands. ``first_number`` is where this installation began."""

    series: SeriesKey
    first_number: int
    next_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesMove:
    """The event of a series that was set forward by hand; the numbers between are not ours."""

    at: datetime
    actor: str
    series: SeriesKey
    from_number: int
    to_number: int
    reason: str


class SeriesLedger(Protocol):
    """Series move forward only."""

    @abstractmethod
    async def find(self, tenant_id: TenantId, series: SeriesKey) -> SeriesState | None:
        """Where the series stands, or None when it was never used."""

    @abstractmethod
    async def advance(self, tenant_id: TenantId, move: SeriesMove) -> SeriesState:
        """Set the next number to ``to_number`` and keep the move. ``from_number`` of the move is ignored on input.

        Raises SeriesNotForwardError when the series is already past it.
        """

    @abstractmethod
    async def moves(self, tenant_id: TenantId, series: SeriesKey) -> Sequence[SeriesMove]:
        """Every move by hand, oldest first; at most 1,000."""


class HighWaterMarks(Protocol):
    """The highest number of each series that was ever about to be sent, kept outside the database."""

    @abstractmethod
    async def raise_to(self, tenant_id: TenantId, series: SeriesKey, number: int) -> None:
        """Remember durably that ``number`` may be at the PAC. A lower number changes nothing."""

    @abstractmethod
    async def read(self, tenant_id: TenantId, series: SeriesKey) -> int:
        """The mark, 0 when there is none."""
