"""C5: what a case may come to when its assumptions vary, against closed forms; one seed, one answer."""

from decimal import Decimal
from math import sqrt

import numpy as np
import pytest

from gevinst_benefits.domain.case.case_sensitivity import tornado
from gevinst_benefits.domain.simulation.case_draws import CHUNK, net_present_values
from gevinst_benefits.domain.simulation.case_simulation import NothingToDraw, simulate_case
from tests.benefits.cases import INDEX, frame
from tests.benefits.living_cases import assumed, figures, line, model, once, ranged

DRAWS = 40_000
ONE_YEAR = frame(horizon_years=1)
MILLION = ("1000000", "500000", "2000000")


def spread(
    name: str, shape: str, unit: str = "NOK", numbers: tuple[str, str, str] = MILLION
) -> dict[str, object]:
    likely, low, high = numbers
    return assumed(name, likely, unit, spread={"low": low, "high": high, "distribution": shape})


@pytest.mark.parametrize(
    ("shape", "mean", "variance"),
    [
        # PERT: (0.5 + 4 + 2) / 6; of alpha 7/3 and beta 11/3 the variance is 1.5² αβ / 252.
        ("pert", 6.5 / 6, 1.5**2 * (7 / 3) * (11 / 3) / 252),
        ("triangular", 3.5 / 3, (1.5**2 - 0.5 * 1.5 + 0.5**2) / 18),
        ("uniform", 1.25, 1.5**2 / 12),
    ],
)
def test_mean_and_spread_agree_with_the_closed_form(shape: str, mean: float, variance: float) -> None:
    found = simulate_case(
        model(line(1, "benefit", "a"), assumptions=(spread("a", shape),)), ONE_YEAR, seed=7, draws=DRAWS
    )

    error = float(found.mean.standard_error) / 1e6
    assert abs(float(found.mean.value) / 1e6 - mean) < 3 * error
    assert error == pytest.approx(sqrt(variance / DRAWS), rel=0.02)
    assert float(found.standard_deviation) / 1e6 == pytest.approx(sqrt(variance), rel=0.02)
    assert found.computed == found.draws == DRAWS


def test_a_product_of_two_assumptions_has_the_product_of_their_means() -> None:
    """Not linear, and so nothing for a simulation of lines: E[ab] = E[a] E[b]."""
    case = model(
        line(1, "benefit", "a * n"),
        assumptions=(spread("a", "uniform"), spread("n", "uniform", "1", ("2", "1", "5"))),
    )

    found = simulate_case(case, ONE_YEAR, seed=1, draws=DRAWS)

    assert abs(float(found.mean.value) - 1_250_000 * 3) < 3 * float(found.mean.standard_error)


def test_lines_that_read_one_assumption_rise_and_fall_together() -> None:
    hedged = model(
        line(1, "benefit", "a"),
        line(2, "cost", "a - 1 * b"),
        assumptions=(spread("a", "pert"), assumed("b", "5", "NOK")),
    )

    found = simulate_case(hedged, ONE_YEAR, seed=1, draws=1000)

    assert (found.standard_deviation, found.p10.value, found.p90.value) == figures(0, 5, 5)
    assert found.probability_above_zero.value == 1


def test_a_certain_case_comes_to_what_it_says() -> None:
    """With costs, ramps, the zero alternative, a risk pool and indexed prices it is the exact value."""
    case = model(
        line(1, "cost", "p * 7"),
        line(2, "benefit", {"pattern": "yearly", "amounts": ["900", "p * 2", "10"]}),
        line(3, "cost", "40", alternative="zero"),
        line(4, "benefit", "5", ledger="time", unit_of_measure="hours"),
        assumptions=(assumed("p", "11", "NOK", price_year=2024),),
        risk_pool={"unit_id": line(1, "cost", "1")["unit_id"], "share": "0.2", "amount": "9"},
    )
    within = frame(horizon_years=5, index=INDEX)

    found = simulate_case(case, within, seed=3, draws=100)

    assert found.p50.value == found.mean.value == tornado(case, within).net_present_value


def test_the_same_seed_gives_the_same_figures_and_another_does_not() -> None:
    case = model(line(1, "benefit", "a"), assumptions=(spread("a", "pert"),))

    drawn = [simulate_case(case, ONE_YEAR, seed=seed, draws=5000) for seed in (5, 5, 6)]

    assert drawn[0] == drawn[1]
    assert drawn[0].p50 != drawn[2].p50


def test_an_assumption_keeps_its_draws_when_others_come_and_go() -> None:
    """The difference between two versions is not noise."""
    before = model(line(1, "benefit", "a"), assumptions=(spread("a", "pert"),))
    after = model(
        line(2, "cost", "b"),
        line(1, "benefit", "a"),
        assumptions=(assumed("b", "10", "NOK"), spread("a", "pert")),
    )

    differences = np.subtract(
        net_present_values(before, ONE_YEAR, seed=2, draws=1000),
        net_present_values(after, ONE_YEAR, seed=2, draws=1000),
    )

    assert np.allclose(differences, 10 / 1e6, atol=1e-12)


