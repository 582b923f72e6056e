"""What is kept of a last plan after a change, and what a what-if starts with."""

import random
from dataclasses import replace

import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.problem import Budget, Category, Number, Problem, Project
from gevinst_portfolio.domain.optimiser.repair import repaired_plan
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import plan_document
from tests.support.plan_puzzles import puzzle

PROBLEM = Problem(
    name="last plan",
    periods=2,
    projects=(
        Project("a", "A", 1, (9, 8), cost={"money": (3,)}),
        Project("b", "B", 1, (6, 5), cost={"money": (3,)}),
        Project("c", "C", 1, (1, 1), cost={"money": (1,)}),
    ),
    budgets=(Budget("money", "Money", (6, 0)),),
)


def test_a_plan_that_still_fits_comes_back_as_it_is() -> None:
    assert repaired_plan(PROBLEM, {"b": 0}) == {"b": 0}


def test_what_breaks_is_dropped_and_the_room_that_it_leaves_is_filled() -> None:
    poorer = replace(PROBLEM, budgets=(Budget("money", "Money", (5, 0)),))

    assert repaired_plan(poorer, {"a": 0, "b": 0}) == {"a": 0, "c": 0}


def test_what_no_longer_fits_at_its_start_moves_before_it_is_dropped() -> None:
    later = replace(PROBLEM, budgets=(Budget("money", "Money", (3, 3)),))

    assert repaired_plan(later, {"a": 0, "b": 0}) == {"a": 0, "b": 1}


def test_a_project_that_is_gone_is_forgotten_and_a_new_duty_comes_in() -> None:
    changed = replace(
        PROBLEM, projects=(*PROBLEM.projects[:2], replace(PROBLEM.projects[2], is_mandatory=True))
    )

    assert repaired_plan(changed, {"gone": 0, "a": 0, "b": 0}) == {"c": 0, "a": 0}


def test_a_broken_share_is_mended_by_leaving_the_least_worth_out() -> None:
    a, b, c = PROBLEM.projects
    shared = replace(
        PROBLEM,
        projects=(replace(a, category="new"), b, c),
        categories=(Category("new", "New", min_share=1),),
    )

    assert repaired_plan(shared, {"a": 0, "b": 0}) == {"a": 0}


@pytest.mark.slow
def test_a_repaired_plan_keeps_every_rule_or_there_is_none() -> None:
    repaired = 0
    for seed in range(300):
        problem = puzzle(seed)
        rng = random.Random(seed)
        last = {p.id: rng.randrange(problem.periods) for p in problem.projects if rng.random() < 0.7}

        plan = repaired_plan(problem, last)

        assert plan is None or check_plan(problem, plan).is_feasible, seed
        repaired += plan is not None

    assert repaired > 90


def changed(problem: Problem, seed: int) -> Problem:
    """A what-if: one budget a tenth smaller, and one project of the register gone."""
    rng = random.Random(seed)
    less = rng.choice(problem.budgets)
    gone = rng.choice(problem.projects).id
    used = {name for rule in problem.precedence for name in (rule.before, rule.after)}
    used |= {name for group in (*problem.exclusive, *problem.all_or_none) for name in group}
    return replace(
        problem,
        projects=tuple(p for p in problem.projects if p.id != gone or gone in used),
        budgets=tuple(
            replace(b, inflow=tuple(a * 9 // 10 for a in b.inflow)) if b is less else b
            for b in problem.budgets
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_what_if_starts_at_no_less_than_its_repaired_plan_gives(seed: int) -> None:
    problem = read_problem(plan_document(seed, projects=50, periods=12, roles=3, units=2))
    last = solve(problem, work_limit=4000).plan
    heard: list[Number] = []

    def progress(value: Number | None, bound: Number | None, gap: float | None, share: float) -> None:
        if value is not None:
            heard.append(value)

    what_if = changed(problem, seed)
    repaired = repaired_plan(what_if, last)
    solution = solve(what_if, start_plan=last, work_limit=1, progress=progress)

    assert not check_plan(what_if, last).is_feasible
    assert repaired is not None
    worth = check_plan(what_if, repaired).value
    assert heard[0] >= worth
    assert solution.value is not None
    assert solution.value >= worth
    kept = [name for name in last if repaired.get(name) == last[name]]
    assert len(kept) >= 0.7 * len(last)
