"""A calendar day in Panama: the period of a zero-difference statement."""

import re
from datetime import UTC, date, datetime, time, timedelta

from core.errors import Wording
from core.failures import MalformedInputError
from core.issue_time import PANAMA

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)
_PROBLEM = Wording(
    "a day is written like 2026-03-04, from 2000 to 2199", "un día se escribe como 2026-03-04, de 2000 a 2199"
)


def day_begins(day: date) -> datetime:
    """Its first moment, in UTC. Raises MalformedInputError for a day outside of 2000 to 2199."""
    if not _FIRST <= day <= _LAST:
        raise MalformedInputError(path=("day",), problem=_PROBLEM)
    return datetime.combine(day, time(), tzinfo=PANAMA).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The first moment after it, in UTC: Panama's days all have 24 hours. Raises MalformedInputError as above."""
    return day_begins(day) + timedelta(days=1)


def read_day(text: str) -> date:
    """A day from text such as 2026-03-04. Raises MalformedInputError."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise MalformedInputError(path=("day",), problem=_PROBLEM)
    day_begins(day)
    return day
