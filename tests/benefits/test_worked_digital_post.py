"""Worked case 1: digital post; from counts to budgets of centres, and measured for years (C2, M1, B7, B8)."""

from decimal import Decimal
from typing import Any

from tests.benefits.living_cases import digital_post
from tests.benefits.worked import (
    Json,
    agreed,
    controller_of,
    example,
    finance_of,
    got,
    measured,
    owner_of,
    placed,
    planned,
    units_of,
    verified,
)
from tests.benefits.world import World, made

CENTRES = ("citizens-centre", "technical-centre")


async def test_own_counts_become_budgets_per_centre_with_a_net_cost_first(world: World) -> None:
    """C2, M1: counts → case → benefit per centre → budget per centre and year."""
    ids = await units_of(world, "digital-office", *CENTRES)
    case = await made(world.office, f"/projects/{world.project_id}/business-cases", digital_post(ids))
    plan = example("digital-post", "plan.json")
    benefits = await planned(world, plan, ids)

    # The benefits are the case's, at full size, centre by centre.
    for one in plan["benefits"]:
        full = _case_of(case, str(ids[one["key"]]))
        assert Decimal(benefits[one["key"]]["estimate"]["money_per_year"]["amount"]) == full

    await _booked(world, plan, benefits, ids)
    net = {year: Decimal(0) for year in range(2013, 2018)}
    for unit in ("digital-office", *CENTRES):
        for year in net:
            budget = await got(finance_of(world), f"/units/{ids[unit]}/budget-plan", year=year)
            net[year] -= sum(Decimal(line["net"]["amount"]) for line in budget["lines"])

    assert net[2013] == -Decimal(case["results"]["costs"][0]) < 0
    assert 0 < net[2014] < net[2015] == net[2016] == net[2017]
    assert net[2015] == sum(Decimal(one["estimate"]["money_per_year"]["amount"]) for one in benefits.values())


async def test_a_lower_share_than_planned_is_seen_and_leaders_act(world: World) -> None:
    """B5, B7, B8: measured every half-year; below the value they act at they do, and it comes back."""
    ids = await units_of(world, "digital-office", *CENTRES)
    benefits = await planned(world, example("digital-post", "plan.json"), ids)
    [indicator] = benefits["citizens-centre"]["indicators"]
    path = f"/indicators/{indicator['id']}/forecast"

    await measured(world, indicator, {"2014-06-30": "22", "2014-12-31": "30", "2015-06-30": "32"})
    off = await got(world.office, path, on="2015-06-30")
    more = {
        "name": "Decisions on day care go by digital post only",
        "kind": "closing-a-channel",
        "owner": {"role": "benefit-owner", "unit_id": str(ids["citizens-centre"])},
        "deadline": {"hangs_on": "none", "day": "2015-09-01"},
    }
    action = await made(world.office, f"/benefits/{benefits['citizens-centre']['id']}/actions", more)
    step: Json = {"state": "done", "on": "2015-09-01"}
    await owner_of(world).post(f"/actions/{action['id']}/steps", json=step, headers={"If-Match": '"1"'})
    await measured(world, indicator, {"2015-12-31": "52", "2016-06-30": "61", "2016-12-31": "63"})
    back = await got(world.office, path, on="2016-12-31")
    years = await got(world.office, f"/indicators/{indicator['id']}/series", by="year")

    assert (off["calls_for_action"], off["light"]["colour"]) == (True, "red")
    assert Decimal(off["deviation"]) < 0
    assert (back["calls_for_action"], back["light"]["colour"]) == (False, "green")
    assert [(one["period"][:4], one["value"]) for one in years["items"]] == [
        ("2014", "30"),
        ("2015", "52"),
        ("2016", "63"),
    ]


async def test_what_was_booked_is_held_against_what_the_controller_finds(world: World) -> None:
    """M1, G3: booked at once, and looked at year by year, long after the project."""
    ids = await units_of(world, "digital-office", *CENTRES)
    plan = example("digital-post", "plan.json")
    benefits = await planned(world, plan, ids)
    await _booked(world, plan, benefits, ids)
    benefit = benefits["citizens-centre"]
    await verified(world, benefit, 2014, "250000.00")
    await verified(world, benefit, 2015, benefit["estimate"]["money_per_year"]["amount"])

    found = await got(finance_of(world), "/reconciliation", unit=str(ids["citizens-centre"]))
    waiting = await got(controller_of(world), "/verification-queue", limit=100)

    item = next(one for one in found["items"] if one["benefit_id"] == benefit["id"])
    reasons = {one["year"]: [each["reason"] for each in one["differences"]] for one in item["years"]}
    assert "verified-below-booked" in reasons[2014]
    assert reasons[2015] == []
    assert reasons[2016] == ["not-verified"]
    assert 2016 in {one["year"] for one in waiting["items"] if one["benefit_id"] == benefit["id"]}


def _case_of(case: Json, unit_id: str) -> Decimal:
    """What the unit saves in money in the case's last year, what it loses taken off."""
    unit = next(one for one in case["results"]["units"] if one["unit_id"] == unit_id)
    return Decimal(unit["benefits"][-1])


async def _booked(world: World, plan: Json, benefits: dict[str, Json], ids: dict[str, Any]) -> None:
    """The project's cost on the digital office, and every planned year of each centre; booked at once."""
    await finance_of(world).put("/budget-practice", json={"practice": "at-once"})
    cost = {"currency": "DKK", "price_year": 2013, "account": "Digital post, project"}
    first = benefits[CENTRES[0]]
    phasings = [await agreed(world, first, placed(cost | plan["project_cost"], ids))]
    phasings += [
        await agreed(world, benefits[one["key"]], placed(one["phasing"], ids)) for one in plan["benefits"]
    ]
    for phasing_id in phasings:
        draft = await got(world.office, f"/budget-phasings/{phasing_id}")
        lines = [{"account": line["account"], "year": line["year"]} for line in draft["lines"]]
        answer = await finance_of(world).post(
            f"/budget-phasings/{phasing_id}/bookings", json={"lines": lines}
        )
        assert answer.status_code == 201, answer.text
