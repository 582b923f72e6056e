"""Scenarios edited, copied, deleted and told; stale plans say why (P3-P5, P8)."""

import asyncio
from string import Formatter
from typing import Any

import pytest

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.result import Goal
from gevinst_portfolio.domain.scenario_inputs import Figure, InputChange
from gevinst_portfolio.domain.scenario_worth import ValueChoice
from gevinst_portfolio.routes.sentences import read_sentences
from gevinst_portfolio.schemas.plans import PlanOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.schemas.scenario_comparisons import ChangedInputsOut
from gevinst_portfolio.schemas.scenarios import ScenarioOut
from gevinst_shared.values.actor import Role
from gevinst_shared.web.languages import LANGUAGES
from tests.portfolio.background import events_of
from tests.portfolio.planned import (
    open_world,
    plan_of,
    propose,
    publish,
    read,
    scenario,
    solve,
    solved,
    starts,
)
from tests.portfolio.test_capacity_routes import cost
from tests.portfolio.world import World, made, make_world, obeys, put
from tests.support.callers import Desk, problem

STRANGE = "0198b6a4-7c1e-7000-8000-000000000001"


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await open_world(await make_world(portfolio))


def said(found: dict[str, Any], **assumptions: Any) -> dict[str, Any]:
    """What a scenario says, to be said again."""
    names = ("name", "first_quarter", "quarters", "seed", "work_limit")
    return {name: found[name] for name in names} | {"assumptions": {**found["assumptions"], **assumptions}}


def code_of(answer: Any) -> str:
    return str(problem(answer)["type"].rpartition("#")[2])


