"""C5: draws against closed forms, and closed forms against the whole distribution."""

from math import asin, pi, sqrt
from statistics import NormalDist

import numpy as np
import pytest

from gevinst_benefits.domain.simulation.simulation import net_present_values
from gevinst_benefits.domain.simulation.simulation_common import covariances
from gevinst_benefits.domain.simulation.simulation_estimates import (
    fixed,
    lognormal,
    pert,
    triangular,
    uniform,
)
from gevinst_benefits.domain.simulation.simulation_moments import (
    cumulants,
    percentiles,
    probabilities_above_zero,
    tornado,
)
from tests.support.uncertain_cases import analytic_cases, convolved, line, mixed_lines

DRAWS = 100_000
CASES = analytic_cases()


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", [1, 20_260_101])
def test_mean_and_variance_of_draws_are_within_three_standard_errors(name: str, seed: int) -> None:
    drawn = net_present_values(CASES[name], seed=seed, draws=DRAWS)

    exact = cumulants([CASES[name]])
    variance = exact.variance[0]
    fourth_moment = exact.fourth[0] + 3 * variance**2
    assert abs(drawn.mean() - exact.mean[0]) <= 3 * sqrt(variance / DRAWS)
    assert abs(drawn.var() - variance) <= 3 * sqrt((fourth_moment - variance**2) / DRAWS)


def test_closed_forms_are_those_worked_out_by_hand() -> None:
    names = ["one uniform line", "one triangular line", "a delay alone", "a gain less a cost"]

    found = cumulants([CASES[name] for name in names])

    # A delay alone: 20, 19.2 and 18.4 with 50, 30 and 20 %. A gain less a cost: 12 x 2.3 / 3 - 10 x 6.8 / 6.
    assert found.mean == pytest.approx([5, -4, 19.44, 12 * 2.3 / 3 - 10 * 6.8 / 6])
    assert found.variance[:3] == pytest.approx([100 / 12, 16 / 2, 0.3904])
    cost = 100 * (6.8 / 6 - 0.8) * (2 - 6.8 / 6) / 7
    gain = 144 * (0.2**2 + 1 + 1.1**2 - 0.2 - 0.2 * 1.1 - 1.1) / 18
    assert found.variance[3] == pytest.approx(cost + gain)


@pytest.mark.slow
def test_means_of_many_seeds_scatter_as_they_should() -> None:
    lines = CASES["lines on one factor"]
    exact = cumulants([lines])

    means = [net_present_values(lines, seed=seed, draws=2_000).mean() for seed in range(200)]

    z = (np.array(means) - exact.mean[0]) / sqrt(exact.variance[0] / 2_000)
    assert abs(z.mean()) < 3 / sqrt(200)
    assert np.std(z) == pytest.approx(1, abs=0.15)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a factor and a delay", "a gain less a cost", "thirty lines"])
def test_percentiles_of_draws_are_those_of_the_convolved_distribution(name: str) -> None:
    values, probabilities = convolved(CASES[name])

    drawn = net_present_values(CASES[name], seed=3, draws=DRAWS)

    below = np.cumsum(probabilities)
    for share in (0.1, 0.5, 0.9):
        reached = np.interp(np.quantile(drawn, share), values, below)
        assert abs(reached - share) <= 3.5 * sqrt(share * (1 - share) / DRAWS) + 2e-4
    assert probabilities @ values == pytest.approx(cumulants([CASES[name]]).mean[0], abs=1e-6)


@pytest.mark.slow
def test_the_series_is_near_the_convolved_distribution_of_an_ordinary_project() -> None:
    """Twenty lines: within 0.05 standard deviations and within 0.01 in probability."""
    lines = mixed_lines(20)
    values, probabilities = convolved(lines)

    found = cumulants([lines])

    below = np.cumsum(probabilities)
    spread = sqrt(found.variance[0])
    for share in (0.1, 0.5, 0.9):
        exact = values[np.searchsorted(below, share)]
        assert abs(percentiles(found, share)[0] - exact) < 0.05 * spread
    above_zero = 1 - np.interp(0.0, values, below)
    assert probabilities_above_zero(found)[0] == pytest.approx(above_zero, abs=0.01)


def test_the_series_is_exact_for_a_normal_distribution() -> None:
    """Many equal symmetric lines are nearly normal: P10 lies 1.2816 standard deviations below the mean."""
    lines = [line(n, uniform(1, 9)) for n in range(1, 401)]

    found = cumulants([lines])

    spread = sqrt(found.variance[0])
    assert percentiles(found, 0.1)[0] == pytest.approx(found.mean[0] - 1.2816 * spread, abs=0.001 * spread)
    normal = NormalDist(found.mean[0], spread)
    assert probabilities_above_zero(found)[0] == pytest.approx(1 - normal.cdf(0), abs=1e-6)


