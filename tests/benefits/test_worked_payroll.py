"""Worked case 2: payroll; four processes are 80 % of the work, and 16 FTE stay FTE (C7, B3, B12, B14)."""

from decimal import Decimal

from tests.benefits.plan_records import plan_of
from tests.benefits.worked import (
    Json,
    example,
    finance_of,
    got,
    measured,
    owner_of,
    placed,
    planned,
    units_of,
)
from tests.benefits.world import World, made
from tests.support.callers import problem


async def payroll(world: World) -> tuple[dict[str, Json], Json]:
    """The plan's benefits by key, and the ids of its words."""
    ids = {
        name: str(unit) for name, unit in (await units_of(world, "payroll-office", "institutions")).items()
    }
    plan = example("payroll", "plan.json")
    benefits = await planned(world, plan, ids)
    goal = await made(world.office, "/goals", placed(plan["goal"], ids))
    await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefits["fewer-fte"]["id"]})
    known = ids | {key: one["id"] for key, one in benefits.items()}
    body = placed(example("payroll", "benefit-tree.json"), known)
    next(node for node in body["nodes"] if node["key"] == "G1")["goal_id"] = goal["id"]
    path = f"/projects/{world.project_id}/benefit-tree"
    answer = await world.office.put(path, json=body, headers={"If-Match": '"0"'})
    assert answer.status_code == 200, answer.text
    assert answer.json()["findings"] == []
    return benefits, ids


async def test_four_work_processes_carry_four_fifths_and_abolished_controls_the_rest(world: World) -> None:
    """B3: the controls that go are a change like any other, in the tree and as an action that is done."""
    benefits, _ = await payroll(world)

    path = f"/projects/{world.project_id}/benefit-tree/contributions"
    found = await got(world.office, path, effect="B1")
    shares = {one["key"]: Decimal(one["share"]) for one in found["items"] if "share" in one}
    controls = benefits["fewer-fte"]["actions"][-1]
    done = await owner_of(world).post(
        f"/actions/{controls['id']}/steps",
        json={"state": "done", "on": "2013-12-01", "follow_up": "What is found without them"},
        headers={"If-Match": '"1"'},
    )
    await measured(world, benefits["fewer-fte"]["indicators"][0], {"2014-12-31": "6", "2015-12-31": "4"})

    assert sum(shares[key] for key in ("C1", "C2", "C3", "C4")) == Decimal("0.8")
    assert shares["C5"] == Decimal("0.2")
    assert (done.json()["kind"], done.json()["state"]) == ("work-process", "done")
    indicator = await got(world.office, f"/indicators/{benefits['fewer-fte']['indicators'][0]['id']}")
    assert (indicator["state"], indicator["realised_share"]) == ("measured", "1")
    flags = {one["name"]: one["flags"] for one in (await plan_of(world))["items"]}
    assert "change-without-goal" not in flags["Sixteen FTE less in payroll"]
    assert "no-action" in flags["Pay that is right the first time"]


async def test_sixteen_fte_stay_fte_until_their_use_is_stated(world: World) -> None:
    """C7, B14: no sum of the plan has them in money, and no budget takes them."""
    benefits, ids = await payroll(world)
    freed = benefits["fewer-fte"]

    totals = (await plan_of(world))["totals"]
    phasing = {"unit_id": ids["payroll-office"], "account": "Pay", "currency": "DKK", "price_year": 2013}
    booked = await finance_of(world).post(f"/benefits/{freed['id']}/budget-phasings", json=phasing)
    account = await got(world.office, f"/benefits/{freed['id']}/freed-value")
    cost = {"amount": "260.00", "currency": "DKK", "price_year": 2013}
    priced = await world.office.post(
        f"/benefits/{freed['id']}/freed-value-uses",
        json={
            "purpose": "savings",
            "name": "All of it as money",
            "unit_id": ids["payroll-office"],
            "year": 2015,
            "amount": "16",
            "hourly_cost": cost,
            "hourly_cost_source": "Payroll",
        },
    )

    assert {one["ledger"] for one in totals} == {"time", "quality"}
    fte = {one["year"]: one["confirmed"] for one in totals if one.get("unit_of_measure") == "FTE"}
    assert fte == dict.fromkeys(range(2014, 2019), "16")
    assert problem(booked)["type"].endswith("#benefit-not-bookable")
    first = account["years"][0]
    assert (first["year"], first["freed"], first["used"], first["left"]) == (2014, "16", "16", "0")
    assert first["worth"] == []
    assert problem(priced)["type"].endswith("#hourly-cost-without-hours")


async def test_no_more_is_freed_than_there_are_people(world: World) -> None:
    """B12: held against the unit's staff."""
    _, ids = await payroll(world)
    path = f"/units/{ids['payroll-office']}/staffing"
    few = {"years": [{"year": 2014, "fte": "12", "hours_per_fte": "1650"}]}
    many = {"years": [{"year": 2014, "fte": "60", "hours_per_fte": "1650"}]}

    found = []
    for revision, body in ((0, few), (1, many)):
        answer = await world.office.put(path, json=body, headers={"If-Match": f'"{revision}"'})
        assert answer.status_code == 200, answer.text
        found.append((await got(world.office, "/double-counting"))["items"])

    assert [len(one) for one in found] == [1, 0]


async def test_freed_time_in_the_case_is_money_only_with_its_use(world: World) -> None:
    """C7: a line that turns hours into money says what becomes of them."""
    line = world.gain(kind="saved-time", amounts={"pattern": "recurring", "amount_per_year": "fte * salary"})
    assumptions = [
        {"name": "fte", "value": "16", "unit": "FTE"},
        {"name": "salary", "value": "420000", "unit": "NOK/FTE/year"},
    ]
    path = f"/projects/{world.project_id}/business-cases"

    silent = await world.office.post(path, json=world.case(assumptions=assumptions, lines=[line]))
    spoken = world.case(assumptions=assumptions, lines=[line | {"use": "Twelve posts are not refilled"}])
    said = await world.office.post(path, json=spoken)

    assert problem(silent)["type"].endswith("#time-without-use")
    assert said.status_code == 201, said.text
