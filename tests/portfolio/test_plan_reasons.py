"""P7: what was binding, and what stands in the way of those left out, on a plan made by hand."""

from dataclasses import replace

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Category,
    Precedence,
    Problem,
    Project,
    Resource,
)
from gevinst_portfolio.domain.optimiser.reasons import reasons_left_out
from gevinst_portfolio.domain.optimiser.room import Obstacle
from gevinst_portfolio.domain.optimiser.solver import solve

PROBLEM = Problem(
    name="reasons",
    periods=2,
    projects=(
        Project("in", "In", 1, (9, 9), cost={"money": (3,)}, demand={"people": (2,)}),
        Project("out", "Out", 1, (1, 1), category="new", cost={"money": (6,)}, demand={"people": (2,)}),
    ),
    resources=(Resource("people", "People", "unit", (3, 1)),),
    budgets=(Budget("money", "Money", (4, 5)),),
    categories=(Category("new", "New"),),
)


def obstacles(problem: Problem) -> tuple[int | None, tuple[Obstacle, ...]]:
    (reason,) = reasons_left_out(problem, {"in": 0})
    assert reason.project == "out"
    return reason.start, reason.obstacles


def test_the_start_that_lacks_least_is_named_with_what_it_lacks() -> None:
    # In period 0 the project lacks 1 person and 5 of money; in period 1 it lacks 1 person and 1 of money.
    assert obstacles(PROBLEM) == (
        1,
        (Obstacle(Rule.RESOURCE, ("people",), 1, 1), Obstacle(Rule.BUDGET, ("money",), 1, 1)),
    )


def test_a_project_that_waits_for_one_left_out_says_for_whom() -> None:
    third = Project("third", "Third", 1, (1, 1))
    problem = replace(PROBLEM, projects=(*PROBLEM.projects, third), precedence=(Precedence("out", "third"),))

    reasons = {reason.project: reason for reason in reasons_left_out(problem, {"in": 0})}

    assert reasons["third"].obstacles == (Obstacle(Rule.PRECEDENCE, ("out",), None, 0),)


def test_groups_and_shares_are_named_too() -> None:
    problem = replace(
        PROBLEM,
        resources=(replace(PROBLEM.resources[0], capacity=(9, 9)),),
        budgets=(replace(PROBLEM.budgets[0], inflow=(9, 9)),),
        exclusive=(("in", "out"),),
        all_or_none=(("out", "in"),),
        categories=(Category("new", "New", max_spend=5),),
    )

    _, found = obstacles(problem)

    assert {obstacle.rule for obstacle in found} == {Rule.EXCLUSIVE, Rule.MAX_SPEND}


def test_what_is_used_up_or_has_a_price_is_binding() -> None:
    problem = replace(PROBLEM, projects=PROBLEM.projects[:1], budgets=(Budget("money", "Money", (3, 0)),))

    solution = solve(problem)

    used_up = [(limit.ids, limit.period) for limit in solution.binding if limit.left == 0]
    assert used_up == [(("money",), 0), (("money",), 1)]
