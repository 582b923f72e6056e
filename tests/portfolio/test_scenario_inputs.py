"""A plan knows what it was made from, and says which of it has changed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import CostKind, Need, ProjectStatus, Window
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, SharedResource, Supply
from gevinst_portfolio.domain.scenario_inputs import changed_inputs, planning_inputs

FIRST = Quarter.read("2027-Q1")
QUARTERS = [FIRST.plus(count) for count in range(4)]
ROLE = UUID(int=900)
ROLES = SharedResource(ROLE, "Architects", "role", {FIRST: Decimal(4)})
SUPPLY = Supply({(2027, CostKind.INVESTMENT): 100_000, (2030, CostKind.INVESTMENT): 1}, (ROLES,))
NOTHING = Assumptions({})
SAID: dict[str, Any] = {"name": "A", "quarters": 4, "assumptions": {}}


def project(number: int, **members: Any) -> ProjectFigures:
    said: dict[str, Any] = {
        "start": date(2027, 1, 1),
        "end": date(2027, 6, 30),
        "cost_minor": 40_000,
        "benefit_minor": 100_000,
        "status": ProjectStatus.PROPOSED,
        "needs": (Need(ROLE, (Decimal(1),)),),
    }
    return ProjectFigures(UUID(int=number), f"project {number}", **{**said, **members})


def inputs(
    *projects: ProjectFigures,
    supply: Supply = SUPPLY,
    assumed: Assumptions = NOTHING,
    said: dict[str, Any] = SAID,
) -> dict[str, Any]:
    return planning_inputs(projects, supply, assumed, quarters=QUARTERS, said=said)


def test_a_new_name_changes_nothing_that_a_plan_was_made_from() -> None:
    before = inputs(project(1))

    assert changed_inputs(before, inputs(replace(project(1), name="Renamed"))) == []
    assert changed_inputs(before, inputs(project(1), said={**SAID, "name": "B"})) == []


@pytest.mark.parametrize(
    ("members", "figures"),
    [
        ({"cost_minor": 50_000}, ["cost", "value"]),
        ({"benefit_minor": 50_000}, ["value"]),
        ({"end": date(2027, 9, 30)}, ["dates"]),
        ({"window": Window(deadline=date(2027, 9, 30))}, ["dates"]),
        ({"needs": ()}, ["needs"]),
        ({"excludes": (UUID(int=2),)}, ["dependencies"]),
        ({"is_statutory": True}, ["status"]),
        ({"category": "Roads"}, ["category"]),
    ],
)
def test_what_of_a_project_changed_is_named(members: dict[str, Any], figures: list[str]) -> None:
    (change,) = changed_inputs(inputs(project(1), project(2)), inputs(project(1, **members), project(2)))

    assert (change["change"], change["project_name"], change["figures"]) == (
        "project-changed",
        "project 1",
        figures,
    )


def test_projects_enter_and_leave_the_question() -> None:
    found = changed_inputs(inputs(project(1)), inputs(project(1, status=ProjectStatus.PAUSED), project(2)))

    assert [(one["change"], one["project_name"]) for one in found] == [
        ("project-left", "project 1"),
        ("project-entered", "project 2"),
    ]


def test_money_and_capacity_within_the_scenario_are_named_with_year_and_quarter() -> None:
    money = {(2027, CostKind.INVESTMENT): 90_000, (2030, CostKind.INVESTMENT): 2}
    roles = replace(ROLES, capacity={FIRST: Decimal(3), FIRST.plus(40): Decimal(1)})

    found = changed_inputs(inputs(project(1)), inputs(project(1), supply=Supply(money, (roles,))))

    assert found == [
        {
            "change": "budget",
            "year": 2027,
            "kind": "investment",
            "minor_before": 100_000,
            "minor_now": 90_000,
        },
        {
            "change": "capacity",
            "resource_id": str(ROLE),
            "resource_name": "Architects",
            "quarter": "2027-Q1",
            "amount_before": 4.0,
            "amount_now": 3.0,
        },
    ]


def test_what_others_take_of_a_shared_role_is_an_input_too() -> None:
    busy = replace(SUPPLY, taken={ROLE: {FIRST: Decimal(1)}})

    (change,) = changed_inputs(inputs(project(1)), inputs(project(1), supply=busy))

    assert (change["amount_before"], change["amount_now"]) == (4.0, 3.0)


def test_what_the_scenario_supposes_itself_is_no_input_from_the_portfolio() -> None:
    own = Assumptions({(2027, CostKind.INVESTMENT): 5})
    less = replace(SUPPLY, money={(2027, CostKind.INVESTMENT): 1})

    assert changed_inputs(inputs(assumed=own), inputs(assumed=own, supply=less)) == []


def test_a_scenario_that_supposes_something_else_says_only_that() -> None:
    other = {**SAID, "quarters": 8}

    assert changed_inputs(inputs(project(1)), inputs(said=other)) == [{"change": "assumptions"}]
