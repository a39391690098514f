from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.issue_time import business_days_ahead, panama_date, panama_time, wire_time


@pytest.mark.parametrize(
    ("moment", "day", "wire"),
    [
        (datetime(2026, 3, 5, 4, 59, 59, tzinfo=UTC), date(2026, 3, 4), "2026-03-04T23:59:59-05:00"),
        (datetime(2026, 3, 5, 5, 0, 0, tzinfo=UTC), date(2026, 3, 5), "2026-03-05T00:00:00-05:00"),
        (datetime(2026, 2, 1, 0, 0, 0, tzinfo=UTC), date(2026, 1, 31), "2026-01-31T19:00:00-05:00"),
        (datetime(2028, 3, 1, 3, 0, 0, tzinfo=UTC), date(2028, 2, 29), "2028-02-29T22:00:00-05:00"),
        (datetime(2027, 3, 1, 3, 0, 0, tzinfo=UTC), date(2027, 2, 28), "2027-02-28T22:00:00-05:00"),
        (datetime(2027, 1, 1, 4, 30, 0, tzinfo=UTC), date(2026, 12, 31), "2026-12-31T23:30:00-05:00"),
        (datetime(2026, 7, 1, 12, 0, 0, 999999, tzinfo=UTC), date(2026, 7, 1), "2026-07-01T07:00:00-05:00"),
    ],
    ids=["before midnight", "midnight", "month end", "leap day", "no leap day", "year end", "no daylight saving"],
)
def test_the_day_of_a_document_is_the_day_in_panama(moment, day, wire):
    assert panama_date(moment) == day
    assert wire_time(moment) == wire
    assert datetime.fromisoformat(wire) == moment.replace(microsecond=0)


@given(
    st.datetimes(datetime.fromisoformat("2018-01-01"), datetime.fromisoformat("2099-12-31"), timezones=st.just(UTC)),
    st.integers(-14 * 60, 14 * 60),
)
def test_the_callers_time_zone_changes_nothing(moment, minutes):
    elsewhere = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert wire_time(elsewhere) == wire_time(moment)
    assert len(wire_time(moment)) == 25
    assert wire_time(moment).endswith("-05:00")


@pytest.mark.parametrize("function", [panama_time, panama_date, wire_time])
def test_a_moment_without_a_zone_has_no_day(function):
    with pytest.raises(ValueError, match="time zone"):
        function(datetime(2026, 3, 4))  # noqa: DTZ001


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-20, 40))
def test_counts_weekdays_one_by_one(first, days):
    last = first + timedelta(days=days)
    counted = sum((first + timedelta(days=step)).weekday() < 5 for step in range(1, days + 1))
    assert business_days_ahead(first, last) == counted
