"""B5, B6: due days out of a plan, and states that stay right under it."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.aggregation import Aggregation, Rule, aggregated
from gevinst_benefits.domain.measuring.indicators import (
    Direction,
    Indicator,
    IndicatorState,
    Measurement,
    current_value,
    indicator_state,
    newest_by_place,
)
from gevinst_benefits.domain.measuring.measurement_plans import (
    Frequency,
    MeasurementPlan,
    PlanEndsBeforeItBegins,
    TooManyDueDays,
    due_days,
)

EAST, WEST = UUID(int=11), UUID(int=12)
FREED = Indicator(
    id=UUID(int=1),
    benefit_id=UUID(int=2),
    name="Minutes per case",
    unit_of_measure="minutes",
    direction=Direction.DOWN,
    target=Decimal(20),
    action="Move cases to the form",
    baseline=Decimal(42),
)


def regular(frequency: Frequency, first_on: date, until: date) -> MeasurementPlan:
    return MeasurementPlan(frequency, first_on, until)


def test_a_day_that_a_month_does_not_have_is_its_last_day() -> None:
    plan = regular(Frequency.MONTHLY, date(2027, 1, 31), date(2027, 4, 30))

    assert due_days(plan, []) == (
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    )


def test_single_days_stand_beside_the_regular_ones_once_each() -> None:
    plan = regular(Frequency.HALF_YEARLY, date(2027, 6, 30), date(2028, 6, 29))

    days = due_days(plan, [date(2027, 12, 30), date(2027, 1, 15), date(2027, 1, 15)])

    assert days == (date(2027, 1, 15), date(2027, 6, 30), date(2027, 12, 30))


def test_a_plan_ends_after_it_begins_and_has_days_that_somebody_can_keep() -> None:
    with pytest.raises(PlanEndsBeforeItBegins):
        regular(Frequency.YEARLY, date(2027, 1, 1), date(2026, 12, 31))
    with pytest.raises(TooManyDueDays):
        due_days(regular(Frequency.MONTHLY, date(2027, 1, 1), date(2087, 1, 1)), [])


@given(
    frequency=st.sampled_from(Frequency),
    first_on=st.dates(date(2020, 1, 1), date(2030, 12, 31)),
    days=st.integers(0, 4000),
)
def test_due_days_are_what_walking_through_the_months_gives(
    frequency: Frequency, first_on: date, days: int
) -> None:
    until = first_on + timedelta(days)
    expected, year, month = [], first_on.year, first_on.month
    while True:
        day = date(year, month, min(first_on.day, monthrange(year, month)[1]))
        if day > until:
            break
        expected.append(day)
        month += frequency.months
        year, month = year + (month - 1) // 12, (month - 1) % 12 + 1

    assert list(due_days(regular(frequency, first_on, until), [])) == expected


@given(
    due=st.lists(st.integers(0, 40), max_size=5),
    taken=st.lists(st.tuples(st.integers(0, 40), st.sampled_from([20, 30, 42])), max_size=6),
    today=st.integers(0, 45),
)
def test_the_states_are_those_of_walking_through_every_day(
    due: list[int], taken: list[tuple[int, int]], today: int
) -> None:
    """B6: told day by day, as somebody would who keeps a diary."""
    start = date(2027, 1, 1)
    days = due_days(MeasurementPlan(), [start + timedelta(day) for day in due])
    indicator = replace(FREED, due_on=days)
    measured = [Measurement(FREED.id, start + timedelta(day), Decimal(value)) for day, value in taken]

    state = indicator_state(indicator, measured, today=start + timedelta(today))

    is_open, latest, has_any = False, None, False
    for number in range(today + 1):
        is_late = number > 0 and (number - 1) in due
        if is_late:
            # The due day has passed: late unless something was measured since the due day before it.
            since = max((day for day in due if day < number - 1), default=-1)
            is_open = not any(since < day <= number - 1 for day, _ in taken)
        for day, value in taken:
            if day == number:
                is_open, latest, has_any = False, value, True
    expected = (
        IndicatorState.OVERDUE
        if is_open
        else IndicatorState.NOT_YET_DUE
        if not has_any
        else IndicatorState.MEASURED_ZERO
        if latest == 42
        else IndicatorState.MEASURED
    )
    assert state is expected


def test_until_every_unit_is_measured_there_is_no_value() -> None:
    """B6: missing is not zero."""
    indicator = replace(
        FREED,
        measured_in=(EAST, WEST),
        aggregation=Aggregation(units=Rule.SUM),
        due_on=(date(2027, 3, 31),),
    )
    east = Measurement(FREED.id, date(2027, 3, 1), Decimal(30), EAST)
    west = Measurement(FREED.id, date(2027, 3, 2), Decimal(12), WEST)

    def told(*measurements: Measurement, today: date) -> tuple[IndicatorState, Decimal | None]:
        newest = newest_by_place(indicator, measurements, today=today)
        return indicator_state(indicator, measurements, today=today), current_value(indicator, newest)

    assert told(east, today=date(2027, 3, 31)) == (IndicatorState.NOT_YET_DUE, None)
    assert told(east, today=date(2027, 4, 1)) == (IndicatorState.OVERDUE, None)
    assert told(east, west, today=date(2027, 4, 1)) == (IndicatorState.MEASURED_ZERO, Decimal(42))


def test_a_value_of_the_whole_does_not_stand_for_a_unit() -> None:
    indicator = replace(FREED, measured_in=(EAST,))
    whole = Measurement(FREED.id, date(2027, 3, 1), Decimal(30))

    assert indicator_state(indicator, [whole], today=date(2027, 3, 2)) is IndicatorState.NOT_YET_DUE


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        (Rule.LAST, [(10, 1), (20, 3)], 20),
        (Rule.SUM, [(10, 1), (20, 3)], 30),
        (Rule.MEAN, [(10, 1), (20, 3)], 15),
        (Rule.WEIGHTED_MEAN, [(10, 1), (20, 3)], Decimal("17.5")),
        (Rule.WEIGHTED_MEAN, [(10, 1), (20, None)], None),
        (Rule.SUM, [], None),
    ],
)
def test_several_values_make_one_by_their_rule(
    rule: Rule, values: list[tuple[int, int | None]], expected: Decimal | int | None
) -> None:
    given_values = [(Decimal(value), None if weight is None else Decimal(weight)) for value, weight in values]

    assert aggregated(rule, given_values) == expected
