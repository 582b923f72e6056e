"""Plain ranking beside the optimiser (P7)."""

import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.greedy import ranked_plan
from gevinst_portfolio.domain.optimiser.problem import Budget, Problem, Project
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import plan_document, tiny_problem


def test_ranking_by_density_leaves_value_on_the_table() -> None:
    # The classic case: the densest project blocks two that are worth more together.
    problem = Problem(
        name="dense",
        periods=1,
        projects=(
            Project("dense", "Dense", 1, (12,), cost={"money": (6,)}),
            Project("half", "Half", 1, (9,), cost={"money": (5,)}),
            Project("other", "Other half", 1, (9,), cost={"money": (5,)}),
        ),
        budgets=(Budget("money", "Money", (10,)),),
    )

    assert ranked_plan(problem) == {"dense": 0}
    assert solve(problem).value == 18


@pytest.mark.parametrize("seed", range(100))
def test_a_ranked_plan_keeps_the_rules_or_there_is_none(seed: int) -> None:
    problem = tiny_problem(seed)

    plan = ranked_plan(problem)

    assert plan is None or check_plan(problem, plan).is_feasible


@pytest.mark.slow
def test_the_optimiser_is_never_worse_than_ranking() -> None:
    problem = read_problem(plan_document(2, projects=30, periods=8, roles=2, units=1))

    ranked = ranked_plan(problem)
    solution = solve(problem, work_limit=3000)

    assert ranked is not None
    assert solution.value is not None
    assert solution.value >= check_plan(problem, ranked).value
