"""B5, B6: indicators, and states in which missing is not zero."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.indicators import (
    Direction,
    FourthIndicatorNeedsReason,
    Indicator,
    IndicatorState,
    Measurement,
    TargetAgainstDirection,
    calls_for_action,
    indicator_state,
    realised_share,
    refuse_too_many,
)

LETTERS = Indicator(
    id=UUID(int=1),
    benefit_id=UUID(int=2),
    name="Letters sent",
    unit_of_measure="letters per month",
    direction=Direction.DOWN,
    target=Decimal(100),
    action="Close the paper channel for one more form",
    baseline=Decimal(200),
    due_on=(date(2026, 3, 31), date(2026, 6, 30)),
)


def _measured(value: int, taken_on: date) -> Measurement:
    return Measurement(LETTERS.id, taken_on, Decimal(value))


MARCH = _measured(150, date(2026, 3, 20))


@pytest.mark.parametrize(
    ("indicator", "measurements", "today", "state"),
    [
        (None, [], date(2026, 1, 1), IndicatorState.NO_INDICATOR),
        (replace(LETTERS, baseline=None), [MARCH], date(2026, 4, 1), IndicatorState.NO_BASELINE),
        (replace(LETTERS, target=Decimal(200)), [MARCH], date(2026, 4, 1), IndicatorState.NOT_COMPUTABLE),
        (LETTERS, [], date(2026, 3, 31), IndicatorState.NOT_YET_DUE),
        (LETTERS, [], date(2026, 4, 1), IndicatorState.OVERDUE),
        (LETTERS, [MARCH], date(2026, 4, 1), IndicatorState.MEASURED),
        (LETTERS, [MARCH], date(2026, 6, 30), IndicatorState.MEASURED),
        (LETTERS, [MARCH], date(2026, 7, 1), IndicatorState.OVERDUE),
        (
            LETTERS,
            [MARCH, _measured(200, date(2026, 6, 29))],
            date(2026, 7, 1),
            IndicatorState.MEASURED_ZERO,
        ),
        (LETTERS, [_measured(0, date(2026, 3, 20))], date(2026, 4, 1), IndicatorState.MEASURED),
        (LETTERS, [_measured(150, date(2026, 5, 1))], date(2026, 4, 1), IndicatorState.OVERDUE),
        (replace(LETTERS, due_on=()), [], date(2030, 1, 1), IndicatorState.NOT_YET_DUE),
    ],
)
def test_every_state_of_an_indicator_is_its_own(
    indicator: Indicator | None, measurements: list[Measurement], today: date, state: IndicatorState
) -> None:
    """B6."""
    assert indicator_state(indicator, measurements, today=today) is state


def test_another_indicators_measurement_does_not_count() -> None:
    other = replace(MARCH, indicator_id=UUID(int=9))

    assert indicator_state(LETTERS, [other], today=date(2026, 4, 1)) is IndicatorState.OVERDUE


def test_half_the_way_down_is_half_realised() -> None:
    assert realised_share(LETTERS, Decimal(150)) == Decimal("0.5")
    assert realised_share(LETTERS, Decimal(250)) == Decimal("-0.5")


def test_a_target_equal_to_the_baseline_is_not_computable_and_no_error() -> None:
    assert realised_share(replace(LETTERS, target=Decimal(200)), Decimal(150)) is None
    assert realised_share(replace(LETTERS, baseline=None), Decimal(150)) is None


def test_the_owner_acts_at_the_threshold_that_was_said() -> None:
    """B5."""
    down = replace(LETTERS, act_at=Decimal(170))
    up = replace(LETTERS, direction=Direction.UP, target=Decimal(300), act_at=Decimal(220))

    assert [calls_for_action(down, Decimal(value)) for value in (169, 170, 171)] == [False, True, True]
    assert [calls_for_action(up, Decimal(value)) for value in (219, 220, 221)] == [True, True, False]
    assert calls_for_action(LETTERS, Decimal(170)) is None


def test_a_target_on_the_wrong_side_of_the_baseline_is_refused() -> None:
    with pytest.raises(TargetAgainstDirection, match="down"):
        replace(LETTERS, target=Decimal(300))


def test_a_fourth_indicator_asks_for_a_reason() -> None:
    """B5."""
    with pytest.raises(FourthIndicatorNeedsReason):
        refuse_too_many(3, reason=" ")
    refuse_too_many(3, reason="The board acts on it every month")
    refuse_too_many(2, reason="")


@given(baseline=st.integers(-(10**6), 10**6), target=st.integers(-(10**6), 10**6))
def test_the_baseline_is_none_of_the_way_and_the_target_all_of_it(baseline: int, target: int) -> None:
    direction = Direction.UP if target > baseline else Direction.DOWN
    indicator = replace(LETTERS, baseline=Decimal(baseline), target=Decimal(target), direction=direction)

    shares = [realised_share(indicator, Decimal(value)) for value in (baseline, target)]

    assert shares == ([None, None] if baseline == target else [0, 1])
