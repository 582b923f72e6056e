"""Calendars over the API: one's own only, read with a ticket, updated instead of doubled, taken back."""

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import icalendar
import pytest

from gevinst_notifications.schemas.calendar_feeds import CalendarFeedOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import World
from tests.support.callers import problem
from tests.support.installation import AUDIENCE
from tests.support.organisations import new_organisation


@pytest.fixture
def olga(world: World) -> httpx.AsyncClient:
    """Who must decide the gates of the project, and reads Norwegian."""
    return world.caller("olga")


@pytest.fixture
def program(world: World) -> httpx.AsyncClient:
    """A calendar program: it has an address and no token."""
    return world.desk.with_headers()


async def opened(client: httpx.AsyncClient, name: str = "Mine frister") -> dict[str, Any]:
    answer = await client.post("/calendar-feeds", json={"name": name})
    assert answer.status_code == 201, answer.text
    feed: dict[str, Any] = (await client.get(f"/calendar-feeds/{answer.json()['id']}")).json()
    return feed


def path_of(feed: dict[str, Any]) -> str:
    """What the calendar program asks for, below the service's root."""
    parts = urlsplit(feed["address"])
    assert f"{parts.scheme}://{parts.netloc}" == AUDIENCE
    return f"{parts.path.removeprefix('/notifications/v1')}?{parts.query}"


async def events_of(program: httpx.AsyncClient, feed: dict[str, Any]) -> list[Any]:
    answer = await program.get(path_of(feed))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    parsed: Any = icalendar.Calendar.from_ical(answer.text)
    assert parsed["X-WR-CALNAME"] == feed["name"]
    return list(parsed.events)


async def test_a_program_with_the_address_reads_the_duties_without_a_token(
    world: World, olga: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    gate: dict[str, Any] = {
        "project_id": world.project_id,
        "gate_id": new_id(),
        "gate_name": "BP3",
        "outcome": "go",
    }
    feed = await opened(olga)

    assert await events_of(program, feed) == []
    await world.hear(world.event("gate-proposed", **gate, decide_by="2099-02-27"))
    first = (await events_of(program, feed))[0]
    await world.hear(world.event("gate-proposed", **gate, decide_by="2099-03-10"))
    moved = await events_of(program, feed)
    await world.hear(world.event("gate-decided", **gate, decided_on="2026-11-20"))
    decided = await events_of(program, feed)

    assert first["DTSTART"].dt == date(2099, 2, 27)
    assert str(first["SUMMARY"]).endswith(": BP3")
    assert first["SUMMARY"].params["LANGUAGE"] == "nb"
    assert "Digital post" in str(first["DESCRIPTION"])
    assert [event["UID"] for event in moved] == [first["UID"]]
    assert moved[0]["DTSTART"].dt == date(2099, 3, 10)
    assert first["SEQUENCE"] < moved[0]["SEQUENCE"] < decided[0]["SEQUENCE"]
    assert [event["STATUS"] for event in decided] == ["CANCELLED"]


async def test_a_program_that_has_it_already_is_told_so(
    olga: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    feed = await opened(olga)
    first = await program.get(path_of(feed))

    second = await program.get(path_of(feed), headers={"If-None-Match": first.headers["etag"]})
    others = [
        await program.get(path_of(feed), headers={"If-None-Match": known})
        for known in (f'"x", W/{first.headers["etag"]}', "*", '"x"', first.headers["etag"].strip('"'))
    ]

    assert (second.status_code, second.content) == (304, b"")
    assert [answer.status_code for answer in others] == [304, 304, 200, 200]
    assert first.headers["cache-control"] == "private, max-age=900"


async def test_an_address_that_was_taken_back_leads_nowhere(
    olga: httpx.AsyncClient, program: httpx.AsyncClient
) -> None:
    feed, other = await opened(olga), await opened(olga)

    missing = await olga.delete(f"/calendar-feeds/{feed['id']}")
    gone = await olga.delete(f"/calendar-feeds/{feed['id']}", headers={"If-Match": '"1"'})

    assert (missing.status_code, gone.status_code) == (428, 204)
    assert (await program.get(path_of(feed))).status_code == 404
    assert (await program.get(path_of(other))).status_code == 200
    assert (await olga.get(f"/calendar-feeds/{feed['id']}")).status_code == 404


async def test_a_calendar_is_its_persons_own(world: World, olga: httpx.AsyncClient) -> None:
    feed = await opened(olga)
    magnus = world.caller("magnus", Role.ADMINISTRATOR)
    foreign = world.desk.caller(Role.ADMINISTRATOR, subject="olga", organisation=new_organisation())

    for other in (magnus, foreign):
        assert (await other.get(f"/calendar-feeds/{feed['id']}")).status_code == 404
        deleted = await other.delete(f"/calendar-feeds/{feed['id']}", headers={"If-Match": '"1"'})
        assert deleted.status_code == 404
    assert (await magnus.get("/calendar-feeds")).json()["items"] == []
    assert [one["address"] for one in (await olga.get("/calendar-feeds")).json()["items"]] == [
        feed["address"]
    ]


@pytest.mark.parametrize("ticket", ["x", "AAAA", "a" * 200, "%00", "../../etc", "%F0%9F%98%80"])
async def test_a_ticket_that_is_none_is_answered_like_one_that_was_taken_back(
    program: httpx.AsyncClient, ticket: str
) -> None:
    answer = await program.get(f"/calendar?ticket={ticket}")

    assert answer.status_code in {400, 404}
    assert problem(answer)["status"] == answer.status_code


async def test_the_address_is_no_part_of_the_answer_that_is_kept_nor_of_events_and_audit(
    world: World, olga: httpx.AsyncClient
) -> None:
    made = await olga.post("/calendar-feeds", json={"name": "Mine"}, headers={"Idempotency-Key": "one"})
    again = await olga.post("/calendar-feeds", json={"name": "Mine"}, headers={"Idempotency-Key": "one"})
    feed = (await olga.get(f"/calendar-feeds/{made.json()['id']}")).json()
    secret = parse_qs(urlsplit(feed["address"]).query)["ticket"][0]

    assert made.json() == again.json()
    assert "address" not in made.json()
    admin = world.caller("admin", Role.ADMINISTRATOR)
    for path in ("/events?limit=100", "/audit?limit=100"):
        assert secret not in (await admin.get(path)).text
    document = {name: value for name, value in feed.items() if name != "address"}
    read = CalendarFeedOut.model_validate_json(json.dumps(document))
    assert read.model_dump(mode="json", exclude_none=True) == document


async def test_ten_calendars_are_enough(olga: httpx.AsyncClient) -> None:
    for _ in range(10):
        await opened(olga)

    answer = await olga.post("/calendar-feeds", json={"name": "Mine"})

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (409, "too-many-feeds")


async def test_unknown_parameters_are_refused_also_without_a_token(program: httpx.AsyncClient) -> None:
    assert (await program.get("/calendar")).status_code == 400
    assert (await program.get("/calendar?ticket=x&colour=blue")).status_code == 400
