"""People, the roles that they hold, and the roles that nobody holds (P10), over HTTP."""

from typing import Any
from uuid import uuid4

import pytest

from gevinst_portfolio.schemas.people import PersonOut
from gevinst_portfolio.schemas.role_assignments import RoleAssignmentOut, RoleVacancyPageOut
from gevinst_shared.values.actor import Role
from tests.portfolio.world import World, made, obeys, put
from tests.support.callers import problem


async def assign(world: World, person_id: str, project_id: str, **members: Any) -> dict[str, Any]:
    role = {"role": "project-owner", "scope": "project", "scope_id": project_id, **members}
    return await made(world.administrator, "/role-assignments", {"person_id": person_id, **role})


async def end(world: World, assignment: dict[str, Any], day: str) -> Any:
    path = f"/role-assignments/{assignment['id']}/end"
    return await world.administrator.post(path, json={"valid_until": day}, headers={"If-Match": '"1"'})


async def vacancies(world: World, **filters: str) -> list[tuple[str, str]]:
    page = (await world.office.get("/role-vacancies", params={"limit": "100", **filters})).json()
    assert obeys(RoleVacancyPageOut, page)
    return [(vacancy["role"], vacancy["place_name"]) for vacancy in page["items"]]


async def test_a_person_is_registered_and_changed(world: World) -> None:
    person = await world.person("kari", email="kari@example.org")

    answer = await put(
        world.administrator,
        f"/people/{person['id']}",
        {"subject": "kari", "name": "Kari Nordmann", "language": "nn"},
    )

    assert obeys(PersonOut, person)
    assert "email" not in answer.json()
    assert (answer.json()["name"], answer.json()["language"]) == ("Kari Nordmann", "nn")
    told = [e["data"] for e in await world.events() if e["type"] == "gevinst.portfolio.person-changed.v1"]
    assert told[-1] == {
        "person_id": person["id"],
        "subject": "kari",
        "name": "Kari Nordmann",
        "language": "nn",
    }


async def test_two_people_cannot_have_the_same_subject(world: World) -> None:
    await world.person("kari")

    answer = await world.administrator.post("/people", json={"subject": "kari", "name": "Another"})

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#already-there")


async def test_a_role_is_announced_with_all_that_others_need(world: World) -> None:
    project, person = await world.project(), await world.person()

    role = await assign(world, person["id"], project["id"], valid_from="2026-01-01")

    assert obeys(RoleAssignmentOut, role)
    told = [e["data"] for e in await world.events() if e["type"] == "gevinst.portfolio.role-assigned.v1"]
    assert told == [
        {
            "assignment_id": role["id"],
            "person_id": person["id"],
            "subject": "kari",
            "role": "project-owner",
            "scope": "project",
            "scope_id": project["id"],
            "valid_from": "2026-01-01",
        }
    ]


@pytest.mark.parametrize("scope", ["unit", "portfolio", "programme", "project"])
async def test_a_place_that_is_not_there_is_not_found(world: World, scope: str) -> None:
    person = await world.person()
    body = {"person_id": person["id"], "role": "reader", "scope": scope, "scope_id": str(uuid4())}

    answer = await world.administrator.post("/role-assignments", json=body)

    assert answer.status_code == 404
    assert problem(answer)["errors"][0]["pointer"] == "/body/scope_id"


async def test_a_role_in_the_organisation_has_no_place_of_its_own(world: World) -> None:
    person = await world.person()
    body = {"person_id": person["id"], "role": "reader", "scope": "organisation", "scope_id": str(uuid4())}

    answer = await world.administrator.post("/role-assignments", json=body)

    assert problem(answer)["type"].endswith("#scope-without-place")


async def test_a_role_that_ended_stays_as_it_was(world: World) -> None:
    project, person = await world.project(), await world.person()
    role = await assign(world, person["id"], project["id"], valid_until="2026-01-01")

    answer = await end(world, role, "2030-01-01")

    assert problem(answer)["type"].endswith("#already-ended")


async def test_the_last_owner_leaving_is_announced(world: World) -> None:
    """P10: a role that nobody holds is shown."""
    project, first, second = await world.project(), await world.person("a"), await world.person("b")
    roles = [await assign(world, person["id"], project["id"]) for person in (first, second)]

    await end(world, roles[0], "2026-11-01")
    assert not [e for e in await world.events() if e["type"].endswith("role-vacant.v1")]
    ended = await end(world, roles[1], "2026-11-02")

    assert ended.status_code == 200, ended.text
    vacant = [e for e in await world.events() if e["type"] == "gevinst.portfolio.role-vacant.v1"]
    assert [event["data"] for event in vacant] == [
        {
            "role": "project-owner",
            "place_name": "A project",
            "vacant_since": "2026-11-02",
            "project_id": project["id"],
            "portfolio_id": world.portfolio_id,
        }
    ]
    assert ("project-owner", "A project") in await vacancies(world, role="project-owner")


async def test_taking_the_manager_away_is_announced(world: World) -> None:
    person = await world.person()
    project = await world.project(manager_id=person["id"])

    answer = await put(world.office, f"/projects/{project['id']}", {"name": "A project"})

    assert answer.status_code == 200, answer.text
    vacant = [e for e in await world.events() if e["type"] == "gevinst.portfolio.role-vacant.v1"]
    assert [event["data"]["role"] for event in vacant] == ["project-manager"]


async def test_vacant_roles_are_listed_until_somebody_holds_them(world: World) -> None:
    person = await world.person()
    await world.project(name="Owned", owner_id=person["id"])
    managed = await world.project(name="Managed")
    await assign(world, person["id"], managed["id"], role="project-manager")
    await world.unit("Health")

    assert await vacancies(world) == [
        ("project-manager", "Owned"),
        ("project-owner", "Managed"),
        ("unit-leader", "Health"),
    ]
    assert await vacancies(world, scope="unit") == [("unit-leader", "Health")]


async def test_vacant_roles_come_in_pages(world: World) -> None:
    for number in range(3):
        await world.project(name=f"P{number}")

    seen = []
    params = {"limit": "4"}
    while True:
        page = (await world.office.get("/role-vacancies", params=params)).json()
        seen += [(vacancy["role"], vacancy["scope_id"]) for vacancy in page["items"]]
        if "next_cursor" not in page:
            break
        params = {"limit": "4", "cursor": page["next_cursor"]}

    assert len(seen) == len(set(seen)) == 6


async def test_a_role_in_a_project_lets_its_holder_change_that_project_only(world: World) -> None:
    own, other, person = await world.project(), await world.project(), await world.person("ola")
    await assign(world, person["id"], own["id"])
    ola = world.desk.caller(Role.READER, subject="ola")

    mine = await put(ola, f"/projects/{own['id']}", {"name": "Mine"})
    theirs = await put(ola, f"/projects/{other['id']}", {"name": "Theirs"})

    assert (mine.status_code, theirs.status_code) == (200, 403)


async def test_roles_are_listed_by_person_role_and_scope(world: World) -> None:
    project, first, second = await world.project(), await world.person("a"), await world.person("b")
    role = await assign(world, first["id"], project["id"])
    await assign(world, second["id"], project["id"], role="project-manager")

    answer = await world.office.get(
        "/role-assignments",
        params={"person": first["id"], "role": "project-owner", "scope": "project", "place": project["id"]},
    )

    assert answer.json()["items"] == [role]
