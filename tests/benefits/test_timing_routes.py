"""B9 over HTTP: a benefit's dates hang on the project's, and those concerned hear when they move."""

from typing import Any

import pytest

from gevinst_benefits.usecases.following import apply
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import DELIVERY, approved, money, rescheduled, told
from tests.benefits.world import OWNER, World, connection_of, event, made
from tests.support.callers import problem

FROM_END = {"hangs_on": "end", "offset_months": 1, "duration_months": 24}


def by_year(curve: dict[str, Any]) -> dict[int, str]:
    return {one["year"]: one["amount"] for one in curve["years"]}


async def curve_of(world: World, benefit: dict[str, Any]) -> dict[str, Any]:
    answer = await world.office.get(f"/benefits/{benefit['id']}/planned-years")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_curve_moves_with_the_projects_end_and_is_stored_nowhere(world: World) -> None:
    benefit = await world.planned(timing=FROM_END)
    undated = await curve_of(world, benefit)
    await approved(world, "2027-01-01", "2027-06-01")
    before = await curve_of(world, benefit)
    await rescheduled(world, start="2027-01-01", end="2027-12-01", status="approved")
    after = await curve_of(world, benefit)

    assert (undated["state"], undated["years"], undated["total"]) == ("undated", [], "0")
    assert (before["state"], before["starts_on"]) == ("dated", "2027-07-01")
    assert by_year(before) == {2027: "600", 2028: "1200", 2029: "600"}
    assert by_year(after) == {2028: "1200", 2029: "1200"}
    assert (after["total"], after["unit_of_measure"], after["ledger"]) == ("2400", "hours", "time")
    record = (await world.office.get(f"/benefits/{benefit['id']}")).json()
    assert (record["revision"], record["timing"]["hangs_on"]) == (1, "end")


async def test_owner_and_controller_hear_once_how_the_years_of_a_decided_project_moved(world: World) -> None:
    """The same event of the feed twice tells nothing again."""
    benefit = await world.planned(timing=FROM_END)
    await world.planned(name="Fixed", timing={"hangs_on": "none", "starts_on": "2027-01-01"})
    await approved(world, "2027-01-01", "2027-06-01")

    await rescheduled(world, start="2027-01-01", end="2027-12-01", status="approved")
    await rescheduled(world, start="2027-01-01", end="2027-12-01", status="approved")

    [heard] = await told(world, "benefit-moved-in-time")
    assert heard["benefit_id"] == benefit["id"]
    assert (heard["starts_before"], heard["starts_after"]) == ("2027-07-01", "2028-01-01")
    assert heard["years"] == [
        {"year": 2027, "before": "600", "after": "0"},
        {"year": 2029, "before": "600", "after": "1200"},
    ]
    assert (heard["owner_role"], heard["owner_unit_id"]) == ("benefit-owner", str(world.unit))
    assert (heard["unit"], heard["project_name"]) == ("hours", "Digital post")


async def test_a_feed_that_is_read_again_from_its_start_tells_no_move_twice(world: World) -> None:
    """A5."""
    await world.planned(timing=FROM_END)
    fact = {"project_id": world.project_id, "name": "Digital post", "status": "approved"}
    days = ("2027-06-01", "2027-12-01")
    events = [event(world.desk.organisation, "project-rescheduled", **fact, end=day) for day in days]

    for one in (*events, *events):
        async with connection_of(world.desk) as connection:
            await apply(connection, one)

    # Back to the first day and forth again: the first time that it is read again is a move of its own.
    assert len(await told(world, "benefit-moved-in-time")) == 2


async def test_nobody_hears_of_dates_of_a_project_that_nobody_has_decided(world: World) -> None:
    await world.planned(timing=FROM_END)
    for end in ("2027-06-01", "2027-12-01"):
        fact = {"project_id": world.project_id, "name": "Digital post", "status": "proposed"}
        await world.tell("project-changed", **fact, end=end)

    assert await told(world, "benefit-moved-in-time") == []


