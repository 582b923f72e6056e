"""C5: assumptions that hang on common factors, against closed forms; each keeps the range that it has."""

import json
import os
import subprocess
import sys
from decimal import Decimal
from math import asin, pi, sqrt
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gevinst_benefits.domain.case.case_document import model_document, model_from
from gevinst_benefits.domain.case.case_factors import (
    FactorTwice,
    FactorWithoutRange,
    LoadingOutsideRange,
    UnknownFactor,
)
from gevinst_benefits.domain.case.case_model import CaseModel
from gevinst_benefits.domain.case.case_resolving import resolve
from gevinst_benefits.domain.case.case_sensitivity import FactorSensitivity, tornado
from gevinst_benefits.domain.simulation.case_draws import net_present_values
from gevinst_benefits.domain.simulation.case_simulation import simulate_case
from gevinst_benefits.domain.simulation.random_words import RandomWords
from gevinst_benefits.domain.simulation.simulation_factors import OddLoadings, factor_draws, hanging_draws
from gevinst_shared.values.refusal import Refusal
from tests.benefits.cases import frame
from tests.benefits.living_cases import Json, assumed, document, figures, line, model

DRAWS = 100_000
ONE_YEAR = frame(horizon_years=1)
WAGES, UPTAKE = {"code": "wages", "name": "Wage growth"}, {"code": "uptake", "name": "Uptake"}
# Draws a case in another process.
ELSEWHERE = """
import json, sys
from gevinst_benefits.domain.case.case_document import model_from
from gevinst_benefits.domain.simulation.case_simulation import simulate_case
from tests.benefits.cases import frame
found = simulate_case(model_from(json.load(sys.stdin)), frame(horizon_years=1), seed=11, draws=2000)
print(found.p10.value, found.p90.value)
"""


def uniform(name: str, low: str = "0", high: str = "1000000", unit: str = "NOK", **loadings: Any) -> Json:
    """A number between two, by factors such as `wages=0.6`."""
    spread = {"low": low, "high": high, "distribution": "uniform"}
    middle = str((Decimal(low) + Decimal(high)) / 2)
    hangs = [{"factor": factor, "loading": str(loading)} for factor, loading in loadings.items()]
    return assumed(name, middle, unit, spread=spread, **({"loadings": hangs} if hangs else {}))


def two(a: Json, b: Json, *formulas: str) -> CaseModel:
    """A benefit by each of the formulas, or by each of the assumptions."""
    return model_from(two_document(a, b, *formulas))


def two_document(a: Json, b: Json, *formulas: str) -> Json:
    lines = [line(number, "benefit", text) for number, text in enumerate(formulas or ("a", "b"), start=1)]
    return document(*lines, assumptions=(a, b), factors=[WAGES, UPTAKE])


def drawn(case: CaseModel, *, seed: int = 9, draws: int = DRAWS, **members: Any) -> NDArray[np.float64]:
    return net_present_values(case, ONE_YEAR, seed=seed, draws=draws, **members)


def variance(values: NDArray[np.float64]) -> tuple[float, float]:
    """The variance of draws and its standard error."""
    away = (values - values.mean()) ** 2
    return float(away.mean()), float(away.std() / sqrt(len(values)))


@pytest.mark.parametrize(("b", "c"), [(0.6, 0.6), (1.0, 0.3), (0.8, -0.5), (0.0, 0.9)])
def test_a_weighted_sum_of_two_normal_numbers_has_the_variance_of_its_formula(b: float, c: float) -> None:
    """2² + 3² + 2 rho 2 × 3, where rho is the product of the loadings; each alone has the variance 1."""
    random = RandomWords(3)
    common = factor_draws(["wages"], random, DRAWS)
    x, y = (
        hanging_draws((("wages", loading),), random.of_line(UUID(int=number)).words(DRAWS), common)
        for number, loading in enumerate((b, c))
    )

    for found, expected in ((2 * x + 3 * y, 13 + 12 * b * c), (x, 1.0), (y, 1.0)):
        value, error = variance(found)
        assert abs(value - expected) < 3 * error


@pytest.mark.parametrize(("b", "c"), [(0.7, 0.7), (1.0, 0.5), (0.9, -0.6)])
def test_two_uniform_assumptions_have_the_covariance_of_the_closed_form(b: float, c: float) -> None:
    """Uniform numbers whose normal numbers have correlation r have the covariance arcsin(r / 2) / (2 pi)."""
    found, error = variance(drawn(two(uniform("a", wages=b), uniform("b", wages=c))))

    assert abs(found - (2 / 12 + 2 * asin(b * c / 2) / (2 * pi))) < 3 * error


