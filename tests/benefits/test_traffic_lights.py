"""B7: trajectories, and a light from stated tolerances that a person may overrule for a time."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.forecasting import Forecast, Method, Spread
from gevinst_benefits.domain.measuring.indicators import IndicatorState
from gevinst_benefits.domain.measuring.tolerances import Bound, Measure, Tolerance
from gevinst_benefits.domain.measuring.traffic_lights import (
    Cause,
    Colour,
    Override,
    OverrideEndsEarly,
    OverrideTooLong,
    light_of,
    override_in_force,
    refuse_odd_override,
)
from gevinst_benefits.domain.measuring.trajectories import (
    Curve,
    OddTrajectoryPoints,
    Point,
    Trajectory,
    TrajectoryEndsEarly,
    on_benefit_dates,
    planned_shares,
    planned_value,
)
from gevinst_benefits.domain.plan.timing import Ramp, RampKind, Timing
from gevinst_shared.web.languages import LANGUAGES

START, END = date(2027, 1, 1), date(2028, 1, 1)
TODAY = date(2027, 7, 1)
# Of what was planned: a fifth may be missing before it is yellow, a half before it is red.
TOLERANCE = Tolerance(
    "made-up", Measure.BENEFIT, Bound(Decimal("0.2")), Bound(Decimal("0.5")), "made up", START
)


def lit(
    realised: str | None,
    *,
    planned: str | None = "0.5",
    state: IndicatorState = IndicatorState.MEASURED,
    forecast: Forecast | None = None,
) -> tuple[Colour, Cause]:
    light = light_of(
        state,
        planned=None if planned is None else Decimal(planned),
        realised=None if realised is None else Decimal(realised),
        forecast=forecast,
        tolerance=TOLERANCE,
    )
    return light.colour, light.cause


def ending(low: float, median: float, high: float, *, is_too_early: bool = False) -> Forecast:
    spread = Spread(low, median, high)
    return Forecast(Method.RATIO_AND_DELAY, 6, spread, spread, 0, is_too_early, is_eroding=False)


@pytest.mark.parametrize(
    ("realised", "expected"),
    [
        ("0.6", (Colour.GREEN, Cause.ON_COURSE)),
        ("0.4", (Colour.GREEN, Cause.ON_COURSE)),
        ("0.39", (Colour.YELLOW, Cause.BEHIND)),
        ("0.25", (Colour.YELLOW, Cause.BEHIND)),
        ("0.24", (Colour.RED, Cause.FAR_BEHIND)),
        (None, (Colour.NONE, Cause.NOT_MEASURED)),
    ],
)
def test_the_light_follows_what_is_missing_today(
    realised: str | None, expected: tuple[Colour, Cause]
) -> None:
    assert lit(realised) == expected


def test_what_cannot_be_judged_has_no_colour() -> None:
    """B6: missing is not zero, and no light is not green."""
    assert lit("0.5", state=IndicatorState.NO_BASELINE) == (Colour.NONE, Cause.NO_BASELINE)
    assert lit(None, state=IndicatorState.NOT_COMPUTABLE) == (Colour.NONE, Cause.NOT_COMPUTABLE)
    assert lit("0.5", planned=None) == (Colour.NONE, Cause.NO_TRAJECTORY)
    assert lit(None, planned="0", state=IndicatorState.NOT_YET_DUE) == (Colour.NONE, Cause.NOT_BEGUN)


def test_where_all_is_done_on_its_day_nothing_is_short_but_it_can_be_lost() -> None:
    """B7: a forecast that leans on a slow beginning does not blame what has arrived since."""
    behind = ending(0.6, 0.7, 0.8)
    assert lit("1.06", planned="1", forecast=behind) == (Colour.GREEN, Cause.ON_COURSE)
    assert lit("0.99", planned="1", forecast=behind) == (Colour.YELLOW, Cause.ENDS_SHORT)
    assert lit("0.9", planned="0.9", forecast=behind) == (Colour.YELLOW, Cause.ENDS_SHORT)
    eroding = replace(behind, is_eroding=True)
    assert lit("1", planned="1", forecast=eroding) == (Colour.YELLOW, Cause.ERODING)


def test_the_worst_of_now_and_later_is_shown() -> None:
    assert lit("0.5", forecast=ending(0.2, 0.3, 0.4)) == (Colour.RED, Cause.ENDS_FAR_SHORT)
    assert lit("0.5", forecast=ending(0.2, 0.3, 0.4, is_too_early=True)) == (Colour.GREEN, Cause.ON_COURSE)
    assert lit("0.5", forecast=ending(0.6, 0.7, 1.0)) == (Colour.YELLOW, Cause.ENDS_SHORT)
    assert lit("0.2", forecast=ending(0.6, 0.7, 1.0)) == (Colour.RED, Cause.FAR_BEHIND)
    assert lit("0.5", state=IndicatorState.OVERDUE) == (Colour.YELLOW, Cause.MEASUREMENT_OVERDUE)


def test_an_override_holds_until_its_day_has_passed_and_can_be_taken_back() -> None:
    said = Override(Colour.GREEN, "Counted by hand", TODAY, "cato")
    taken_back = Override(None, "The extract is right again", TODAY + timedelta(9), "cato")

    assert override_in_force([said], today=TODAY) == said
    assert override_in_force([said], today=TODAY + timedelta(1)) is None
    assert override_in_force([said, taken_back], today=TODAY) is None
    assert override_in_force([], today=TODAY) is None
    with pytest.raises(OverrideEndsEarly):
        refuse_odd_override(TODAY - timedelta(1), today=TODAY)
    with pytest.raises(OverrideTooLong):
        refuse_odd_override(TODAY + timedelta(367), today=TODAY)


def test_without_a_tolerance_or_a_plan_to_fall_short_of_there_is_no_colour() -> None:
    """B6, B7: what is below the baseline before anything is planned is a share of nothing."""
    lights = [
        light_of(
            IndicatorState.MEASURED,
            planned=Decimal(planned),
            realised=Decimal("-0.1"),
            forecast=None,
            tolerance=tolerance,
        )
        for planned, tolerance in (("0.5", None), ("0", TOLERANCE))
    ]

    assert [(one.colour, one.cause) for one in lights] == [
        (Colour.NONE, Cause.NO_TOLERANCE),
        (Colour.NONE, Cause.NOT_BEGUN),
    ]


def test_an_indicator_without_days_goes_its_benefits_way() -> None:
    """B9: from the day the benefit begins to its full size, as its ramp goes."""
    table = Ramp(RampKind.TABLE, shares=(Decimal("0.25"), Decimal("0.4"), Decimal("0.5")))

    ways = [
        on_benefit_dates(Timing(ramp=ramp), START)
        for ramp in (Ramp(), Ramp(RampKind.LINEAR, 12), Ramp(RampKind.S_CURVE, 24), table)
    ]

    assert ways[:3] == [
        Trajectory(START, date(2027, 2, 1)),
        Trajectory(START, END),
        Trajectory(START, date(2029, 1, 1), Curve.S_CURVE),
    ]
    by_table = ways[3]
    assert by_table is not None
    assert by_table.points[1:3] == (
        Point(date(2027, 7, 1), Decimal("0.5")),
        Point(date(2028, 7, 1), Decimal("0.8")),
    )
    assert by_table.target_on == date(2029, 1, 1)
    assert on_benefit_dates(Timing(ramp=Ramp(RampKind.LINEAR, 12)), date(9999, 6, 1)) is None
    nothing = Ramp(RampKind.TABLE, shares=(Decimal("0.25"), Decimal(0)))
    assert on_benefit_dates(Timing(ramp=nothing), START) is None


def test_the_planned_value_runs_from_the_baseline_to_the_target() -> None:
    """42 to 20 in a year: half-way after half of the days, a bit less of it on an S-curve before."""
    straight, s_curve = Trajectory(START, END), Trajectory(START, END, Curve.S_CURVE)
    quarter = START + timedelta(91)

    def value(way: Trajectory, on: date) -> Decimal:
        return planned_value(way, baseline=Decimal(42), target=Decimal(20), on=on)

    assert value(straight, START) == 42
    assert value(straight, END) == value(straight, END + timedelta(99)) == 20
    assert value(straight, START - timedelta(9)) == 42
    assert value(straight, quarter) == Decimal("36.515068")
    assert planned_shares(s_curve, [365 / 4])[0] == pytest.approx(0.15625)
    assert value(s_curve, quarter) > value(straight, quarter)


def test_between_points_it_runs_straight() -> None:
    way = Trajectory(
        START,
        END,
        Curve.POINTS,
        (
            Point(START, Decimal(0)),
            Point(START + timedelta(100), Decimal("0.8")),
            Point(END, Decimal(1)),
        ),
    )

    assert planned_shares(way, [50, 100, 365]) == pytest.approx([0.4, 0.8, 1.0])


@pytest.mark.parametrize(
    "points", [(), (Point(START, Decimal(0)),), (Point(START, Decimal(1)), Point(END, Decimal(1)))]
)
def test_points_that_make_no_way_are_refused(points: tuple[Point, ...]) -> None:
    with pytest.raises(OddTrajectoryPoints):
        Trajectory(START, END, Curve.POINTS, points)
    with pytest.raises(TrajectoryEndsEarly):
        Trajectory(START, START)


@given(curve=st.sampled_from([Curve.LINEAR, Curve.S_CURVE]), days=st.lists(st.floats(-500, 900), min_size=2))
def test_a_way_without_points_never_turns_back(curve: Curve, days: list[float]) -> None:
    shares = planned_shares(Trajectory(START, END, curve), sorted(days))

    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


def test_each_cause_has_its_sentence_in_five_languages() -> None:
    folder = files("gevinst_benefits") / "sentences"
    english = json.loads((folder / "lights.en.json").read_text("utf-8"))

    for language in LANGUAGES:
        told = json.loads((folder / f"lights.{language}.json").read_text("utf-8"))
        assert told.keys() == set(Cause), language
        assert all(("{missing}" in told[cause]) == ("{missing}" in english[cause]) for cause in Cause)