async def test_two_people_who_edit_one_scenario_do_not_overwrite_each_other(world: World) -> None:
    found = await scenario(world)
    path = f"/scenarios/{found['id']}"
    colleague = world.desk.caller(Role.PORTFOLIO_OFFICE, subject="ola")

    answers = await asyncio.gather(
        *(
            client.put(path, json=said(found) | {"name": name}, headers={"If-Match": '"1"'})
            for client, name in ((world.office, "Kari's"), (colleague, "Ola's"))
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert (await read(world.office, path))["name"] == winner.json()["name"]
    assert obeys(ScenarioOut, winner.json())
    assert (await world.office.put(path, json=said(found))).status_code == 428


async def test_a_copy_supposes_the_same_and_is_its_makers_own(world: World) -> None:
    best = await propose(world, "Best")
    found = await scenario(world, forced_in=[best["id"]], most_starts=2)
    colleague = world.desk.caller(Role.PORTFOLIO_OFFICE, subject="ola")

    copy = await made(colleague, f"/scenarios/{found['id']}/copies", {"name": "Copy"})

    assert copy["assumptions"] == found["assumptions"]
    assert (copy["name"], copy["author"]) == ("Copy", "ola")
    assert "plan_summary" not in copy


async def test_a_private_scenario_is_deleted_with_what_waits_for_it(world: World) -> None:
    await propose(world, "A")
    found = await scenario(world)
    path = f"/scenarios/{found['id']}"
    run = (await world.office.post(f"{path}/runs")).json()

    stale = await world.office.delete(path, headers={"If-Match": '"7"'})
    gone = await world.office.delete(path, headers={"If-Match": '"1"'})

    assert (stale.status_code, gone.status_code) == (412, 204)
    assert [(await world.office.get(f"{path}{below}")).status_code for below in ("", "/plan", "/storms")] == [
        404,
        404,
        404,
    ]
    assert (await world.office.delete(path, headers={"If-Match": '"2"'})).status_code == 404
    assert (await read(world.office, "/scenarios"))["items"] == []
    ended = await read(world.office, f"/runs/{run['id']}")
    assert obeys(RunOut, ended)
    assert (ended["state"], ended["error"]["code"]) == ("cancelled", "scenario-deleted")
    assert [one["is_deleted"] for one in await events_of(world.desk, "scenario-changed")] == [True]


@pytest.mark.slow
async def test_what_the_board_has_seen_is_frozen(world: World) -> None:
    """P8."""
    await propose(world, "A")
    found = await solved(world)
    published = await publish(world, found["id"])
    path, revision = f"/scenarios/{found['id']}", published["revision"]

    answers = [
        await put(world.office, path, said(found), revision=revision),
        await world.office.delete(path, headers={"If-Match": f'"{revision}"'}),
        await world.office.post(f"{path}/runs"),
    ]

    assert [(answer.status_code, code_of(answer)) for answer in answers] == [(409, "scenario-published")] * 3
    assert (await made(world.office, f"{path}/copies", {"name": "Next"}))["assumptions"] == found[
        "assumptions"
    ]


@pytest.mark.slow
async def test_a_private_scenario_is_nobodys_but_its_authors_and_the_offices(world: World) -> None:
    """P8: every address of it, for those who may read scenarios and for those who may not."""
    await propose(world, "A")
    found, other = await solved(world), await solved(world)
    path = f"/scenarios/{found['id']}"
    below = (
        "",
        "/plan",
        "/storms",
        "/comparison",
        f"/comparison?with={other['id']}",
        "/assumptions",
        "/changed-inputs",
    )
    board, finance, auditor, chief = (
        world.desk.caller(role, subject=role.value)
        for role in (Role.BOARD_MEMBER, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR)
    )
    owner = world.desk.caller(Role.PROJECT_OWNER, subject="owner")
    colleague = world.desk.caller(Role.PORTFOLIO_OFFICE, subject="ola")

    for end in below:
        assert {(await one.get(f"{path}{end}")).status_code for one in (board, finance, auditor, chief)} == {
            404
        }
        assert (await owner.get(f"{path}{end}")).status_code == 403
        assert (await colleague.get(f"{path}{end}")).status_code == 200
    await publish(world, found["id"])
    assert (await board.get(f"{path}/comparison")).status_code == 200
    # The other one of the comparison is private still.
    assert (await board.get(f"{path}/comparison?with={other['id']}")).status_code == 404


@pytest.mark.slow
async def test_a_plan_says_which_of_its_inputs_changed(world: World) -> None:
    role = await made(
        world.office,
        "/resources",
        {"name": "Architects", "kind": "role", "capacity": [{"year": 2027, "quarter": 2, "amount": 4}]},
    )
    needs = [{"resource_id": role["id"], "amounts": [1, 1]}]
    first = await propose(world, "First", needs=needs)
    budget = f"/portfolios/{world.portfolio_id}/budget"
    years = [cost(year, "9000000.00") for year in (2027, 2028)]
    await put(world.office, budget, {"years": years}, revision=0)
    found = await solved(world, budgets=[])
    path = f"/scenarios/{found['id']}"
    assert (await read(world.office, f"{path}/changed-inputs"))["items"] == []

    body = world.proposal(
        name="First", start="2027-01-01", end="2027-12-31", benefit="10000000.00", needs=needs
    )
    del body["portfolio_id"]
    await put(world.office, f"/projects/{first['id']}", body | {"cost": "5000000.00"})
    await put(
        world.office,
        f"/resources/{role['id']}",
        {"name": "Architects", "kind": "role", "capacity": [{"year": 2027, "quarter": 2, "amount": 2}]},
    )
    await put(
        world.office,
        budget,
        {"years": [years[0], cost(2028, "1.00")], "roll_over": {"carry": "pool"}},
        revision=1,
    )
    await propose(world, "New")

    assert (await read(world.office, path))["inputs_changed"] is True
    changes = await read(world.office, f"{path}/changed-inputs")
    assert obeys(ChangedInputsOut, changes)
    assert [one["text"] for one in changes["items"]] == [
        "The money for investment in 2028 is different now.",
        "What becomes of money that is left at the end of a year is decided anew.",
        "The capacity of Architects in 2027-Q2 is different now.",
        "First has changed: cost, value.",
        "New is part of the question now.",
    ]
    assert changes["items"][0]["money_now"]["amount"] == "1.00"
    assert (changes["items"][2]["amount_before"], changes["items"][2]["amount_now"]) == (4, 2)


@pytest.mark.slow
async def test_a_changed_scenario_is_solved_again_before_it_is_published(world: World) -> None:
    best = await propose(world, "Best")
    found = await solved(world)
    path, revision = f"/scenarios/{found['id']}", found["revision"]

    renamed = await put(world.office, path, said(found) | {"name": "Other"}, revision=revision)
    assert renamed.json()["plan_summary"] == found["plan_summary"]
    assert (await read(world.office, path))["inputs_changed"] is False
    changed = await put(world.office, path, said(found, forced_out=[best["id"]]), revision=revision + 1)
    refused = await world.office.post(f"{path}/publication", headers={"If-Match": changed.headers["etag"]})

    assert (refused.status_code, code_of(refused)) == (409, "plan-of-other-assumptions")
    (change,) = (await read(world.office, f"{path}/changed-inputs"))["items"]
    assert change["change"] == "assumptions"
    await propose(world, "Second")
    await solve(world, found["id"])
    await publish(world, found["id"])
    assert list(starts(await plan_of(world, found["id"]))) == ["Second"]


@pytest.mark.slow
async def test_what_if_begins_with_a_copy_and_keeps_the_starts_of_its_plan(world: World) -> None:
    """P3: first goal value, second goal as few moves as possible."""
    for name in ("A", "B"):
        await propose(world, name)
    first = await solved(world, delay_rate="0")
    path = f"/scenarios/{first['id']}"
    plan = starts(await plan_of(world, first["id"]))
    copy = await made(world.office, f"{path}/copies", {"name": "What if"})
    assert (copy["plan_summary"], copy["solved_at"]) == (first["plan_summary"], first["solved_at"])

    keeping = said(copy, second_goals=["keep-starts", "spread"], given_up="0.01")
    changed = await put(world.office, f"/scenarios/{copy['id']}", keeping | {"seed": 7})
    assert changed.status_code == 200, changed.text
    await solve(world, copy["id"])

    found = await plan_of(world, copy["id"])
    assert obeys(PlanOut, found)
    assert starts(found) == plan
    assert [(goal["goal"], goal["after"]) for goal in found["second_goals"]] == [
        ("keep-starts", 0),
        ("spread", 0),
    ]


async def test_every_sentence_is_there_in_every_language() -> None:
    english = read_sentences("en")
    rules = {f"rule-{rule}" for rule in Rule if rule is not Rule.PROJECT}
    goals = {f"then-{goal}" for goal in Goal}
    goals |= {f"maximise-{choice}" for choice in ValueChoice}
    figures = {f"figure-{one}" for one in Figure} | {f"input-{one}" for one in InputChange}

    assert rules | goals | figures <= english.keys()
    for language in LANGUAGES:
        sentences = read_sentences(language)
        assert sentences.keys() == english.keys()
        for code, text in english.items():
            assert _places(sentences[code]) == _places(text), (language, code)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
