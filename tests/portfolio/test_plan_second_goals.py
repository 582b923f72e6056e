"""Second goals in their order, once the value is as good as settled (P3)."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from gevinst_portfolio.domain.optimiser.check import check_plan
from gevinst_portfolio.domain.optimiser.file import read_problem
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.problem import Number, Plan, Problem, Project, Resource
from gevinst_portfolio.domain.optimiser.result import Goal, GoalReached, Status
from gevinst_portfolio.domain.optimiser.second_goals import refine
from gevinst_portfolio.domain.optimiser.solver import solve
from tests.support.plan_cases import plan_document
from tests.support.plan_oracle import Oracle
from tests.support.plan_puzzles import puzzle

PROBLEM = Problem(
    name="spread",
    periods=2,
    projects=(
        Project("a", "A", 1, (10, 10), demand={"people": (3,)}),
        Project("b", "B", 1, (10, 9), demand={"people": (2,)}),
    ),
    resources=(Resource("people", "People", "role", (5, 5)),),
)


def test_the_load_is_spread_where_that_costs_nothing() -> None:
    first = replace(solve(PROBLEM), starts={"a": 0, "b": 0})

    refined = refine(PROBLEM, first, [Goal.SPREAD])

    assert refined.plan == {"a": 1, "b": 0}
    assert (refined.value, refined.status) == (20, Status.OPTIMAL)
    assert refined.second_goals == (GoalReached(Goal.SPREAD, Fraction(1, 5), 0, is_least=True),)


def test_value_is_given_up_for_a_goal_only_as_far_as_allowed() -> None:
    lighter = replace(
        PROBLEM, projects=(Project("a", "A", 1, (10, 9), demand={"people": (3,)}), PROBLEM.projects[1])
    )
    best = solve(lighter)

    strict, loose = (refine(lighter, best, [Goal.SPREAD], epsilon=e) for e in (0, Fraction(5, 100)))

    assert (strict.plan, strict.value) == ({"a": 0, "b": 0}, 20)
    assert (loose.value, loose.bound, loose.gap, loose.status) == (19, 20, 0.05, Status.GAP)


def test_the_last_plans_starts_are_kept() -> None:
    refined = refine(
        PROBLEM, replace(solve(PROBLEM), starts={"a": 1, "b": 0}), [Goal.KEEP], last_plan={"a": 0}
    )

    assert refined.plan == {"a": 0, "b": 0}
    assert refined.second_goals == (GoalReached(Goal.KEEP, 1, 0, is_least=True),)


def test_the_caller_says_which_goal_comes_first() -> None:
    best = solve(PROBLEM)
    last = {"a": 0, "b": 0}

    kept = refine(PROBLEM, best, [Goal.KEEP, Goal.SPREAD], last_plan=last)
    spread = refine(PROBLEM, best, [Goal.SPREAD, Goal.KEEP], last_plan=last)

    assert [(one.goal, one.after) for one in kept.second_goals] == [
        (Goal.KEEP, 0),
        (Goal.SPREAD, Fraction(1, 5)),
    ]
    assert [(one.goal, one.after) for one in spread.second_goals] == [
        (Goal.SPREAD, 0),
        (Goal.KEEP, 1),
    ]


def test_without_goals_or_without_a_plan_nothing_changes() -> None:
    best = solve(PROBLEM)
    nothing = solve(
        replace(PROBLEM, max_starts=(0, 0), projects=(replace(PROBLEM.projects[0], fixed_start=0),))
    )

    assert refine(PROBLEM, best, []) == best
    assert refine(PROBLEM, nothing, [Goal.SPREAD]) == nothing


def by_brute_force(
    problem: Problem, goals: list[Goal], epsilon: Fraction, last: Plan
) -> tuple[Number, ...] | None:
    """The goals' measures of the best plan among all there are, counted here anew."""
    oracle = Oracle(problem)
    best = oracle.best()
    if best is None:
        return None
    least = best - epsilon * abs(Fraction(best))
    feasible = np.flatnonzero(oracle.feasible()).tolist()
    plans = [oracle.plan(n) for n in feasible if oracle.values[n] >= least]
    return min(tuple(counted(problem, goal, plan, last) for goal in goals) for plan in plans)


def counted(problem: Problem, goal: Goal, plan: Plan, last: Plan) -> Number:
    if goal is Goal.KEEP:
        return sum(1 for name in last if name not in plan or plan[name] != last[name])
    peaks = Fraction(0)
    for resource in problem.resources:
        for t, capacity in enumerate(resource.capacity):
            running = [(p, t - plan[p.id]) for p in problem.projects if p.id in plan]
            profiles = [(p.demand.get(resource.id, ()), k) for p, k in running]
            need = sum(profile[k] for profile, k in profiles if 0 <= k < len(profile))
            if capacity and need * 5 > capacity * 4:
                peaks += Fraction(need) / capacity - Fraction(4, 5)
    return peaks


@pytest.mark.slow
@pytest.mark.parametrize("goals", [[Goal.SPREAD, Goal.KEEP], [Goal.KEEP, Goal.SPREAD]], ids=str)
def test_brute_force_agrees_on_the_goals_in_their_order(goals: list[Goal]) -> None:
    for seed in range(120):
        problem = puzzle(seed)
        last = {p.id: (seed + i) % problem.periods for i, p in enumerate(problem.projects) if i != seed % 4}
        epsilon = Fraction(seed % 3, 10)

        refined = refine(problem, solve(problem), goals, epsilon=epsilon, last_plan=last)

        wanted = by_brute_force(problem, goals, epsilon, last)
        found = tuple(one.after for one in refined.second_goals)
        assert found == (wanted or ()), seed
        assert all(one.is_least for one in refined.second_goals), seed
        assert wanted is None or check_plan(problem, refined.plan).is_feasible


@pytest.mark.slow
def test_a_portfolio_is_spread_within_its_work_and_the_same_each_time() -> None:
    problem = read_problem(plan_document(4, projects=60, periods=12, roles=3, units=2))
    first = solve(problem, work_limit=4000)

    refined, again = (
        refine(problem, first, [Goal.SPREAD], epsilon=Fraction(1, 100), work_limit=8000) for _ in range(2)
    )

    (reached,) = refined.second_goals
    assert refined == again
    assert reached.after < reached.before
    assert check_plan(problem, refined.plan).is_feasible
    assert first.value is not None
    assert refined.value is not None
    assert refined.value >= first.value * Fraction(99, 100)


@pytest.mark.slow
def test_refining_can_be_cancelled() -> None:
    problem = read_problem(plan_document(4, projects=60, periods=12, roles=3, units=2))
    first = solve(problem, work_limit=2000)

    refined = refine(problem, first, [Goal.SPREAD], is_cancelled=lambda: True)

    assert refined.plan == first.plan
    assert refined.ended_by is Ending.CANCELLED