def test_assumptions_on_two_factors_share_what_their_loadings_share() -> None:
    """The correlation is Σ bᵢ cᵢ: 0.6 × 0.8 + 0.5 × -0.4."""
    case = two(uniform("a", wages=0.6, uptake=0.5), uniform("b", wages=0.8, uptake=-0.4))

    found, error = variance(drawn(case))

    assert abs(found - (2 / 12 + 2 * asin(0.28 / 2) / (2 * pi))) < 3 * error


def test_a_factor_changes_the_mean_of_a_product_and_not_of_a_sum_nor_the_exact_value() -> None:
    """E[ab] = E[a] E[b] + cov(a, b); what the case comes to at its values knows of no factor."""
    a, b = uniform("a", wages=0.9), uniform("b", "0", "1", "1", wages=0.9)
    product, alone = two(a, b, "a * b"), two(a, b, "a")

    of_product = simulate_case(product, ONE_YEAR, seed=5, draws=DRAWS).mean
    of_one = simulate_case(alone, ONE_YEAR, seed=5, draws=DRAWS).mean

    expected = 1e6 * (0.25 + asin(0.81 / 2) / (2 * pi))
    assert abs(float(of_product.value) - expected) < 3 * float(of_product.standard_error)
    assert abs(float(of_one.value) - 500_000) < 3 * float(of_one.standard_error)
    assert tornado(product, ONE_YEAR).net_present_value == 250_000


@pytest.mark.parametrize("shape", ["pert", "triangular", "uniform"])
def test_what_hangs_on_a_factor_keeps_its_own_distribution(shape: str) -> None:
    """Its percentiles are those that it has alone."""
    spread = {"low": "0", "high": "1000000", "distribution": shape}
    alone = assumed("a", "300000", "NOK", spread=spread)
    hanging = alone | {"loadings": [{"factor": "wages", "loading": "0.7"}]}

    before, after = (
        simulate_case(two(one, uniform("b"), "a"), ONE_YEAR, seed=2, draws=DRAWS) for one in (alone, hanging)
    )

    for name in ("mean", "p10", "p50", "p90"):
        one, other = getattr(before, name), getattr(after, name)
        assert abs(one.value - other.value) < 4 * one.standard_error


def test_without_a_factor_or_with_a_loading_of_nothing_assumptions_are_independent() -> None:
    """1/12 + 1/12; and a loading of 0 is as if it were not there, draw by draw."""
    alone = drawn(two(uniform("a"), uniform("b")))

    found, error = variance(alone)

    assert abs(found - 2 / 12) < 3 * error
    assert np.array_equal(alone, drawn(two(uniform("a", wages=0), uniform("b", uptake=0))))


def test_a_loading_of_one_leaves_nothing_of_its_own() -> None:
    """Two that follow a factor wholly move in step, and against each other with the opposite sign."""
    same = drawn(two(uniform("a", wages=1), uniform("b", wages=1), "a - b"), draws=1000)
    against = drawn(two(uniform("a", wages=1), uniform("b", wages=-1)), draws=1000)

    assert np.allclose(same, 0, atol=1e-12)
    assert np.allclose(against, 1, atol=0.001)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(loading=st.floats(-1, 1), seed=st.integers(0, 2**64 - 1), order=st.permutations(["a", "b", "c"]))
def test_an_assumption_keeps_its_draws_whatever_else_hangs_on_its_factor(
    loading: float, seed: int, order: list[str]
) -> None:
    """Versions differ without noise: a stream hangs on the seed and the name alone."""
    known = {
        "a": uniform("a", wages=0.5),
        "b": uniform("b", wages=round(loading, 3)),
        "c": uniform("c", uptake=0.4, wages=-0.3),
    }
    more = model(
        line(1, "benefit", "a"), assumptions=tuple(known[one] for one in order), factors=[UPTAKE, WAGES]
    )
    less = model(line(1, "benefit", "a"), assumptions=(known["a"],), factors=[WAGES])

    assert np.array_equal(drawn(more, seed=seed, draws=500), drawn(less, seed=seed, draws=500))


def test_cases_of_one_factor_seed_share_their_factors_and_nothing_else() -> None:
    """An assumption of the same name is another one in another project; the factor is the same."""
    bound, loose = two(uniform("a", wages=1), uniform("b"), "a"), two(uniform("a"), uniform("b"), "a")

    together = [drawn(bound, seed=seed, factor_seed=77, draws=5000) for seed in (1, 2)]
    apart = [drawn(loose, seed=seed, factor_seed=77, draws=5000) for seed in (1, 2)]

    assert np.array_equal(together[0], together[1])
    assert abs(np.corrcoef(apart[0], apart[1])[0, 1]) < 3 / sqrt(5000)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_figures_in_another_process() -> None:
    body = two_document(uniform("a", wages=0.8), uniform("b", wages=0.5, uptake=0.2))
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}

    there = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=json.dumps(body),
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    here = simulate_case(model_from(body), ONE_YEAR, seed=11, draws=2000)
    assert there.stdout.split() == [str(here.p10.value), str(here.p90.value)]


