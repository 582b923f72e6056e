"""What there is against what is taken, per quarter and per year (P3, P4)."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.capacity import (
    Resource,
    ResourceKind,
    Taker,
    loads,
    years_of_money,
)
from gevinst_portfolio.domain.dependencies import find_cycle
from gevinst_portfolio.domain.projects import CostKind, Need
from gevinst_portfolio.domain.quarters import Quarter

DEVELOPERS = UUID(int=1)
LIMIT = {Quarter.at(2027, 1): 4.0, Quarter.at(2027, 2): 4.0}
RESOURCE = Resource(DEVELOPERS, "Developers", ResourceKind.ROLE, "person-months", LIMIT)


def taker(number: int, start: date | None, *amounts: int) -> Taker:
    needs = (Need(DEVELOPERS, tuple(Decimal(amount) for amount in amounts)),)
    return Taker(UUID(int=number), f"P{number}", start, needs)


def test_a_project_storm_is_shown_where_it_happens_and_by_whom() -> None:
    """Both take 3 in the first quarter of 2027, and there are 4."""
    first = taker(11, date(2026, 10, 1), 1, 3)
    second = taker(12, date(2027, 2, 15), 3, 2)

    found = loads(RESOURCE, [first, second])

    assert [(str(load.quarter), load.taken) for load in found] == [
        ("2026-Q4", 1),
        ("2027-Q1", 6),
        ("2027-Q2", 2),
    ]
    assert [load.is_overloaded for load in found] == [False, True, False]
    assert [share.name for share in found[1].shares] == ["P11", "P12"]


def test_a_quarter_without_a_stated_limit_is_not_overloaded() -> None:
    """Missing is not zero (B6)."""
    (load,) = loads(Resource(DEVELOPERS, "D", ResourceKind.ROLE, "m", {}), [taker(1, date(2027, 1, 1), 99)])

    assert load.capacity is None
    assert not load.is_overloaded


def test_a_project_without_a_start_takes_nothing_yet() -> None:
    assert [load.taken for load in loads(RESOURCE, [taker(1, None, 5)])] == [0, 0]


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        (date(2027, 1, 1), 1),
        (date(2027, 3, 31), 1),
        (date(2027, 4, 1), 2),
        (date(2027, 9, 30), 3),
        (date(2027, 12, 31), 4),
    ],
)
def test_the_quarter_of_a_day(day: date, quarter: int) -> None:
    assert Quarter.of(day) == Quarter.at(2027, quarter)


@given(st.integers(0, 200), st.integers(0, 200))
def test_quarters_add_up(first: int, second: int) -> None:
    start = Quarter.at(2026, 3)

    assert start.plus(first).plus(second) == start.plus(first + second)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.dates(date(2026, 1, 1), date(2030, 1, 1)))
def test_a_later_start_moves_the_load_and_changes_no_sum(amounts: list[int], start: date) -> None:
    found = loads(RESOURCE, [taker(1, start, *amounts)])

    assert sum(load.taken for load in found) == sum(amounts)


def test_a_year_without_budget_says_nothing_of_what_is_free() -> None:
    investment = CostKind.INVESTMENT
    budget = {(2027, investment): Decimal(100)}
    planned = {(2027, investment): Decimal(130), (2028, investment): Decimal(5)}

    years = years_of_money(budget, planned)

    assert [(each.year, each.free) for each in years] == [(2027, Decimal(-30)), (2028, None)]


@given(st.dictionaries(st.integers(1, 8), st.lists(st.integers(1, 8), max_size=3), max_size=8))
def test_a_circle_is_found_exactly_when_the_project_can_be_reached_from_itself(
    graph: dict[int, list[int]],
) -> None:
    """Oracle: the set of everything that the project waits for, grown until it stands still."""
    waiting = {UUID(int=k): [UUID(int=v) for v in found] for k, found in graph.items()}
    project = UUID(int=1)
    reached = set(waiting.get(project, []))
    while True:
        grown = reached | {further for each in reached for further in waiting.get(each, [])}
        if grown == reached:
            break
        reached = grown

    circle = find_cycle(project, waiting.get(project, []), waiting)

    assert bool(circle) == (project in reached)
    if circle:
        assert circle[0] == circle[-1] == project
        assert all(after in waiting[before] for before, after in pairwise(circle))
