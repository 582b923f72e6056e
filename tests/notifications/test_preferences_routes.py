"""Choosing how one hears, over HTTP, and what comes of it."""

import json
from typing import Any

import httpx
import pytest

from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.schemas.preferences import DefaultsOut, PreferencesOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import World
from tests.support.callers import problem

FIRST = {"If-Match": '"1"'}
CHOSEN = {
    "language": "nn",
    "zone": "Europe/Copenhagen",
    "country": "DK",
    "quiet_hours": {"start": "20:00", "end": "07:30", "on_closed_days": True},
    "digest_at": "08:15",
    "digest_weekday": 4,
    "choices": [
        {"kind": "*", "channel": "mail", "way": "daily"},
        {"kind": "gate-decided", "channel": "mail", "way": "off"},
    ],
}


def off(kind: str) -> dict[str, Any]:
    return {"choices": [{"kind": kind, "channel": "mail", "way": "off"}]}


async def choose(client: httpx.AsyncClient, body: dict[str, Any]) -> httpx.Response:
    known = await client.get("/preferences")
    return await client.put("/preferences", json=body, headers={"If-Match": known.headers["etag"]})


async def mails(world: World) -> dict[str, str]:
    """State of the mail of each person by name."""
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    items = (await office.get("/deliveries", params={"limit": 100})).json()["items"]
    names = {str(person): name for name, person in world.people.items()}
    return {names[item["person_id"]]: item["state"] for item in items}


async def test_before_anything_is_chosen_nothing_is(world: World) -> None:
    answer = await world.caller("olga").get("/preferences")

    assert answer.json() == {
        "id": str(world.people["olga"]),
        "organisation": world.organisation,
        "choices": [],
        "revision": 1,
    }
    assert answer.headers["etag"] == '"1"'


async def test_what_was_chosen_is_read_again(world: World) -> None:
    olga = world.caller("olga")

    written = await olga.put("/preferences", json=CHOSEN, headers=FIRST)

    assert written.status_code == 200, written.text
    read = (await olga.get("/preferences")).json()
    assert read == written.json()
    assert {name: read[name] for name in CHOSEN} == CHOSEN
    assert read["revision"] == 2
    shaped = PreferencesOut.model_validate_json(json.dumps(read))
    assert json.loads(shaped.model_dump_json(exclude_none=True)) == read


async def test_another_sees_and_changes_only_their_own(world: World) -> None:
    await world.caller("olga").put("/preferences", json=CHOSEN, headers=FIRST)

    assert (await world.caller("magnus").get("/preferences")).json()["choices"] == []


async def test_the_ways_say_whose_choice_each_is(world: World) -> None:
    """N4."""
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    await office.put(
        "/notification-defaults",
        json={"choices": [{"kind": "project-stopped", "channel": "mail", "way": "weekly"}]},
        headers=FIRST,
    )
    olga = world.caller("olga")
    await choose(olga, off("gate-decided"))

    ways = {one["kind"]: one for one in (await olga.get("/preferences/ways")).json()["items"]}

    assert set(ways) == {*NoticeKind, "line-digest"}
    assert (ways["line-digest"]["way"], ways["line-digest"]["decided_by"]) == ("weekly", "product")
    assert (ways["gate-decided"]["way"], ways["gate-decided"]["decided_by"]) == ("off", "person")
    assert (ways["project-stopped"]["way"], ways["project-stopped"]["decided_by"]) == (
        "weekly",
        "organisation",
    )
    assert (ways["role-vacant"]["way"], ways["role-vacant"]["is_mandatory"]) == ("at-once", True)


async def test_who_turned_a_kind_off_has_it_in_the_inbox_and_no_mail(world: World) -> None:
    await choose(world.caller("olga"), off("gate-decided"))

    await world.hear(world.gate_decided())

    assert set(await mails(world)) == {"magnus", "olle"}
    assert (await world.caller("olga").get("/inbox")).json()["unread"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (off("role-vacant"), 409, "mandatory-kind"),
        (off("no-such-thing"), 400, "no-such-kind"),
        ({"choices": [{"kind": "gate-decided", "channel": "pigeon", "way": "off"}]}, 400, "no-such-channel"),
        ({"choices": [{"kind": "gate-decided", "channel": "teams", "way": "off"}]}, 400, "no-such-channel"),
        ({"choices": off("gate-decided")["choices"] * 2}, 400, "chosen-twice"),
        (
            {"choices": [{"kind": "line-digest", "channel": "mail", "way": "at-once"}]},
            400,
            "only-in-digests",
        ),
        ({"zone": "Europe/Atlantis"}, 400, "no-such-zone"),
        ({"zone": "../../etc/passwd"}, 400, "malformed"),
        ({"country": "XX"}, 400, "no-such-country"),
        ({"quiet_hours": {"start": "08:00", "end": "08:00"}}, 400, "odd-quiet-hours"),
        ({"quiet_hours": {"start": "08:00"}}, 400, "odd-quiet-hours"),
        ({"quiet_hours": {"start": "24:00", "end": "08:00"}}, 400, "malformed"),
        ({"digest_weekday": 8}, 400, "malformed"),
        ({"language": None}, 400, "malformed"),
    ],
)
async def test_an_odd_choice_is_refused(world: World, body: dict[str, Any], status: int, code: str) -> None:
    answer = await world.caller("olga").put("/preferences", json=body, headers=FIRST)

    assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (status, code)


