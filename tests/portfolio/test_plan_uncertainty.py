"""C1, P7: how often projects stay in, and how probable it is that money suffices."""

from fractions import Fraction

import numpy as np
import pytest

from gevinst_portfolio.domain.optimiser.certainty import certainty
from gevinst_portfolio.domain.optimiser.check import budget_left
from gevinst_portfolio.domain.optimiser.estimates import EstimateDraw, Parts, Scores, Spread
from gevinst_portfolio.domain.optimiser.problem import Budget, Carry, Problem, Project
from gevinst_portfolio.domain.optimiser.stability import Share, share_of, stability

RIVALS = Problem(
    name="rivals",
    periods=1,
    projects=(
        Project("firm", "Firm", 1, (1000,), cost={"money": (10,)}),
        Project("loose", "Loose", 1, (900,), cost={"money": (10,)}),
        Project("small", "Small", 1, (5,), cost={"money": (0,)}),
    ),
    budgets=(Budget("money", "Money", (10,)),),
)


@pytest.mark.slow
def test_shares_follow_from_the_estimates() -> None:
    # Loose is worth 900 likely, 0 at least and 1800 at most: above 1000 with probability (8/9)²/2 = 0.395.
    draw = EstimateDraw(RIVALS, value={"loose": Spread(0.0, 2.0)})

    found = stability(RIVALS, draw, draws=200, seed=3)

    loose = found.shares["loose"]
    assert loose.share == pytest.approx(0.395, abs=4 * loose.standard_error)
    assert found.shares["firm"].share == pytest.approx(1 - loose.share)
    assert found.shares["small"] == Share(1.0, 0.0)
    assert draw.not_varied() == ("firm", "small")


@pytest.mark.slow
def test_the_seed_alone_decides_whatever_the_number_of_processes() -> None:
    draw = EstimateDraw(RIVALS, value={"loose": Spread(0.5, 1.5)}, cost={"firm": Spread(0.9, 1.2)})

    one = stability(RIVALS, draw, draws=12, seed=5)
    two = stability(RIVALS, draw, draws=12, seed=5, processes=2)
    other = stability(RIVALS, draw, draws=12, seed=6)

    assert one == two
    assert one != other


@pytest.mark.slow
def test_draws_in_which_what_is_forced_does_not_fit_are_counted_apart() -> None:
    duty = Project("duty", "Duty", 1, (1,), is_mandatory=True, cost={"money": (1000,)})
    problem = Problem("duty", 1, (duty,), budgets=(Budget("money", "Money", (1000,)),))

    found = stability(problem, EstimateDraw(problem, cost={"duty": Spread(0.5, 1.5)}), draws=40)

    assert 0 < found.without_plan < 40
    assert found.draws + found.without_plan == 40
    assert found.shares["duty"].share == 1


def test_criteria_weights_vary_values_by_what_they_make_of_the_scores() -> None:
    scores = Scores((1.0, 1.0), {"firm": (1.0, 0.0), "loose": (0.0, 1.0)}, spread=0.5)

    drawn = EstimateDraw(RIVALS, scores=scores)(np.random.default_rng(1))

    firm, loose, small = (project.value_by_start[0] for project in drawn.projects)
    # The two weights share one sum: what firm gains, loose loses.
    assert firm / 1000 + loose / 900 == pytest.approx(2, abs=0.01)
    assert firm != 1000
    assert small == 5


def test_a_value_of_benefit_less_cost_falls_when_the_cost_rises() -> None:
    draw = EstimateDraw(
        RIVALS, cost={"firm": Spread(1.0, 3.0)}, parts={"firm": Parts(benefit=2000, cost=1000)}
    )

    drawn = draw(np.random.default_rng(2)).projects[0]

    factor = Fraction(drawn.cost["money"][0], 10)
    assert factor > 1
    assert float(drawn.value_by_start[0]) == pytest.approx(2000 - 1000 * float(factor), abs=60)


def test_half_the_draws_keep_a_budget_of_what_is_likely() -> None:
    problem = Problem(
        "ten",
        1,
        (Project("a", "A", 1, (1,), cost={"money": (10,)}),),
        budgets=(Budget("money", "Money", (10,)),),
    )

    found = certainty(problem, {"a": 0}, {"a": Spread(0.8, 1.2)}, draws=4000)

    assert found.whole.share == pytest.approx(0.5, abs=4 * found.whole.standard_error)
    assert found.whole.standard_error == pytest.approx(0.5 / 4000**0.5, rel=0.01)


def test_a_plan_without_estimates_is_certain_and_says_that_nothing_varied() -> None:
    found = certainty(RIVALS, {"firm": 0, "small": 0}, {})

    assert found.whole == Share(1.0, 0.0)
    assert found.not_varied == ("firm", "small")


@pytest.mark.parametrize("carry", list(Carry))
def test_money_rolls_on_as_it_does_in_the_judge(carry: Carry) -> None:
    budget = Budget("money", "Money", (6, 2, 5, 1), initial=1, carry=carry, carry_cap=1, year_length=2)
    projects = tuple(
        Project(name, name, 2, (1,) * 4, cost={"money": amounts})
        for name, amounts in (("a", (3, 4)), ("b", (2, 3)))
    )
    problem = Problem("rolls", 4, projects, budgets=(budget,))
    plan = {"a": 0, "b": 2}

    (found,) = certainty(problem, plan, {}, year_length=2, draws=1).budgets

    left = budget_left(budget, [3, 4, 2, 3])
    kept = [min(left[:2]) >= 0, min(left[2:]) >= 0]
    assert [year.share for year in found.years] == [float(is_kept) for is_kept in kept]


def test_a_share_has_its_standard_error() -> None:
    assert share_of(50, 100) == Share(0.5, 0.05)
    assert share_of(0, 0) == Share(0.0, 0.0)
