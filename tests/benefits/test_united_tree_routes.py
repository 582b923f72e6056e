"""All paths to a goal, and trees of several projects together, over HTTP (B12, G8)."""

from typing import Any

from gevinst_benefits.schemas.united_trees import GoalTreeOut, UnitedTreesOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.world import World, made
from tests.support.organisations import new_organisation


async def shared_goal(world: World) -> tuple[str, str]:
    """A goal that two projects lead to, both with a benefit of the first one's plan; goal and benefit."""
    target = {"kind": "service-goal", "amount": "10", "unit_of_measure": "days"}
    goal = await made(
        world.office,
        "/goals",
        {"unit_id": str(world.unit), "name": "Longer at home", "target": target, "due_year": 2028},
    )
    benefit = await world.planned(name="Saved hours")
    await draw(world, world.project_id, goal["id"], [node("B1", benefit_id=benefit["id"])], {"B1": "0.5"})
    others = [node("B1", benefit_id=benefit["id"]), node("B2", name="Fewer admissions")]
    await draw(world, world.other_id, goal["id"], others, {"B1": "0.5", "B2": "0.2"})
    return goal["id"], benefit["id"]


def node(key: str, kind: str = "benefit", **members: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind} | members


async def draw(
    world: World, project_id: str, goal_id: str, benefits: list[dict[str, Any]], shares: dict[str, str]
) -> None:
    """A change that leads to the benefits, and these to the goal."""
    nodes = [
        node("C1", "change", name=f"Change {project_id}"),
        *benefits,
        node("G1", "goal", goal_id=goal_id),
    ]
    edges = [{"cause": "C1", "effect": key} for key in shares]
    edges += [{"cause": key, "effect": "G1", "share": share} for key, share in shares.items()]
    answer = await world.office.put(
        f"/projects/{project_id}/benefit-tree",
        json={"nodes": nodes, "edges": edges},
        headers={"If-Match": '"0"'},
    )
    assert answer.status_code == 200, answer.text


async def test_a_shared_goal_shows_who_carries_what_and_counts_each_benefit_once(world: World) -> None:
    """B12, G8."""
    goal_id, benefit_id = await shared_goal(world)

    tree = (await world.office.get(f"/goals/{goal_id}/benefit-tree")).json()

    assert GoalTreeOut.model_validate(tree).model_dump(mode="json", exclude_none=True) == tree
    assert {one["name"] for one in tree["projects"]} == {"Digital post", "New switchboard"}
    (shared,) = [one for one in tree["nodes"] if one.get("benefit_id") == benefit_id]
    assert shared["counted_in"] == world.project_id
    assert {one["project_id"] for one in shared["appearances"]} == {world.project_id, world.other_id}
    assert {one["project_id"]: one["share"] for one in tree["carried"]} == {
        world.project_id: "0.5",
        world.other_id: "0.2",
    }
    assert tree["findings"] == [
        {
            "finding": "counted-twice",
            "keys": [shared["key"]],
            "text": "“Saved hours” stands in the trees of several projects: Digital post, New switchboard. "
            "It counts once, for Digital post.",
        }
    ]


async def test_a_goal_that_no_tree_has_shows_nothing(world: World) -> None:
    target = {"kind": "service-goal", "amount": "10", "unit_of_measure": "days"}
    body = {"unit_id": str(world.unit), "name": "Alone", "target": target, "due_year": 2028}
    goal = await made(world.office, "/goals", body)

    tree = (await world.office.get(f"/goals/{goal['id']}/benefit-tree")).json()

    assert (tree["projects"], tree["nodes"], tree["contributions"]) == ([], [], [])
    assert "goal" not in tree


async def test_a_portfolio_shows_the_trees_of_its_projects_as_one(world: World) -> None:
    await shared_goal(world)

    tree = (await world.office.get(f"/portfolios/{world.portfolio_id}/benefit-tree")).json()

    assert UnitedTreesOut.model_validate(tree).model_dump(mode="json", exclude_none=True) == tree
    assert [one["name"] for one in tree["nodes"] if one["kind"] == "goal"] == ["Longer at home"]
    assert len(tree["nodes"]) == 5


async def test_a_programme_shows_the_trees_of_its_projects_as_one(world: World) -> None:
    await shared_goal(world)
    programme_id = new_id()
    await world.tell(
        "project-changed",
        project_id=world.other_id,
        portfolio_id=world.portfolio_id,
        programme_id=programme_id,
        name="New switchboard",
        status="approved",
        unit_id=world.unit,
    )

    tree = (await world.office.get(f"/programmes/{programme_id}/benefit-tree")).json()

    assert [one["project_id"] for one in tree["projects"]] == [world.other_id]


async def test_a_united_tree_can_be_drawn(world: World) -> None:
    goal_id, _ = await shared_goal(world)

    answer = await world.office.get(
        f"/goals/{goal_id}/benefit-tree", headers={"Accept": "image/svg+xml", "Accept-Language": "da"}
    )

    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "Veje til målet Longer at home" in answer.text


async def test_nothing_of_it_is_there_for_another_organisation(world: World) -> None:
    goal_id, _ = await shared_goal(world)
    other = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    answers = [
        await other.get(path)
        for path in (
            f"/goals/{goal_id}/benefit-tree",
            f"/portfolios/{world.portfolio_id}/benefit-tree",
            f"/programmes/{new_id()}/benefit-tree",
        )
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_a_benefit_that_was_closed_counts_nothing_and_is_shown_to(world: World) -> None:
    """B3, G6, G8: the goal stays, and a withdrawn one is told as well."""
    await world.started()
    goal_id, benefit_id = await shared_goal(world)
    gate = await world.proposed(outcome="stop")
    await world.decided(gate["id"], "stop")

    whole = (await world.office.get(f"/goals/{goal_id}/benefit-tree")).json()
    at = f"/projects/{world.project_id}/benefit-tree"
    carried = (await world.office.get(f"{at}/contributions?effect=G1")).json()["items"]
    shown = (await world.office.get(at)).json()

    (node_,) = [one for one in whole["nodes"] if one.get("benefit_id") == benefit_id]
    assert node_["benefit_state"] == "closed"
    assert {one["goal_state"] for one in whole["nodes"] if one["kind"] == "goal"} == {"open"}
    by_project = {one["project_id"]: one["share"] for one in whole["carried"]}
    assert by_project == {world.project_id: "0", world.other_id: "0.2"}
    assert [(one["key"], one["share"], one["is_ended"]) for one in carried if one["key"] == "B1"] == [
        ("B1", "0", True)
    ]
    findings = {one["finding"] for one in shown["findings"]}
    assert {"benefit-ended", "goal-without-path"} <= findings
    body = {"state": "withdrawn", "reason": "Decided otherwise"}
    revision = (await world.office.get(f"/goals/{goal_id}")).json()["revision"]
    await world.office.put(f"/goals/{goal_id}/state", json=body, headers={"If-Match": f'"{revision}"'})
    after = (await world.office.get(at)).json()
    assert "goal-withdrawn" in {one["finding"] for one in after["findings"]}
    assert after["nodes"][-1]["goal"]["state"] == "withdrawn"
