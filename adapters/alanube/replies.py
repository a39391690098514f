"""What came back over the wire, before anybody says what it means."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A status line came. ``cut`` says why the body is not whole (too large, connection lost, deadline, encoded)."""

    status: int
    body: bytes
    received_at: datetime
    headers: dict[str, str] = field(default_factory=dict)  # lower-case names
    cut: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """No status line came. ``left`` False: proven that not a byte of the request left this machine."""

    reason: str
    left: bool


Outcome = Reply | Silence
