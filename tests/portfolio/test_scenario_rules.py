"""What scenarios and projects ask beyond money: windows, lags, groups, categories, pins, capacity (P3-P5)."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.capacity import CarryChoice, RollOver
from gevinst_portfolio.domain.optimiser.check import budget_left, check_plan
from gevinst_portfolio.domain.optimiser.problem import Budget, Number, Project, possible_starts
from gevinst_portfolio.domain.project_profiles import ProjectFigures, need_profiles
from gevinst_portfolio.domain.projects import CostKind, Lag, Need, ProjectStatus, Window
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, SharedResource, Supply
from gevinst_portfolio.domain.scenario_candidates import ForcedBy, Omission
from gevinst_portfolio.domain.scenario_problem import Question, scenario_question
from gevinst_portfolio.domain.scenario_rules import (
    CapacityChange,
    CategoryLimit,
    OtherCapacity,
    ScenarioRules,
    window_in_periods,
)
from gevinst_portfolio.domain.scenarios import (
    CannotForceIn,
    CannotPin,
    CapacityBelowZero,
    CapacityUnknown,
    CategoryEmpty,
)

FIRST = Quarter.read("2027-Q1")
SECOND = Quarter.read("2027-Q2")
MONEY = {(year, CostKind.INVESTMENT): 100_000 for year in (2027, 2028)}
ROLE = UUID(int=900)
ARCHITECTS = SharedResource(ROLE, "Architects", "role", {FIRST: Decimal(4), SECOND: Decimal(4)})
UNDER_WAY = {"status": ProjectStatus.RUNNING}


def project(number: int, **members: Any) -> ProjectFigures:
    said = {
        "start": date(2027, 1, 1),
        "end": date(2027, 6, 30),
        "cost_minor": 40_000,
        "benefit_minor": 100_000,
        "status": ProjectStatus.PROPOSED,
    }
    return ProjectFigures(UUID(int=number), f"project {number}", **{**said, **members})


def question(*projects: ProjectFigures, supply: Supply | None = None, **rules: Any) -> Question:
    there = supply or Supply(MONEY, (ARCHITECTS,))
    assumed = Assumptions({}, rules=ScenarioRules(**rules))
    return scenario_question(projects, there, assumed, first=FIRST, quarters=8)


def planned(found: Question, number: int) -> Project:
    return next(one for one in found.problem.projects if one.id == str(UUID(int=number)))


def money_of(found: Question) -> Budget:
    return next(one for one in found.problem.budgets if one.id == CostKind.INVESTMENT)


def test_a_window_in_periods_keeps_its_days() -> None:
    found = window_in_periods(Window(date(2027, 2, 1), date(2027, 5, 31), date(2027, 6, 30)), FIRST)

    assert (found.earliest, found.latest_start, found.deadline) == (1, 1, 2)
    assert window_in_periods(Window(deadline=date(2027, 6, 29)), FIRST).deadline == 1
    assert window_in_periods(Window(earliest_start=date(2027, 1, 1)), FIRST).earliest == 0


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_first_period_of_an_earliest_start_begins_on_it_or_after(day: date) -> None:
    period = window_in_periods(Window(earliest_start=day), FIRST).earliest
    assert period is not None
    assert FIRST.plus(period).first_day >= day > FIRST.plus(period - 1).first_day


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_period_before_a_deadline_ends_on_it_or_before(day: date) -> None:
    period = window_in_periods(Window(deadline=day), FIRST).deadline
    assert period is not None
    assert FIRST.plus(period - 1).last_day <= day < FIRST.plus(period).last_day


def test_a_duty_keeps_its_deadline_and_a_proposal_its_window() -> None:
    """P5: a legal duty with a deadline."""
    duty = project(1, is_statutory=True, window=Window(deadline=date(2027, 9, 30)))
    free = project(2, window=Window(date(2027, 4, 1), date(2027, 12, 31)))
    found = question(duty, free)

    assert list(possible_starts(found.problem, planned(found, 1))) == [0, 1]
    assert list(possible_starts(found.problem, planned(found, 2))) == [1, 2, 3]
    assert planned(found, 1).is_mandatory
    assert found.forced_by == {str(UUID(int=1)): ForcedBy.LAW}


def test_a_proposal_whose_days_leave_no_start_is_named_and_stops_nobody() -> None:
    closed = project(1, window=Window(latest_start=date(2026, 12, 31)))
    late = project(2, start=date(2031, 1, 1), end=date(2031, 6, 30))

    found = question(closed, late, project(3))

    assert found.omitted == {UUID(int=1): Omission.NO_START, UUID(int=2): Omission.NO_START}


def test_what_is_under_way_is_not_held_to_the_days_of_a_proposal() -> None:
    late = project(1, **UNDER_WAY, window=Window(latest_start=date(2026, 1, 1), deadline=date(2026, 6, 1)))

    found = question(late)

    assert planned(found, 1).fixed_start == 0
    assert list(possible_starts(found.problem, planned(found, 1))) == [0]


def test_a_dependency_waits_for_its_lag() -> None:
    found = question(project(1), project(2, depends_on=(UUID(int=1),), lags=(Lag(UUID(int=1), 3),)))

    (rule,) = found.problem.precedence
    assert (rule.lag, rule.before) == (3, str(UUID(int=1)))
    early, late = {rule.before: 0, rule.after: 4}, {rule.before: 0, rule.after: 5}
    assert not check_plan(found.problem, early).is_feasible
    assert check_plan(found.problem, late).is_feasible


def test_groups_bind_what_is_part_of_the_question() -> None:
    ids = tuple(UUID(int=number) for number in (1, 2))

    found = question(project(1), project(2), all_or_none=(ids,), exclusive=((*ids, UUID(int=3)),))

    assert found.problem.all_or_none == (tuple(map(str, ids)),)
    assert found.problem.exclusive == (tuple(map(str, ids)),)


def test_a_group_without_one_of_its_own_is_left_out_and_so_is_what_waits_for_it() -> None:
    group = (UUID(int=1), UUID(int=2))
    paused = project(1, status=ProjectStatus.PAUSED)

    found = question(
        paused, project(2), project(3, depends_on=(UUID(int=2),)), project(4), all_or_none=(group,)
    )

    assert found.omitted == {
        UUID(int=1): Omission.NOT_ACTIVE,
        UUID(int=2): Omission.GROUP_LEFT_OUT,
        UUID(int=3): Omission.DEPENDS_ON_LEFT_OUT,
    }


def test_a_group_that_must_be_in_needs_all_of_it() -> None:
    paused, duty = project(1, status=ProjectStatus.PAUSED), project(2, is_statutory=True)

    with pytest.raises(CannotForceIn, match="project 1"):
        question(paused, duty, all_or_none=((UUID(int=1), UUID(int=2)),))


def test_a_share_is_set_aside_for_experiments() -> None:
    """P5."""
    limit = CategoryLimit("Experiments", Decimal("0.1"), Decimal("0.5"), 60_000)

    found = question(project(1, category="Experiments"), project(2, category="Roads"), categories=(limit,))

    (category,) = found.problem.categories
    assert (category.min_share, category.max_share, category.max_spend) == (
        Fraction(1, 10),
        Fraction(1, 2),
        60_000,
    )
    assert [one.category for one in found.problem.projects] == ["Experiments", None]
    with pytest.raises(CategoryEmpty):
        question(project(1), categories=(limit,))


def test_what_is_under_way_uses_up_no_start() -> None:
    found = question(project(1, **UNDER_WAY), project(2), most_starts=1)

    assert found.problem.max_starts == (2, *[1] * 7)


def test_a_chosen_start_forces_the_project_in_at_that_time_and_no_other() -> None:
    """Also one that is registered lightly or wished for later (P2)."""
    pins = {UUID(int=1): SECOND}

    found = question(project(1, start=date(2028, 1, 1), end=date(2028, 3, 31)), project(2), pins=pins)

    assert planned(found, 1).is_mandatory
    assert list(possible_starts(found.problem, planned(found, 1))) == [1]
    assert found.forced_by == {str(UUID(int=1)): ForcedBy.CHOSEN_START}


@pytest.mark.parametrize(
    ("members", "quarter"), [(UNDER_WAY, SECOND), ({}, FIRST.plus(-1)), ({}, FIRST.plus(8))]
)
def test_a_start_that_cannot_be_chosen_is_refused(members: dict[str, Any], quarter: Quarter) -> None:
    with pytest.raises(CannotPin):
        question(project(1, **members), pins={UUID(int=1): quarter})


def test_a_scenario_changes_the_capacity_of_a_role() -> None:
    changes = (
        OtherCapacity(ROLE, FIRST, CapacityChange.ADD, Decimal(-1)),
        OtherCapacity(ROLE, SECOND, CapacityChange.REPLACE, Decimal(9)),
    )
    taking = project(1, needs=(Need(ROLE, (Decimal(1),)),))

    (resource,) = question(taking, capacity=changes).problem.resources

    assert resource.capacity[:2] == (3, 9)


def test_other_portfolios_decided_work_has_taken_its_part() -> None:
    """P4: people are shared across portfolios; there is never less than nothing left."""
    supply = Supply(MONEY, (ARCHITECTS,), taken={ROLE: {FIRST: Decimal(3), SECOND: Decimal(5)}})
    taking = project(1, needs=(Need(ROLE, (Decimal(1),)),))

    (resource,) = question(taking, supply=supply).problem.resources

    assert resource.capacity[:2] == (1, 0)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (OtherCapacity(ROLE, FIRST, CapacityChange.ADD, Decimal(-5)), CapacityBelowZero),
        (OtherCapacity(ROLE, FIRST, CapacityChange.REPLACE, Decimal(-1)), CapacityBelowZero),
        (OtherCapacity(ROLE, FIRST.plus(9), CapacityChange.ADD, Decimal(1)), CapacityUnknown),
    ],
)
def test_capacity_that_cannot_be_is_refused(change: OtherCapacity, refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match="Architects"):
        question(project(1), capacity=(change,))


@pytest.mark.parametrize(
    ("rolls", "left"),
    [
        (RollOver(), 100_000),
        (RollOver(CarryChoice.CAPPED, 30_000), 130_000),
        (RollOver(CarryChoice.POOL), 160_000),
    ],
)
def test_what_a_year_leaves_rolls_on_as_the_budget_says(rolls: RollOver, left: int) -> None:
    """40 000 of the 100 000 of the first year are spent; operation never rolls on."""
    money = {**MONEY, **{(year, CostKind.OPERATION): 100_000 for year in (2027, 2028)}}

    found = question(project(1), supply=Supply(money, roll_over=rolls))

    operation = next(one for one in found.problem.budgets if one.id == CostKind.OPERATION)
    spent: list[Number] = [20_000, 20_000, 0, 0, 0, 0, 0, 0]
    nothing: list[Number] = [0] * 8
    assert budget_left(money_of(found), spent)[-1] == left
    assert budget_left(operation, nothing)[-1] == 100_000
    assert question(project(1), roll_over=rolls).problem.budgets[0] == money_of(found)


def test_needs_of_the_same_resource_add_up() -> None:
    """P4: a project may state one unit's change load in two lines."""
    one = project(1, needs=(Need(ROLE, (Decimal(1), Decimal(2))), Need(ROLE, (Decimal(3),))))

    assert need_profiles(one) == {ROLE: (Decimal(4), Decimal(2))}


@pytest.mark.parametrize("length", [3000])
def test_a_long_chain_of_dependencies_is_followed_at_once(length: int) -> None:
    """The first is paused, and so nobody can go on; found in one pass, not one pass per project."""
    chain = [project(1, status=ProjectStatus.PAUSED)]
    chain += [project(number, depends_on=(UUID(int=number - 1),)) for number in range(2, length)]
    free = project(length, start=date(2027, 1, 1), end=date(2027, 1, 1) + timedelta(days=10))

    found = question(*reversed(chain), free)

    assert len(found.omitted) == length - 1
