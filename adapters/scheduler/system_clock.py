"""Time, names and chance of a real machine."""

import asyncio
import os
import secrets
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime

from core.ports.clock import Chance, Clock, Identifiers

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_RANDOM_BITS = 80
_RANDOM_END = 1 << _RANDOM_BITS


class SystemClock(Clock):
    """The clocks of the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class UlidIdentifiers(Identifiers):
    """ULIDs in strictly rising order within one process, from any thread.

    48 bits of milliseconds since 1970, then 80 random bits. Within one millisecond, and while the wall clock goes
    back, the last ULID plus one is given, so that order never depends on the clock's honesty.
    """

    def __init__(self, clock: Clock, entropy: Callable[[int], bytes] = os.urandom) -> None:
        self._clock = clock
        self._entropy = entropy
        self._last = 0
        self._lock = threading.Lock()

    def new_id(self) -> str:
        milliseconds = int(self._clock.now().timestamp() * 1000)
        with self._lock:
            fresh = milliseconds * _RANDOM_END + int.from_bytes(self._entropy(_RANDOM_BITS // 8))
            is_later = milliseconds > self._last // _RANDOM_END
            self._last = fresh if is_later else self._last + 1
            return _crockford(self._last)


def _crockford(number: int) -> str:
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


class SystemChance(Chance):
    """Randomness from the operating system, fit for security codes and keys."""

    def __init__(self) -> None:
        self._fractions = secrets.SystemRandom()

    def security_code(self) -> str:
        return f"{1 + secrets.randbelow(999_999_999):09d}"

    def secret(self) -> str:
        return secrets.token_urlsafe(32)

    def fraction(self) -> float:
        return self._fractions.random()
