"""P7: what a list would have chosen, beside the plan."""

import pytest

from gevinst_portfolio.domain.optimiser.baselines import Ranking, baselines
from gevinst_portfolio.domain.optimiser.check import Rule, check_plan
from gevinst_portfolio.domain.optimiser.problem import Budget, Precedence, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import tiny_problem


def three_of_which_two_are_better() -> Problem:
    """One worth 60 for 6, and two worth 50 for 5 each, on a budget of 10."""
    return Problem(
        name="list",
        periods=1,
        projects=(
            Project("large", "Large", 1, (60,), cost={"money": (6,)}, demand={"people": (1,)}),
            Project("one", "One", 1, (50,), cost={"money": (5,)}, demand={"people": (1,)}),
            Project("other", "Other", 1, (50,), cost={"money": (5,)}, demand={"people": (1,)}),
        ),
        budgets=(Budget("money", "Money", (10,)),),
        resources=(Resource("people", "People", "role", (2,)),),
    )


def test_a_ranking_by_value_leaves_value_on_the_table() -> None:
    problem = three_of_which_two_are_better()

    by_value, by_density = baselines(problem, solve(problem))

    assert (by_value.order, dict(by_value.plan)) == (("large", "one", "other"), {"large": 0})
    assert (by_value.value, by_value.left_on_the_table, by_value.share_left) == (60, 40, 0.4)
    assert by_density.ranking is Ranking.DENSITY


def test_the_sum_of_points_ranks_what_has_points_and_names_what_has_not() -> None:
    problem = three_of_which_two_are_better()

    found = baselines(problem, solve(problem), {"one": 25, "large": 20})[-1]

    assert (found.ranking, found.order, found.unranked) == (Ranking.POINTS, ("one", "large"), ("other",))
    assert dict(found.plan) == {"one": 0}
    # The list is followed until the next one costs more than is left.
    assert found.by_money == ("one",)


def test_a_list_followed_by_money_alone_makes_a_project_storm() -> None:
    """P3."""
    problem = three_of_which_two_are_better()
    narrow = Problem(
        name="narrow",
        periods=1,
        projects=problem.projects[1:],
        budgets=problem.budgets,
        resources=(Resource("people", "People", "role", (1,)),),
    )

    found = baselines(narrow, solve(narrow))[0]

    assert found.by_money == ("one", "other")
    assert [(one.rule, one.lacking) for one in found.storm] == [(Rule.RESOURCE, 1)]


def test_a_ranking_takes_what_is_needed_first() -> None:
    first = Project("first", "First", 1, (1, 1), cost={"money": (1,)})
    then = Project("then", "Then", 1, (9, 9), cost={"money": (1,)})
    problem = Problem(
        "order",
        2,
        (then, first),
        budgets=(Budget("money", "M", (1, 1)),),
        precedence=(Precedence("first", "then"),),
    )

    found = baselines(problem, solve(problem))[0]

    assert dict(found.plan) == {"first": 0, "then": 1}


@pytest.mark.parametrize("seed", range(40))
def test_no_ranking_that_keeps_the_rules_is_worth_more_than_the_best(seed: int) -> None:
    problem = tiny_problem(seed)
    solution = solve(problem)

    for found in baselines(problem, solution):
        if not found.violations and solution.value is not None:
            assert check_plan(problem, found.plan).is_feasible
            assert found.left_on_the_table >= 0
