"""A calendar month in Panama: the period of an ITBMS return, a book and an archive."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from core.errors import Wording
from core.failures import MalformedInputError
from core.issue_time import PANAMA

_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """``year`` and ``number`` (1 to 12)."""

    year: int
    number: int

    def __str__(self) -> str:
        """2026-03."""
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def begins(self) -> datetime:
        """Its first moment, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=PANAMA).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return self.next.begins

    @property
    def next(self) -> "Month":
        """The month after it."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)


def read_month(text: str) -> Month:
    """A month from text such as 2026-03, 2000 to 2199. Raises MalformedInputError."""
    match = _MONTH.fullmatch(text)
    if match is None or not 2000 <= int(match[1]) <= 2199:
        problem = Wording("a month is written like 2026-03", "un mes se escribe como 2026-03")
        raise MalformedInputError(path=("month",), problem=problem)
    return Month(int(match[1]), int(match[2]))
