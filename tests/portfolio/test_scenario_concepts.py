"""A proposal with several concepts is asked once for each, and the plan says which one it picked (P9)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.domain.concepts import Concept, ConceptState
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Supply
from gevinst_portfolio.domain.scenario_candidates import Omission
from gevinst_portfolio.domain.scenario_problem import Question, scenario_question
from gevinst_portfolio.schemas.plans import PlanOut
from tests.portfolio.planned import (
    decided,
    open_world,
    plan_of,
    propose,
    publish,
    read,
    scenario,
    solve,
    solved,
)
from tests.portfolio.world import World, made, make_world, obeys
from tests.support.callers import Desk

FIRST = Quarter.read("2027-Q1")
MONEY = {(2027, CostKind.INVESTMENT): 100_000, (2028, CostKind.INVESTMENT): 100_000}
PROJECT = UUID(int=1)


def concept(number: int, **members: Any) -> Concept:
    said: dict[str, Any] = {
        "is_zero_alternative": False,
        "state": ConceptState.CONSIDERED,
        "cost_minor": 10_000 * number,
        "benefit_minor": 50_000 * number,
        "quarters": number,
    }
    return Concept(UUID(int=100 + number), PROJECT, f"C{number}", **{**said, **members})


def figures(**members: Any) -> list[ProjectFigures]:
    """A proposal, and another one that waits for it."""
    said: dict[str, Any] = {"status": ProjectStatus.PROPOSED, "start": date(2027, 1, 1), **members}
    after = ProjectFigures(
        UUID(int=2),
        "After",
        ProjectStatus.PROPOSED,
        start=date(2027, 1, 1),
        end=date(2027, 3, 31),
        cost_minor=1,
        benefit_minor=2,
        depends_on=(PROJECT,),
    )
    return [ProjectFigures(PROJECT, "Post", **said), after]


def question(*concepts: Concept, **members: Any) -> Question:
    return scenario_question(
        figures(**members),
        Supply(MONEY),
        Assumptions({}),
        first=FIRST,
        quarters=8,
        concepts={PROJECT: concepts},
    )


def test_each_concept_has_its_own_cost_length_and_value() -> None:
    zero = concept(0, is_zero_alternative=True, quarters=None)

    found = question(zero, concept(1), concept(2)).problem

    one, two, _ = found.projects
    assert [(each.id, each.concept_of, each.duration, each.whole_cost) for each in (one, two)] == [
        (f"{PROJECT}/{UUID(int=101)}", str(PROJECT), 1, 10_000),
        (f"{PROJECT}/{UUID(int=102)}", str(PROJECT), 2, 20_000),
    ]
    assert two.value_by_start[0] == 2 * one.value_by_start[0]
    assert [rule.before for rule in found.precedence] == [str(PROJECT)]


def test_a_concept_that_is_chosen_is_the_project_itself() -> None:
    chosen = concept(1, state=ConceptState.CHOSEN)

    found = question(chosen, concept(2), end=date(2027, 6, 30), cost_minor=7, benefit_minor=9).problem

    assert (found.projects[0].id, found.projects[0].concept_of) == (str(PROJECT), None)


def test_work_under_way_has_no_concepts_to_choose_from() -> None:
    found = question(concept(1), status=ProjectStatus.RUNNING, end=date(2027, 6, 30), cost_minor=7)

    assert found.problem.projects[0].concept_of is None


def test_a_concept_whose_figures_are_missing_is_not_asked_and_the_others_are() -> None:
    found = question(concept(1, cost_minor=None), concept(2))

    assert [each.id for each in found.problem.projects if each.concept_of] == [f"{PROJECT}/{UUID(int=102)}"]
    assert not found.omitted


def test_while_all_concepts_are_sketches_the_project_is_asked_with_its_own_figures() -> None:
    other = ProjectFigures(
        UUID(int=3),
        "Other",
        ProjectStatus.PROPOSED,
        start=date(2027, 1, 1),
        end=date(2027, 3, 31),
        cost_minor=1,
        benefit_minor=2,
    )
    post = ProjectFigures(PROJECT, "Post", ProjectStatus.PROPOSED)

    found = scenario_question(
        [post, other],
        Supply(MONEY),
        Assumptions({}),
        first=FIRST,
        quarters=8,
        concepts={PROJECT: (concept(1, cost_minor=None),)},
    )

    assert found.omitted == {PROJECT: Omission.LENGTH_UNKNOWN}


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def add_concept(world: World, project_id: str, name: str, **members: Any) -> dict[str, Any]:
    return await made(world.office, f"/projects/{project_id}/concepts", {"name": name, **members})


@pytest.mark.slow
async def test_the_plan_says_which_concept_it_picked(world: World) -> None:
    """P9: the large one does not fit beside the other duty, so that the small one is chosen."""
    post = await propose(world, "Post")
    await propose(world, "Law", is_statutory=True, cost="5000000.00")
    await add_concept(world, post["id"], "Large", cost="6000000.00", benefit="30000000.00", quarters=4)
    small = await add_concept(world, post["id"], "Small", cost="1000000.00", benefit="9000000.00", quarters=2)

    found = await solved(
        world, quarters=4, budgets=[{"year": 2027, "kind": "investment", "amount": "6000000.00"}]
    )

    plan = await plan_of(world, found["id"])
    assert obeys(PlanOut, plan)
    picked = next(one for one in plan["selected"] if one["project_name"] == "Post")
    assert (picked["concept_id"], picked["concept_name"], picked["project_id"]) == (
        small["id"],
        "Small",
        post["id"],
    )
    assert (picked["start"], picked["end"], picked["cost"]["amount"]) == ("2027-Q1", "2027-Q2", "1000000.00")
    assert plan["left_out"] == []
    storms = await read(world.office, f"/scenarios/{found['id']}/storms")
    assert [one["load"]["amount"] for one in storms["money"]] == ["6000000.00"]
    await add_concept(world, post["id"], "Third", cost="1.00", benefit="1.00", quarters=1)
    (change,) = (await read(world.office, f"/scenarios/{found['id']}/changed-inputs"))["items"]
    assert change["figures"] == ["value", "concepts"]


@pytest.mark.slow
async def test_a_project_is_left_out_once_whatever_its_concepts(world: World) -> None:
    post = await propose(world, "Post")
    await propose(world, "Small", cost="100.00")
    for name, cost in (("Huge", "900000000.00"), ("Large", "90000000.00")):
        await add_concept(world, post["id"], name, cost=cost, benefit="990000000.00", quarters=4)

    found = await scenario(world)
    run = await solve(world, found["id"])

    assert run["plan_summary"]["left_out_count"] == 1
    (left_out,) = (await plan_of(world, found["id"]))["left_out"]
    assert left_out["project_name"] == "Post"
    assert left_out["obstacles"]


@pytest.mark.slow
async def test_a_decision_makes_the_project_take_over_the_concept_that_its_plan_picked(world: World) -> None:
    """P8, P9."""
    post = await propose(world, "Post", cost="3000000.00")
    small = await add_concept(world, post["id"], "Small", cost="1000000.00", benefit="9000000.00", quarters=2)
    found = await solved(world)
    await publish(world, found["id"])

    answer = await decided(world, found["id"])

    assert answer.status_code == 201, answer.text
    project = await read(world.office, f"/projects/{post['id']}")
    assert (project["status"], project["cost"]["amount"]) == ("approved", "1000000.00")
    assert (project["start"], project["end"]) == ("2027-01-01", "2027-06-30")
    assert (await read(world.office, f"/concepts/{small['id']}"))["state"] == "chosen"
