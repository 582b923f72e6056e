"""Answers say which concept of a project they mean, and a scenario may force one in or out (P5, P9)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.domain.concepts import ConceptState
from gevinst_portfolio.domain.scenario_assumptions import Assumptions, Supply
from gevinst_portfolio.domain.scenario_candidates import ForcedBy, Omission
from gevinst_portfolio.domain.scenario_options import concepts_open
from gevinst_portfolio.domain.scenario_problem import Question, scenario_question
from gevinst_portfolio.domain.scenarios import CannotForceIn
from gevinst_portfolio.schemas.plans import PlanOut
from gevinst_portfolio.schemas.scenario_comparisons import ComparisonOut, SupposedPageOut
from gevinst_shared.values.actor import EVERYONE
from tests.portfolio.planned import open_world, plan_of, propose, read, scenario, solved
from tests.portfolio.test_analyses_routes import analysed
from tests.portfolio.test_scenario_concepts import FIRST, MONEY, PROJECT, add_concept, concept, figures
from tests.portfolio.world import World, make_world, obeys
from tests.support.callers import Desk, problem

ONE, TWO = UUID(int=101), UUID(int=102)
BOTH = (concept(0, is_zero_alternative=True, quarters=None), concept(1), concept(2))


def question(*concepts: Any, **assumed: Any) -> Question:
    post, after = figures(end=date(2027, 6, 30), cost_minor=7, benefit_minor=9)
    # What waits for the project goes with it; something else is there to be planned.
    return scenario_question(
        [post, after, replace(after, id=UUID(int=3), depends_on=())],
        Supply(MONEY),
        Assumptions({}, **assumed),
        first=FIRST,
        quarters=8,
        concepts={PROJECT: concepts or BOTH},
    )


def asked(found: Question) -> list[tuple[str, bool]]:
    return [(one.id, one.is_mandatory) for one in found.problem.projects if one.id.startswith(str(PROJECT))]


def test_a_concept_that_is_forced_in_is_the_only_way_to_carry_its_project_out() -> None:
    found = question(forced_in=frozenset({TWO}))

    assert asked(found) == [(f"{PROJECT}/{TWO}", True)]
    assert found.forced_by == {f"{PROJECT}/{TWO}": ForcedBy.SCENARIO}


def test_a_project_that_is_forced_in_is_so_by_any_concept_that_is_not_forced_out() -> None:
    assert asked(question(forced_in=frozenset({PROJECT}))) == [
        (f"{PROJECT}/{ONE}", True),
        (f"{PROJECT}/{TWO}", True),
    ]
    assert asked(question(forced_in=frozenset({PROJECT}), forced_out=frozenset({ONE}))) == [
        (f"{PROJECT}/{TWO}", True)
    ]


def test_a_project_all_of_whose_concepts_are_forced_out_is_forced_out() -> None:
    found = question(forced_out=frozenset({ONE, TWO}))

    assert found.omitted == {PROJECT: Omission.FORCED_OUT, UUID(int=2): Omission.DEPENDS_ON_LEFT_OUT}


def test_a_concept_that_is_chosen_stands_for_the_project() -> None:
    chosen = concept(1, state=ConceptState.CHOSEN)

    assert asked(question(chosen, concept(2), forced_in=frozenset({ONE}))) == [(str(PROJECT), True)]
    assert question(chosen, concept(2), forced_out=frozenset({ONE})).omitted[PROJECT] is Omission.FORCED_OUT
    assert concepts_open(figures()[0], {PROJECT: (chosen, concept(2))}) == {ONE}


@pytest.mark.parametrize(
    "concepts",
    [
        (concept(1), concept(2, state=ConceptState.WITHDRAWN)),
        (concept(1), concept(2, cost_minor=None)),
        (concept(1), concept(2, is_zero_alternative=True)),
        (concept(1, state=ConceptState.CHOSEN), concept(2)),
    ],
    ids=["withdrawn", "a sketch", "doing nothing", "another one is chosen"],
)
def test_a_concept_that_is_not_open_cannot_be_forced_in(concepts: Any) -> None:
    with pytest.raises(CannotForceIn, match="concept-not-open"):
        question(*concepts, forced_in=frozenset({TWO}))


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


async def hall(world: World) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """A project with a large concept, which is worth more, and a small one."""
    project = await propose(world, "Hall")
    large = await add_concept(
        world, project["id"], "Large", cost="5000000.00", benefit="30000000.00", quarters=4
    )
    small = await add_concept(
        world, project["id"], "Small", cost="1000000.00", benefit="9000000.00", quarters=4
    )
    return project, large, small


@pytest.mark.slow
async def test_a_comparison_says_from_which_concept_a_project_moves_to_which(world: World) -> None:
    project, large, small = await hall(world)
    this = await solved(world)
    for assumed in ({"forced_in": [small["id"]]}, {"forced_out": [large["id"]]}):
        other = await solved(world, **assumed)

        found = await read(world.office, f"/scenarios/{this['id']}/comparison", **{"with": other["id"]})

        assert obeys(ComparisonOut, found)
        (move,) = found["moves"]
        named = {name: move[name] for name in ("project_id", "project_name", "concept_id", "concept_name")}
        assert named == {
            "project_id": project["id"],
            "project_name": "Hall",
            "concept_id": large["id"],
            "concept_name": "Large",
        }
        assert (move["concept_id_in_other"], move["concept_name_in_other"]) == (small["id"], "Small")
        assert (move["quarters"], found["stays_count"], found["enters"], found["leaves"]) == (0, 0, [], [])
    told = await read(world.office, f"/scenarios/{other['id']}/assumptions")
    assert obeys(SupposedPageOut, told)
    assert told["items"][-1]["text"] == "Hall: Large must not be in."
    assert told["items"][-1]["ids"] == [large["id"]]
    without = await solved(
        world, forced_out=[project["id"]], forced_in=[(await propose(world, "Else"))["id"]]
    )
    apart = await read(world.office, f"/scenarios/{this['id']}/comparison", **{"with": without["id"]})
    assert [one["concept_id"] for one in apart["leaves"]] == [large["id"]]
    assert ["concept_id" in one for one in apart["enters"]] == [False]


@pytest.mark.slow
async def test_an_explanation_and_a_plan_say_which_concept_is_out(world: World) -> None:
    project, large, small = await hall(world)
    budgets = [{"year": year, "kind": "investment", "amount": "2000000.00"} for year in (2027, 2028)]
    found = await solved(world, budgets=budgets)

    explanation = (await analysed(world, found["id"], "explanation"))["explanation"]

    (out,) = explanation["left_out"]
    assert (out["project_name"], out["concept_name"]) == ("Hall", "Large")
    assert (out["project_id"], out["concept_id"]) == (project["id"], large["id"])
    leaving = [one["leaving_out"] for one in out["remedies"] if one["leaving_out"]]
    assert all(one["concept_id"] == small["id"] for each in leaving for one in each)
    nothing = [{"year": year, "kind": "investment", "amount": "0.00"} for year in (2027, 2028)]
    plan = await plan_of(world, (await solved(world, budgets=nothing))["id"])
    assert obeys(PlanOut, plan)
    assert [one["concept_id"] in {large["id"], small["id"]} for one in plan["left_out"]] == [True]


async def refused(world: World, **assumed: Any) -> tuple[int, str]:
    body = {"name": "Odd", "first_quarter": "2027-Q1", "assumptions": assumed}
    answer = await world.office.post(f"/portfolios/{world.portfolio_id}/scenarios", json=body)
    return answer.status_code, str(problem(answer)["type"].rpartition("#")[2])


async def test_odd_concepts_are_refused_where_they_are_named(world: World) -> None:
    project, large, small = await hall(world)
    ids = (project["id"], large["id"], small["id"])

    assert await refused(world, forced_in=[large["id"], small["id"]]) == (400, "concepts-forced-together")
    for into, out in ((ids[1], ids[1]), (ids[1], ids[0])):
        assert await refused(world, forced_in=[into], forced_out=[out]) == (400, "forced-both-ways")
    strange = "0198b6a4-7c1e-7000-8000-000000000001"
    assert await refused(world, forced_out=[large["id"], strange]) == (404, "unknown")
    pin = [{"project_id": small["id"], "quarter": "2027-Q1"}]
    assert await refused(world, pinned=pin) == (404, "unknown")
    assert await refused(await open_world(world), forced_in=[large["id"]]) == (409, "outside-portfolio")


async def test_another_organisations_concept_is_unknown(world: World) -> None:
    _, large, _ = await hall(world)
    desk = world.desk
    stranger = desk.caller(*EVERYONE, organisation="0192:964338531")
    await stranger.put("/organisation", json={"name": "Bergen", "currency": "NOK", "language": "nb"})
    body = {"name": "Theirs", "currency": "NOK", "price_year": 2026}
    theirs = (await stranger.post("/portfolios", json=body)).json()

    found = await refused(World(desk, stranger, stranger, theirs["id"]), forced_in=[large["id"]])

    assert found == (404, "unknown")


async def test_a_concept_that_was_withdrawn_is_refused_when_the_scenario_is_asked(world: World) -> None:
    project, large, _ = await hall(world)
    found = await scenario(world, forced_in=[large["id"]])
    withdrawn = await world.office.post(
        f"/concepts/{large['id']}/withdrawal", json={"reason": "Too dear."}, headers={"If-Match": '"1"'}
    )
    assert withdrawn.status_code == 200, withdrawn.text

    answer = await world.office.post(f"/scenarios/{found['id']}/runs")

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (409, "cannot-force-in")
    assert project["name"] in problem(answer)["detail"]
