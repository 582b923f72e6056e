"""Concepts over HTTP: compared with doing nothing, chosen, withdrawn (P9)."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from gevinst_portfolio.schemas.concepts import ConceptComparisonOut, ConceptOut, ConceptPageOut
from gevinst_shared.values.actor import Role
from tests.portfolio.background import database_of
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation

TECHNICAL = {"dimension": "technical", "level": 4, "reason": "It runs elsewhere."}


async def concept(world: World, project: dict[str, Any], **members: Any) -> dict[str, Any]:
    return await made(world.office, f"/projects/{project['id']}/concepts", {"name": "Buy", **members})


async def listed(world: World, project: dict[str, Any]) -> list[dict[str, Any]]:
    page = (await world.office.get(f"/projects/{project['id']}/concepts")).json()
    assert obeys(ConceptPageOut, page)
    items: list[dict[str, Any]] = page["items"]
    return items


async def act(client: httpx.AsyncClient, concept_id: str, verb: str, *, revision: int = 1) -> httpx.Response:
    return await client.post(
        f"/concepts/{concept_id}/{verb}", json={"reason": "Because"}, headers={"If-Match": f'"{revision}"'}
    )


async def comparison(world: World, project: dict[str, Any]) -> dict[str, dict[str, Any]]:
    answer = await world.office.get(f"/projects/{project['id']}/concepts/comparison")
    assert answer.status_code == 200, answer.text
    assert obeys(ConceptComparisonOut, answer.json())
    return {one["name"]: one for one in answer.json()["concepts"]}


async def test_p9_the_first_concept_brings_the_zero_alternative_along(world: World) -> None:
    project = await world.project(zero_alternative="Letters go on by post.")

    first = await concept(world, project, feasibility=[TECHNICAL])
    await concept(world, project, name="Build")

    assert obeys(ConceptOut, first)
    zero, *others = await listed(world, project)
    assert [one["name"] for one in others] == ["Buy", "Build"]
    assert zero["is_zero_alternative"]
    assert zero["description"] == "Letters go on by post."
    assert (zero["cost"]["amount"], zero["benefit"]["amount"]) == ("0.00", "0.00")


async def test_p9_the_zero_alternative_can_be_assessed_but_has_no_figures(world: World) -> None:
    project = await world.project()
    await concept(world, project)
    (zero, _) = await listed(world, project)
    path = f"/concepts/{zero['id']}"

    costs = await put(world.office, path, {"name": "As today", "cost": "5.00"})
    assessed = await put(
        world.office, path, {"name": "As today", "feasibility": [TECHNICAL], "is_recommended": True}
    )

    assert problem(costs)["type"].endswith("#zero-alternative-is-reference")
    assert assessed.status_code == 200, assessed.text
    assert assessed.json()["cost"]["amount"] == "0.00"
    assert assessed.json()["feasibility"] == [TECHNICAL]


@pytest.mark.parametrize("verb", ["withdrawal", "choice"])
async def test_p9_the_zero_alternative_stays(world: World, verb: str) -> None:
    project = await world.project()
    await concept(world, project)
    (zero, _) = await listed(world, project)

    answer = await act(world.office, zero["id"], verb)

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#zero-alternative-stays")


async def test_p9_no_comparison_without_the_zero_alternative(world: World) -> None:
    project = await world.project()

    answer = await world.office.get(f"/projects/{project['id']}/concepts/comparison")

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#nothing-to-compare")


async def test_p9_concepts_are_compared_on_benefit_cost_and_feasibility(world: World) -> None:
    project = await world.project()
    await concept(world, project, name="Buy", cost="10.00", benefit="30.00", feasibility=[TECHNICAL])
    worse = {**TECHNICAL, "level": 2}
    await concept(world, project, name="Build", cost="20.00", benefit="30.00", feasibility=[worse])
    await concept(world, project, name="Unknown", benefit="5.00")

    found = await comparison(world, project)

    buy, build, unknown = found["Buy"], found["Build"], found["Unknown"]
    assert (buy["cost_difference"]["amount"], buy["benefit_difference"]["amount"]) == ("10.00", "30.00")
    assert buy["net_benefit"]["amount"] == "20.00"
    assert build["dominated_by"] == [buy["concept_id"]]
    assert not buy["is_dominated"]
    # Missing is not zero: neither cheaper nor dearer, neither feasible nor not.
    assert not {"cost", "cost_difference", "net_benefit"} & unknown.keys()
    assert unknown["feasibility"] == [{"dimension": "technical"}]
    assert not unknown["is_dominated"]
    assert not found["Zero alternative"]["is_dominated"]


async def test_p9_feasibility_is_compared_with_the_zero_alternative_where_both_are_known(
    world: World,
) -> None:
    project = await world.project()
    await concept(world, project, feasibility=[TECHNICAL])
    (zero, _) = await listed(world, project)
    easy = {"dimension": "technical", "level": 5, "reason": "Nothing changes."}
    await put(world.office, f"/concepts/{zero['id']}", {"name": "As today", "feasibility": [easy]})

    found = await comparison(world, project)

    assert found["Buy"]["feasibility"] == [{**TECHNICAL, "difference": -1}]


async def test_a_chosen_concept_gives_the_project_its_figures_and_history_keeps_the_old(
    world: World,
) -> None:
    project = await world.project(start="2027-02-01", end="2027-04-30", cost="5.00")
    resource = await made(world.office, "/resources", {"name": "Developers", "kind": "role"})
    needs = [{"resource_id": resource["id"], "amounts": [2, 1]}]
    costs = [{"year": 2027, "kind": "investment", "amount": "70.00"}]
    found = await concept(
        world, project, cost="70.00", benefit="90.00", needs=needs, cost_by_year=costs, quarters=4
    )

    chosen = await act(world.office, found["id"], "choice")

    assert chosen.status_code == 200, chosen.text
    assert chosen.json()["state"] == "chosen"
    now = (await world.office.get(f"/projects/{project['id']}")).json()
    assert (now["cost"]["amount"], now["benefit"]["amount"]) == ("70.00", "90.00")
    assert (now["start"], now["end"]) == ("2027-02-01", "2027-12-31")
    assert (now["cost_by_year"], now["needs"]) == (costs, needs)
    history = (await world.office.get(f"/projects/{project['id']}/history?sort=-id")).json()["items"]
    told = history[1]
    assert told["reason"] == "Because"
    assert {"member": "cost", "before": "5.00", "after": "70.00"} in told["changes"]


async def test_another_concept_can_be_chosen_instead(world: World) -> None:
    project = await world.project()
    first, second = await concept(world, project), await concept(world, project, name="Build")
    await act(world.office, first["id"], "choice")

    answer = await act(world.office, second["id"], "choice")

    assert answer.status_code == 200, answer.text
    assert [one["state"] for one in await listed(world, project)] == ["considered", "considered", "chosen"]


async def test_a_concept_is_chosen_only_for_a_proposal(world: World) -> None:
    project = await world.project()
    found = await concept(world, project)
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = 'running' WHERE id = $1", project["id"])

    answer = await act(world.office, found["id"], "choice")

    assert problem(answer)["type"].endswith("#chosen-too-late")


async def test_a_withdrawn_concept_stays_to_be_seen_and_is_not_compared(world: World) -> None:
    project = await world.project()
    found = await concept(world, project, is_recommended=True)

    withdrawn = await act(world.office, found["id"], "withdrawal")
    again = await put(world.office, f"/concepts/{found['id']}", {"name": "Again"}, revision=2)

    assert (withdrawn.json()["state"], withdrawn.json()["is_recommended"]) == ("withdrawn", False)
    assert len(await listed(world, project)) == 2
    assert list(await comparison(world, project)) == ["Zero alternative"]
    assert problem(again)["type"].endswith("#concept-settled")


async def test_only_one_concept_is_recommended(world: World) -> None:
    project = await world.project()
    await concept(world, project, is_recommended=True)

    answer = await world.office.post(
        f"/projects/{project['id']}/concepts", json={"name": "Build", "is_recommended": True}
    )

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#already-there")


async def test_concepts_are_changed_by_those_who_may_and_have_read_them(world: World) -> None:
    project = await world.project()
    found = await concept(world, project)
    await put(world.office, f"/concepts/{found['id']}", {"name": "First"})

    stale = await put(world.office, f"/concepts/{found['id']}", {"name": "Second"})
    blind = await world.office.put(f"/concepts/{found['id']}", json={"name": "Third"})
    stale_choice = await act(world.office, found["id"], "choice")
    board = world.desk.caller(Role.BOARD_MEMBER, subject="board")
    forbidden = await put(board, f"/concepts/{found['id']}", {"name": "Mine"}, revision=2)
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    elsewhere = await put(stranger, f"/concepts/{found['id']}", {"name": "Theirs"}, revision=2)

    assert (stale.status_code, blind.status_code, stale_choice.status_code) == (412, 428, 412)
    assert (forbidden.status_code, elsewhere.status_code) == (403, 404)
    assert (await world.office.get(f"/projects/{project['id']}")).headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"feasibility": [{**TECHNICAL, "level": 6}]}, "/body/feasibility/0/level"),
        ({"feasibility": [TECHNICAL, TECHNICAL]}, "/body/feasibility"),
        ({"needs": [{"resource_id": str(uuid4()), "amounts": [1]}]}, "/body/needs"),
        ({"quarters": 0}, "/body/quarters"),
        ({"is_zero_alternative": True}, "/body/is_zero_alternative"),
    ],
)
async def test_odd_concepts_are_refused(world: World, members: dict[str, Any], pointer: str) -> None:
    project = await world.project()

    answer = await world.office.post(f"/projects/{project['id']}/concepts", json={"name": "Odd", **members})

    assert answer.status_code in {400, 404}, answer.text
    assert problem(answer)["errors"][0]["pointer"] == pointer