async def test_a_delivery_that_slips_takes_what_hangs_on_it_along(world: World) -> None:
    """B10: a benefit begins before the project closes."""
    await approved(world, "2027-01-01", "2027-12-01")
    delivery = await made(world.office, f"/projects/{world.project_id}/deliveries", DELIVERY)
    timing = {"hangs_on": "milestone", "delivery_id": delivery["id"], "duration_months": 12}
    estimate = {"ledger": "money", "money_per_year": money("1200.00")}
    benefit = await world.planned(timing=timing, estimate=estimate, mode="budget-reduction")
    before = await curve_of(world, benefit)

    slipped = await world.office.put(
        f"/deliveries/{delivery['id']}",
        json={**DELIVERY, "due_on": "2027-10-01", "reason": "The supplier is late"},
        headers={"If-Match": '"1"'},
    )

    assert (slipped.status_code, slipped.json()["due_on"]) == (200, "2027-10-01")
    assert by_year(before) == {2027: "900", 2028: "300"}
    assert by_year(await curve_of(world, benefit)) == {2027: "300", 2028: "900"}
    [heard] = await told(world, "benefit-moved-in-time")
    assert heard["unit"] == "NOK 2026"
    assert heard["years"][0] == {"year": 2027, "before": "900", "after": "300"}


async def test_a_go_at_its_gate_says_that_a_delivery_is_there(world: World) -> None:
    """B9: a milestone is a delivery, or a gate that is decided."""
    await approved(world, "2026-01-01", "2027-12-01")
    await world.started()
    gated = {"name": "Concept chosen", "due_on": "2099-01-01", "gate": "BP1"}
    delivery = await made(world.office, f"/projects/{world.project_id}/deliveries", gated)
    timing = {"hangs_on": "milestone", "delivery_id": delivery["id"]}
    benefit = await world.planned(timing=timing)
    before = await curve_of(world, benefit)

    gate = await world.proposed()
    await world.decided(gate["id"])

    after = await curve_of(world, benefit)
    there = (await world.office.get(f"/deliveries/{delivery['id']}")).json()
    assert before["starts_on"] == "2099-01-01"
    assert after["starts_on"] == there["delivered_on"] < "2099-01-01"
    assert len(await told(world, "benefit-moved-in-time")) == 1


async def test_a_stopped_project_delivers_nothing_more(world: World) -> None:
    """G6: what hangs on it is planned no more; what hangs on nothing stays."""
    benefit = await world.planned(timing=FROM_END)
    fixed = await world.planned(timing={"hangs_on": "none", "starts_on": "2027-01-01", "duration_months": 12})
    await approved(world, "2027-01-01", "2027-06-01")

    await world.tell("project-stopped", project_id=world.project_id, status="stopped", name="Digital post")

    ended = await curve_of(world, benefit)
    assert (ended["state"], ended["years"]) == ("ended", [])
    assert by_year(await curve_of(world, fixed)) == {2027: "1200"}
    [heard] = await told(world, "benefit-moved-in-time")
    assert "starts_after" not in heard


async def test_another_timing_waits_to_be_confirmed_again(world: World) -> None:
    """B2: the owner stood for other years."""
    benefit = await world.planned(timing=FROM_END)
    confirmed = await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    body = world.benefit(timing={**FROM_END, "offset_months": 2})

    changed = await world.office.put(
        f"/benefits/{benefit['id']}", json=body, headers={"If-Match": confirmed.headers["etag"]}
    )

    assert (confirmed.json()["state"], changed.json()["state"]) == ("confirmed", "proposed")


