"""Worked case 4: telemedicine; from the tree to a plan with indicators, a goal and a use (B3, B6, B14)."""

from decimal import Decimal
from typing import Any

from tests.benefits.plan_records import plan_of
from tests.benefits.tree_desk import drawn_up
from tests.benefits.worked import Json, example, got, measured, planned, units_of
from tests.benefits.world import World, made
from tests.support.callers import problem


async def telemedicine(world: World) -> tuple[dict[str, Json], Json, str]:
    """The plan's benefits by key, the tree with them in it, and the goal of living longer at home."""
    ids = await units_of(world, "home-care", "answering-centre")
    plan = example("telemedicine", "plan.json")
    benefits = await planned(world, plan, ids)
    target = {"kind": "service-goal", "amount": "82", "unit_of_measure": "percent"}
    goal = await made(
        world.office,
        "/goals",
        {
            "unit_id": str(ids["home-care"]),
            "name": "Flere bor hjemme lenger",
            "target": target,
            "due_year": 2029,
        },
    )
    await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefits["self-care"]["id"]})
    drawing = example("benefit-trees", "telemedicine.json")
    for node in drawing["nodes"]:
        if node["key"] in plan["tree"]:
            node["benefit_id"] = benefits[plan["tree"][node["key"]]]["id"]
        if node["key"] == "G1":
            node["goal_id"] = goal["id"]
    return benefits, await drawn_up(world, drawing), goal["id"]


async def test_the_citizen_measures_at_home_and_the_goal_has_a_path_from_the_technology(world: World) -> None:
    """B3, B4, G8: nodes are benefits of the plan, with their state, and the tree holds."""
    benefits, tree, goal_id = await telemedicine(world)

    path = f"/projects/{world.project_id}/benefit-tree/contributions"
    carried = {one["key"]: one for one in (await got(world.office, path, effect="G1"))["items"]}
    of_goal = await got(world.office, f"/goals/{goal_id}/benefit-tree")

    assert tree["findings"] == []
    nodes = {one["key"]: one for one in tree["nodes"]}
    assert {key: nodes[key]["benefit"]["state"] for key in ("B1", "B3", "D1")} == dict.fromkeys(
        ("B1", "B3", "D1"), "confirmed"
    )
    assert nodes["B3"]["benefit_id"] == benefits["self-care"]["id"]
    # 0.8 of self-care; that is 0.4 of the goal directly, and 0.6 × 0.5 through fewer admissions.
    assert Decimal(carried["C1"]["share"]) == Decimal("0.8") * (Decimal("0.4") + Decimal("0.3"))
    [goal] = [one["name"] for one in of_goal["nodes"] if one["key"] == of_goal["goal"]]
    assert goal == "Flere bor hjemme lenger"
    assert benefits["self-care"]["id"] in {one.get("benefit_id") for one in of_goal["nodes"]}


async def test_the_disbenefit_has_an_owner_and_takes_from_the_same_ledger(world: World) -> None:
    """C7: saved hours less the hours of the answering centre; points beside them, never added."""
    await telemedicine(world)

    plan = await plan_of(world)

    sums = {
        (one["ledger"], one["year"]): one["confirmed"]
        for one in plan["totals"]
        if one["year"] in (2027, 2028)
    }
    assert sums == {
        ("time", 2027): "800",
        ("time", 2028): "2500",
        ("quality", 2027): "20",
        ("quality", 2028): "20",
    }
    flags: dict[str, Any] = {one["name"]: set(one["flags"]) for one in plan["items"]}
    assert not any(
        {"no-indicator", "no-action", "owner-vacant", "not-confirmed"} & one for one in flags.values()
    )


async def test_before_the_effect_there_is_a_baseline_and_missing_is_not_zero(world: World) -> None:
    """B6, B7: not yet due is another state than none measured, and zero is a baseline."""
    benefits, _, _ = await telemedicine(world)
    [visits], [self_care] = (benefits[key]["indicators"] for key in ("visits", "self-care"))

    early = await world.desk.caller(subject="olav").post(
        f"/indicators/{self_care['id']}/measurements", json={"taken_on": "2199-06-30", "value": "100"}
    )
    before = await got(world.office, f"/indicators/{self_care['id']}")
    await measured(world, visits, {"2026-01-31": "231"})
    after = await got(world.office, f"/indicators/{visits['id']}")

    assert problem(early)["status"] in (400, 409)
    assert (before["state"], before["baseline"], "value" in before) == ("not-yet-due", "0", False)
    assert (after["state"], after["realised_share"]) == ("measured", "0.05")


async def test_freed_hours_go_to_other_visits_and_stay_hours(world: World) -> None:
    """B14, C7."""
    benefits, _, _ = await telemedicine(world)

    account = await got(world.office, f"/benefits/{benefits['visits']['id']}/freed-value")

    second = next(one for one in account["years"] if one["year"] == 2028)
    assert (second["freed"], second["used"], second["left"], second["worth"]) == ("3400", "2000", "1400", [])