def test_a_factor_in_the_tornado_moves_all_that_hang_on_it() -> None:
    """Wholly on the factor, two amounts from 0 to 1 million are both at 0.1 and at 0.9 of the way."""
    case = two(uniform("a", wages=1), uniform("b", wages=1))

    found = tornado(case, ONE_YEAR)

    [bar] = found.factors
    low, high = figures("200000.00", "1800000.00")
    lines = UUID(int=1), UUID(int=2)
    assert bar == FactorSensitivity("wages", "Wage growth", low, high, ("a", "b"), lines)
    assert bar.swing == 1_600_000
    assert [one.swing for one in found.assumptions] == [1_000_000, 1_000_000]


def test_opposite_loadings_cancel_in_the_tornado_and_weak_ones_move_less() -> None:
    """By 0.5 the ninetieth percentile of the factor is the 73.92th of the assumption."""
    against = tornado(two(uniform("a", wages=0.5), uniform("b", wages=-0.5)), ONE_YEAR).factors[0]
    weak = tornado(two(uniform("a", wages=0.5), uniform("b"), "a"), ONE_YEAR).factors[0]

    assert against.swing is not None
    assert against.swing < Decimal("0.02")
    assert weak.npv_at_p90 is not None
    assert abs(weak.npv_at_p90 - 739_160) < 100


def test_a_factor_whose_end_cannot_be_computed_stands_first() -> None:
    case = model(
        line(1, "benefit", "p / max(0, round(n))"),
        line(2, "benefit", "m"),
        assumptions=(
            uniform("n", "0", "2", "1", wages=1),
            uniform("m", uptake=1),
            assumed("p", "6", "NOK"),
        ),
        factors=[UPTAKE, WAGES],
    )

    found = tornado(case, ONE_YEAR).factors

    assert [one.factor for one in found] == ["wages", "uptake"]
    assert (found[0].npv_at_p10, found[0].swing) == (None, None)


def test_a_factor_on_which_nothing_hangs_has_no_bar() -> None:
    assert tornado(two(uniform("a"), uniform("b", wages=0)), ONE_YEAR).factors == ()


@pytest.mark.parametrize(
    ("assumption", "factors", "refusal", "pointer"),
    [
        (uniform("a", wages=0.5), [], UnknownFactor, "/body/assumptions/0/loadings/0/factor"),
        (uniform("a", wages=0.5), [WAGES, WAGES], FactorTwice, "/body/factors/1/code"),
        (uniform("a", wages=1.01), [WAGES], LoadingOutsideRange, "/body/assumptions/0/loadings/0/loading"),
        (uniform("a", wages=0.8, uptake=0.61), [WAGES, UPTAKE], OddLoadings, "/body/assumptions/0/loadings"),
        (
            uniform("a") | {"loadings": [{"factor": "wages", "loading": "0.1"}] * 2},
            [WAGES],
            OddLoadings,
            "/body/assumptions/0/loadings",
        ),
        (
            assumed("a", "1", "NOK", loadings=[{"factor": "wages", "loading": "0.5"}]),
            [WAGES],
            FactorWithoutRange,
            "/body/assumptions/0/loadings",
        ),
    ],
)
def test_odd_factors_are_refused_where_they_stand(
    assumption: Json, factors: list[Json], refusal: type[Refusal], pointer: str
) -> None:
    case = model(line(1, "benefit", "a"), assumptions=(assumption,), factors=factors)

    with pytest.raises(refusal) as refused:
        resolve(case, ONE_YEAR)

    assert refused.value.pointer == pointer


def test_a_case_with_factors_is_the_same_after_a_round_through_its_document() -> None:
    case = two(uniform("a", wages=0.5, uptake=-0.25), uniform("b"))

    written = model_document(case)

    assert model_from(written) == case
    assert written["factors"] == [WAGES, UPTAKE]
    assert "loadings" not in written["assumptions"][1]


def test_a_case_without_factors_is_written_as_before() -> None:
    """So that documents of general cases keep the hash that they were published with (C3)."""
    written = model_document(model(line(1, "benefit", "a"), assumptions=(uniform("a"),)))

    assert "factors" not in written
    assert "loadings" not in written["assumptions"][0]
