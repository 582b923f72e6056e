"""Leave and stand-ins, over HTTP, and who hears meanwhile (N3)."""

import json
from datetime import timedelta
from typing import Any

import pytest

from gevinst_notifications.schemas.absences import AbsenceOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.notifications.test_preferences_routes import FIRST, mails
from tests.notifications.world import World


def days(start: int, end: int, **members: object) -> dict[str, Any]:
    """So many days from today."""
    today = utc_now().date()
    span = {"away_from": today + timedelta(days=start), "back_on": today + timedelta(days=end)}
    return {name: str(value) for name, value in {**span, **members}.items()}


async def test_a_substitute_hears_while_one_is_away(world: World) -> None:
    await world.person("sara")
    olga = world.caller("olga")

    entered = await olga.post("/absences", json=days(-2, 5, substitute_id=world.people["sara"]))
    await world.hear(world.gate_decided())

    assert entered.status_code == 201, entered.text
    assert set(await mails(world)) == {"magnus", "olle", "sara"}
    (item,) = (await world.caller("sara").get("/inbox")).json()["items"]
    assert item["why"] == "You receive this message because you stand in for somebody who is away."
    assert (await olga.get("/inbox")).json()["unread"] == 1


async def test_before_and_after_the_leave_one_hears_oneself(world: World) -> None:
    """The span is half-open: on the day back one is back."""
    await world.person("sara")
    sara = world.people["sara"]
    await world.caller("olga").post("/absences", json=days(-3, -1, substitute_id=sara))
    await world.caller("olga").post("/absences", json=days(2, 4, substitute_id=sara))

    await world.hear(world.gate_decided())

    assert set(await mails(world)) == {"magnus", "olle", "olga"}


async def test_the_document_is_what_the_model_says(world: World) -> None:
    olga = world.caller("olga")
    made = await olga.post("/absences", json=days(1, 9, substitute_id=world.people["magnus"]))

    read = (await olga.get(made.headers["location"].removeprefix("/notifications/v1"))).json()

    shaped = AbsenceOut.model_validate_json(json.dumps(read))
    assert json.loads(shaped.model_dump_json(exclude_none=True)) == read == made.json()


async def test_leave_is_changed_and_taken_back(world: World) -> None:
    olga = world.caller("olga")
    made = await olga.post("/absences", json=days(1, 9))
    path = made.headers["location"].removeprefix("/notifications/v1")

    changed = await olga.put(path, json=days(1, 5), headers=FIRST)

    assert changed.json()["back_on"] == days(1, 5)["back_on"]
    assert (await olga.put(path, json=days(1, 5), headers=FIRST)).status_code == 412
    assert (await olga.put(path, json=days(1, 5))).status_code == 428
    assert (await olga.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert (await olga.get(path)).status_code == 404


async def test_leave_does_not_overlap(world: World) -> None:
    olga = world.caller("olga")
    await olga.post("/absences", json=days(1, 9))

    assert (await olga.post("/absences", json=days(8, 12))).status_code == 409
    assert (await olga.post("/absences", json=days(9, 12))).status_code == 201
    assert (await world.caller("magnus").post("/absences", json=days(1, 9))).status_code == 201


async def test_an_administrator_enters_the_leave_of_who_fell_ill(world: World) -> None:
    body = days(0, 9, person_id=world.people["olga"])

    refused = await world.caller("magnus").post("/absences", json=body)
    entered = await world.caller("olle", Role.PORTFOLIO_OFFICE).post("/absences", json=body)

    assert (refused.status_code, entered.status_code) == (403, 201)
    path = entered.headers["location"].removeprefix("/notifications/v1")
    assert (await world.caller("olga").get(path)).status_code == 200
    assert (await world.caller("magnus").get(path)).status_code == 404


async def test_one_sees_ones_own_leave_and_the_office_everybodys(world: World) -> None:
    await world.caller("olga").post("/absences", json=days(1, 9))
    await world.caller("magnus").post("/absences", json=days(1, 9))
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    olga = str(world.people["olga"])

    own = (await world.caller("olga").get("/absences")).json()["items"]
    everybodys = (await office.get("/absences")).json()["items"]
    hers = (await office.get("/absences", params={"person": olga})).json()["items"]

    assert [item["person_id"] for item in own] == [item["person_id"] for item in hers] == [olga]
    assert len(everybodys) == 2
    others = await world.caller("magnus").get("/absences", params={"person": olga})
    assert others.status_code == 403


@pytest.mark.parametrize("body", [days(5, 5), days(5, 2), days(0, 2000)])
async def test_odd_days_are_refused(world: World, body: dict[str, Any]) -> None:
    assert (await world.caller("olga").post("/absences", json=body)).status_code == 400


async def test_one_cannot_stand_in_for_oneself_nor_be_stood_in_for_by_nobody(world: World) -> None:
    olga = world.caller("olga")

    own = await olga.post("/absences", json=days(1, 2, substitute_id=world.people["olga"]))
    nobody = await olga.post("/absences", json=days(1, 2, substitute_id=new_id()))

    assert (own.status_code, nobody.status_code) == (400, 404)
