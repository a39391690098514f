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

    @abstractmethod
    def freeze(self) -> None:
        """Stand still until released; ``advance`` still moves it."""

    @abstractmethod
    def release(self) -> None:
        """Tick again, from where it stands."""

    @abstractmethod
    def restart(self) -> None:
        """As it was at first, for the next test: moved by nothing."""


class OffsetClock(AdjustableClock):
    """The machine's time plus what it was moved by: the HTTP server's clock."""

    def __init__(self) -> None:
        """Start at the machine's time."""
        self._offset = timedelta(0)
        self._frozen_at: datetime | None = None

    def __call__(self) -> datetime:
        """Now, moved; or the moment at which it stands still."""
        return datetime.now(UTC) + self._offset if self._frozen_at is None else self._frozen_at

    def advance(self, by: timedelta) -> None:
        """Jump ahead and go on ticking, unless it stands still."""
        if self._frozen_at is None:
            self._offset += _forward(by)
        else:
            self._frozen_at += _forward(by)

    def freeze(self) -> None:
        """Stand still at this moment."""
        self._frozen_at = self()

    def release(self) -> None:
        """Tick again from the moment at which it stands."""
        if self._frozen_at is not None:
            self._offset, self._frozen_at = self._frozen_at - datetime.now(UTC), None

    def restart(self) -> None:
        """Back to the machine's time."""
        self._offset, self._frozen_at = timedelta(0), None


class ManualClock(AdjustableClock):
    """Stands still until it is moved: for tests in process."""

    def __init__(self, start: datetime) -> None:
        """``start`` is aware UTC."""
        self._start = start
        self._now = start

    def __call__(self) -> datetime:
        """The moment that it was last moved to."""
        return self._now

    def advance(self, by: timedelta) -> None:
        """Move on by so much."""
        self._now += _forward(by)

    def freeze(self) -> None:
        """It stands still already."""

    def release(self) -> None:
        """It has no pace of its own: it stays where it is."""

    def restart(self) -> None:
        """Back to the start."""
        self._now = self._start


def _forward(by: timedelta) -> timedelta:
    if by < timedelta(0):
        message = "the fake's clock only moves forward"
        raise ValueError(message)
    return by
