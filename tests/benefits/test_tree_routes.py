"""Benefit trees over HTTP: drawn up whole, checked, weighed and drawn (B3, B4)."""

import asyncio

from gevinst_benefits.schemas.benefit_trees import BenefitTreeOut
from gevinst_shared.values.actor import Role
from tests.benefits.tree_desk import drawn_up, node, path, put
from tests.benefits.trees import example
from tests.benefits.world import OWNER, World, made
from tests.support.callers import problem
from tests.support.organisations import new_organisation


async def test_a_project_has_an_empty_tree_until_somebody_draws_it_up(world: World) -> None:
    answer = await world.office.get(path(world))

    assert answer.headers["etag"] == '"0"'
    assert answer.json() == {
        "project_id": world.project_id,
        "organisation": world.desk.organisation,
        "nodes": [],
        "edges": [],
        "findings": [],
        "revision": 0,
    }


async def test_telemedicine_is_saved_whole_with_the_one_thing_that_is_missing(world: World) -> None:
    """Worked case 4, B3."""
    tree = await drawn_up(world)

    read = await world.office.get(path(world))
    assert read.json() == tree
    assert read.headers["etag"] == '"1"'
    assert (len(tree["nodes"]), len(tree["edges"]), tree["changed_by"]) == (13, 18, "kari")
    assert [(one["finding"], one["keys"]) for one in tree["findings"]] == [
        ("disbenefit-without-owner", ["D1"])
    ]
    assert "Mer arbeid i svarsenteret" in tree["findings"][0]["text"]
    assert BenefitTreeOut.model_validate(tree).model_dump(mode="json", exclude_none=True) == tree


async def test_findings_are_told_in_the_language_of_the_reader(world: World) -> None:
    await drawn_up(world, {"nodes": [node("G1", "goal", name="Lenger hjemme")], "edges": []})
    said = {}
    for language in ("nb", "nn", "da", "sv", "en"):
        answer = await world.office.get(path(world), headers={"Accept-Language": language})
        said[language] = answer.json()["findings"][0]["text"]

    assert len(set(said.values())) == 5
    assert said["nb"] == "Ingen gevinst leder til målet «Lenger hjemme». Legg inn gevinstene som skal nå det."


async def test_a_circle_is_saved_and_named_in_its_order(world: World) -> None:
    """B3."""
    nodes = [node("C1", "change"), node("C2", "change")]
    edges = [{"cause": "C1", "effect": "C2"}, {"cause": "C2", "effect": "C1"}]

    tree = await drawn_up(world, {"nodes": nodes, "edges": edges})

    assert tree["findings"][0] == {
        "finding": "cycle",
        "keys": ["C1", "C2"],
        "text": "The edges go round: C1 name → C2 name → C1 name. Take one of them out.",
    }


async def test_two_editors_do_not_mix(world: World) -> None:
    await drawn_up(world)
    colleague = world.desk.caller(Role.PROJECT_MANAGER, subject="ola")
    body = {"nodes": [node("T1", "technology")], "edges": []}

    first = await put(world, body, revision=1)
    second = await colleague.put(path(world), json=example(), headers={"If-Match": '"1"'})

    assert first.json()["revision"] == 2
    assert (second.status_code, problem(second)["status"]) == (412, 412)
    assert [one["key"] for one in (await world.office.get(path(world))).json()["nodes"]] == ["T1"]


