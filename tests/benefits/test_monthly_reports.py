"""B13: months, due days and roll-ups, worked out."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.monthly_reports import (
    Area,
    Change,
    DutyState,
    Light,
    Month,
    OddMonth,
    ReportOf,
    Running,
    changes,
    counted,
    due_on,
    duty,
    ran_in,
    worst,
)
from gevinst_benefits.domain.working_days import (
    easter_sunday,
    holidays,
    is_working_day,
    nth_working_day,
    working_days_between,
)

OCTOBER = Month(date(2026, 10, 1))


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(1961, 4, 2), (2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25)],
)
def test_easter_falls_where_the_calendar_says(year: int, month: int, day: int) -> None:
    assert easter_sunday(year) == date(year, month, day)


def test_public_holidays_are_no_working_days() -> None:
    """N3: 17 May is Norway's, and Great Prayer Day was Denmark's until 2023."""
    assert not is_working_day(date(2027, 5, 17), "NO")
    assert date(2023, 5, 5) in holidays(2023, "DK")
    assert date(2024, 4, 26) not in holidays(2024, "DK")


@pytest.mark.parametrize(
    ("month", "country", "expected"),
    [
        ("2026-10", "NO", date(2026, 11, 6)),
        ("2026-12", "NO", date(2027, 1, 8)),
        ("2026-04", "NO", date(2026, 5, 8)),
        ("2026-12", "SE", date(2027, 1, 11)),
    ],
)
def test_the_fifth_working_day_after_the_month_passes_over_weekends_and_holidays(
    month: str, country: str, expected: date
) -> None:
    assert due_on(Month.read(month), 5, country) == expected


@given(first=st.dates(date(1990, 1, 1), date(2190, 1, 1)), number=st.integers(1, 20))
def test_the_nth_working_day_is_n_working_days_on(first: date, number: int) -> None:
    found = nth_working_day(first, number, "DK")

    assert is_working_day(found, "DK")
    assert working_days_between(first - timedelta(days=1), found, "DK") == number


@pytest.mark.parametrize("text", ["2026-13", "2026-1", "26-10", "", "2026-10-01", "2026-00", "oktober"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(OddMonth):
        Month.read(text)


@pytest.mark.parametrize(
    ("status", "start", "end", "expected"),
    [
        ("running", date(2026, 10, 31), None, True),
        ("running", date(2026, 11, 1), None, False),
        ("approved", date(2026, 1, 1), date(2026, 10, 1), True),
        ("running", date(2026, 1, 1), date(2026, 9, 30), False),
        ("proposed", date(2026, 1, 1), None, False),
        ("running", None, None, False),
        (None, date(2026, 1, 1), None, False),
        ("stopped", date(2026, 1, 1), date(2027, 6, 30), False),
        ("closed", date(2026, 1, 1), date(2026, 10, 15), True),
        ("paused", date(2026, 1, 1), date(2027, 6, 30), True),
    ],
)
def test_only_a_project_that_ran_in_the_month_owes_a_report(
    status: str | None, start: date | None, end: date | None, expected: bool
) -> None:
    assert ran_in(OCTOBER, Running(status, start, end), today=date(2026, 11, 22)) is expected


def test_a_report_is_late_from_the_day_after_it_was_due_by_so_many_working_days() -> None:
    due = date(2026, 11, 6)

    def state(submitted: date | None, today: date) -> tuple[DutyState, int]:
        found = duty(due, submitted, today=today, country="NO")
        return found.state, found.working_days_late

    assert state(None, due) == (DutyState.NOT_DUE, 0)
    assert state(None, date(2026, 11, 7)) == (DutyState.LATE, 0)
    assert state(None, date(2026, 11, 10)) == (DutyState.LATE, 2)
    assert state(due, date(2026, 12, 1)) == (DutyState.SUBMITTED, 0)
    assert state(date(2026, 11, 9), date(2026, 12, 1)) == (DutyState.SUBMITTED_LATE, 1)


def test_the_worst_light_wins_and_a_missing_report_is_never_green() -> None:
    """B6."""
    assert worst([Light.GREEN, Light.RED, Light.YELLOW]) is Light.RED
    assert worst([Light.GREEN, None]) is None
    assert worst([]) is None


def test_a_roll_up_counts_what_is_missing_beside_the_lights() -> None:
    green = dict.fromkeys(Area, Light.GREEN)
    reports = [
        ReportOf(UUID(int=1), DutyState.LATE, None),
        ReportOf(UUID(int=2), DutyState.SUBMITTED, green),
        ReportOf(UUID(int=3), DutyState.SUBMITTED, green | {Area.COST: Light.RED}),
    ]

    found = {one.area: one for one in counted(reports)}

    cost, risk = found[Area.COST], found[Area.RISK]
    assert (cost.missing, cost.green, cost.yellow, cost.red) == (1, 1, 0, 1)
    assert (risk.missing, risk.green) == (1, 2)


def test_what_changed_is_told_member_by_member() -> None:
    before = {"cost": {"light": "green", "words": ""}, "risk": {"words": "Few"}}
    after = {"cost": {"light": "red", "words": "Dear"}, "risk": {"words": "Few"}}

    assert changes(before, after) == (
        Change("/cost/light", "green", "red"),
        Change("/cost/words", None, "Dear"),
    )
