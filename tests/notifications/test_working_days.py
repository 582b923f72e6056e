"""Working days by country, with an organisation's own days (N3)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.working_days import WorkCalendar

COUNTRIES = ("NO", "DK", "SE", "FI")
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("NO", date(2027, 3, 25)),  # Maundy Thursday
        ("DK", date(2027, 3, 25)),
        ("NO", date(2027, 5, 17)),
        ("SE", date(2028, 6, 6)),
        ("SE", date(2027, 1, 6)),
        ("FI", date(2027, 12, 6)),
        ("DK", date(2023, 5, 5)),  # Great Prayer Day, for the last time
    ],
)
def test_a_public_holiday_is_no_working_day(country: str, day: date) -> None:
    assert not WorkCalendar(country).is_open(day)


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("SE", date(2027, 3, 25)),
        ("DK", date(2024, 4, 26)),
        ("NO", date(2027, 12, 24)),
        ("DK", date(2027, 5, 17 + 1)),
        ("NO", date(2028, 2, 29)),
    ],
)
def test_a_day_on_which_people_work_is_one(country: str, day: date) -> None:
    assert WorkCalendar(country).is_open(day)


def test_three_working_days_before_whitsun_differ_by_country() -> None:
    """18 May 2027 is the Tuesday after Whit Monday, which is Norway's and Denmark's alone."""
    found = {
        country: WorkCalendar(country).shift(date(2027, 5, 18), -3) for country in ("NO", "DK", "SE", "FI")
    }

    assert found == {
        "NO": date(2027, 5, 12),
        "DK": date(2027, 5, 12),
        "SE": date(2027, 5, 13),
        "FI": date(2027, 5, 13),
    }


def test_what_would_fall_into_easter_comes_before_it() -> None:
    assert WorkCalendar("NO").roll_back(date(2027, 3, 28)) == date(2027, 3, 24)
    assert WorkCalendar("SE").roll_back(date(2027, 3, 28)) == date(2027, 3, 25)


def test_an_organisation_closes_and_opens_days_of_its_own() -> None:
    christmas_eve, saturday = date(2027, 12, 24), date(2027, 12, 18)
    own = WorkCalendar("NO", closed=frozenset({christmas_eve}), opened=frozenset({saturday}))

    assert (own.is_open(christmas_eve), own.is_open(saturday)) == (False, True)
    assert own.roll_back(christmas_eve) == date(2027, 12, 23)


def test_a_year_that_is_closed_altogether_ends_the_search() -> None:
    closed = frozenset(date(2027, 1, 1) + timedelta(days) for days in range(365))

    assert WorkCalendar("NO", closed=closed).roll_forward(date(2027, 2, 1)) < date(2027, 6, 1)


@given(st.sampled_from(COUNTRIES), DAYS, st.integers(-40, 40))
def test_a_shift_lands_on_an_open_day_and_counts_the_open_ones(country: str, day: date, count: int) -> None:
    calendar = WorkCalendar(country)

    there = calendar.shift(day, count)

    assert calendar.is_open(there)
    step = timedelta(1 if count > 0 else -1)
    between = [day + step * n for n in range(1, abs((there - day).days) + 1)]
    assert count == 0 or sum(calendar.is_open(one) for one in between) == abs(count)


@given(st.sampled_from(COUNTRIES), DAYS)
def test_rolling_twice_is_rolling_once_and_never_passes_an_open_day(country: str, day: date) -> None:
    calendar = WorkCalendar(country)
    back, forward = calendar.roll_back(day), calendar.roll_forward(day)

    assert calendar.roll_back(back) == back <= day <= forward == calendar.roll_forward(forward)
    assert not any(calendar.is_open(back + timedelta(n)) for n in range(1, (forward - back).days))
