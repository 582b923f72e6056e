"""P7: more money is never worth less, by hand and on problems made at random."""

from fractions import Fraction

import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.frontier import factors_between, frontier, scale_budgets
from gevinst_portfolio.domain.optimiser.problem import Budget, Problem, Project
from gevinst_portfolio.domain.optimiser.result import Status
from tests.support.plan_cases import best_by_brute_force, tiny_problem

STREETS = Problem(
    name="streets",
    periods=1,
    projects=(
        Project("light", "Light", 1, (6,), cost={"money": (3,)}),
        Project("paving", "Paving", 1, (10,), cost={"money": (5,)}),
        Project("trees", "Trees", 1, (1,), cost={"other": (1,)}),
    ),
    budgets=(Budget("money", "Money", (4,)), Budget("other", "Other", (1,))),
)


def test_each_point_has_its_best_plan_and_what_more_money_gave() -> None:
    found = frontier(STREETS, factors_between(Fraction(0), Fraction(2), 3), budgets=("money",))

    # 0, 4 and 8 of money: trees alone, light as well, and all.
    assert [(point.money, point.value, set(point.plan)) for point in found.points] == [
        (0, 1, {"trees"}),
        (4, 7, {"trees", "light"}),
        (8, 17, {"trees", "light", "paving"}),
    ]
    assert [point.marginal for point in found.points] == [None, 6 / 4, 10 / 4]
    assert found.enters == {"trees": 0, "light": 1, "paving": 2}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(25))
def test_values_and_bounds_never_fall_and_agree_with_brute_force(seed: int) -> None:
    problem = tiny_problem(seed)

    found = frontier(problem, factors_between(Fraction(0), Fraction(2), 6))

    values = [point.value for point in found.points if point.value is not None]
    bounds = [point.bound for point in found.points if point.bound is not None]
    assert values == sorted(values)
    assert bounds == sorted(bounds)
    for point in found.points:
        scaled = scale_budgets(problem, point.factor, None)
        assert point.value == best_by_brute_force(scaled)
        if point.value is not None:
            assert check_plan(scaled, point.plan).is_feasible


def test_too_little_money_for_what_is_forced_has_no_plan() -> None:
    duty = Project("duty", "Duty", 1, (1,), is_mandatory=True, cost={"money": (4,)})
    problem = Problem("duty", 1, (duty,), budgets=(Budget("money", "Money", (4,)),))

    found = frontier(problem, factors_between(Fraction(1, 2), Fraction(1), 2))

    assert [point.status for point in found.points] == [Status.INFEASIBLE, Status.OPTIMAL]
    assert found.enters == {"duty": 1}


def test_a_search_that_ends_early_still_never_falls() -> None:
    problem = tiny_problem(3)

    found = frontier(problem, factors_between(Fraction(1), Fraction(3), 8), work=1)

    values = [point.value for point in found.points if point.value is not None]
    assert values == sorted(values)


def test_a_cancelled_frontier_ends_with_the_points_that_are_done() -> None:
    told: list[float] = []

    found = frontier(
        STREETS, [Fraction(1), Fraction(2)], progress=told.append, is_cancelled=lambda: len(told) > 0
    )

    assert len(found.points) == 1
