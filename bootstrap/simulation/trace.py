"""One hash over everything that happened, in its order: equal for equal seeds, whatever PYTHONHASHSEED is."""

import hashlib
from collections import deque
from collections.abc import Callable

KEPT = 400


class Trace:
    """``digest`` is the hash so far; ``latest`` the last lines, for whoever looks into a failure."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """``clock`` answers virtual seconds."""
        self._hash = hashlib.sha256()
        self._clock = clock
        self.latest: deque[str] = deque(maxlen=KEPT)
        self.lines = 0

    def note(self, *parts: object) -> None:
        """Something happened now."""
        line = f"{self._clock():.6f} " + " ".join(map(str, parts))
        self._hash.update(line.encode())
        self._hash.update(b"\n")
        self.latest.append(line)
        self.lines += 1

    def digest(self) -> str:
        """64 hex digits."""
        return self._hash.hexdigest()
