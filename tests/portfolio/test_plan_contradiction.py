"""What an infeasible portfolio problem says about itself."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gevinst_portfolio.domain.optimiser.alone import shortages_alone
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


def test_a_forced_project_that_does_not_fit_alone_is_named_before_all_other_contradictions() -> None:
    """P5: with what it lacks where it lacks least, here in period 1."""
    problem = Problem(
        name="alone",
        periods=2,
        projects=(
            duty("a", demand={"people": (2,)}),
            duty("b", demand={"people": (2,)}),
            duty("c", cost={"money": (7,)}),
        ),
        resources=(Resource("people", "Developers", "role", (2, 1)),),
        budgets=(Budget("money", "Money", (4, 5)),),
    )

    solution = solve(problem)

    assert (solution.status, solution.is_minimal) == (Status.INFEASIBLE, True)
    money, forced = (rule.text for rule in solution.contradictions)
    assert money == "Money must suffice in every period"
    assert forced == (
        "C is mandatory, and does not fit even when it is alone: with a start in period 1, "
        "Money lacks 2 in period 1"
    )


def test_work_under_way_that_does_not_fit_alone_says_so_too_even_when_the_limit_came_first() -> None:
    running = Project("a", "A", 1, (1, 1), fixed_start=0, demand={"people": (5,)})
    people = Resource("people", "Developers", "role", (3, 9))

    solution = solve(Problem("running", 2, (running,), resources=(people,)), work_limit=0)

    texts = [rule.text for rule in solution.contradictions]
    assert "Developers has 3 in period 0" in texts
    assert texts[-1].endswith(
        "even when it is alone: with a start in period 0, Developers lacks 2 in period 0"
    )


def test_a_project_that_others_may_free_people_for_is_not_said_to_lack_them() -> None:
    """P11."""
    freeing = Project("f", "F", 1, (0, 0), demand={"people": (-9,)}, latest_start=0, earliest=1)
    problem = Problem(
        "freed",
        2,
        (duty("a", demand={"people": (2,)}), freeing),
        resources=(Resource("people", "Developers", "role", (1, 1)),),
    )

    solution = solve(problem)

    assert solution.status is Status.INFEASIBLE
    assert all(rule.alone is None for rule in solution.contradictions)


@pytest.mark.parametrize("number", range(60))
def test_what_is_said_to_lack_alone_has_no_plan_and_its_rules_alone_have_none(number: int) -> None:
    """Oracle: every plan tried out, on problems with one project made too dear for every start."""
    problem = tiny_problem(number)
    dear = {budget.id: (sum(budget.inflow) + budget.initial + 1,) for budget in problem.budgets}
    first, *others = problem.projects
    forced = replace(first, is_mandatory=True, fixed_start=None, cost=dear)
    problem = replace(problem, projects=(forced, *others))

    shortages = shortages_alone(problem)
    solution = solve(problem)

    if shortages:
        assert best_by_brute_force(problem) is None
        assert solution.is_minimal
        assert any(rule.alone is not None for rule in solution.contradictions)
        assert solve(keep_only(problem, solution.contradictions)).status is Status.INFEASIBLE
    assert (solution.status is Status.INFEASIBLE) == (best_by_brute_force(problem) is None)
