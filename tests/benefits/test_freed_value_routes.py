"""What freed value is used for, and installations that carry their cost, over HTTP (B14, B15, C7)."""

from typing import Any

import pytest

from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import FROM_START, approved, installation, money, use
from tests.benefits.world import World, made
from tests.support.callers import problem


async def test_freed_hours_are_money_only_by_a_stated_use_and_beside_the_hours(world: World) -> None:
    """B14, C7."""
    await approved(world, "2027-01-01", "2027-12-31")
    benefit = await world.planned(timing=FROM_START)
    at = f"/benefits/{benefit['id']}"
    priced = use(world, hourly_cost=money("500.00"), hourly_cost_source="Payroll 2026")
    first = await made(world.office, f"{at}/freed-value-uses", priced)
    await made(world.office, f"{at}/freed-value-uses", use(world, amount="700"))
    within = (await world.office.get(f"{at}/freed-value")).json()
    more = use(world, amount="900", corrects_id=first["id"], reason="Counted again")
    await made(world.office, f"{at}/freed-value-uses", more)
    beyond = (await world.office.get(f"{at}/freed-value")).json()

    [year] = within["years"]
    assert (year["freed"], year["used"], year["left"]) == ("1200", "1100", "100")
    assert year["worth"] == [money("200000.00")]
    assert not within["is_exceeded"]
    [year] = beyond["years"]
    assert (year["used"], year["left"], year["is_exceeded"], year["worth"]) == ("1600", "-400", True, [])
    listed = (await world.office.get(f"{at}/freed-value-uses?year=2027")).json()["items"]
    assert [one["is_corrected"] for one in listed] == [True, False, False]


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"money": money("5.00"), "amount": None}, "use-in-other-ledger"),
        ({"money": money("5.00")}, "use-in-other-ledger"),
        ({"amount": "-5"}, "malformed"),
        ({"amount": "1234567890123"}, "malformed"),
        ({"hourly_cost": money("5.00")}, "hourly-cost-without-source"),
        ({"money": money("-5.00"), "amount": None}, "use-negative"),
        ({"unit_id": str(new_id())}, "unit-not-known"),
        ({"purpose": "fun"}, "malformed"),
        ({"year": 1800}, "malformed"),
        ({"corrects_id": str(new_id())}, "correction-unexplained"),
        ({"corrects_id": str(new_id()), "reason": "Wrong"}, "use-not-correctable"),
    ],
)
async def test_odd_uses_are_refused(world: World, members: dict[str, Any], code: str) -> None:
    benefit = await world.planned()
    body = {name: value for name, value in use(world, **members).items() if value is not None}

    answer = await world.office.post(f"/benefits/{benefit['id']}/freed-value-uses", json=body)

    assert problem(answer)["type"].endswith(f"#{code}")


async def test_an_hourly_cost_needs_hours(world: World) -> None:
    estimate = {"ledger": "quality", "amount_per_year": "5", "unit_of_measure": "points"}
    benefit = await world.planned(estimate=estimate)
    body = use(world, hourly_cost=money("5.00"), hourly_cost_source="Payroll")

    answer = await world.office.post(f"/benefits/{benefit['id']}/freed-value-uses", json=body)

    assert problem(answer)["type"].endswith("#hourly-cost-without-hours")


async def test_installations_that_do_not_carry_their_cost_are_flagged_with_what_it_takes(
    world: World,
) -> None:
    """B15."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/installations"
    few = installation(world, code="few", count=2)
    dear = installation(world, code="dear", benefit_per_year=money("1000.00"))
    slow = installation(world, code="slow", lifetime_months=23)
    rows = [installation(world), few, dear, slow]

    summary = await made(world.office, path, {"installations": rows})
    again = await made(world.office, path, {"installations": [installation(world, count=20)]})
    listed = {one["code"]: one for one in (await world.office.get(path)).json()["items"]}
    flagged = (await world.office.get(f"{path}?carries=false")).json()["items"]

    assert (summary["changed"], summary["count"], summary["not_carrying"]) == (4, 32, 22)
    assert (again["changed"], again["count"]) == (1, 42)
    good = listed["night-cameras"]
    assert (good["count"], good["carries"]) == (20, True)
    assert (good["break_even_months"], good["break_even_count"]) == (21, 3)
    assert good["net_per_year"] == money("4000.00")
    assert (listed["few"]["carries"], listed["few"]["break_even_count"]) == (False, 3)
    assert "break_even_months" not in listed["few"]
    assert "break_even_count" not in listed["dear"]
    assert listed["slow"]["break_even_months"] == 24
    assert {one["code"] for one in flagged} == {"few", "dear", "slow"}


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([{}, {}], "installation-named-twice"),
        ([{"cost_per_year": {**money("1.00"), "price_year": 2020}}], "installation-money-mixed"),
        ([{"one_off_cost": money("-1.00")}], "installation-cost-negative"),
        ([{"count": 0}], "malformed"),
        ([{"unit_id": str(new_id())}], "unit-not-known"),
        ([{"one_off_cost": {**money("1.00"), "amount": "1e9"}}], "malformed"),
        ([], "malformed"),
    ],
)
async def test_odd_installations_are_refused(world: World, rows: list[dict[str, Any]], code: str) -> None:
    benefit = await world.planned()
    body = {"installations": [installation(world, **row) for row in rows]}

    answer = await world.office.post(f"/benefits/{benefit['id']}/installations", json=body)

    assert problem(answer)["type"].endswith(f"#{code}")
