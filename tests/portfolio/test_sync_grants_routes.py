"""X1: nothing is shared by default; a grant names partner, record, fields, purpose and last day."""

import asyncio
from typing import Any

import pytest

from gevinst_portfolio.store.shared_kinds import KINDS
from gevinst_portfolio.tables.sync import sync
from gevinst_shared.auth.key_files import new_private_jwk, public_jwk
from gevinst_shared.auth.tokens import public_keys, signing_key
from gevinst_shared.sync.catalogue import CATALOGUE
from gevinst_shared.sync.revisions import opened
from gevinst_shared.sync.serving import Asked, NoPage, Serving
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.portfolio.exchanging import Other, confirm, confirmed, fetched, met, other_body, partner, propose
from tests.portfolio.world import World, made
from tests.support.callers import problem
from tests.support.installation import SYNC_KEY

PRIVATE = new_private_jwk()
FIELDS = {"project": ["name", "status", "programme"]}


def grant_of(project_id: str, **members: Any) -> dict[str, Any]:
    return {
        "kind": "project",
        "record_id": project_id,
        "fields": FIELDS,
        "purpose": "Joint planning",
        "until": "2099-12-31",
        **members,
    }


async def answered(world: World, other: Other) -> Any:
    """What the other body gets when it asks for its feed."""
    serving = Serving("portfolio", sync, KINDS, secret=SYNC_KEY)
    asked = Asked(other.owner, None, 100, 0)
    key = signing_key(PRIVATE)
    database = database_of(world.desk)
    return await serving.answer(database, world.desk.organisation, asked, key=key, now=utc_now())


async def left(world: World, other: Other) -> dict[str, Any]:
    """What the other body's feed gives now: id → fields."""
    page = await answered(world, other)
    assert not isinstance(page, NoPage), page
    keys = public_keys({"keys": [public_jwk(PRIVATE)]})
    revisions = [opened(text, keys) for text in page.revisions]
    return {str(one.id): dict(one.fields or {}) for one in revisions}


async def test_nothing_is_shared_by_default(world: World) -> None:
    """X1: what a partner gets is what a grant names, and nothing before there is one."""
    await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)

    preview = (await world.administrator.get(f"{path}/preview")).json()

    assert preview == {"count": 0, "too_large": 0, "items": []}
    assert (await world.administrator.get(f"{path}/grants")).json()["items"] == []
    assert await left(world, other) == {}


async def test_what_the_preview_shows_is_what_leaves(world: World) -> None:
    programme = await made(
        world.office, "/programmes", {"portfolio_id": world.portfolio_id, "name": "Secret programme"}
    )
    project = await world.project(programme_id=programme["id"], name="Case system")
    await world.project(name="Another")
    async with other_body() as other:
        path = await confirmed(world, other)
    body = grant_of(project["id"])

    before = (await world.administrator.post(f"{path}/preview", json=body)).json()
    none = (await world.administrator.get(f"{path}/preview")).json()
    await made(world.administrator, f"{path}/grants", body)
    after = (await world.administrator.get(f"{path}/preview")).json()
    gone = await left(world, other)
    log = (await world.administrator.get(f"{path}/left")).json()["items"]

    assert none["count"] == 0
    assert before == after
    assert before["count"] == 1
    fields = before["items"][0]["fields"]
    assert (fields["name"], fields.keys()) == ("Case system", {"name", "status", "programme"})
    assert fields["programme"].startswith("hidden:")
    assert gone == {project["id"]: fields}
    assert [(one["record_id"], one["fields"], one["is_deleted"]) for one in log] == [
        (project["id"], fields, False)
    ]


async def test_what_is_revoked_is_told_to_be_deleted_and_counted(world: World) -> None:
    project = await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)
    grant = await made(world.administrator, f"{path}/grants", grant_of(project["id"]))
    await left(world, other)

    ended = await world.administrator.post(f"{path}/grants/{grant['id']}/end")
    again = await world.administrator.post(f"{path}/grants/{grant['id']}/end")
    await left(world, other)
    log = (await world.administrator.get(f"{path}/left")).json()["items"]

    assert (ended.status_code, again.status_code) == (200, 409)
    assert (ended.json()["ended_by"], (await partner(world, path))["grants_number"]) == ("admin", 2)
    assert [(one["is_deleted"], "fields" in one) for one in log] == [(True, False)]
    opened_ones = await world.administrator.get(f"{path}/grants", params={"is_open": "true"})
    ended_ones = await world.administrator.get(f"{path}/grants", params={"is_open": "false"})
    assert (len(opened_ones.json()["items"]), len(ended_ones.json()["items"])) == (0, 1)