async def test_of_many_who_begin_at_once_one_draws_the_tree(world: World) -> None:
    bodies = [{"nodes": [node(f"T{number}", "technology")], "edges": []} for number in range(6)]

    answers = await asyncio.gather(*(put(world, body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]


async def test_a_tree_is_not_changed_without_its_revision(world: World) -> None:
    answer = await world.office.put(path(world), json=example())

    assert answer.status_code == 428


async def test_a_node_that_is_a_benefit_of_the_plan_has_its_name_and_state(world: World) -> None:
    benefit = await world.planned(name="Fewer visits", mode="budget-reduction")
    nodes = [
        node("C1", "change", receiving_unit_id=str(world.unit)),
        {"key": "B1", "kind": "benefit", "benefit_id": benefit["id"]},
    ]

    tree = await drawn_up(
        world, {"nodes": nodes, "edges": [{"cause": "C1", "effect": "B1", "share": "0.50"}]}
    )

    assert tree["nodes"][0]["receiving_unit_id"] == str(world.unit)
    assert tree["nodes"][1] == {
        "key": "B1",
        "kind": "benefit",
        "name": "Fewer visits",
        "has_own_name": False,
        "is_disbenefit": False,
        "benefit_id": benefit["id"],
        "benefit": {"project_id": world.project_id, "mode": "budget-reduction", "state": "proposed"},
    }
    assert tree["edges"] == [{"cause": "C1", "effect": "B1", "share": "0.5"}]
    assert tree["findings"] == []


async def test_a_budget_reduction_without_a_change_in_the_work_is_told(world: World) -> None:
    """B4."""
    benefit = await world.planned(name="Less staff", mode="budget-reduction")
    nodes = [{"key": "B1", "kind": "benefit", "benefit_id": benefit["id"]}]

    tree = await drawn_up(world, {"nodes": nodes, "edges": []})

    assert [one["finding"] for one in tree["findings"]] == ["benefit-without-change", "budget-without-change"]


async def test_a_disbenefit_whose_owners_role_is_filled_is_answered_for(world: World) -> None:
    """B2."""
    filled = await world.planned(name="More calls")
    vacant = await world.planned(name="Waiting", owner={"role": "unit-leader", "unit_id": str(world.unit)})
    nodes = [
        node(key, "benefit", is_disbenefit=True, benefit_id=benefit["id"])
        for key, benefit in (("D1", filled), ("D2", vacant))
    ]

    tree = await drawn_up(world, {"nodes": nodes, "edges": [{"cause": "D1", "effect": "D2"}]})

    assert [(one["finding"], one["keys"]) for one in tree["findings"]] == [
        ("disbenefit-without-owner", ["D2"])
    ]


async def test_what_every_node_carries_of_a_goal_can_be_asked(world: World) -> None:
    """Worked case 4; B6: what is not known has bounds and no figure."""
    await drawn_up(world)

    answer = await world.office.get(path(world, "contributions"), params={"effect": "G1"})

    assert answer.json() == {
        "effect": "G1",
        "items": [
            {"key": "T1", "at_least": "0", "at_most": "0.56", "is_ended": False},
            {"key": "T2", "at_least": "0", "at_most": "0.56", "is_ended": False},
            {"key": "C1", "share": "0.56", "at_least": "0.56", "at_most": "0.56", "is_ended": False},
            {"key": "B3", "share": "0.7", "at_least": "0.7", "at_most": "0.7", "is_ended": False},
            {"key": "E2", "share": "0.5", "at_least": "0.5", "at_most": "0.5", "is_ended": False},
        ],
    }


async def test_contributions_of_a_tree_that_goes_round_are_refused_with_the_circle(world: World) -> None:
    nodes = [node("C1", "change"), node("C2", "change")]
    edges = [{"cause": "C1", "effect": "C2"}, {"cause": "C2", "effect": "C1"}]
    await drawn_up(world, {"nodes": nodes, "edges": edges})

    answer = await world.office.get(path(world, "contributions"), params={"effect": "C1"})

    assert answer.status_code == 409
    assert "C1 → C2 → C1" in problem(answer)["detail"]


async def test_contributions_are_told_however_large_they_grow(world: World) -> None:
    """A ladder of disbenefits doubles the figure on each step; nothing breaks."""
    nodes, edges = [node("B0", "benefit")], []
    for step in range(1, 100):
        before, here = f"B{step - 1}", f"B{step}"
        nodes += [node(f"D{step}", "benefit", is_disbenefit=True), node(here, "benefit")]
        edges += [{"cause": before, "effect": here, "share": "1"}]
        edges += [{"cause": f"D{step}", "effect": here, "share": "1"}]
        if step > 1:
            edges += [{"cause": f"D{step - 1}", "effect": f"D{step}", "share": "1"}]
    await drawn_up(world, {"nodes": nodes, "edges": edges})

    answer = await world.office.get(path(world, "contributions"), params={"effect": "B99"})

    assert answer.status_code == 200, answer.text


async def test_contributions_to_a_node_that_is_not_there_are_not_found(world: World) -> None:
    answer = await world.office.get(path(world, "contributions"), params={"effect": "G1"})

    assert answer.status_code == 404


async def test_another_organisation_does_not_see_the_tree(world: World) -> None:
    await drawn_up(world)
    other = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    read = await other.get(path(world))
    written = await other.put(path(world), json=example(), headers={"If-Match": '"1"'})

    assert (read.status_code, written.status_code) == (404, 404)


async def test_a_reader_and_a_planner_of_another_project_may_not_draw(world: World) -> None:
    reader = world.desk.caller(Role.READER, subject="leo")
    await world.assign("nina", Role.PROJECT_MANAGER, "project", world.other_id)
    elsewhere = world.desk.caller(subject="nina")

    answers = [
        await caller.put(path(world), json=example(), headers={"If-Match": '"0"'})
        for caller in (reader, elsewhere)
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


async def test_the_owner_in_the_line_may_build_from_that_end(world: World) -> None:
    """B3."""
    owner = world.desk.caller(subject=OWNER)
    goal = {"nodes": [node("G1", "goal")], "edges": []}

    answer = await owner.put(path(world), json=goal, headers={"If-Match": '"0"'})

    assert answer.status_code == 200, answer.text


async def test_the_audit_trail_holds_the_tree_before_and_after(world: World) -> None:
    """E1."""
    await drawn_up(world)
    await put(world, {"nodes": [node("T1", "technology")], "edges": []}, revision=1)
    auditor = world.desk.caller(Role.AUDITOR, subject="aud")

    rows = (await auditor.get("/audit", params={"subject": f"benefit-trees/{world.project_id}"})).json()[
        "items"
    ]

    first, second = sorted(rows, key=lambda row: row["time"])
    assert "before" not in first
    assert len(first["after"]["nodes"]) == 13
    assert first["after"] == second["before"]
    assert second["after"] == {
        "nodes": [{"key": "T1", "kind": "technology", "name": "T1 name", "is_disbenefit": False}],
        "edges": [],
    }


async def test_the_feed_tells_that_the_tree_changed(world: World) -> None:
    await drawn_up(world)
    follower = world.desk.caller(Role.INTEGRATION, subject="feed")

    events = (await follower.get("/events", params={"wait": 0, "limit": 100})).json()["items"]

    (told,) = [one for one in events if one["type"] == "gevinst.benefits.benefit-tree-changed.v1"]
    assert told["data"] == {
        "project_id": world.project_id,
        "node_count": 13,
        "edge_count": 18,
        "finding_count": 1,
    }


async def test_goals_are_made_where_they_are_and_pointed_at(world: World) -> None:
    """G8."""
    target = {"kind": "service-goal", "amount": "10", "unit_of_measure": "days"}
    goal = await made(
        world.office,
        "/goals",
        {"unit_id": str(world.unit), "name": "Longer at home", "target": target, "due_year": 2028},
    )

    tree = await drawn_up(
        world, {"nodes": [{"key": "G1", "kind": "goal", "goal_id": goal["id"]}], "edges": []}
    )

    assert tree["nodes"][0]["name"] == "Longer at home"
    assert tree["nodes"][0]["goal"] == {"kind": "service-goal", "state": "open"}
