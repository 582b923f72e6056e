"""The optimiser, the judge and the contradictions against all plans there are, on tiny problems."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.problem import Problem
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_oracle import Oracle
from tests.support.plan_puzzles import puzzle

BLOCKS = [range(first, first + 100) for first in range(0, 1000, 100)]


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_brute_force_agrees_with_the_optimiser_infeasible_ones_included(block: range) -> None:
    for seed in block:
        problem = puzzle(seed)

        solution = solve(problem)

        best = Oracle(problem).best()
        expected = Status.INFEASIBLE if best is None else Status.OPTIMAL
        assert (solution.status, solution.value, solution.bound) == (expected, best, best), seed
        if best is not None:
            assert check_plan(problem, solution.plan).is_feasible, seed


@pytest.mark.slow
@pytest.mark.parametrize(
    "block", BLOCKS[:6], ids=str
)  # 540: the solver's presolve once took it for infeasible
def test_a_contradicting_set_cannot_be_kept_and_can_be_without_any_one_of_it(block: range) -> None:
    for seed in block:
        solution = solve(puzzle(seed))
        if solution.status is not Status.INFEASIBLE:
            continue

        oracle = Oracle(puzzle(seed))
        keys = [(rule.rule, rule.ids, rule.period) for rule in solution.contradictions]
        assert solution.is_minimal, seed
        assert not oracle.is_possible(keys), seed
        for given_up in keys:
            assert oracle.is_possible([key for key in keys if key != given_up]), (seed, given_up)


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS[:3], ids=str)
def test_the_judge_says_of_every_plan_what_brute_force_says(block: range) -> None:
    for seed in block:
        oracle = Oracle(puzzle(seed))
        feasible = oracle.feasible()
        drawn = np.random.default_rng(seed).choice(len(feasible), min(len(feasible), 60), replace=False)
        for number in {*drawn.tolist(), *np.flatnonzero(feasible)[:20].tolist()}:
            verdict = check_plan(oracle.problem, oracle.plan(number))

            assert verdict.is_feasible == feasible[number], (seed, oracle.plan(number))
            assert not verdict.is_feasible or verdict.value == oracle.values[number], seed


@pytest.mark.slow
def test_the_thousand_problems_have_every_kind_of_rule_and_of_answer() -> None:
    problems = [puzzle(seed) for block in BLOCKS for seed in block]
    kinds = Counter(key[0] for problem in problems for key in Oracle(problem).kept)
    answers = Counter(Oracle(problem).best() is None for problem in problems[:300])

    assert len(kinds) == 12
    assert min(kinds.values()) > 90
    assert {budget.carry for p in problems for budget in p.budgets} == {"none", "pool", "capped"}
    assert sum(any(project.concept_of for project in p.projects) for p in problems) > 300
    assert sum(p.horizon is not None for p in problems) > 200
    assert sum(p.periods == 1 for p in problems) > 50
    assert min(answers.values()) > 90


def richer(problem: Problem) -> Problem:
    return replace(
        problem, budgets=tuple(replace(b, inflow=tuple(a + 2 for a in b.inflow)) for b in problem.budgets)
    )


def better_staffed(problem: Problem) -> Problem:
    return replace(
        problem,
        resources=tuple(replace(r, capacity=tuple(a + 1 for a in r.capacity)) for r in problem.resources),
    )


def with_one_more_start(problem: Problem) -> Problem:
    return replace(problem, max_starts=tuple(most + 1 for most in problem.max_starts))


def with_wider_windows(problem: Problem) -> Problem:
    return replace(
        problem,
        projects=tuple(
            replace(p, latest_start=None, earliest=0, deadline=p.deadline and p.deadline + 1)
            for p in problem.projects
        ),
    )


@pytest.mark.slow
@pytest.mark.parametrize("change", [richer, better_staffed, with_one_more_start, with_wider_windows])
def test_having_more_never_lowers_the_optimum(change: Callable[[Problem], Problem]) -> None:
    for seed in range(120):
        before, after = solve(puzzle(seed)).value, solve(change(puzzle(seed))).value

        assert before is None or (after is not None and after >= before), seed


@pytest.mark.slow
def test_the_order_of_the_projects_and_their_names_do_not_change_the_value() -> None:
    for seed in range(150):
        problem = puzzle(seed)

        other = renamed(problem, random.Random(seed))

        assert solve(other).value == solve(problem).value, seed


def renamed(problem: Problem, rng: random.Random) -> Problem:
    """The same with the projects in another order and under other names."""
    names = [p.id for p in problem.projects] + ["hall"]
    new = dict(zip(names, rng.sample([f"name {i}" for i in range(len(names))], len(names)), strict=True))
    projects = [
        replace(p, id=new[p.id], concept_of=p.concept_of and new[p.concept_of]) for p in problem.projects
    ]
    rng.shuffle(projects)
    return replace(
        problem,
        projects=tuple(projects),
        precedence=tuple(replace(r, before=new[r.before], after=new[r.after]) for r in problem.precedence),
        exclusive=tuple(tuple(new[name] for name in group) for group in problem.exclusive),
        all_or_none=tuple(tuple(new[name] for name in group) for group in problem.all_or_none),
    )


@pytest.mark.slow
def test_the_same_question_has_the_same_answer() -> None:
    for seed in range(60):
        assert solve(puzzle(seed), seed=seed) == solve(puzzle(seed), seed=seed)