def test_a_range_is_in_the_unit_and_the_prices_that_it_is_written_in() -> None:
    """30 to 90 minutes at 600 an hour in 2024 prices, which are 6 % less than those of the case."""
    case = model(
        line(1, "cost", once("time * wage")),
        assumptions=(
            spread("time", "uniform", "minutes", ("60", "30", "90")),
            assumed("wage", "600", "NOK/hour", price_year=2024),
        ),
    )

    values = net_present_values(case, frame(index=INDEX), seed=1, draws=DRAWS) * 1e6

    assert values.min() == pytest.approx(-954, abs=1)
    assert values.max() == pytest.approx(-318, abs=1)


def test_a_line_starts_late_as_often_as_it_says() -> None:
    """Three years of 100 with 60 %, the last two of them with 40 %."""
    delays = [{"years": 0, "probability": "0.6"}, {"years": 1, "probability": "0.4"}]
    case = model(line(1, "benefit", "100", start_delays=delays))

    values = net_present_values(case, frame(horizon_years=3), seed=1, draws=DRAWS) * 1e6

    on_time, late = 100 * (1 + 1 / 1.04 + 1 / 1.04**2), 100 * (1 / 1.04 + 1 / 1.04**2)
    assert set(np.round(values, 6)) == {round(on_time, 6), round(late, 6)}
    assert abs(np.mean(values > late + 1) - 0.6) < 3 * sqrt(0.24 / DRAWS)


def test_draws_that_divide_by_zero_are_counted_and_left_out() -> None:
    """Of a share from 0 to 2 every second is below one, where the divisor is zero."""
    case = model(
        line(1, "benefit", "price / max(0, round(n))"),
        assumptions=(ranged("n", "1", "0", "2"), assumed("price", "6", "NOK")),
    )

    found = simulate_case(case, ONE_YEAR, seed=1, draws=1000)

    assert 500 < found.computed < 1000
    assert found.probability_above_zero.value == 1


def test_draws_that_nearly_divide_by_zero_are_left_out_too() -> None:
    """A huge amount and its opposite: neither figure nor warning comes of it."""
    tiny = "price / (n - 1) ^ 100"
    case = model(
        line(1, "benefit", f"if(n == 0, price, {tiny})"),
        line(2, "cost", f"if(n == 0, price, {tiny})"),
        assumptions=(ranged("n", "0", "0", "2"), assumed("price", "6", "NOK")),
    )

    found = simulate_case(case, ONE_YEAR, seed=1, draws=1000)

    assert 0 < found.computed <= 1000


def test_a_case_of_which_no_draw_can_be_computed_says_so() -> None:
    case = model(
        line(1, "benefit", "if(n == 1, price, price / (n - n))"),
        assumptions=(ranged("n", "1", "0", "1.5"), assumed("price", "6", "NOK")),
    )

    with pytest.raises(NothingToDraw):
        simulate_case(case, ONE_YEAR, seed=1, draws=100)


def test_the_probability_of_a_gain_is_that_of_the_closed_form() -> None:
    case = model(line(1, "benefit", "a"), line(2, "cost", "1250000"), assumptions=(spread("a", "uniform"),))

    found = simulate_case(case, ONE_YEAR, seed=4, draws=DRAWS)

    above = found.probability_above_zero
    assert abs(above.value - Decimal("0.5")) < 3 * above.standard_error


def test_what_a_delay_moves_behind_the_last_year_is_worth_nothing() -> None:
    """Also where it could not be computed: a divisor that is zero in a year that does not count."""
    delays = [{"years": 0, "probability": "0.5"}, {"years": 1, "probability": "0.5"}]
    amounts = {"pattern": "yearly", "amounts": ["6", "price / max(0, round(n))"]}
    case = model(
        line(1, "benefit", amounts, start_delays=delays),
        assumptions=(ranged("n", "1", "0", "1.2"), assumed("price", "6", "NOK")),
    )

    values = net_present_values(case, frame(horizon_years=2), seed=1, draws=2000) * 1e6

    late = np.isclose(values, 6 / 1.04)
    assert abs(late.mean() - 0.5) < 3 * sqrt(0.25 / 2000)
    assert not np.isfinite(values[~late]).all()


def test_the_first_draws_are_the_same_however_many_follow() -> None:
    """Also where they are made in several pieces."""
    delays = [{"years": 0, "probability": "0.5"}, {"years": 1, "probability": "0.5"}]
    hanging = spread("a", "pert") | {"loadings": [{"factor": "wages", "loading": "0.6"}]}
    case = model(
        line(1, "benefit", "a + b", start_delays=delays),
        assumptions=(hanging, spread("b", "uniform")),
        factors=[{"code": "wages", "name": "Wages"}],
    )

    few, many = (
        net_present_values(case, frame(horizon_years=3), seed=8, draws=draws)
        for draws in (CHUNK + 11, 3 * CHUNK)
    )

    assert np.array_equal(few, many[: CHUNK + 11])
    assert len(np.unique(many)) > 0.99 * len(many)