async def test_who_has_not_read_may_not_change(world: World) -> None:
    olga = world.caller("olga")
    await choose(olga, CHOSEN)

    assert (await olga.put("/preferences", json=CHOSEN)).status_code == 428
    assert (await olga.put("/preferences", json=CHOSEN, headers=FIRST)).status_code == 412


async def test_whoever_was_never_announced_has_nothing_to_choose(world: World) -> None:
    assert (await world.caller("nobody").get("/preferences")).status_code == 404


async def test_only_the_office_sets_what_holds_for_everybody(world: World) -> None:
    body = {"mandatory_kinds": ["project-stopped"], "quiet_hours": {"on_closed_days": True}}

    refused = await world.caller("olga").put("/notification-defaults", json=body, headers=FIRST)
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    written = await office.put("/notification-defaults", json=body, headers=FIRST)

    assert refused.status_code == 403
    assert written.status_code == 200, written.text
    read = (await world.caller("olga").get("/notification-defaults")).json()
    shaped = DefaultsOut.model_validate_json(json.dumps(read))
    assert json.loads(shaped.model_dump_json(exclude_none=True)) == read == written.json()
    assert (await choose(world.caller("olga"), off("project-stopped"))).status_code == 409


async def test_what_became_mandatory_is_told_to_those_who_had_turned_it_off(world: World) -> None:
    """N1: they are not asked to choose again."""
    await choose(world.caller("olga"), off("gate-decided"))
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    await office.put("/notification-defaults", json={"mandatory_kinds": ["gate-decided"]}, headers=FIRST)

    await world.hear(world.gate_decided())

    assert "olga" in await mails(world)


async def test_who_follows_a_project_hears_of_it_without_a_role_in_it(world: World) -> None:
    await world.person("frida")
    frida = world.caller("frida")

    followed = await frida.post(
        "/followings", json={"scope": "project", "scope_id": str(world.project_id), "level": "follow"}
    )
    await world.hear(world.gate_decided())

    assert followed.status_code == 201, followed.text
    (item,) = (await frida.get("/inbox")).json()["items"]
    assert (item["reasons"], item["why"]) == (
        ["follows"],
        "You receive this message because you follow this.",
    )


async def test_who_mutes_a_portfolio_hears_only_of_the_project_that_they_follow(world: World) -> None:
    olga = world.caller("olga")
    other = new_id()
    await world.hear(world.project(project_id=str(other), name="Another"))
    for scope, scope_id, level in (
        ("portfolio", world.portfolio_id, "mute"),
        ("project", other, "follow"),
    ):
        await olga.post("/followings", json={"scope": scope, "scope_id": str(scope_id), "level": level})

    await world.hear(world.gate_decided(), world.gate_decided(project_id=str(other), gate_name="BP4"))

    items = (await olga.get("/inbox")).json()["items"]
    assert [item["title"].partition(" ")[0] for item in items] == ["BP4"]


async def test_a_following_is_changed_and_taken_back(world: World) -> None:
    olga = world.caller("olga")
    body = {"scope": "unit", "scope_id": str(world.unit_id), "level": "mute"}
    made = await olga.post("/followings", json=body)
    path = made.headers["location"].removeprefix("/notifications/v1")

    assert (await olga.post("/followings", json=body)).status_code == 409
    assert (await world.caller("magnus").get(path)).status_code == 404
    assert (await olga.put(path, json={"level": "follow"})).status_code == 428
    changed = await olga.put(path, json={"level": "follow"}, headers=FIRST)
    assert changed.json()["level"] == "follow"
    assert (await olga.delete(path, headers=FIRST)).status_code == 412
    assert (await olga.delete(path, headers={"If-Match": '"2"'})).status_code == 204
    assert (await olga.get("/followings")).json()["items"] == []


@pytest.mark.parametrize("scope", ["unit", "portfolio", "programme", "project"])
async def test_nobody_follows_what_there_is_not(world: World, scope: str) -> None:
    body = {"scope": scope, "scope_id": str(new_id()), "level": "follow"}

    assert (await world.caller("olga").post("/followings", json=body)).status_code == 404
