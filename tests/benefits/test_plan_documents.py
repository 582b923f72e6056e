"""A whole benefit plan in one answer: flags, sums that never mix, and what frees what (B4, B6, B10, C7)."""

from typing import Any, cast

import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import (
    STAFFING,
    action,
    agreement,
    approved,
    installation,
    money,
    owned,
    risk,
    role_of,
    use,
)
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import OWNER, World, made
from tests.portfolio.test_statement_counts import counted
from tests.support.callers import problem

FROM_START = {"hangs_on": "start", "duration_months": 12}
POSTAGE = {
    "mode": "budget-reduction",
    "kind": "avoided-cost",
    "estimate": {"ledger": "money", "money_per_year": money("1000.00")},
    "timing": FROM_START,
    "budget_line": "2540 Postage",
}


async def plan_of(world: World, **query: Any) -> dict[str, Any]:
    answer = await world.office.get(f"/projects/{world.project_id}/benefit-plan", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


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
    """B4: both the money and the change, or neither holds."""
    reduction, change = await world.planned(**POSTAGE), await world.planned()
    await made(world.office, f"/benefits/{reduction['id']}/actions", action(world, kind="budget-reduction"))
    await made(world.office, f"/benefits/{change['id']}/actions", action(world, kind="work-process"))
    before = await plan_of(world)

    await made(world.office, f"/benefits/{reduction['id']}/actions", action(world, kind="closing-a-channel"))
    await made(world.office, f"/benefits/{change['id']}/indicators", INDICATOR)
    after = await plan_of(world)

    assert "budget-reduction-without-change" in flags_of(before, reduction)
    assert "change-without-goal" in flags_of(before, change)
    assert "budget-reduction-without-change" not in flags_of(after, reduction)
    assert "change-without-goal" not in flags_of(after, change)


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
        "falls-elsewhere",
        "high-risk",
        "prerequisite-failed",
        "installation-does-not-pay",
        "more-used-than-freed",
    }
    counts = {one["flag"]: one["count"] for one in plan["flag_counts"]}
    assert counts["not-confirmed"] == 2
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


async def test_a_benefit_that_falls_elsewhere_is_counted_by_nobody_until_it_is_shared(world: World) -> None:
    """B11: counted once."""
    await approved(world, "2027-01-01", "2027-12-31")
    benefit = await world.planned(**{**POSTAGE, "mode": "public-elsewhere"})
    path = f"/benefits/{benefit['id']}/agreement-entries"

    async def ours() -> str:
        [total] = (await plan_of(world))["totals"]
        return str(total["unconfirmed"])

    before = await ours()
    await made(world.office, path, agreement())
    proposed = await ours()
    await made(world.office, path, agreement(state="accepted", happened_on="2026-02-01"))
    accepted = await ours()
    await made(world.office, path, agreement(state="disputed", happened_on="2026-02-02"))
    shared = agreement(state="shared", share_kept="0.25", happened_on="2026-03-01", reference="26/417")
    await made(world.office, path, shared)

    assert (before, proposed, accepted, await ours()) == ("1000", "0", "0", "250")
    steps = (await world.office.get(path)).json()["items"]
    assert [one["state"] for one in steps] == ["proposed", "accepted", "disputed", "shared"]
    curve = (await world.office.get(f"/benefits/{benefit['id']}/planned-years")).json()
    assert curve["own_share"] == "0.25"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"body": "0192:991825828"}, "odd-organisation-number"),
        ({"body": "somebody"}, "malformed"),
        ({"state": "accepted"}, "agreement-step-not-possible"),
        ({"state": "shared"}, "agreement-share-unclear"),
        ({"share_kept": "0.5"}, "agreement-share-unclear"),
        ({"happened_on": "2999-01-01"}, "agreement-out-of-time"),
    ],
)
async def test_odd_agreements_are_refused(world: World, members: dict[str, Any], code: str) -> None:
    benefit = await world.planned()

    answer = await world.office.post(
        f"/benefits/{benefit['id']}/agreement-entries", json=agreement(**members)
    )

    assert problem(answer)["type"].endswith(f"#{code}")


