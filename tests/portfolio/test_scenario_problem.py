"""From the register to the optimiser's question, and what a stop frees (P2-P5, G6)."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_portfolio.domain.derived_scores import Measure, derived_scores
from gevinst_portfolio.domain.gmpp.cells import Confidence
from gevinst_portfolio.domain.project_profiles import (
    ProjectFigures,
    cost_by_year_from,
    cost_profiles,
    duration_in_quarters,
    evenly,
)
from gevinst_portfolio.domain.projects import CostKind, CostOfYear, ProjectStatus, Registration
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.releases import freed_by_stop
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Supply
from gevinst_portfolio.domain.scenario_candidates import Omission
from gevinst_portfolio.domain.scenario_problem import Question, scenario_question
from gevinst_portfolio.domain.scenarios import BudgetUnknown, CannotForceIn, NothingToPlan

FIRST = Quarter.read("2027-Q1")
MONEY = {(year, CostKind.INVESTMENT): 100_000 for year in (2027, 2028)}


def project(number: int, **members: Any) -> ProjectFigures:
    said = {
        "start": date(2027, 1, 1),
        "end": date(2027, 12, 31),
        "cost_minor": 40_000,
        "benefit_minor": 100_000,
        "status": ProjectStatus.PROPOSED,
    }
    return ProjectFigures(UUID(int=number), f"project {number}", **{**said, **members})


def question(*projects: ProjectFigures, first: Quarter = FIRST, **assumed: Any) -> Question:
    return scenario_question(projects, Supply(MONEY), Assumptions({}, **assumed), first=first, quarters=8)


def omission(one: ProjectFigures, **assumed: Any) -> Omission | None:
    return question(project(99), one, **assumed).omitted.get(one.id)


def test_a_quarter_is_read_and_written_and_has_its_days() -> None:
    quarter = Quarter.read("2027-Q4")

    assert (str(quarter), quarter.first_day, quarter.last_day) == (
        "2027-Q4",
        date(2027, 10, 1),
        date(2027, 12, 31),
    )
    assert Quarter.of(date(2027, 12, 31)) == quarter


@given(st.integers(-(10**12), 10**12), st.integers(1, 200))
def test_an_amount_in_equal_parts_loses_no_hundredth(amount: int, parts: int) -> None:
    assert sum(evenly(amount, parts)) == amount
    assert len(evenly(amount, parts)) == parts


def test_a_whole_cost_is_spread_evenly_over_the_duration() -> None:
    one = project(1)

    assert duration_in_quarters(one) == 4
    assert cost_profiles(one, 4) == {CostKind.INVESTMENT: (10_000,) * 4}


def test_a_cost_per_year_falls_in_that_year_and_moves_with_the_start() -> None:
    costs = (
        CostOfYear(2027, CostKind.INVESTMENT, Decimal(600)),
        CostOfYear(2028, CostKind.OPERATION, Decimal(100)),
    )
    one = project(1, start=date(2027, 7, 1), end=date(2028, 6, 30), cost_by_year=costs)

    assert cost_profiles(one, 4) == {
        CostKind.INVESTMENT: (30_000, 30_000, 0, 0),
        CostKind.OPERATION: (0, 0, 5_000, 5_000),
    }
    assert cost_by_year_from(one, Quarter.read("2028-Q1")) == (
        CostOfYear(2028, CostKind.INVESTMENT, Decimal("600.00")),
        CostOfYear(2028, CostKind.OPERATION, Decimal("100.00")),
    )


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"registration": Registration.LIGHT}, Omission.REPORTED_LIGHTLY),
        ({"status": ProjectStatus.STOPPED}, Omission.NOT_ACTIVE),
        ({"end": None}, Omission.LENGTH_UNKNOWN),
        ({"cost_minor": None}, Omission.COST_UNKNOWN),
        ({"benefit_minor": None}, Omission.VALUE_UNKNOWN),
        ({"depends_on": (UUID(int=7),)}, Omission.DEPENDS_ON_LEFT_OUT),
        (
            {"status": ProjectStatus.RUNNING, "start": date(2020, 1, 1), "end": date(2020, 9, 1)},
            Omission.OVER,
        ),
        ({}, None),
        ({"benefit_minor": None, "is_statutory": True}, None),
    ],
)
def test_what_is_not_known_is_not_planned_and_is_named(
    members: dict[str, Any], reason: Omission | None
) -> None:
    """B6, P2, P5."""
    assert omission(project(1, **members)) is reason


def test_running_work_is_fixed_with_what_is_left_of_it() -> None:
    one = project(1, status=ProjectStatus.RUNNING, start=date(2026, 7, 1), end=date(2027, 6, 30))

    (planned,) = question(one).problem.projects

    assert (planned.fixed_start, planned.duration) == (0, 2)
    assert planned.cost == {"investment": (10_000, 10_000)}


def test_a_year_that_has_begun_counts_with_all_its_money_and_all_that_it_has_to_pay() -> None:
    running = project(1, status=ProjectStatus.RUNNING)
    found = scenario_question(
        (running, project(2)), Supply(MONEY), Assumptions({}), first=Quarter.read("2027-Q3"), quarters=6
    )

    assert str(found.first) == "2027-Q1"
    assert found.problem.projects[0].fixed_start == 0
    assert found.problem.projects[1].earliest == 2
    assert found.problem.budgets[0].inflow == (100_000, 0, 0, 0, 100_000, 0, 0, 0)


def test_forcing_in_changes_whether_a_project_runs_and_not_how() -> None:
    """P5: what must run may not run beyond the scenario only because it must."""
    one = project(1)

    (free,) = question(one).problem.projects
    (forced,) = question(one, forced_in=frozenset({one.id})).problem.projects

    assert (free.is_mandatory, forced.is_mandatory) == (False, True)
    assert free.deadline == 8
    assert (forced.earliest, forced.deadline) == (free.earliest, free.deadline)


def test_a_year_without_money_among_years_with_some_is_refused() -> None:
    with pytest.raises(BudgetUnknown):
        scenario_question((project(1),), Supply(MONEY), Assumptions({}), first=FIRST, quarters=12)


def test_forcing_in_what_cannot_be_planned_is_refused() -> None:
    one = project(1, cost_minor=None)

    with pytest.raises(CannotForceIn):
        question(one, forced_in=frozenset({one.id}))


@pytest.mark.parametrize(
    "projects",
    [(), (project(1, registration=Registration.LIGHT), project(2, status=ProjectStatus.STOPPED))],
)
def test_a_portfolio_without_anything_to_plan_is_refused(projects: tuple[ProjectFigures, ...]) -> None:
    with pytest.raises(NothingToPlan, match=f"None of the portfolio's {len(projects)} project"):
        question(*projects)


def test_a_later_start_is_worth_less() -> None:
    (planned,) = question(project(1)).problem.projects

    values = planned.value_by_start
    assert values[0] == 600
    assert list(values) == sorted(values, reverse=True)


def test_a_stop_frees_the_quarters_that_begin_after_it() -> None:
    """G6; the example of `freed_by_stop`."""
    freed = freed_by_stop(project(1, status=ProjectStatus.RUNNING), date(2027, 4, 10))

    assert freed.total_minor == 20_000
    assert freed_by_stop(project(1), date(2027, 4, 10)).total_minor == 0


def test_scores_come_only_from_figures_that_are_there() -> None:
    found = derived_scores(Decimal(100), Decimal(300), Confidence.AMBER_RED)

    assert [(one.measure, one.share) for one in found] == [
        (Measure.BENEFIT_COST, 0.75),
        (Measure.DELIVERY_CONFIDENCE, 0.25),
    ]
    assert derived_scores(None, Decimal(300), None) == ()
    assert derived_scores(Decimal(0), Decimal(0), None) == ()
