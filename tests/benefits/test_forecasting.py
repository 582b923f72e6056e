"""B7: forecasts from few measurements: recovery of a known truth, calibration, and erosion."""

import random
from datetime import date, timedelta
from math import exp, isfinite, log, sqrt
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.forecasting import (
    NOISE,
    NOISE_FLOOR,
    Forecast,
    Method,
    Observation,
    RatioPrior,
    forecast,
)
from gevinst_benefits.domain.measuring.trajectories import Curve, Trajectory, planned_shares

START = date(2027, 1, 1)
# Three years on an S-curve.
PLAN = Trajectory(START, START + timedelta(1096), Curve.S_CURVE)
QUARTER = 91.3125


def measured(
    ratio: float, delay: float, quarters: int, rng: random.Random | None = None
) -> list[Observation]:
    """A series measured at the end of each quarter; exact without `rng`."""
    found = []
    for number in range(1, quarters + 1):
        day = START + timedelta(round(number * QUARTER))
        expected = ratio * planned_shares(PLAN, [(day - START).days - delay])[0]
        noise = 0.0 if rng is None else rng.gauss(0, sqrt((NOISE * expected) ** 2 + NOISE_FLOOR**2))
        found.append(Observation(day, expected + noise))
    return found


def drawn(rng: random.Random) -> tuple[float, float]:
    """A truth out of the default prior."""
    ratio = exp(rng.gauss(log(0.8), 0.45))
    delay = min(rng.gammavariate(2, QUARTER), 10 * QUARTER)
    return ratio, delay


@pytest.mark.parametrize(("ratio", "delay"), [(0.5, 0.0), (0.8, 90.0), (1.1, 180.0), (0.6, 365.0)])
def test_a_known_truth_is_found_again(ratio: float, delay: float) -> None:
    found = forecast(PLAN, measured(ratio, delay, 12))

    assert found.end.median == pytest.approx(ratio, abs=0.1)
    assert found.end.low < ratio < found.end.high
    assert found.delay_days == pytest.approx(delay, abs=70)
    assert not found.is_too_early


def test_without_measurements_the_prior_is_told_and_said_to_be_too_early() -> None:
    """Median 0.8, and 80 % between 0.8·exp(∓1.2816·0.45), but for what is kept back in doubt."""
    found = forecast(PLAN, [])

    assert found.months == 0
    assert found.is_too_early
    assert found.end.median == pytest.approx(0.8, abs=0.02)
    assert found.end.low == pytest.approx(0.449, abs=0.03)
    assert found.end.high == pytest.approx(1.424, abs=0.08)


@pytest.mark.parametrize("quarters", [1, 2, 4, 6, 8, 12])
def test_eight_of_ten_intervals_hold_the_truth(quarters: int) -> None:
    """Calibration on 400 seeded series: within three standard errors of the binomial below, five above."""
    rng = random.Random(f"calibration {quarters}")
    hits = 0
    for _ in range(400):
        ratio, delay = drawn(rng)
        found = forecast(PLAN, measured(ratio, delay, quarters, rng))
        hits += found.end.low <= ratio <= found.end.high

    assert 0.8 - 3 * 0.02 <= hits / 400 <= 0.8 + 5 * 0.02


@pytest.mark.parametrize("quarters", [2, 4, 6])
def test_it_is_nearer_the_truth_than_actual_over_planned(quarters: int) -> None:
    """A late start must not look like a low benefit, nor a ramp like a trend."""
    rng = random.Random(f"error {quarters}")
    ours, last_ratio = [], []
    for _ in range(200):
        ratio, delay = drawn(rng)
        series = measured(ratio, delay, quarters, rng)
        planned = planned_shares(PLAN, [(series[-1].day - START).days])[0]
        ours.append(abs(forecast(PLAN, series).end.median - ratio))
        last_ratio.append(abs(series[-1].share / planned - ratio))

    assert fmean(ours) < fmean(last_ratio)


def test_more_measurements_tell_more() -> None:
    widths = [forecast(PLAN, measured(0.7, 60, quarters)).end.width for quarters in (1, 4, 8, 11)]

    assert widths == sorted(widths, reverse=True)


def test_the_organisations_own_history_moves_the_forecast_while_little_is_measured() -> None:
    """C6."""
    hopeful, sober = RatioPrior(log(1.0), 0.2), RatioPrior(log(0.4), 0.2)
    series = measured(0.7, 0, 2)

    assert forecast(PLAN, series, sober).end.median < forecast(PLAN, series, hopeful).end.median


def test_on_the_plateau_the_level_is_followed_and_erosion_is_told() -> None:
    rng = random.Random("erosion")
    steady = [
        Observation(PLAN.target_on + timedelta(30 * month + 1), 0.9 + rng.gauss(0, 0.03))
        for month in range(1, 13)
    ]
    falling = [
        Observation(one.day, one.share - 0.04 * max(0, number - 4)) for number, one in enumerate(steady)
    ]

    kept, eroded = forecast(PLAN, steady), forecast(PLAN, falling)

    assert (kept.method, kept.is_eroding) == (Method.LEVEL, False)
    assert kept.end.median == pytest.approx(0.9, abs=0.05)
    assert eroded.is_eroding
    assert eroded.end.median < 0.8


def test_a_steady_level_seldom_alarms() -> None:
    rng = random.Random("alarms")
    days = [PLAN.target_on + timedelta(31 * month) for month in range(1, 13)]
    alarms = 0
    for _ in range(200):
        series = [Observation(day, rng.gauss(0.9, 0.06)) for day in days]
        alarms += forecast(PLAN, series).is_eroding

    assert alarms <= 20


shares = st.one_of(st.floats(-3, 5), st.floats(-1e18, 1e18))
priors = st.builds(RatioPrior, st.floats(-3, 5), st.floats(0.05, 2))


@given(
    series=st.lists(
        st.tuples(st.dates(START - timedelta(400), START + timedelta(4000)), shares), max_size=40
    ),
    prior=priors,
)
def test_whatever_was_measured_the_answer_is_finite_ordered_and_the_same_again(
    series: list[tuple[date, float]],
    prior: RatioPrior,
) -> None:
    observations = [Observation(day, share) for day, share in series]

    found = forecast(PLAN, observations, prior)

    for spread in (found.end, found.at_target):
        assert spread.low <= spread.median <= spread.high
        assert isfinite(spread.width)
    assert forecast(PLAN, list(reversed(observations)), prior) == found
    assert isinstance(found, Forecast)