async def test_an_agreement_with_ourselves_or_back_in_time_is_refused(world: World) -> None:
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/agreement-entries"

    own = await world.office.post(path, json=agreement(body=world.desk.organisation))
    await made(world.office, path, agreement())
    back = await world.office.post(path, json=agreement(state="accepted", happened_on="2025-12-31"))

    assert problem(own)["type"].endswith("#agreement-with-ourselves")
    assert problem(back)["type"].endswith("#agreement-out-of-time")


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
        ({"money": money("5.00")}, "malformed"),
        ({"amount": "-5"}, "malformed"),
        ({"amount": "1234567890123"}, "malformed"),
        ({"hourly_cost": money("5.00")}, "malformed"),
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


async def test_staff_are_recorded_by_revision_and_hours_above_them_are_found(world: World) -> None:
    """B12: freed time above the unit's staff, and one line claimed by two plans."""
    await approved(world, "2027-01-01", "2027-12-31")
    await approved(world, "2027-01-01", "2027-12-31", world.other_id)
    path = f"/units/{world.unit}/staffing"
    empty = await world.office.get(path)
    first = await world.office.put(path, json=STAFFING, headers={"If-Match": empty.headers["etag"]})
    again = await world.office.put(path, json=STAFFING, headers={"If-Match": empty.headers["etag"]})
    mine = [await world.planned(**POSTAGE), await world.planned(timing=FROM_START)]
    theirs = []
    for body in (world.benefit(**POSTAGE), world.benefit(timing=FROM_START)):
        members = {**body, "estimate": {**body["estimate"]}}
        if members["estimate"]["ledger"] == "time":
            members["estimate"] |= {"amount_per_year": "1.9", "unit_of_measure": "FTE"}
        theirs.append(await made(world.office, f"/projects/{world.other_id}/benefits", members))

    found = (await world.office.get("/double-counting")).json()["items"]
    elsewhere = (await world.office.get(f"/double-counting?portfolio={new_id()}")).json()
    one = (await world.office.get(f"/double-counting?unit={world.top}&limit=1")).json()
    rest = (await world.office.get(f"/double-counting?limit=1&cursor={one['next_cursor']}")).json()

    assert (empty.headers["etag"], empty.json()["years"]) == ('"0"', [])
    assert (first.status_code, again.status_code) == (200, 412)
    staff, line = found
    assert (staff["kind"], staff["freed"], staff["staff"]) == ("more-than-staff", "2.585714", "2.5")
    assert {share["benefit_id"] for share in staff["benefits"]} == {mine[1]["id"], theirs[1]["id"]}
    assert (line["kind"], line["budget_line"], line["year"]) == ("same-budget-line", "2540 Postage", 2027)
    assert {share["amount"] for share in line["benefits"]} == {"1000"}
    assert line["is_across_projects"]
    assert elsewhere["items"] == []
    assert [*one["items"], *rest["items"]] == found


@pytest.mark.parametrize(
    ("years", "code"),
    [
        ([STAFFING["years"][0], STAFFING["years"][0]], "staffing-year-twice"),
        ([{**STAFFING["years"][0], "fte": "-1"}], "malformed"),
        ([{**STAFFING["years"][0], "hours_per_fte": "0"}], "malformed"),
        ([{**STAFFING["years"][0], "year": 12_345}], "malformed"),
    ],
)
async def test_odd_staffing_is_refused(world: World, years: list[dict[str, Any]], code: str) -> None:
    answer = await world.office.put(
        f"/units/{world.unit}/staffing", json={"years": years}, headers={"If-Match": '"0"'}
    )

    assert problem(answer)["type"].endswith(f"#{code}")


async def test_who_leads_another_unit_does_not_say_who_works_here(world: World) -> None:
    elsewhere = new_id()
    await world.tell("unit-changed", unit_id=elsewhere, name="Elsewhere", path=[elsewhere])
    await world.assign("else", Role.UNIT_LEADER, "unit", elsewhere)
    await world.assign("here", Role.UNIT_LEADER, "unit", world.top)
    path, headers = f"/units/{world.unit}/staffing", {"If-Match": '"0"'}

    stranger = await world.desk.caller(subject="else").put(path, json=STAFFING, headers=headers)
    leader = await world.desk.caller(subject="here").put(path, json=STAFFING, headers=headers)

    assert (stranger.status_code, leader.status_code) == (403, 200)


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
    assert few <= 8
    plan = await plan_of(world)
    assert len(plan["items"]) == plan["benefit_count"] == 200
    first = await plan_of(world, limit=150)
    second = await plan_of(world, limit=150, cursor=first["next_cursor"])
    assert [one["id"] for one in (*first["items"], *second["items"])] == [one["id"] for one in plan["items"]]
