"""The independent judge of plans: each rule by hand."""

from dataclasses import replace
from fractions import Fraction

import pytest

from gevinst_portfolio.domain.optimiser.check import Rule, budget_left, check_plan
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Category,
    Plan,
    Precedence,
    Problem,
    Project,
    Resource,
)

PROBLEM = Problem(
    name="judge",
    periods=4,
    projects=(
        Project("a", "A", 2, (5, 4, 3), category="new", cost={"money": (2, 2)}, demand={"people": (1, 1)}),
        Project("b", "B", 1, (7, 6, 5, 4), cost={"money": (3,)}, demand={"people": (2,)}),
        Project("c", "C", 1, (1, 1, 1, 1), earliest=1, latest_start=2, deadline=3),
    ),
    resources=(Resource("people", "People", "role", (2, 2, 2, 2)),),
    budgets=(Budget("money", "Money", (4, 4, 4, 4)),),
    categories=(Category("new", "New"),),
)


def broken(problem: Problem, plan: Plan) -> list[tuple[Rule, int | None, object]]:
    return [(v.rule, v.period, v.lacking) for v in check_plan(problem, plan).violations]


def test_a_plan_that_keeps_all_rules_has_its_value() -> None:
    verdict = check_plan(PROBLEM, {"a": 0, "b": 2, "c": 1})

    assert verdict.is_feasible
    assert verdict.value == 5 + 5 + 1


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({"a": 0, "b": 0}, [(Rule.RESOURCE, 0, 1), (Rule.BUDGET, 0, 1)]),
        ({"c": 0}, [(Rule.WINDOW, 0, 0)]),
        ({"c": 3}, [(Rule.WINDOW, 3, 0), (Rule.WINDOW, 3, 0)]),
        ({"a": 3}, [(Rule.WINDOW, 3, 0), (Rule.WINDOW, 3, 0)]),
        ({"z": 0}, [(Rule.PROJECT, None, 0)]),
    ],
)
def test_windows_people_and_money_are_judged(plan: Plan, expected: object) -> None:
    assert broken(PROBLEM, plan) == expected


@pytest.mark.parametrize(
    ("change", "plan", "expected"),
    [
        ({"precedence": (Precedence("a", "b"),)}, {"a": 0, "b": 2}, []),
        ({"precedence": (Precedence("a", "b", lag=1),)}, {"a": 0, "b": 2}, [(Rule.PRECEDENCE, 2, 1)]),
        ({"precedence": (Precedence("a", "b"),)}, {"b": 2}, [(Rule.PRECEDENCE, None, 0)]),
        ({"precedence": (Precedence("a", "b"),)}, {"a": 2}, []),
        ({"exclusive": (("a", "b"),)}, {"a": 0, "b": 2}, [(Rule.EXCLUSIVE, None, 1)]),
        ({"all_or_none": (("a", "b"),)}, {"a": 0}, [(Rule.ALL_OR_NONE, None, 1)]),
        ({"max_starts": (0, 1, 1, 1)}, {"a": 0}, [(Rule.MAX_STARTS, 0, 1)]),
        ({"categories": (Category("new", "New", max_spend=3),)}, {"a": 0}, [(Rule.MAX_SPEND, None, 1)]),
        (
            {"categories": (Category("new", "New", min_share=Fraction(3, 5)),)},
            {"a": 0, "b": 2},  # 4 of 7, and 4.2 are wanted
            [(Rule.MIN_SHARE, None, Fraction(1, 5))],
        ),
        (
            {"categories": (Category("new", "New", max_share=Fraction(1, 2)),)},
            {"a": 0, "b": 2},
            [(Rule.MAX_SHARE, None, Fraction(1, 2))],
        ),
    ],
)
def test_groups_and_shares_are_judged(change: dict[str, object], plan: Plan, expected: object) -> None:
    assert broken(replace(PROBLEM, **change), plan) == expected  # type: ignore[arg-type]  # one member each


def test_forced_projects_must_be_in() -> None:
    first, second, _ = PROBLEM.projects
    problem = replace(PROBLEM, projects=(replace(first, is_mandatory=True), replace(second, fixed_start=1)))

    assert broken(problem, {}) == [(Rule.MANDATORY, None, 0), (Rule.FIXED, None, 0)]
    assert broken(problem, {"a": 2, "b": 0}) == [(Rule.FIXED, 0, 1)]


@pytest.mark.parametrize(
    ("carry", "left"),
    [
        (Carry.NONE, [3, -1, 4, 3]),
        (Carry.POOL, [3, 2, 6, 9]),
        (Carry.CAPPED, [3, 2, 5, 8]),  # at the end of the first year of two periods 1 of the 2 rolls on
    ],
)
def test_what_is_left_rolls_on_as_the_budget_says(carry: Carry, left: list[int]) -> None:
    budget = Budget("m", "M", (4, 2, 4, 3), 0, carry, 1, 2)

    assert budget_left(budget, [1, 3, 0, 0]) == left
