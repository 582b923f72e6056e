"""A problem that was written reads back as the same problem."""

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gevinst_portfolio.domain.optimiser.file import problem_from_text
from gevinst_portfolio.domain.optimiser.problem import Carry, Number, Problem, Profile, Project
from gevinst_portfolio.domain.optimiser.validity import faults_of
from gevinst_portfolio.domain.optimiser.writing import problem_text
from tests.support.plan_puzzles import puzzle


def test_a_small_problem_is_written_with_what_it_says_and_nothing_else() -> None:
    project = Project("a", "Ærlig «A»", 2, (7, 5), cost={"money": (Fraction(37, 2), 1)}, is_mandatory=True)

    assert json.loads(problem_text(Problem("small", 2, (project,)))) == {
        "schema": "gevinst-plan/1",
        "name": "small",
        "periods": 2,
        "finish_in_horizon": True,
        "resources": [],
        "budgets": [],
        "categories": [],
        "precedence": [],
        "exclusive": [],
        "all_or_none": [],
        "projects": [
            {
                "id": "a",
                "name": "Ærlig «A»",
                "duration": 2,
                "earliest": 0,
                "mandatory": True,
                "cost": {"money": [18.5, 1]},
                "demand": {},
                "value_by_start": [7, 5],
            }
        ],
    }


def as_the_format_says_it(problem: Problem) -> Problem:
    """Without thirds, noughts, and the length of years by which no money is counted."""
    return replace(
        problem,
        projects=tuple(
            replace(one, cost=without_nothing(one.cost), demand=without_nothing(one.demand))
            for one in problem.projects
        ),
        budgets=tuple(
            one if one.carry is Carry.CAPPED else replace(one, year_length=1, carry_cap=0)
            for one in problem.budgets
        ),
        categories=tuple(
            replace(one, min_share=hundredths(one.min_share), max_share=hundredths(one.max_share))
            for one in problem.categories
        ),
    )


def without_nothing(profiles: Mapping[str, Profile]) -> Mapping[str, Profile]:
    return {name: profile for name, profile in profiles.items() if any(profile)}


def hundredths(share: Number | None) -> Number | None:
    return None if share is None else Fraction(round(share * 100), 100)


@given(st.integers(0, 100_000))
def test_a_problem_with_every_kind_of_rule_reads_back_the_same(seed: int) -> None:
    problem = as_the_format_says_it(puzzle(seed))
    assume(not list(faults_of(problem)))

    assert problem_from_text(problem_text(problem)) == problem


@pytest.mark.parametrize("amount", [Fraction(1, 10), Fraction(123456789012345, 1000), Fraction(1, 2**20)])
def test_decimals_are_written_exactly(amount: Fraction) -> None:
    project = Project("a", "A", 1, (amount,))

    assert problem_from_text(problem_text(Problem("p", 1, (project,)))).projects == (project,)


def test_a_fixed_start_of_zero_is_kept() -> None:
    project = replace(Project("a", "A", 1, (1,)), fixed_start=0)

    assert problem_from_text(problem_text(Problem("p", 1, (project,)))).projects == (project,)
