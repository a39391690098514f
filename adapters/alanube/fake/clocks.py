"""Clocks for the fake: the machine's own with an offset, and one that stands still until it is moved."""

from abc import abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Protocol, runtime_checkable


@runtime_checkable
class AdjustableClock(Protocol):
    """A clock that a test can move forward."""

    @abstractmethod
    def __call__(self) -> datetime:
        """Now, aware UTC."""

    @abstractmethod
    def advance(self, by: timedelta) -> None:
        """Move forward. Raises ValueError for a step back."""


class OffsetClock(AdjustableClock):
    """The machine's time plus what it was moved by: the HTTP server's clock."""

    def __init__(self) -> None:
        """Start at the machine's time."""
        self._offset = timedelta(0)

    def __call__(self) -> datetime:
        """Now, moved."""
        return datetime.now(UTC) + self._offset

    def advance(self, by: timedelta) -> None:
        """Jump ahead and go on ticking."""
        self._offset += _forward(by)


class ManualClock(AdjustableClock):
    """Stands still until it is moved: for tests in process."""

    def __init__(self, start: datetime) -> None:
        """``start`` is aware UTC."""
        self._now = start

    def __call__(self) -> datetime:
        """The moment that it was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on by so much."""
        self._now += _forward(by)


def _forward(by: timedelta) -> timedelta:
    if by < timedelta(0):
        message = "the fake's clock only moves forward"
        raise ValueError(message)
    return by
