"""Choosing and timing projects (P3, P4, P5): against brute force, and what must always hold."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.problem import Budget, Number, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import best_by_brute_force, plan_document, tiny_problem


def medium_problem() -> Problem:
    return read_problem(plan_document(3, projects=60, periods=12, roles=3, units=2))


def two_projects(capacity: int) -> Problem:
    """Both want the same people in period 0; later is worth less."""
    return Problem(
        name="two",
        periods=2,
        projects=(
            Project("a", "A", 1, (10, 9), cost={"money": (3,)}, demand={"people": (2,)}),
            Project("b", "B", 1, (8, 4), cost={"money": (3,)}, demand={"people": (2,)}),
        ),
        resources=(Resource("people", "People", "role", (capacity, capacity)),),
        budgets=(Budget("money", "Money", (6, 0)),),
    )


def test_the_value_decides_who_waits() -> None:
    problem = replace(two_projects(2), budgets=(Budget("money", "Money", (3, 3)),))

    solution = solve(problem)

    # 9 + 8 is more than 10 + 4.
    assert solution.plan == {"a": 1, "b": 0}
    assert (solution.status, solution.value, solution.bound) == (Status.OPTIMAL, 17, 17)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_brute_force_agrees_on_small_problems(block: int) -> None:
    for seed in range(block * 15, block * 15 + 15):
        problem = tiny_problem(seed, decimals=seed % 3 == 0)

        solution = solve(problem)

        best = best_by_brute_force(problem)
        expected = Status.INFEASIBLE if best is None else Status.OPTIMAL
        assert (solution.status, solution.value) == (expected, best), seed
        if best is not None:
            assert check_plan(problem, solution.plan).is_feasible, seed


@pytest.mark.slow
def test_small_problems_are_feasible_and_infeasible() -> None:
    known = [best_by_brute_force(tiny_problem(seed)) is None for seed in range(60)]

    assert 5 < sum(known) < 55


@pytest.mark.parametrize("seed", range(40))
def test_more_money_or_people_never_lower_the_optimum(seed: int) -> None:
    problem = tiny_problem(seed)
    richer = replace(
        problem,
        budgets=tuple(replace(b, inflow=tuple(a + 2 for a in b.inflow)) for b in problem.budgets),
        resources=tuple(replace(r, capacity=tuple(a + 1 for a in r.capacity)) for r in problem.resources),
    )

    before, after = solve(problem), solve(richer)

    if before.value is not None:
        assert after.value is not None
        assert after.value >= before.value


@pytest.mark.slow
def test_the_same_problem_seed_and_work_give_the_same_answer() -> None:
    problem = medium_problem()

    first, second = (solve(problem, seed=5, work_limit=6000) for _ in range(2))

    assert first == second
    assert first.ended_by in {Ending.WORK, Ending.PROVED}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_answer_keeps_all_rules_and_its_bound_holds(seed: int) -> None:
    problem = read_problem(plan_document(seed, projects=50, periods=12, roles=3, units=2))

    solution = solve(problem, seed=seed, work_limit=5000)

    verdict = check_plan(problem, solution.plan)
    assert verdict.is_feasible
    assert verdict.value == solution.value
    assert solution.bound is not None
    assert solution.value <= solution.bound
    assert set(solution.starts) == {project.id for project in problem.projects}


@pytest.mark.slow
def test_cancelling_returns_the_best_plan_so_far() -> None:
    seen: list[Number] = []

    def progress(value: Number | None, bound: Number | None, gap: float | None, share: float) -> None:
        if value is not None:
            seen.append(value)
        assert 0 <= share <= 1
        assert (gap is None) == (value is None or bound is None)

    solution = solve(medium_problem(), progress=progress, is_cancelled=lambda: len(seen) >= 3)

    assert solution.ended_by is Ending.CANCELLED
    assert solution.status is Status.GAP
    assert solution.value == seen[-1]
    assert seen == sorted(seen)


def test_cancelling_before_anything_is_known_says_so() -> None:
    solution = solve(tiny_problem(1), is_cancelled=lambda: True, work_limit=0)

    assert solution.ended_by in {Ending.CANCELLED, Ending.PROVED}


@pytest.mark.slow
def test_a_start_plan_is_taken_when_it_keeps_the_rules() -> None:
    problem = medium_problem()
    good = solve(problem, work_limit=2000)

    solution = solve(problem, work_limit=1, start_plan=good.plan)

    assert solution.value is not None
    assert good.value is not None
    assert solution.value >= good.value


def test_a_start_plan_that_breaks_rules_is_not_used() -> None:
    solution = solve(two_projects(2), start_plan={"a": 0, "b": 0, "unknown": 3})

    assert check_plan(two_projects(2), solution.plan).is_feasible


def test_amounts_of_ten_digits_and_hundredths_hold_exactly() -> None:
    # 0.01 more than there is must not slip through a solver's tolerance.
    cents = Fraction(1, 100)
    problem = Problem(
        name="exact",
        periods=1,
        projects=(
            Project("a", "A", 1, (10,), cost={"money": (5_000_000_000 + cents,)}),
            Project("b", "B", 1, (9,), cost={"money": (5_000_000_000,)}),
            Project("c", "C", 1, (1,), cost={"money": (4_999_999_999,)}),
        ),
        budgets=(Budget("money", "Money", (10_000_000_000,)),),
    )

    solution = solve(problem)

    assert check_plan(problem, solution.plan).is_feasible
    assert solution.value == 11


def test_a_project_that_frees_money_pays_for_another() -> None:
    # P11: closing an activity can be proposed like a project.
    problem = Problem(
        name="closing",
        periods=2,
        projects=(
            Project("close", "Close", 1, (-1, -1), cost={"money": (-5,)}),
            Project("new", "New", 1, (10, 9), cost={"money": (5,)}),
        ),
        budgets=(Budget("money", "Money", (0, 0)),),
    )

    solution = solve(problem)

    assert solution.plan == {"close": 0, "new": 0}


def test_a_plan_names_what_blocks_those_left_out() -> None:
    problem = two_projects(2)

    solution = solve(problem)  # the money lapses after period 0, so only one can run

    (reason,) = solution.left_out
    assert reason.project == "b"
    assert [(o.rule.value, o.ids, o.lacking) for o in reason.obstacles] == [("budget", ("money",), 3)] or [
        (o.rule.value, o.ids, o.lacking) for o in reason.obstacles
    ] == [("resource", ("people",), 2)]
    assert any(limit.rule.value == "resource" and limit.left == 0 for limit in solution.binding)
