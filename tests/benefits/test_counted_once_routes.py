"""Nothing is counted twice: agreements with other bodies, staff and budget lines, over HTTP (B11, B12)."""

import asyncio
from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.plan_records import FROM_START, POSTAGE, STAFFING, agreement, approved, plan_of
from tests.benefits.world import World, made
from tests.support.callers import problem


async def test_a_benefit_that_falls_elsewhere_is_counted_by_nobody_until_it_is_shared(world: World) -> None:
    """B11, worked case 6: a benefit in another agency is counted once."""
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


async def test_of_two_who_first_say_who_works_here_one_must_look_again(world: World) -> None:
    path, headers = f"/units/{world.unit}/staffing", {"If-Match": '"0"'}

    answers = await asyncio.gather(
        *(world.office.put(path, json=STAFFING, headers=headers) for _ in range(4))
    )

    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert set(statuses[1:]) <= {409, 412}


async def test_who_leads_another_unit_does_not_say_who_works_here(world: World) -> None:
    elsewhere = new_id()
    await world.tell("unit-changed", unit_id=elsewhere, name="Elsewhere", path=[elsewhere])
    await world.assign("else", Role.UNIT_LEADER, "unit", elsewhere)
    await world.assign("here", Role.UNIT_LEADER, "unit", world.top)
    path, headers = f"/units/{world.unit}/staffing", {"If-Match": '"0"'}

    stranger = await world.desk.caller(subject="else").put(path, json=STAFFING, headers=headers)
    leader = await world.desk.caller(subject="here").put(path, json=STAFFING, headers=headers)

    assert (stranger.status_code, leader.status_code) == (403, 200)
