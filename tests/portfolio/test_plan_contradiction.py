"""What an infeasible portfolio problem says about itself."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.contradiction import keep_only, list_rules
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Category,
    Precedence,
    Problem,
    Project,
    Resource,
)
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


def duty(name: str, **members: object) -> Project:
    return Project(name, name.title(), 1, (1, 1), is_mandatory=True, **members)  # type: ignore[arg-type]


CASES: list[tuple[str, dict[str, object], set[str]]] = [
    (
        "all or none against exclusion",
        {"projects": (duty("a"), duty("b")), "exclusive": (("a", "b"),), "all_or_none": (("a", "b"),)},
        {"only one of A, B may run", "A is mandatory", "A, B run together or not at all"},
    ),
    (
        "a deadline before what the duty waits for",
        {
            "projects": (Project("a", "A", 1, (1, 1)), duty("b", deadline=2)),
            "precedence": (Precedence("a", "b", lag=1),),
        },
        {"B waits for A and 1 periods more", "B is mandatory"},
    ),
    (
        "running projects that alone overload a role",
        {
            "projects": (
                Project("a", "A", 1, (1, 1), fixed_start=0, demand={"people": (2,)}),
                Project("b", "B", 1, (1, 1), fixed_start=0, demand={"people": (2,)}),
            ),
            "resources": (Resource("people", "Developers", "role", (Fraction(7, 2), 4)),),
        },
        {
            "Developers has 3.5 in period 0",
            "A is under way since period 0",
            "B is under way since period 0",
        },
    ),
    (
        "more duties than may start",
        {"projects": (duty("a"), duty("b"), duty("c")), "max_starts": (1, 1)},
        {
            "at most 1 projects may start in period 0",
            "at most 1 projects may start in period 1",
            "A is mandatory",
            "B is mandatory",
            "C is mandatory",
        },
    ),
    (
        "the floor of a category that a duty does not belong to",
        {
            "projects": (duty("a", cost={"money": (5,)}),),
            "categories": (Category("new", "Experiments", min_share=Fraction(1, 10)),),
            "budgets": (Budget("money", "Money", (9, 9)),),
        },
        {"Experiments must be at least 0.1 of the whole cost", "A is mandatory"},
    ),
    (
        "a duty whose only concept is shut out",
        {
            "projects": (duty("a", concept_of="hall"), duty("b")),
            "exclusive": (("hall", "b"),),
        },
        {"only one of hall, B may run", "hall is mandatory", "B is mandatory"},
    ),
]


@pytest.mark.parametrize(("change", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_contradiction_is_said_in_the_words_of_the_rules(change: dict[str, object], said: set[str]) -> None:
    solution = solve(replace(Problem(name="odd", periods=2, projects=()), **change))  # type: ignore[arg-type]

    assert solution.status is Status.INFEASIBLE
    assert solution.is_minimal
    assert {rule.text for rule in solution.contradictions} == said


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
