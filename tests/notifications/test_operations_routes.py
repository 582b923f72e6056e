"""Running the house: the queues, what is stopped, and dead letters sent again."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gevinst_notifications.domain.deliveries import Attempt, Outcome
from gevinst_notifications.schemas.deliveries import AttemptPageOut
from gevinst_notifications.schemas.queues import PausePageOut, QueuesOut
from gevinst_notifications.usecases.delivering import deliver_due
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.shapes import Out
from tests.notifications.queued import ACCEPTED, DEAD_SERVER, Receiver, enqueue, office
from tests.notifications.world import World
from tests.support.organisations import new_organisation

REFUSED = Attempt(Outcome.PERMANENT, 400, "we do not want it")


def _dumped(model: type[Out], content: bytes) -> str:
    read = model.model_validate_json(content)
    return json.dumps(read.model_dump(mode="json", exclude_none=True), sort_keys=True)


async def _queues(world: World) -> dict[str, dict[str, Any]]:
    answer = await world.caller("olle", Role.PORTFOLIO_OFFICE).get("/queues")
    assert _dumped(QueuesOut, answer.content) == json.dumps(answer.json(), sort_keys=True)
    return {one["destination"]: one for one in answer.json()["items"]}


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"\xff", b"{", b"[" * 100_000], ids=lambda one: one[:2].hex()
)
async def test_a_body_that_is_no_text_is_refused_in_the_readers_language(
    world: World, content: bytes
) -> None:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    headers = {"Content-Type": "application/json", "Accept-Language": "nb"}

    refused = await office.post("/pauses", content=content, headers=headers)

    assert refused.status_code == 400
    assert [one["detail"] for one in refused.json()["errors"]] == ["Er ikke JSON som kan leses."]


async def test_the_queues_show_what_waits_fails_and_rests(world: World) -> None:
    await enqueue(world, "dead.example", 9)
    await enqueue(world, "well.example", 4)
    await enqueue(world, "strict.example", 1)
    answers = {"dead.example": DEAD_SERVER, "well.example": ACCEPTED, "strict.example": REFUSED}
    for _ in range(6):
        await deliver_due(office(world, Receiver(lambda held: answers[held.destination])))
    await enqueue(world, "well.example", 2)

    found = await _queues(world)

    dead, well, strict = (found[f"{name}.example"] for name in ("dead", "well", "strict"))
    assert (dead["waiting"], dead["due"], dead["failed_last_hour"]) == (9, 4, 5)
    assert (dead["failures_in_a_row"], "rests_until" in dead) == (5, True)
    assert (well["waiting"], well["due"], well["accepted_last_hour"]) == (2, 2, 4)
    assert "rests_until" not in well
    assert datetime.fromisoformat(well["oldest_due_at"]) < datetime.now(UTC)
    assert (strict["given_up"], strict["waiting"]) == (1, 0)


async def test_an_empty_house_has_no_queues(world: World) -> None:
    assert await _queues(world) == {}


@pytest.mark.parametrize("destination", [None, "h.example"])
async def test_what_is_paused_waits_and_goes_out_when_it_is_resumed(
    world: World, destination: str | None
) -> None:
    admin = world.caller("admin", Role.ADMINISTRATOR)
    await enqueue(world, "h.example", 3)
    await enqueue(world, "other.example", 2)
    body = {"channel": "webhook", "reason": "They move house."}
    receiver = Receiver()

    made = await admin.post("/pauses", json=body | ({"destination": destination} if destination else {}))
    await deliver_due(office(world, receiver))
    paused = (receiver.count("h.example"), receiver.count("other.example"))
    shown = await _queues(world)
    gone = await admin.delete(
        made.headers["location"].removeprefix("/notifications/v1"), headers={"If-Match": '"1"'}
    )
    await deliver_due(office(world, receiver))

    assert made.status_code == 201
    assert made.json()["paused_by"] == "admin"
    assert paused == (0, 2 if destination else 0)
    assert shown["h.example"]["is_paused"]
    assert gone.status_code == 204
    assert (receiver.count("h.example"), receiver.count("other.example")) == (3, 2)


async def test_a_pause_holds_one_organisation_and_no_other(world: World) -> None:
    await enqueue(world, "h.example", 1)
    elsewhere = world.desk.caller(Role.ADMINISTRATOR, organisation=new_organisation())
    made = await elsewhere.post("/pauses", json={"channel": "webhook", "reason": "Not here."})
    receiver = Receiver()

    await deliver_due(office(world, receiver))
    mine = await world.caller("admin", Role.ADMINISTRATOR).get(f"/pauses/{made.json()['id']}")

    assert receiver.count("h.example") == 1
    assert mine.status_code == 404


async def test_pauses_are_records_like_others(world: World) -> None:
    admin = world.caller("admin", Role.ADMINISTRATOR)
    body = {"channel": "mail", "reason": "The server is moved."}

    first = await admin.post("/pauses", json=body)
    path = f"/pauses/{first.json()['id']}"
    twice = await admin.post("/pauses", json=body)
    page = await admin.get("/pauses", params={"channel": "mail"})
    unmatched = await admin.delete(path)
    stale = await admin.delete(path, headers={"If-Match": '"7"'})

    assert twice.status_code == 409
    assert (await admin.get(path)).json() == first.json()
    assert _dumped(PausePageOut, page.content) == json.dumps(page.json(), sort_keys=True)
    assert (unmatched.status_code, stale.status_code) == (428, 412)
    events = (await admin.get("/events")).json()["items"]
    assert [event["type"] for event in events] == ["gevinst.notifications.deliveries-paused.v1"]


@pytest.mark.parametrize(
    "body",
    [
        {"channel": "pigeon", "reason": "x"},
        {"channel": "mail"},
        {"channel": "mail", "reason": ""},
        {"channel": "mail", "reason": "  "},
        {"channel": "mail", "reason": "a\nb"},
        {"channel": "mail", "reason": "x", "destination": ""},
        {"channel": "mail", "reason": "x", "destination": "a\nb"},
        {"channel": "mail", "reason": "x", "until": "tomorrow"},
    ],
)
async def test_an_odd_pause_is_refused(world: World, body: dict[str, Any]) -> None:
    answer = await world.caller("admin", Role.ADMINISTRATOR).post("/pauses", json=body)

    assert answer.status_code == 400


async def test_only_an_administrator_pauses(world: World) -> None:
    colleague = world.caller("olle", Role.PORTFOLIO_OFFICE)

    answers = [
        await colleague.post("/pauses", json={"channel": "mail", "reason": "x"}),
        await colleague.delete(f"/pauses/{new_id()}", headers={"If-Match": '"1"'}),
        await world.caller("olga", Role.READER).get("/queues"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def _with_dead_letters(world: World) -> None:
    await enqueue(world, "a.example", 3)
    await enqueue(world, "b.example", 2)
    await deliver_due(office(world, Receiver(lambda _: REFUSED)))


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({}, 5),
        ({"destination": "a.example"}, 3),
        ({"channel": "mail"}, 0),
        ({"channel": "webhook", "destination": "b.example"}, 2),
        ({"event_type": "gevinst.portfolio.project-approved.v1"}, 5),
        ({"event_type": "gevinst.portfolio.project-stopped.v1"}, 0),
        ({"made_from": "2026-01-01T00:00:00Z", "made_until": "2199-01-01T00:00:00Z"}, 5),
        ({"made_until": "2026-01-01T00:00:00+01:00"}, 0),
    ],
)
async def test_dead_letters_are_sent_again_by_what_they_are(
    world: World, wanted: dict[str, Any], count: int
) -> None:
    await _with_dead_letters(world)
    receiver = Receiver()

    answer = await world.caller("olle", Role.PORTFOLIO_OFFICE).post("/deliveries/replay", json=wanted)
    await deliver_due(office(world, receiver))

    assert answer.json() == {"replayed": count, "left": 0}
    assert len(receiver.got) == count


async def test_only_one_receivers_dead_letters_are_sent_again(world: World) -> None:
    await enqueue(world, "a.example", 2, to=world.people["olga"])
    await enqueue(world, "a.example", 3)
    await deliver_due(office(world, Receiver(lambda _: REFUSED)))
    colleague = world.caller("olle", Role.PORTFOLIO_OFFICE)

    known = await colleague.post("/deliveries/replay", json={"person_id": str(world.people["olga"])})
    unknown = await colleague.post("/deliveries/replay", json={"person_id": str(new_id())})

    assert known.json() == {"replayed": 2, "left": 0}
    assert unknown.status_code == 404


async def test_a_crowd_of_dead_letters_is_sent_again_a_thousand_at_a_time(world: World) -> None:
    await enqueue(world, "a.example", 1_003)
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute("UPDATE delivery SET state = 'dead'")
    colleague = world.caller("olle", Role.PORTFOLIO_OFFICE)

    answers = [(await colleague.post("/deliveries/replay", json={})).json() for _ in range(3)]

    assert answers == [{"replayed": 1_000, "left": 3}, {"replayed": 3, "left": 0}, {"replayed": 0, "left": 0}]
    events = (await world.caller("admin", Role.ADMINISTRATOR).get("/events")).json()["items"]
    assert [event["data"]["count"] for event in events] == [1_000, 3]


async def test_others_dead_letters_are_left_alone(world: World) -> None:
    await _with_dead_letters(world)
    elsewhere = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    assert (await elsewhere.post("/deliveries/replay", json={})).json() == {"replayed": 0, "left": 0}


async def test_every_attempt_is_kept_also_those_before_a_replay(world: World) -> None:
    await enqueue(world, "a.example", 1)
    await deliver_due(office(world, Receiver(lambda _: REFUSED)))
    colleague = world.caller("olle", Role.PORTFOLIO_OFFICE)
    await colleague.post("/deliveries/replay", json={})
    await deliver_due(office(world, Receiver()))
    [delivery] = (await colleague.get("/deliveries")).json()["items"]

    answer = await colleague.get(f"/deliveries/{delivery['id']}/attempts", params={"sort": "id"})

    assert [(one["number"], one["outcome"]) for one in answer.json()["items"]] == [
        (1, "permanent-failure"),
        (1, "accepted"),
    ]
    assert _dumped(AttemptPageOut, answer.content) == json.dumps(answer.json(), sort_keys=True)
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    assert (await stranger.get(f"/deliveries/{delivery['id']}/attempts")).status_code == 404


async def test_a_delivery_that_waits_for_its_time_is_not_due(world: World) -> None:
    await enqueue(world, "h.example", 2)
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute("UPDATE delivery SET due_at = $1", datetime.now(UTC) + timedelta(days=1))

    assert (await _queues(world))["h.example"] == {
        "channel": "webhook",
        "destination": "h.example",
        "waiting": 2,
        "due": 0,
        "in_flight": 0,
        "given_up": 0,
        "accepted_last_hour": 0,
        "failed_last_hour": 0,
        "is_paused": False,
        "failures_in_a_row": 0,
    }
