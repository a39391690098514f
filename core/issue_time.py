"""Issue dates as Panama knows them: always UTC-5, without daylight saving, never ``Z`` on the wire."""

from datetime import date, datetime, timedelta, timezone

PANAMA = timezone(timedelta(hours=-5), "America/Panama")


def panama_time(moment: datetime) -> datetime:
    """``moment`` on a Panamanian clock. Raises ValueError for a moment without a time zone."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise ValueError("a moment without a time zone has no date in Panama")
    return moment.astimezone(PANAMA)


def panama_date(moment: datetime) -> date:
    """The calendar day in Panama: the one in a CUFE. Raises ValueError for a naive moment."""
    return panama_time(moment).date()


def wire_time(moment: datetime) -> str:
    """``2026-03-04T10:15:00-05:00``: whole seconds, 25 characters. Raises ValueError for a naive moment."""
    return panama_time(moment).replace(microsecond=0).isoformat()


def business_days_ahead(first: date, last: date) -> int:
    """Weekdays after ``first`` up to ``last``; 0 when it is not later. Holidays count: their list changes yearly."""
    days = (last - first).days
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first.weekday() + step) % 7 < 5 for step in range(1, rest + 1))
