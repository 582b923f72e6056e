from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.quiet_hours import MINUTES, OddQuietHours, QuietHours, next_open
from gevinst_notifications.domain.working_days import WorkCalendar

OSLO = "Europe/Oslo"
NORWAY = WorkCalendar("NO")
NIGHT = QuietHours(20 * 60, 8 * 60, on_closed_days=True)


def there(text: str, zone: str = OSLO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def test_easter_is_quiet_from_good_friday_to_tuesday_morning() -> None:
    """N3. Source: the public holidays of Norway in 2027."""
    found = next_open(there("2027-03-26T21:00"), NORWAY, OSLO, NIGHT)

    assert found == datetime(2027, 3, 30, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "zone", "morning"),
    [
        ("NO", OSLO, "2027-05-18"),
        ("DK", "Europe/Copenhagen", "2027-05-18"),
        ("SE", "Europe/Stockholm", "2027-05-17"),
    ],
)
def test_whit_monday_is_quiet_where_it_is_a_holiday(country: str, zone: str, morning: str) -> None:
    """N3: in Sweden it is a working day; in Norway 17 May 2027 is a holiday twice."""
    found = next_open(there("2027-05-15T12:00", zone), WorkCalendar(country), zone, NIGHT)

    assert found == there(f"{morning}T08:00", zone)


def test_an_hour_at_noon_is_quiet_only_then() -> None:
    noon = QuietHours(12 * 60, 13 * 60)

    assert next_open(there("2027-03-03T12:20"), NORWAY, OSLO, noon) == there("2027-03-03T13:00")
    assert next_open(there("2027-03-03T13:00"), NORWAY, OSLO, noon) == there("2027-03-03T13:00")


def test_a_quiet_end_in_the_hour_that_summer_time_leaves_out_is_when_it_begins() -> None:
    found = next_open(there("2027-03-28T01:00"), NORWAY, OSLO, QuietHours(0, 150))

    assert found == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_a_quiet_end_in_the_hour_that_comes_twice_is_the_first() -> None:
    hours = QuietHours(0, 150)
    second = datetime(2027, 10, 31, 1, 10, tzinfo=UTC)  # 02:10 for the second time

    assert next_open(there("2027-10-31T01:00"), NORWAY, OSLO, hours) == datetime(
        2027, 10, 31, 0, 30, tzinfo=UTC
    )
    assert next_open(second, NORWAY, OSLO, hours) == second


def test_hours_that_begin_when_they_end_leave_nothing() -> None:
    with pytest.raises(OddQuietHours):
        QuietHours(480, 480)


@dataclass(frozen=True)
class NeverOpen:
    def is_open(self, day: date) -> bool:
        return day < date.min


def test_a_calendar_without_open_days_delays_by_a_month_at_most() -> None:
    start = there("2027-03-03T12:00")

    assert next_open(start, NeverOpen(), OSLO, NIGHT) <= start + timedelta(days=32)


minutes = st.integers(0, MINUTES - 1)
moments = st.integers(0, 3 * 365 * MINUTES).map(
    lambda minute: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
)
zones = st.sampled_from([OSLO, "Europe/Copenhagen", "Europe/Helsinki", "Atlantic/Azores", "America/New_York"])
quiet = st.tuples(minutes, st.integers(1, MINUTES - 1), st.booleans()).map(
    lambda one: QuietHours(one[0], (one[0] + one[1]) % MINUTES, on_closed_days=one[2])
)


@given(moments, zones, quiet)
def test_what_is_open_stays_where_it_is(moment: datetime, zone: str, hours: QuietHours) -> None:
    found = next_open(moment, NORWAY, zone, hours)

    assert found >= moment
    assert next_open(found, NORWAY, zone, hours) == found


@given(moments, zones, quiet)
def test_what_is_found_is_not_quiet(moment: datetime, zone: str, hours: QuietHours) -> None:
    found = next_open(moment, NORWAY, zone, hours).astimezone(ZoneInfo(zone))
    minute = found.hour * 60 + found.minute
    assert hours.start is not None
    assert hours.end is not None
    is_quiet = (
        hours.start <= minute < hours.end
        if hours.start < hours.end
        else minute >= hours.start or minute < hours.end
    )

    assert not is_quiet or found.fold
    assert not hours.on_closed_days or NORWAY.is_open(found.date())


@given(moments, st.integers(0, 3 * MINUTES), zones, quiet)
def test_who_waits_longer_never_hears_earlier(
    moment: datetime, later: int, zone: str, hours: QuietHours
) -> None:
    """A message that came first leaves first, over both changes of the clock."""
    first = next_open(moment, NORWAY, zone, hours)

    assert first <= next_open(moment + timedelta(minutes=later), NORWAY, zone, hours)