@pytest.mark.parametrize(
    ("timing", "code"),
    [
        ({"hangs_on": "end", "offset_months": 10_000}, "malformed"),
        ({"hangs_on": "end", "offset_months": -601}, "malformed"),
        ({"hangs_on": "end", "duration_months": 0}, "malformed"),
        ({"hangs_on": "end", "duration_months": 601}, "malformed"),
        ({"hangs_on": "end", "offset_months": 1.5}, "malformed"),
        ({"hangs_on": "moon"}, "malformed"),
        ({"hangs_on": "end", "erosion_per_year": "1.5"}, "malformed"),
        ({"hangs_on": "end", "erosion_per_year": "NaN"}, "malformed"),
        ({"hangs_on": "end", "ramp": {"kind": "table", "shares": []}}, "malformed"),
        ({"hangs_on": "end", "ramp": {"kind": "table", "shares": ["2"]}}, "malformed"),
        ({"hangs_on": "end", "ramp": {"kind": "linear"}}, "malformed"),
        ({"hangs_on": "end", "ramp": {"kind": "linear", "months": 12, "shares": ["1"]}}, "malformed"),
        ({"hangs_on": "none"}, "odd-timing"),
        ({"hangs_on": "end", "starts_on": "2027-01-01"}, "odd-timing"),
        ({"hangs_on": "milestone"}, "odd-timing"),
        ({"hangs_on": "none", "starts_on": "2027-01-01", "ends_on": "2026-01-01"}, "benefit-dates-reversed"),
        ({"hangs_on": "milestone", "delivery_id": str(new_id())}, "delivery-not-known"),
    ],
)
async def test_odd_timings_are_refused(world: World, timing: dict[str, Any], code: str) -> None:
    answer = await world.office.post(
        f"/projects/{world.project_id}/benefits", json=world.benefit(timing=timing)
    )

    assert problem(answer)["type"].endswith(f"#{code}")


async def test_days_at_the_end_of_the_calendar_break_nothing(world: World) -> None:
    benefit = await world.planned(timing={"hangs_on": "start", "offset_months": -600})
    late = await world.planned(timing={"hangs_on": "end", "offset_months": 600})
    await approved(world, "0001-01-01", "9999-12-31")

    assert (await curve_of(world, benefit))["state"] == "undated"
    assert (await curve_of(world, late))["years"] == []


async def test_another_projects_delivery_is_not_known(world: World) -> None:
    theirs = await made(world.office, f"/projects/{world.other_id}/deliveries", DELIVERY)
    timing = {"hangs_on": "milestone", "delivery_id": theirs["id"]}

    answer = await world.office.post(
        f"/projects/{world.project_id}/benefits", json=world.benefit(timing=timing)
    )

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (409, "delivery-not-known")


async def test_a_benefit_that_moves_to_another_project_hangs_on_that_projects_end(world: World) -> None:
    """G6: the old project's delivery is none of the new one's."""
    await world.started()
    delivery = await made(world.office, f"/projects/{world.project_id}/deliveries", DELIVERY)
    timing = {"hangs_on": "milestone", "delivery_id": delivery["id"], "offset_months": 2}
    benefit = await world.planned(timing=timing)
    gate = await world.proposed(outcome="stop")
    moves = [{"benefit_id": benefit["id"], "project_id": world.other_id}]

    await world.decided(gate["id"], "stop", moved_benefits=moves)

    [taken] = (await world.office.get(f"/projects/{world.other_id}/benefits")).json()["items"]
    assert (taken["timing"]["hangs_on"], taken["timing"]["offset_months"]) == ("end", 2)
    assert "delivery_id" not in taken["timing"]


async def test_a_delivery_is_not_there_in_the_future_and_changes_by_revision(world: World) -> None:
    path = f"/projects/{world.project_id}/deliveries"
    early = await world.office.post(path, json={**DELIVERY, "delivered_on": "2999-01-01"})
    unknown = await world.office.post(f"/projects/{new_id()}/deliveries", json=DELIVERY)
    delivery = await made(world.office, path, DELIVERY)
    at = f"/deliveries/{delivery['id']}"

    missing = await world.office.put(at, json=DELIVERY)
    stale = await world.office.put(at, json=DELIVERY, headers={"If-Match": '"7"'})
    key = {"Idempotency-Key": f'"{new_id()}"'}
    first = await world.office.post(path, json=DELIVERY, headers=key)
    again = await world.office.post(path, json=DELIVERY, headers=key)

    assert problem(early)["type"].endswith("#delivered-in-future")
    assert unknown.status_code == 404
    assert (missing.status_code, stale.status_code) == (428, 412)
    assert first.json()["id"] == again.json()["id"]
