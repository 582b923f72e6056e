"""What an infeasible portfolio problem says about itself."""

import pytest

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.contradiction import keep_only, list_rules
from gevinst_portfolio.domain.optimiser.problem import Precedence, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import best_by_brute_force, tiny_problem


def test_two_duties_on_the_same_people_are_named_with_the_capacity() -> None:
    problem = Problem(
        name="duties",
        periods=1,
        projects=(
            Project("a", "Archive", 1, (1,), is_mandatory=True, demand={"people": (2,)}),
            Project("b", "Boundaries", 1, (1,), is_mandatory=True, demand={"people": (2,)}),
            Project("c", "Choir", 1, (1,), demand={"people": (1,)}),
        ),
        resources=(Resource("people", "Developers", "role", (3,)),),
    )

    solution = solve(problem)

    assert solution.status is Status.INFEASIBLE
    assert solution.is_minimal
    assert [rule.text for rule in solution.contradictions] == [
        "Developers has 3 in period 0",
        "Archive is mandatory",
        "Boundaries is mandatory",
    ]


def test_a_duty_that_waits_too_long_is_named_with_what_it_waits_for() -> None:
    problem = Problem(
        name="late",
        periods=3,
        projects=(
            Project("first", "First", 2, (1, 1)),
            Project("duty", "Duty", 1, (1, 1, 1), is_mandatory=True, deadline=2),
        ),
        precedence=(Precedence("first", "duty"),),
    )

    solution = solve(problem)

    assert {rule.rule for rule in solution.contradictions} == {Rule.PRECEDENCE, Rule.WINDOW, Rule.MANDATORY}


@pytest.mark.slow
@pytest.mark.parametrize("block", range(5))
def test_contradictions_are_real_and_minimal(block: int) -> None:
    infeasible = [
        problem
        for problem in map(tiny_problem, range(block * 25, block * 25 + 25))
        if best_by_brute_force(problem) is None
    ]
    for problem in infeasible:
        solution = solve(problem)

        found = list(solution.contradictions)
        assert solution.is_minimal
        assert best_by_brute_force(keep_only(problem, found)) is None
        for left_away in found:
            others = [rule for rule in found if rule is not left_away]
            assert best_by_brute_force(keep_only(problem, others)) is not None


def test_keeping_all_rules_changes_nothing() -> None:
    problem = tiny_problem(4)

    assert keep_only(problem, list_rules(problem)) == problem
