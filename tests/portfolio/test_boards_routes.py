"""Project boards with named roles, held by people and groups (P10), over HTTP."""

from typing import Any

import httpx
import pytest

from gevinst_portfolio.schemas.boards import BoardSeatOut, BoardSeatPageOut, GroupOut, GroupPageOut
from gevinst_portfolio.schemas.role_assignments import RoleVacancyPageOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import events_of
from tests.portfolio.world import PORTFOLIO, World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation


async def group(world: World, *people: dict[str, Any], name: str = "Chief executives") -> dict[str, Any]:
    members = [person["id"] for person in people]
    return await made(world.administrator, "/groups", {"name": name, "member_ids": members})


async def seat(world: World, project: dict[str, Any], role: str, **holder: Any) -> dict[str, Any]:
    path = f"/projects/{project['id']}/board-seats"
    return await made(world.office, path, {"role": role, **holder})


async def vacancies(world: World, **filters: str) -> list[tuple[str, str | None]]:
    page = (await world.office.get("/role-vacancies", params={"limit": "100", **filters})).json()
    assert obeys(RoleVacancyPageOut, page)
    return [(one["role"], one.get("vacant_since")) for one in page["items"]]


async def end(client: httpx.AsyncClient, found: dict[str, Any], *, revision: int = 1) -> httpx.Response:
    return await client.post(f"/board-seats/{found['id']}/end", headers={"If-Match": f'"{revision}"'})


async def test_p10_a_board_has_named_roles_held_by_people_and_groups(world: World) -> None:
    project, person = await world.project(), await world.person("kari")
    chiefs = await group(world, person, await world.person("ola"))

    seats = [
        await seat(world, project, "project-owner", group_id=chiefs["id"], since="2026-01-01"),
        await seat(world, project, "senior-user", person_id=person["id"]),
        await seat(world, project, "senior-supplier"),
    ]

    assert obeys(GroupOut, chiefs)
    assert all(obeys(BoardSeatOut, one) for one in seats)
    page = (await world.office.get(f"/projects/{project['id']}/board-seats")).json()
    assert obeys(BoardSeatPageOut, page)
    assert page["items"] == seats
    assert [one["is_vacant"] for one in seats] == [False, False, True]
    assert obeys(GroupPageOut, (await world.office.get("/groups")).json())


async def test_p10_an_owner_may_be_a_group(world: World) -> None:
    project = await world.project()
    chiefs = await group(world, await world.person("kari"))

    await seat(world, project, "project-owner", group_id=chiefs["id"])

    assert [role for role, _ in await vacancies(world)] == ["project-manager"]


async def test_p10_a_group_without_members_holds_nothing(world: World) -> None:
    project = await world.project()
    chiefs = await group(world, await world.person("kari"))
    owned = await seat(world, project, "project-owner", group_id=chiefs["id"])
    user = await seat(world, project, "senior-user", group_id=chiefs["id"])

    emptied = await put(world.administrator, f"/groups/{chiefs['id']}", {"name": "Chief executives"})

    assert emptied.status_code == 200, emptied.text
    assert [role for role, _ in await vacancies(world)] == ["project-manager", "project-owner", "senior-user"]
    for one in (owned, user):
        assert (await world.office.get(f"/board-seats/{one['id']}")).json()["is_vacant"]


async def test_p10_vacant_roles_are_listed_for_a_project_and_a_portfolio_since_when(world: World) -> None:
    project, other = await world.project(name="A"), await world.project(name="B")
    elsewhere = await made(world.office, "/portfolios", {**PORTFOLIO, "name": "Other"})
    await made(world.office, "/projects", {"portfolio_id": elsewhere["id"], "name": "C"})
    await seat(world, project, "senior-user", since="2026-02-03")
    await seat(world, project, "senior-user", since="2026-02-04")
    await seat(world, other, "board-member", since="2026-03-04")

    assert await vacancies(world, place=project["id"]) == [
        ("project-manager", None),
        ("project-owner", None),
        ("senior-user", "2026-02-03"),
        ("senior-user", "2026-02-04"),
    ]
    assert len(await vacancies(world, portfolio=world.portfolio_id)) == 7
    assert len(await vacancies(world, portfolio=elsewhere["id"])) == 2
    assert await vacancies(world, role="board-member") == [("board-member", "2026-03-04")]


