"""C5: three-point estimates: their moments, and the values that are drawn."""

from collections.abc import Callable
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.simulation.simulation_estimates import (
    CELLS,
    Estimate,
    Floats,
    OddEstimate,
    Shape,
    cell_means,
    fixed,
    lognormal,
    moments,
    normal_cells,
    pert,
    quantile,
    standard_pert,
    triangular,
    uniform,
)

thirds = st.tuples(*[st.floats(-1e6, 1e6)] * 3).map(sorted)


def test_moments_are_those_of_the_textbook() -> None:
    """Mean, variance and third central moment by the distributions' own formulas."""
    found = moments([fixed(7), uniform(1, 9), triangular(0, 0, 3), pert(0, 0, 6), pert(0, 3, 6)])

    assert found.mean == pytest.approx([7, 5, 1, 1, 3])
    assert found.second == pytest.approx([0, 100 / 12, 0.5, 5 / 7, 36 / 28])
    # Triangular 0, 0, 3: 2 sqrt(2) / 5 times 0.5 ** 1.5. Beta(1, 5): skewness 4 sqrt(7) / (8 sqrt(5)) x 2.
    assert found.third == pytest.approx([0, 0, 0.2, sqrt(7 / 5) * (5 / 7) ** 1.5, 0])
    # Beta(3, 3) has a kurtosis of 7 / 3, the uniform distribution one of 9 / 5.
    assert found.fourth[[1, 4]] == pytest.approx([1.8 * (100 / 12) ** 2, (36 / 28) ** 2 * 7 / 3])


def test_the_percentiles_of_a_lognormal_number_are_the_two_that_were_given() -> None:
    estimate = lognormal(2, 8)

    values = cell_means(estimate)

    assert np.quantile(values, [0.1, 0.5, 0.9]) == pytest.approx([2, 4, 8], rel=2e-3)
    spread = log(4) / (2 * NormalDist().inv_cdf(0.9))
    assert moments([estimate]).mean == pytest.approx([4 * exp(spread**2 / 2)])


@pytest.mark.parametrize(
    ("estimate", "cumulative"),
    [
        # Beta(3, 3), Beta(2, 4) and Beta(1, 5) have polynomials as cumulative distributions.
        (pert(0, 0.5, 1), lambda x: 10 * x**3 - 15 * x**4 + 6 * x**5),
        (pert(0, 0.25, 1), lambda x: 10 * x**2 - 20 * x**3 + 15 * x**4 - 4 * x**5),
        (pert(0, 0, 1), lambda x: 1 - (1 - x) ** 5),
        (triangular(0, 0, 1), lambda x: 1 - (1 - x) ** 2),
        (triangular(0, 1, 1), lambda x: x**2),
        (triangular(0, 0.5, 1), lambda x: np.where(x < 0.5, 2 * x**2, 1 - 2 * (1 - x) ** 2)),
    ],
)
def test_each_value_lies_in_the_middle_of_its_step_of_probability(
    estimate: Estimate, cumulative: Callable[[Floats], Floats]
) -> None:
    reached = cumulative(cell_means(estimate))

    assert np.max(np.abs(reached - (np.arange(CELLS) + 0.5) / CELLS)) < 0.2 / CELLS


def test_the_table_of_pert_is_symmetric_and_ascends() -> None:
    table = standard_pert()

    assert table.shape == (129, CELLS)
    assert np.max(np.abs(table + table[::-1, ::-1] - 1)) < 1e-9
    assert np.all(np.diff(table, axis=1) > 0)
    assert table.min() > 0
    assert table.max() < 1


def test_normal_values_have_mean_0_and_variance_1() -> None:
    values = normal_cells(65_536)

    assert values.mean() == pytest.approx(0, abs=1e-12)
    assert values.var() == pytest.approx(1)
    assert np.mean(values**4) == pytest.approx(3, rel=1e-3)


@pytest.mark.slow
@given(numbers=thirds, shape=st.sampled_from([triangular, pert]))
def test_the_mean_of_the_values_is_that_of_the_distribution(
    numbers: list[float], shape: Callable[..., Estimate]
) -> None:
    estimate = shape(*numbers)
    found, values = moments([estimate]), cell_means(estimate)
    width = numbers[2] - numbers[0]

    assert abs(values.mean() - found.mean[0]) <= 1e-9 * (width + abs(numbers[0]))
    assert abs(values.var() - found.second[0]) <= 2e-4 * found.second[0] + 1e-9
    assert np.all(values >= numbers[0] - 1e-9 * width - 1e-9)
    assert np.all(values <= numbers[2] + 1e-9 * width + 1e-9)


@pytest.mark.parametrize("shape", list(Shape))
def test_an_estimate_of_zero_width_is_a_fixed_number(shape: Shape) -> None:
    estimate = Estimate(shape, 3, 3, 3)

    assert estimate.is_certain
    assert np.all(cell_means(estimate) == 3)
    assert moments([estimate]).second == [0]


@pytest.mark.parametrize(
    ("shape", "low", "likely", "high"),
    [
        (Shape.PERT, 2, 1, 3),
        (Shape.PERT, 1, 4, 3),
        (Shape.TRIANGULAR, 3, 2, 1),
        (Shape.LOGNORMAL, 0, 1, 2),
        (Shape.LOGNORMAL, -1, 1, 2),
        (Shape.PERT, float("nan"), 1, 2),
        (Shape.PERT, 0, 1, float("inf")),
        (Shape.UNIFORM, float("-inf"), 1, 2),
    ],
)
def test_an_estimate_out_of_order_is_refused(shape: Shape, low: float, likely: float, high: float) -> None:
    with pytest.raises(OddEstimate):
        Estimate(shape, low, likely, high)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.78, 0.9, 0.99])
def test_a_quantile_is_that_of_the_closed_form(share: float) -> None:
    """Uniform from 2.5 to 7.5, and a triangle that rises from 0 to 1, whose quantile is a square root."""
    assert quantile(uniform(3, 7), share) == pytest.approx(2.5 + 5 * share, abs=1e-9)
    assert quantile(triangular(0, 1, 1), share) == pytest.approx(sqrt(share), abs=1e-5)
    assert quantile(fixed(4), share) == 4
