"""E1: every change can be read with what was before and after, and what was touched since is named."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from gevinst_shared.audit.chain import Misfit
from gevinst_shared.cli.auditing import check_file
from gevinst_shared.values.actor import Role
from gevinst_shared.web.audit import AuditPageOut, AuditSealPageOut
from tests.portfolio.background import all_items
from tests.portfolio.test_statement_counts import counted
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation
from tests.support.trails import all_seals, as_owner, seal, taken_home

PROPOSED, CHANGED = "gevinst.portfolio.project-proposed.v1", "gevinst.portfolio.project-changed.v1"


@pytest.fixture
def auditor(world: World) -> httpx.AsyncClient:
    return world.desk.caller(Role.AUDITOR, subject="auditor")


async def changed_project(world: World, *names: str) -> str:
    """A project that was proposed as "A project" and then had these names."""
    project = await world.project()
    for revision, name in enumerate(names, start=1):
        answer = await put(world.office, f"/projects/{project['id']}", {"name": name}, revision=revision)
        assert answer.status_code == 200, answer.text
    return f"projects/{project['id']}"


async def trail(client: httpx.AsyncClient, **parameters: Any) -> list[dict[str, Any]]:
    return await all_items(client, "/audit", **parameters)


async def test_every_change_of_a_project_is_there_with_before_and_after(
    world: World, auditor: httpx.AsyncClient
) -> None:
    subject = await changed_project(world, "Digital post", "Post")

    items = await trail(auditor, subject=subject)

    assert [(one["action"], one["actor"]) for one in items] == [
        (CHANGED, "kari"),
        (CHANGED, "kari"),
        (PROPOSED, "kari"),
    ]
    assert [(one.get("before", {}).get("name"), one["after"]["name"]) for one in items] == [
        ("Digital post", "Post"),
        ("A project", "Digital post"),
        (None, "A project"),
    ]
    assert {one["organisation"] for one in items} == {world.desk.organisation}
    # The event of the same moment tells of the same change.
    told = {event["time"] for event in await world.events() if event["subject"] == subject}
    assert {one["time"] for one in items} == told


async def test_a_row_says_its_seal_as_soon_as_it_has_one(world: World, auditor: httpx.AsyncClient) -> None:
    subject = await changed_project(world)
    before = await trail(auditor, subject=subject)
    await seal(world.desk)
    await changed_project(world)
    await seal(world.desk)

    items = await trail(auditor)
    chain = await all_seals(auditor)

    assert "seal" not in before[0]
    assert {one["number"] for one in chain} == {1, 2}
    for link in chain:
        own = [one["id"] for one in reversed(items) if one["seal"] == link["number"]]
        assert [one["id"] for one in link["rows"]] == own


async def test_postgresqls_json_is_what_the_models_write(world: World, auditor: httpx.AsyncClient) -> None:
    await changed_project(world, "Post")
    await seal(world.desk)

    assert obeys(AuditPageOut, (await auditor.get("/audit")).json())
    assert obeys(AuditSealPageOut, (await auditor.get("/audit-seals")).json())


async def test_the_trail_is_filtered_by_who_what_whose_and_when(
    world: World, auditor: httpx.AsyncClient
) -> None:
    subject = await changed_project(world, "Post")
    newest, oldest = await trail(auditor, subject=subject)

    async def found(**parameters: str) -> list[str]:
        return [one["id"] for one in await trail(auditor, **parameters)]

    assert await found(subject=subject, action=PROPOSED) == [oldest["id"]]
    assert await found(subject=subject, actor="kari") == [newest["id"], oldest["id"]]
    assert await found(actor="nobody") == []
    assert await found(subject=subject, since=newest["time"]) == [newest["id"]]
    assert await found(subject=subject, until=newest["time"]) == [oldest["id"]]
    assert await found(subject=subject, since=oldest["time"], until=oldest["time"]) == []


async def test_pages_have_every_row_once_in_both_orders(world: World, auditor: httpx.AsyncClient) -> None:
    for _ in range(3):
        await changed_project(world, "Post")
        await seal(world.desk)

    for path, key in (("/audit", "place"), ("/audit-seals", "number")):
        whole = (await auditor.get(path, params={"limit": 100, "sort": key})).json()["items"]
        upwards = await all_items(auditor, path, limit=2, sort=key)
        downwards = await all_items(auditor, path, limit=2, sort=f"-{key}")

        assert len(whole) >= 3
        assert upwards == whole
        assert downwards == whole[::-1]


@pytest.mark.parametrize("path", ["/audit", "/audit-seals"])
async def test_who_is_no_auditor_and_no_administrator_is_refused(world: World, path: str) -> None:
    others = set(Role) - {Role.AUDITOR, Role.ADMINISTRATOR}
    for role in others:
        assert (await world.desk.caller(role, subject="per").get(path)).status_code == 403
    assert (await world.administrator.get(path)).status_code == 200
    assert (await world.desk.with_headers().get(path)).status_code == 401
    assert (await world.administrator.get(path, params={"subjekt": "x"})).status_code == 400


@pytest.mark.parametrize("path", ["/audit", "/audit-seals"])
async def test_an_auditor_of_one_unit_does_not_see_the_trail_of_the_organisation(
    world: World, path: str
) -> None:
    unit, person = await world.unit("Health"), await world.person("revi")
    role = {"person_id": person["id"], "role": "auditor", "scope": "unit", "scope_id": unit["id"]}
    await made(world.administrator, "/role-assignments", role)
    narrow = await world.desk.caller(subject="revi").get(path)
    everywhere = {"person_id": person["id"], "role": "auditor", "scope": "organisation"}
    await made(world.administrator, "/role-assignments", everywhere)
    wide = await world.desk.caller(subject="revi").get(path)

    assert problem(narrow)["status"] == 403
    assert wide.status_code == 200


async def test_another_organisation_sees_nothing_of_it(world: World) -> None:
    subject = await changed_project(world)
    await seal(world.desk)
    stranger = world.desk.caller(Role.AUDITOR, organisation=new_organisation())

    for path in ("/audit", f"/audit?subject={subject}", "/audit-seals"):
        assert (await stranger.get(path)).json() == {"items": []}


async def test_a_longer_trail_takes_no_more_statements(world: World, auditor: httpx.AsyncClient) -> None:
    costs = []
    for _ in range(2):
        for _ in range(4):
            await changed_project(world, "Post")
            await seal(world.desk)
        found = []
        for path in ("/audit?limit=100", "/audit-seals?limit=100"):
            await auditor.get(path)
            async with counted(world) as statements:
                await auditor.get(path)
            found.append(len(statements))
        costs.append(found)

    assert costs[0] == costs[1]
    assert max(costs[0]) <= 2


Tamper = Callable[[World, list[dict[str, Any]]], Awaitable[None]]


async def _owner(world: World, *statements: str) -> None:
    await as_owner(world.desk.installation, world.desk.organisation, *statements)


async def _change(world: World, rows: list[dict[str, Any]]) -> None:
    statement = "UPDATE audit SET after = jsonb_set(after, '{name}', '\"Gift\"') WHERE id = '%s'"
    await _owner(world, statement % rows[2]["id"])


async def _change_who(world: World, rows: list[dict[str, Any]]) -> None:
    await _owner(world, f"UPDATE audit SET actor = 'nobody' WHERE id = '{rows[2]['id']}'")


async def _remove(world: World, rows: list[dict[str, Any]]) -> None:
    await _owner(world, f"DELETE FROM audit WHERE id = '{rows[2]['id']}'")


async def _insert(world: World, rows: list[dict[str, Any]]) -> None:
    await _owner(
        world,
        "INSERT INTO audit SELECT organisation_id, gen_random_uuid(), xid, time, 'ghost', action, subject, "
        f"reason, request_id, before, after FROM audit WHERE id = '{rows[2]['id']}'",
    )


async def _hide_the_change_in_the_seal(world: World, rows: list[dict[str, Any]]) -> None:
    await _change_who(world, rows)
    await _owner(world, "UPDATE audit_seal SET rows = jsonb_set(rows, '{0,hash}', '\"aa\"') WHERE number = 1")


@pytest.mark.parametrize(
    ("tamper", "sentence"),
    [
        (_change, "Row {id} .* was changed"),
        (_change_who, "Row {id} .* was changed"),
        (_remove, "Row {id} was removed"),
        (_insert, r"Row .* \({action}, .*\) was added"),
        (_hide_the_change_in_the_seal, "Seal 1 was changed"),
    ],
)
async def test_what_the_databases_owner_does_to_the_trail_is_named(
    world: World, auditor: httpx.AsyncClient, tmp_path: Path, tamper: Tamper, sentence: str
) -> None:
    await changed_project(world, "Digital post", "Post")
    await seal(world.desk)
    await changed_project(world)
    await seal(world.desk)
    rows = await trail(auditor, sort="place")
    whole = check_file(await taken_home(world.desk, tmp_path / "before"), {})
    chain = await all_seals(auditor)

    await tamper(world, rows)

    assert (whole.sealed_count, whole.head) == (len(rows), chain[-1]["hash"])
    file = await taken_home(world.desk, tmp_path / "after")
    with pytest.raises(Misfit, match=sentence.format(**rows[2])):
        check_file(file, {})


async def test_the_database_refuses_to_let_go_of_a_seal_that_another_follows(
    world: World, auditor: httpx.AsyncClient, tmp_path: Path
) -> None:
    for _ in range(3):
        await changed_project(world)
        await seal(world.desk)
    head = (await all_seals(auditor))[-1]

    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await _owner(world, "DELETE FROM audit_seal WHERE number = 2")
    await _owner(world, "DELETE FROM audit_seal WHERE number = 3")

    # The end can be cut off; whoever has the head from the feed can tell.
    file = await taken_home(world.desk, tmp_path / "trail")
    assert check_file(file, {}).seal_count == 2
    with pytest.raises(Misfit, match="Seal 3 is missing"):
        check_file(file, {3: head["hash"]})


async def test_the_feed_tells_of_each_seal_what_a_partner_must_keep(
    world: World, auditor: httpx.AsyncClient
) -> None:
    await changed_project(world)
    await seal(world.desk)

    (told,) = [one for one in await world.events() if one["type"] == "gevinst.portfolio.audit-sealed.v1"]
    (link,) = await all_seals(auditor)

    assert told["subject"] == "audit-seals/1"
    assert told["data"] == {name: link[name] for name in ("number", "row_count", "hash", "previous_hash")}


async def test_many_writers_at_once_are_all_in_the_trail(
    world: World, auditor: httpx.AsyncClient, tmp_path: Path
) -> None:
    await asyncio.gather(*(changed_project(world, "Post") for _ in range(8)), seal(world.desk))
    await seal(world.desk)

    found = check_file(await taken_home(world.desk, tmp_path / "trail"), {})

    assert found.unsealed_count == 0
    assert len(await trail(auditor, action=PROPOSED)) == len(await trail(auditor, action=CHANGED)) == 8
