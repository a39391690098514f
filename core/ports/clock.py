"""Time, names and chance: the three impure things that the core is handed (decision: determinism)."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The time. ``now`` is aware UTC; ``monotonic`` never goes back and is in seconds."""

    @abstractmethod
    def now(self) -> datetime:
        """The wall clock, aware, UTC."""

    @abstractmethod
    def monotonic(self) -> float:
        """Seconds since some moment; only differences mean something."""

    @abstractmethod
    async def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass."""


class Identifiers(Protocol):
    """New names for things."""

    @abstractmethod
    def new_id(self) -> str:
        """A 26-character ULID that was never given before."""


class Chance(Protocol):
    """Randomness. Security codes and keys come from a cryptographic source in production."""

    @abstractmethod
    def security_code(self) -> str:
        """Nine random digits, not all zero (DGI dSeg, rule 1517)."""

    @abstractmethod
    def secret(self) -> str:
        """A URL-safe text with at least 256 bits of entropy."""

    @abstractmethod
    def fraction(self) -> float:
        """A number from 0 (included) to 1 (excluded), to spread due times."""