async def test_a_grant_is_ended_once_whoever_else_ends_it_at_the_same_time(world: World) -> None:
    project = await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)
    grant = await made(world.administrator, f"{path}/grants", grant_of(project["id"]))
    address = f"{path}/grants/{grant['id']}/end"

    both = await asyncio.gather(*(world.administrator.post(address) for _ in range(2)))

    assert sorted(one.status_code for one in both) == [200, 409]
    assert (await partner(world, path))["grants_number"] == 2


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"fields": {"project": ["name", "need"]}}, 400, "unknown-shared-field"),
        ({"fields": {"person": ["name"]}}, 400, "unknown-shared-field"),
        ({"fields": {"project": []}}, 400, "malformed"),
        ({"fields": {}}, 400, "malformed"),
        ({"fields": {"project; --": ["name"]}}, 400, "malformed"),
        ({"until": "2020-01-01"}, 400, "grant-over-already"),
        ({"kind": "unit"}, 400, "malformed"),
        ({"kind": "programme"}, 404, "unknown"),
        ({"record_id": str(new_id())}, 404, "unknown"),
        ({"purpose": " "}, 400, "malformed"),
        ({"grants_number": 7}, 400, "malformed"),
    ],
)
async def test_a_grant_names_what_there_is(
    world: World, members: dict[str, Any], status: int, code: str
) -> None:
    project = await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)

    answers = [
        await world.administrator.post(f"{path}/{where}", json=grant_of(project["id"], **members))
        for where in ("grants", "preview")
    ]

    for answer in answers:
        assert answer.status_code == status, answer.text
        assert problem(answer)["type"].endswith(f"#{code}")
    assert (await partner(world, path))["grants_number"] == 0


async def test_only_who_is_confirmed_is_given_anything(world: World) -> None:
    project = await world.project()
    async with other_body() as other:
        path = await met(world, other)

    for where in ("grants", "preview"):
        answer = await world.administrator.post(f"{path}/{where}", json=grant_of(project["id"]))
        assert (answer.status_code, problem(answer)["type"].rpartition("#")[2]) == (409, "partner-not-so")


async def test_only_an_administrator_gives_and_ends(world: World) -> None:
    project = await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)
    grant = await made(world.administrator, f"{path}/grants", grant_of(project["id"]))
    own = f"{path}/grants/{grant['id']}"
    auditor = world.desk.caller(Role.AUDITOR)

    assert (await world.office.post(f"{path}/grants", json=grant_of(project["id"]))).status_code == 403
    assert (await world.office.post(f"{own}/end")).status_code == 403
    for seen in (own, f"{path}/grants", f"{path}/preview", f"{path}/left", "/sync-kinds"):
        assert (await auditor.get(seen)).status_code == 200
        assert (await world.desk.caller(Role.READER).get(seen)).status_code == 403


async def test_a_grant_is_found_under_its_own_partner_only(world: World) -> None:
    project = await world.project()
    async with other_body() as one, other_body() as another:
        path = await confirmed(world, one)
        await world.administrator.delete(
            f"/sync-networks/{(await world.administrator.get('/sync-networks')).json()['items'][0]['id']}",
            headers={"If-Match": '"1"'},
        )
        other_path = await confirmed(world, another)
    grant = await made(world.administrator, f"{path}/grants", grant_of(project["id"]))

    wrong = f"{other_path}/grants/{grant['id']}"

    assert (await world.administrator.get(wrong)).status_code == 404
    assert (await world.administrator.post(f"{wrong}/end")).status_code == 404


async def test_grants_are_events_with_a_number_that_rises_by_one(world: World) -> None:
    """E1: who gave what to whom, what for, and who took it back."""
    project = await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)
    grants = [await made(world.administrator, f"{path}/grants", grant_of(project["id"])) for _ in range(2)]
    await world.administrator.post(f"{path}/grants/{grants[0]['id']}/end")

    told = [one for one in await world.events() if "sync-grant" in one["type"]]
    trail = (await world.administrator.get("/audit", params={"limit": 100})).json()["items"]

    assert [one["data"]["grants_number"] for one in told] == [1, 2, 3]
    assert [one["type"].split(".")[2] for one in told] == ["sync-grant-given"] * 2 + ["sync-grant-ended"]
    assert told[0]["data"]["fields"] == FIELDS
    rows = [one for one in trail if one["subject"] == f"sync-grants/{grants[0]['id']}"]
    assert {(one["actor"], one.get("reason")) for one in rows} == {
        ("admin", "Joint planning"),
        ("admin", None),
    }


async def test_a_stopped_partner_gets_nothing_more(world: World) -> None:
    project = await world.project()
    async with other_body() as other:
        path = await confirmed(world, other)
    await made(world.administrator, f"{path}/grants", grant_of(project["id"]))
    await left(world, other)
    await world.administrator.post(f"{path}/stop")

    answer = await world.administrator.post(f"{path}/grants", json=grant_of(project["id"]))

    assert answer.status_code == 409
    assert await answered(world, other) is NoPage.STOPPED


async def test_who_was_stopped_is_told_so_until_it_is_confirmed_anew(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)
        await world.administrator.post(f"{path}/stop")
        again = await propose(world, other)
        proposed = await answered(world, other)
        await fetched(world, again)
        await confirm(world, again, other.thumbprint)

    assert proposed is NoPage.STOPPED
    assert await left(world, other) == {}


async def test_the_catalogue_has_every_kind_and_field_of_this_service(world: World) -> None:
    listed = (await world.administrator.get("/sync-kinds")).json()["items"]

    own = {kind.name: tuple(kind.fields) for kind in KINDS if kind.is_served}
    assert own == CATALOGUE["portfolio"]
    assert {one["kind"]: tuple(one["fields"]) for one in listed if one["service"] == "portfolio"} == own