async def test_p10_a_role_that_somebody_leaves_is_announced(world: World) -> None:
    project, person = await world.project(), await world.person("kari")
    user = await seat(world, project, "senior-user", person_id=person["id"])
    owner = await seat(world, project, "project-owner", person_id=person["id"])
    before = await events_of(world.desk, "role-vacant")

    for one in (user, owner):
        answer = await put(world.office, f"/board-seats/{one['id']}", {"since": "2026-11-01"})
        assert answer.status_code == 200, answer.text

    told = await events_of(world.desk, "role-vacant")
    assert before == []
    assert [(one["role"], one["vacant_since"]) for one in told] == [
        ("senior-user", "2026-11-01"),
        ("project-owner", "2026-11-01"),
    ]


async def test_p10_ending_an_assignment_leaves_no_vacancy_where_the_board_has_an_owner(world: World) -> None:
    project, person = await world.project(), await world.person("kari")
    chiefs = await group(world, await world.person("ola"))
    assignment = {
        "person_id": person["id"],
        "role": "project-owner",
        "scope": "project",
        "scope_id": project["id"],
    }
    role = await made(world.administrator, "/role-assignments", assignment)
    await seat(world, project, "project-owner", group_id=chiefs["id"])

    ended = await world.administrator.post(
        f"/role-assignments/{role['id']}/end", json={"valid_until": "2026-11-01"}, headers={"If-Match": '"1"'}
    )

    assert ended.status_code == 200, ended.text
    assert await events_of(world.desk, "role-vacant") == []


async def test_a_role_taken_out_of_the_board_is_no_vacancy_and_stays_to_be_seen(world: World) -> None:
    project = await world.project()
    found = await seat(world, project, "senior-user")

    ended = await end(world.office, found)
    again = await end(world.office, found, revision=2)
    filled = await put(world.office, f"/board-seats/{found['id']}", {}, revision=2)

    assert ended.status_code == 200, ended.text
    assert obeys(BoardSeatOut, ended.json())
    assert not ended.json()["is_vacant"]
    assert "senior-user" not in [role for role, _ in await vacancies(world)]
    assert problem(again)["type"].endswith("#seat-ended")
    assert problem(filled)["type"].endswith("#seat-ended")


@pytest.mark.parametrize("member", ["person_id", "group_id"])
async def test_somebody_who_is_not_there_holds_no_role(world: World, member: str) -> None:
    project = await world.project()
    path = f"/projects/{project['id']}/board-seats"

    answer = await world.office.post(path, json={"role": "chair", member: str(new_id())})

    assert answer.status_code == 404
    assert problem(answer)["errors"][0]["pointer"] == f"/body/{member}"


async def test_odd_seats_and_groups_are_refused(world: World) -> None:
    project, person = await world.project(), await world.person("kari")
    chiefs = await group(world, person)
    path = f"/projects/{project['id']}/board-seats"
    both = {"role": "chair", "person_id": person["id"], "group_id": chiefs["id"]}

    two = await world.office.post(path, json=both)
    odd_role = await world.office.post(path, json={"role": "The Chair"})
    unknown = await world.administrator.post("/groups", json={"name": "G", "member_ids": [str(new_id())]})
    twice = await world.administrator.post("/groups", json={"name": "Chief executives"})

    assert problem(two)["type"].endswith("#two-holders")
    assert odd_role.status_code == 400
    assert (unknown.status_code, problem(unknown)["errors"][0]["pointer"]) == (404, "/body/member_ids")
    assert problem(twice)["type"].endswith("#already-there")


async def test_boards_are_changed_by_those_who_may_and_have_read_them(world: World) -> None:
    project = await world.project()
    found = await seat(world, project, "chair")
    path = f"/board-seats/{found['id']}"
    reader = world.desk.caller(Role.BOARD_MEMBER, subject="reader")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    forbidden = await put(reader, path, {})
    elsewhere = await put(stranger, path, {})
    stale = await put(world.office, path, {}, revision=4)
    blind = await world.office.put(path, json={})
    no_group = await world.office.post("/groups", json={"name": "G"})

    statuses = [answer.status_code for answer in (forbidden, elsewhere, stale, blind, no_group)]
    assert statuses == [403, 404, 412, 428, 403]
