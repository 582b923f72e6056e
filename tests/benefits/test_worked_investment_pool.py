"""Worked case 5, the benefit's side: what is verified repays a loan, then is everybody's (M1, M2, M3)."""

from decimal import Decimal
from typing import Any

from gevinst_shared.values.actor import Role
from tests.benefits.plan_records import told
from tests.benefits.worked import (
    Json,
    agreed,
    controller_of,
    example,
    finance_of,
    got,
    owner_of,
    placed,
    planned,
    units_of,
    verified,
)
from tests.benefits.world import World, made
from tests.support.callers import problem

POOL = example("investment-pool", "plan.json")
[TERMS] = POOL["benefits"]


async def lent_to(world: World) -> tuple[Json, str, dict[str, Any]]:
    """The benefit, its phasing as the unit agreed to it, and the ids of the example's words."""
    ids = await units_of(world, "archive")
    benefit = (await planned(world, POOL, ids))[TERMS["key"]]
    return benefit, await agreed(world, benefit, placed(TERMS["phasing"], ids)), ids


async def book(world: World, phasing_id: str, year: int, amount: str | None = None) -> Any:
    line = {"account": TERMS["phasing"]["account"], "year": year} | ({"amount": amount} if amount else {})
    return await finance_of(world).post(f"/budget-phasings/{phasing_id}/bookings", json={"lines": [line]})


async def test_what_the_controller_verifies_is_announced_with_its_money_until_the_loan_is_repaid(
    world: World,
) -> None:
    """M2, G3, E1: a pool can follow the repayment from the feed alone, a correction included."""
    benefit, _, _ = await lent_to(world)
    found = [await verified(world, benefit, one["year"], one["amount"]) for one in POOL["verified"]]
    reason = {"corrects_id": found[0]["id"], "reason": "A quarter was missing"}
    await verified(world, benefit, 2023, "300000.00", **reason)
    by_owner = await world.desk.caller(Role.BENEFIT_CONTROLLER, subject="olav").post(
        f"/benefits/{benefit['id']}/verifications", json={"year": 2022, **_finding(benefit, "1.00")}
    )

    events = await told(world, "benefit-verified")

    assert problem(by_owner)["status"] == 403
    corrected = {one["corrects_id"] for one in events if "corrects_id" in one}
    standing = [one for one in events if one["verification_id"] not in corrected]
    by_year = {one["year"]: one["money"] for one in standing}
    assert {year: money["amount"] for year, money in by_year.items()} == {
        2023: "300000.00",
        2024: "400000.00",
        2025: "450000.00",
    }
    assert {(money["currency"], money["price_year"]) for money in by_year.values()} == {("DKK", 2022)}
    # One million is repaid in the third year; the rest of that year is a gain.
    left, gains = Decimal(POOL["loan"]["money"]["amount"]), {}
    for year in sorted(by_year):
        amount = Decimal(by_year[year]["amount"])
        repaid = min(left, amount)
        left, gains[year] = left - repaid, amount - repaid
    assert left == 0
    assert list(gains.values()) == [0, 0, 150_000]


async def test_no_more_leaves_the_units_budget_than_was_verified(world: World) -> None:
    """M1: the practice "when verified"; the cost of the first year needs no verification."""
    benefit, phasing_id, _ = await lent_to(world)

    cost = await book(world, phasing_id, 2022)
    early = await book(world, phasing_id, 2023)
    await verified(world, benefit, 2023, "250000.00")
    beyond = await book(world, phasing_id, 2023)
    within = await book(world, phasing_id, 2023, "-250000.00")

    assert cost.status_code == 201, cost.text
    assert problem(early)["type"].endswith("#beyond-verification")
    assert problem(beyond)["type"].endswith("#beyond-verification")
    assert within.status_code == 201, within.text


async def test_after_the_loan_the_gain_goes_to_the_common_purse_less_what_the_unit_keeps(
    world: World,
) -> None:
    """M3: the share that was agreed holds from its year on, and both parts sum to the whole."""
    benefit, phasing_id, ids = await lent_to(world)
    share = POOL["kept_share"] | {
        "unit_id": str(ids["archive"]),
        "agreed_by_id": str(ids["leader"]),
        "agreed_on": "2022-01-10",
    }
    await made(finance_of(world), f"/benefits/{benefit['id']}/kept-shares", share)
    for one in POOL["verified"]:
        await verified(world, benefit, one["year"], one["amount"])
        answer = await book(world, phasing_id, one["year"], f"-{one['amount']}")
        assert answer.status_code == 201, answer.text

    [item] = (await got(finance_of(world), "/reconciliation", unit=share["unit_id"]))["items"]
    queue = await got(controller_of(world), "/verification-queue", limit=100)

    units = {year["year"]: year["units"][0] for year in item["years"] if year["units"]}
    shown = {
        year: [unit[name]["amount"] for name in ("gross", "kept", "to_common_purse")]
        for year, unit in units.items()
    }
    assert shown[2024] == ["400000.00", "0.00", "400000.00"]
    assert shown[2025] == ["450000.00", "112500.00", "337500.00"]
    verified_years = {one["year"] for one in POOL["verified"]}
    waiting = {one["year"] for one in queue["items"] if one["benefit_id"] == benefit["id"]}
    assert not verified_years & waiting
    assert (await owner_of(world).get(f"/benefits/{benefit['id']}")).json()["state"] == "confirmed"


def _finding(benefit: Json, amount: str) -> Json:
    money = benefit["estimate"]["money_per_year"] | {"amount": amount}
    return {"realised": {"ledger": "money", "money_per_year": money}, "evidence": "Accounts"}
