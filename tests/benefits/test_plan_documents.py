"""A whole benefit plan in one answer: flags, sums that never mix, and what frees what (B4, B6, B10, C7)."""

from typing import Any, cast

import pytest

from tests.benefits.plan_records import (
    FROM_START,
    POSTAGE,
    action,
    agreement,
    approved,
    installation,
    money,
    owned,
    plan_of,
    risk,
    role_of,
    use,
)
from tests.benefits.test_goal_routes import savings
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.test_verification_routes import controller_of, finding
from tests.benefits.world import OWNER, World, made
from tests.portfolio.test_statement_counts import counted


async def confirmed(world: World, benefit: dict[str, Any]) -> None:
    answer = await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    assert answer.status_code == 200, answer.text


def flags_of(plan: dict[str, Any], benefit: dict[str, Any]) -> set[str]:
    return next(set(one["flags"]) for one in plan["items"] if one["id"] == benefit["id"])


async def test_only_what_owners_confirmed_counts_and_no_two_ledgers_are_added(world: World) -> None:
    """B2, C1, C7."""
    await approved(world, "2027-01-01", "2027-12-31")
    await confirmed(world, await world.planned(**POSTAGE))
    await world.planned(**POSTAGE)
    old = {"ledger": "money", "money_per_year": {**money("70.00"), "price_year": 2020}}
    await world.planned(**{**POSTAGE, "estimate": old})
    await world.planned(timing=FROM_START)

    totals = (await plan_of(world))["totals"]

    assert [{**one, "year": 2027} for one in totals] == totals
    by_unit = {
        (one.get("currency"), one.get("price_year"), one.get("unit_of_measure")): (
            one["confirmed"],
            one["unconfirmed"],
        )
        for one in totals
    }
    assert by_unit == {
        ("NOK", 2026, None): ("1000", "1000"),
        ("NOK", 2020, None): ("0", "70"),
        (None, None, "hours"): ("0", "1200"),
    }


async def test_a_budget_reduction_without_a_change_in_the_work_is_flagged_and_so_is_the_reverse(
    world: World,
) -> None:
    """B4, G8: both the money and the change, or neither holds; a goal that is withdrawn is none."""
    reduction, change = await world.planned(**POSTAGE), await world.planned()
    await made(world.office, f"/benefits/{reduction['id']}/actions", action(world, kind="budget-reduction"))
    await made(world.office, f"/benefits/{change['id']}/actions", action(world, kind="work-process"))
    before = await plan_of(world)

    await made(world.office, f"/benefits/{reduction['id']}/actions", action(world, kind="closing-a-channel"))
    await made(world.office, f"/benefits/{change['id']}/indicators", INDICATOR)
    goal = await made(world.office, "/goals", savings(world))
    linked = await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": change["id"]})
    after = await plan_of(world)
    settled = await world.office.put(
        f"/goals/{goal['id']}/state",
        json={"state": "withdrawn", "reason": "Decided otherwise"},
        headers={"If-Match": f'"{linked["revision"]}"'},
    )
    assert settled.status_code == 200, settled.text
    withdrawn = await plan_of(world)

    assert "budget-reduction-without-change" in flags_of(before, reduction)
    assert "change-without-goal" in flags_of(before, change)
    assert "budget-reduction-without-change" not in flags_of(after, reduction)
    assert "change-without-goal" not in flags_of(after, change)
    assert "change-without-goal" in flags_of(withdrawn, change)


async def test_what_was_verified_stands_beside_what_was_planned_of_each_year(world: World) -> None:
    """G3, B6, B14: a year that nobody verified is not zero; what is freed is what was found."""
    timing = {"hangs_on": "none", "starts_on": "2024-01-01", "duration_months": 24}
    benefit = await world.planned(timing=timing)
    await confirmed(world, benefit)
    at = f"/benefits/{benefit['id']}"
    await made(world.office, f"{at}/freed-value-uses", use(world, amount="1000", year=2025))
    before = await plan_of(world)

    await made(controller_of(world), f"{at}/verifications", finding(year=2025))
    after = await plan_of(world)

    assert "more-used-than-freed" not in flags_of(before, benefit)
    assert "more-used-than-freed" in flags_of(after, benefit)
    years = after["items"][0]["planned_years"]["years"]
    assert years == [
        {"year": 2024, "amount": "1200", "is_verified": False},
        {"year": 2025, "amount": "1200", "is_verified": True, "verified": "900"},
    ]
    assert (await world.office.get(f"{at}/planned-years")).json()["years"] == years
    freed = (await world.office.get(f"{at}/freed-value")).json()["years"]
    assert [(one["freed"], one["left"], one["is_verified"]) for one in freed] == [
        ("1200", "1200", False),
        ("900", "-100", True),
    ]


