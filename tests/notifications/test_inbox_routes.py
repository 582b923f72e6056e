"""The inbox over HTTP: one's own, in one's language, read and acknowledged."""

import pytest

from gevinst_notifications.schemas.inbox import InboxItemOut, InboxPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import World
from tests.support.callers import problem
from tests.support.organisations import new_organisation

NOWHERE = "019a0000-0000-7000-8000-0000000000a1"


async def test_an_owner_finds_the_decision_on_their_project_once_with_the_reason(world: World) -> None:
    """N1, N4."""
    await world.hear(world.gate_decided())

    page = (await world.caller("olga").get("/inbox")).json()

    assert [item["kind"] for item in page["items"]] == ["gate-decided"]
    assert page["items"][0]["reasons"] == ["owns-project"]
    assert (page["unread"], page["unacknowledged"], page["last_seq"]) == (1, 1, 1)


async def test_the_words_follow_the_request_and_otherwise_the_reader(world: World) -> None:
    await world.hear(world.gate_decided())
    olga = world.caller("olga")

    own = (await olga.get("/inbox")).json()["items"][0]
    asked = (await olga.get("/inbox", headers={"Accept-Language": "da"})).json()["items"][0]

    assert own["language"] == "nb"
    assert own["title"] == "BP3 for Digital post: stopp"
    assert asked["language"] == "da"
    assert asked["title"] == "BP3 for Digital post: stop"


async def test_pages_run_from_the_newest_to_the_oldest_without_gap(world: World) -> None:
    await world.hear(*(world.gate_decided(gate_name=f"BP{number}") for number in range(1, 8)))
    olga = world.caller("olga")

    found, cursor = [], None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await olga.get("/inbox", params=query)).json()
        found += [item["seq"] for item in page["items"]]
        cursor = page.get("next_cursor")
        if cursor is None:
            break

    assert found == [7, 6, 5, 4, 3, 2, 1]


async def test_an_item_is_read_once_and_counts_no_more(world: World) -> None:
    await world.hear(world.gate_decided(), world.gate_decided())
    olga = world.caller("olga")
    item = (await olga.get("/inbox")).json()["items"][0]

    first = await olga.post(f"/inbox/{item['id']}/reading")
    second = await olga.post(f"/inbox/{item['id']}/reading")

    assert first.json()["read_at"] == second.json()["read_at"]
    assert first.headers["etag"] == second.headers["etag"] == '"2"'
    unread = (await olga.get("/inbox", params={"unread": True})).json()
    assert [left["id"] for left in unread["items"]] != [item["id"]]
    assert unread["unread"] == 1


async def test_reading_up_to_a_number_leaves_what_came_later(world: World) -> None:
    await world.hear(world.gate_decided(), world.gate_decided(), world.gate_decided())
    olga = world.caller("olga")

    answer = await olga.post("/inbox/reading", json={"up_to": 2})

    assert answer.status_code == 204, answer.text
    unread = (await olga.get("/inbox", params={"unread": True})).json()
    assert [item["seq"] for item in unread["items"]] == [3]


async def test_an_acknowledgement_is_announced_once_and_reads_the_item(world: World) -> None:
    """N2: what stops reminders is a fact for everybody."""
    await world.hear(world.gate_decided())
    olga = world.caller("olga")
    item = (await olga.get("/inbox")).json()["items"][0]

    for _ in range(2):
        answer = await olga.post(f"/inbox/{item['id']}/acknowledgement")
        assert answer.status_code == 200, answer.text

    assert {"read_at", "acknowledged_at"} <= answer.json().keys()
    events = (await world.caller("admin", Role.ADMINISTRATOR).get("/events")).json()["items"]
    said = [event for event in events if event["type"] == "gevinst.notifications.acknowledged.v1"]
    assert [event["data"]["item_id"] for event in said] == [item["id"]]
    assert said[0]["data"]["person_id"] == str(world.people["olga"])


@pytest.mark.parametrize("path", ["", "/reading", "/acknowledgement"])
async def test_anothers_item_is_as_unknown_as_none(world: World, path: str) -> None:
    await world.hear(world.gate_decided())
    item = (await world.caller("olga").get("/inbox")).json()["items"][0]
    foreign = world.desk.caller(Role.ADMINISTRATOR, subject="olga", organisation=new_organisation())
    method = "POST" if path else "GET"

    for client in (world.caller("magnus"), world.caller("nobody"), foreign):
        answer = await client.request(method, f"/inbox/{item['id']}{path}")
        unknown = await client.request(method, f"/inbox/{new_id()}{path}")
        assert problem(answer)["status"] == 404
        assert {**problem(answer), "instance": ""} == {**problem(unknown), "instance": ""}


async def test_who_was_never_announced_has_an_empty_inbox(world: World) -> None:
    page = (await world.caller("nobody").get("/inbox")).json()

    assert page == {"items": [], "unread": 0, "unacknowledged": 0, "last_seq": 0}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/inbox"),
        ("GET", "/inbox/stream"),
        ("GET", f"/inbox/{NOWHERE}"),
        ("POST", "/inbox/reading"),
        ("POST", f"/inbox/{NOWHERE}/reading"),
        ("POST", f"/inbox/{NOWHERE}/acknowledgement"),
        ("GET", "/deliveries"),
        ("GET", f"/deliveries/{NOWHERE}"),
        ("POST", f"/deliveries/{NOWHERE}/replay"),
        ("GET", "/events"),
    ],
)
async def test_nothing_is_shown_without_a_token(world: World, method: str, path: str) -> None:
    answer = await world.desk.with_headers().request(method, path)

    assert problem(answer)["status"] == 401


async def test_misspelt_filters_and_odd_cursors_are_refused(world: World) -> None:
    olga = world.caller("olga")

    assert (await olga.get("/inbox", params={"unred": True})).status_code == 400
    assert (await olga.get("/inbox", params={"cursor": "nonsense"})).status_code == 400
    assert (await olga.post("/inbox/reading", json={"up_to": "2"})).status_code == 400


async def test_the_answers_are_what_the_models_say(world: World) -> None:
    await world.hear(world.gate_decided(reason="Kostnaden har økt."))
    olga = world.caller("olga")

    page = await olga.get("/inbox")
    item = await olga.post(f"/inbox/{page.json()['items'][0]['id']}/acknowledgement")

    for answer, model in ((page, InboxPageOut), (item, InboxItemOut)):
        read = model.model_validate_json(answer.content)
        assert read.model_dump(mode="json", exclude_none=True) == answer.json()