@pytest.mark.slow
def test_third_and_fourth_cumulants_are_those_of_the_draws() -> None:
    for name in ("thirty lines", "lines on one factor", "lines on four factors"):
        exact = cumulants([CASES[name]])
        drawn = net_present_values(CASES[name], seed=3, draws=1_000_000)

        away = (drawn - drawn.mean()) / drawn.std()
        assert np.mean(away**3) == pytest.approx(exact.third[0] / exact.variance[0] ** 1.5, abs=0.02)
        assert np.mean(away**4) - 3 == pytest.approx(exact.fourth[0] / exact.variance[0] ** 2, abs=0.05)


def test_a_list_of_cases_has_the_figures_of_each_case_alone() -> None:
    cases = [*CASES.values(), []]

    together = cumulants(cases)

    for number, one in enumerate(cases):
        alone = cumulants([one])
        for part in ("mean", "variance", "third", "fourth"):
            assert getattr(together, part)[number] == pytest.approx(getattr(alone, part)[0])


def test_certain_cases_have_no_spread() -> None:
    found = cumulants([[line(1, fixed(1), 5)], [line(1, fixed(1), -5)], []])

    assert percentiles(found, 0.1) == pytest.approx([5, -5, 0])
    assert list(probabilities_above_zero(found)) == [1, 0, 0]
    assert tornado([line(1, fixed(1), 5)]) == ()
    assert tornado([]) == ()


def test_uniform_numbers_on_a_common_factor_have_the_covariance_of_the_arcsine() -> None:
    """Correlation 1/2 of the normal numbers: arcsin(1/4) / (2 pi) for numbers from 0 to 1."""
    unit = uniform(0.1, 0.9)
    lines = [line(n, unit, wages=sqrt(0.5)) for n in (1, 2)]

    assert covariances(lines)[0, 1] == pytest.approx(asin(0.25) / (2 * pi), abs=1e-7)
    assert covariances(lines)[0, 0] == 0


def test_lognormal_numbers_on_a_common_factor_have_their_textbook_covariance() -> None:
    factor = lognormal(1, 3)
    lines = [line(1, factor, 2, wages=0.6), line(2, factor, 5, wages=-0.5)]
    spread = np.log(3) / (2 * NormalDist().inv_cdf(0.9))
    mean = sqrt(3) * np.exp(spread**2 / 2)

    found = covariances(lines)[0, 1]

    assert found == pytest.approx(10 * mean**2 * (np.exp(-0.3 * spread**2) - 1), rel=1e-3)


def test_common_factors_widen_what_a_portfolio_may_come_to() -> None:
    apart, together = (
        cumulants([[line(n, pert(0.5, 1, 2), 10, wages=wages) for n in range(1, 21)]]) for wages in (0, 0.6)
    )

    assert together.mean[0] == pytest.approx(apart.mean[0])
    assert together.variance[0] > 5 * apart.variance[0]


def test_the_tornado_puts_each_line_at_its_percentiles_and_the_others_at_their_mean() -> None:
    lines = [line(1, uniform(0.5, 1.5), -10), line(2, triangular(0, 1, 2), 6), line(3, fixed(1), 2)]

    bars = tornado(lines)

    # Means: -10, 6 and 2. Triangular 0, 1, 2 has its tenth percentile at sqrt(0.2).
    assert [bar.line_id for bar in bars] == [lines[0].id, lines[1].id]
    assert (bars[0].at_p10, bars[0].at_p90) == pytest.approx((-7, 3), abs=0.005)
    assert (bars[1].at_p10, bars[1].at_p90) == pytest.approx(
        (-8 + 6 * sqrt(0.2), 4 - 6 * sqrt(0.2)), abs=0.005
    )
    cost, gain = 100 * 1.25**2 / 12, 36 / 6
    assert [bar.variance_share for bar in bars] == pytest.approx([cost / (cost + gain), gain / (cost + gain)])


def test_a_line_that_varies_by_its_delay_alone_has_a_bar_too() -> None:
    (bar,) = tornado([line(1, fixed(1), 100, is_delayed=True)])

    assert (bar.at_p10, bar.at_p90) == pytest.approx((92, 100))
    assert bar.variance_share == 1


@pytest.mark.parametrize("name", CASES)
def test_variance_shares_add_up_to_one(name: str) -> None:
    assert sum(bar.variance_share for bar in tornado(CASES[name])) == pytest.approx(1)