async def test_a_plan_says_what_somebody_should_look_at(world: World) -> None:
    """B2, B6, B8, B9, B11, B14, B15."""
    bare = await world.planned(owner=role_of(world))
    full = await world.planned(timing={**FROM_START, "duration_months": 24})
    at = f"/benefits/{full['id']}"
    await approved(world, "2020-01-01", "2099-12-31")
    await made(world.office, f"{at}/indicators", INDICATOR)
    await made(world.office, f"{at}/actions", action(world, deadline={"hangs_on": "start"}))
    await made(world.office, f"{at}/risks", risk(world))
    await made(world.office, f"{at}/prerequisites", owned(world, state="failed"))
    await made(world.office, f"{at}/freed-value-uses", use(world, amount="1", year=2019))
    dear = installation(world, benefit_per_year=money("900.00"))
    await made(world.office, f"{at}/installations", {"installations": [dear]})
    await made(world.office, f"{at}/agreement-entries", agreement())

    plan = await plan_of(world)

    assert flags_of(plan, bare) == {"no-indicator", "no-action", "owner-vacant", "not-confirmed"}
    assert flags_of(plan, full) == {
        "not-confirmed",
        "action-overdue",
        "change-without-goal",
        "falls-elsewhere",
        "high-risk",
        "prerequisite-failed",
        "installation-does-not-pay",
        "more-used-than-freed",
    }
    counts = {one["flag"]: one["count"] for one in plan["flag_counts"]}
    assert counts["not-confirmed"] == 2
    assert plan["action_counts"] == [{"state": "planned", "count": 1}]
    assert plan["prerequisite_counts"] == [{"state": "failed", "count": 1}]
    assert plan["risk_counts"] == [{"state": "open", "level": "high", "count": 1}]
    assert plan["items"][0]["id"] == bare["id"]  # B6: without an indicator first
    assert plan["items"][1]["risks"][0]["level"] == "high"
    assert plan["items"][1]["agreement"]["state"] == "proposed"


async def test_low_hanging_benefits_come_first_when_asked_for(world: World) -> None:
    """B10: taken out under way, not only at the end."""
    await approved(world, "2027-01-01", "2028-12-31")
    hard = await world.planned(name="Hard", effort="high", timing={"hangs_on": "start"})
    easy = await world.planned(name="Easy", effort="low", timing={"hangs_on": "end"})
    easy_now = await world.planned(name="Easy now", effort="low", timing={"hangs_on": "start"})
    unknown = await world.planned(name="Unknown")

    by_effort = [one["id"] for one in (await plan_of(world, sort="effort"))["items"]]
    by_start = [one["id"] for one in (await plan_of(world, sort="start"))["items"]]

    assert by_effort == [easy_now["id"], easy["id"], hard["id"], unknown["id"]]
    assert by_start == [easy_now["id"], hard["id"], easy["id"], unknown["id"]]


async def test_the_largest_amounts_break_nothing(world: World) -> None:
    most = money("999999999999999.99")
    estimate = {"ledger": "money", "money_per_year": most}
    await approved(world, "2027-01-01", "2027-12-31")
    benefit = await world.planned(**{**POSTAGE, "estimate": estimate, "timing": {"hangs_on": "start"}})
    await made(world.office, f"/benefits/{benefit['id']}/freed-value-uses", _money_use(world, most))
    dear = installation(world, benefit_per_year=most, one_off_cost=most, count=1_000_000)
    await made(world.office, f"/benefits/{benefit['id']}/installations", {"installations": [dear]})

    paths = ("planned-years", "freed-value", "installations")
    answers = [await world.office.get(f"/benefits/{benefit['id']}/{path}") for path in paths]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert (await plan_of(world))["totals"][0]["unconfirmed"] == "999999999999999.99"
    assert answers[0].json()["total"] == "9999999999999999.9"


def _money_use(world: World, amount: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in use(world, money=amount).items() if name != "amount"}


@pytest.mark.slow
async def test_a_plan_of_two_hundred_benefits_takes_no_more_statements_than_one_of_two(world: World) -> None:
    async def furnish(count: int) -> None:
        for _ in range(count):
            benefit = await world.planned(timing=FROM_START)
            at = f"/benefits/{benefit['id']}"
            await made(world.office, f"{at}/actions", action(world))
            await made(world.office, f"{at}/risks", risk(world))

    async def cost() -> int:
        await plan_of(world)
        async with counted(cast("Any", world)) as statements:
            await plan_of(world)
        return len(statements)

    await furnish(2)
    few = await cost()
    await furnish(198)

    assert await cost() == few
    assert few <= 10
    plan = await plan_of(world)
    assert len(plan["items"]) == plan["benefit_count"] == 200
    first = await plan_of(world, limit=150)
    second = await plan_of(world, limit=150, cursor=first["next_cursor"])
    assert [one["id"] for one in (*first["items"], *second["items"])] == [one["id"] for one in plan["items"]]
