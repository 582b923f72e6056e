"""Likely duplicates and their merging over HTTP (P1)."""

from typing import Any

import httpx

from gevinst_portfolio.schemas.merges import DuplicatesOut
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.portfolio.background import database_of, events_of
from tests.portfolio.planned import open_world, plan_of, solved
from tests.portfolio.world import PORTFOLIO, World, made, obeys, put
from tests.support.callers import problem
from tests.support.organisations import new_organisation

APPLICATION = {
    "scheme": "no-medfinansiering",
    "edition": "2023",
    "amount": {"amount": "20000000.00", "currency": "NOK", "price_year": 2026},
    "applied_on": "2026-01-01",
}


async def merge(
    client: httpx.AsyncClient, project: dict[str, Any], into: dict[str, Any], *, revision: int = 1
) -> httpx.Response:
    return await client.post(
        f"/projects/{project['id']}/merge",
        json={"into_id": into["id"], "reason": "The same need."},
        headers={"If-Match": f'"{revision}"'},
    )


async def read(world: World, project: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = (await world.office.get(f"/projects/{project['id']}")).json()
    return found


async def set_status(world: World, project: dict[str, Any], status: str) -> None:
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = $1 WHERE id = $2", status, project["id"])


async def test_p1_likely_duplicates_are_found_among_projects_and_ideas(world: World) -> None:
    need = "Letters are dear and slow."
    project = await world.project(name="Digital post to citizens", need=need)
    twin = await world.project(name="Digital post for all citizens", need=need)
    idea = await made(world.office, "/ideas", {"name": "Post to citizens, digital", "need": need})
    await world.project(name="New payroll", need="Wages take days.")
    await world.project(name="'; & | ! <-> :*", need="\\'")

    found = (await world.office.get(f"/projects/{project['id']}/duplicates")).json()

    assert obeys(DuplicatesOut, found)
    assert {(one["kind"], one["id"]) for one in found["items"]} == {
        ("project", twin["id"]),
        ("idea", idea["id"]),
    }
    assert "post" in found["items"][0]["shared_words"]


async def test_p1_names_without_a_word_have_no_duplicates_and_break_nothing(world: World) -> None:
    for name in ("'; & | ! <-> :*", "\\' a", "日本語"):
        project = await world.project(name=name)

        answer = await world.office.get(f"/projects/{project['id']}/duplicates")

        assert (answer.status_code, answer.json()) == (200, {"items": []})


async def test_p1_a_duplicate_becomes_part_of_the_other_and_says_so(world: World) -> None:
    survivor = await world.project(name="Survivor", source="own-idea")
    project = await world.project(name="Duplicate", source="national-plan")

    merged = await merge(world.office, project, survivor)

    assert merged.status_code == 200, merged.text
    assert obeys(ProjectOut, merged.json())
    assert (merged.json()["status"], merged.json()["merged_into_id"]) == ("merged", survivor["id"])
    now = await read(world, survivor)
    assert obeys(ProjectOut, now)
    assert now["origins"] == [{"project_id": project["id"], "name": "Duplicate", "source": "national-plan"}]
    told = await events_of(world.desk, "project-merged")
    assert [(one["into_id"], one["into_name"], one["status"]) for one in told] == [
        (survivor["id"], "Survivor", "merged")
    ]
    listed = (await world.office.get("/projects", params={"status": "merged"})).json()["items"]
    assert [one["id"] for one in listed] == [project["id"]]


async def test_p1_what_a_duplicate_has_is_carried_over(world: World) -> None:
    survivor, first = await world.project(name="Survivor"), await world.project(name="First")
    project = await world.project(name="Duplicate", depends_on=[first["id"]])
    waiting = await world.project(name="Waiting", depends_on=[project["id"]], excludes=[project["id"]])
    for target in (survivor, project):
        await made(
            world.office, f"/projects/{target['id']}/concepts", {"name": "Buy", "is_recommended": True}
        )

    await merge(world.office, project, survivor)

    now, after = await read(world, survivor), await read(world, waiting)
    assert now["depends_on"] == [first["id"]]
    assert (after["depends_on"], after["excludes"]) == ([survivor["id"]], [survivor["id"]])
    concepts = (await world.office.get(f"/projects/{survivor['id']}/concepts")).json()["items"]
    assert [one["is_zero_alternative"] for one in concepts] == [True, False, False]
    assert [one["is_recommended"] for one in concepts] == [False, True, False]


async def test_p1_the_lag_of_a_dependency_follows_to_the_survivor(world: World) -> None:
    survivor, first = await world.project(name="Survivor"), await world.project(name="First")

    def lags(project: dict[str, Any], quarters: int) -> dict[str, Any]:
        lag = {"project_id": project["id"], "lag_quarters": quarters}
        return {"depends_on": [project["id"]], "dependency_lags": [lag]}

    project = await world.project(name="Duplicate", **lags(first, 2))
    waiting = await world.project(name="Waiting", **lags(project, 3))

    await merge(world.office, project, survivor)

    now, after = await read(world, survivor), await read(world, waiting)
    assert now["dependency_lags"] == lags(first, 2)["dependency_lags"]
    assert after["dependency_lags"] == lags(survivor, 3)["dependency_lags"]


async def test_p9_a_survivor_without_concepts_gets_the_zero_alternative_along(world: World) -> None:
    survivor, project = await world.project(zero_alternative="As today."), await world.project()
    bought = await made(world.office, f"/projects/{project['id']}/concepts", {"name": "Buy"})
    chosen = await world.office.post(
        f"/concepts/{bought['id']}/choice", json={"reason": "Best"}, headers={"If-Match": '"1"'}
    )

    answer = await merge(world.office, project, survivor, revision=2)

    assert (chosen.status_code, answer.status_code) == (200, 200)
    concepts = (await world.office.get(f"/projects/{survivor['id']}/concepts")).json()["items"]
    assert [one["is_zero_alternative"] for one in concepts] == [True, False]
    assert concepts[0]["description"] == "As today."
    # What was chosen for the other is to be chosen anew for the survivor, whose figures it is not.
    assert concepts[1]["state"] == "considered"


async def test_p1_what_was_merged_before_follows_to_the_last_survivor(world: World) -> None:
    first, second, third = [await world.project(name=name) for name in ("A", "B", "C")]
    await merge(world.office, first, second)

    await merge(world.office, second, third, revision=2)

    assert (await read(world, first))["merged_into_id"] == third["id"]
    assert [one["name"] for one in (await read(world, third))["origins"]] == ["A", "B"]


async def test_p1_nothing_is_merged_in_a_circle(world: World) -> None:
    first, second = await world.project(name="A"), await world.project(name="B")
    await merge(world.office, first, second)

    back = await merge(world.office, second, first, revision=2)
    self_merge = await merge(world.office, second, second, revision=2)

    assert problem(back)["type"].endswith("#cannot-merge")
    assert problem(self_merge)["type"].endswith("#merged-into-itself")


async def test_p1_a_merge_that_would_let_projects_wait_for_each_other_is_refused(world: World) -> None:
    survivor = await world.project(name="Survivor")
    between = await world.project(name="Between", depends_on=[survivor["id"]])
    project = await world.project(name="Duplicate", depends_on=[between["id"]])

    answer = await merge(world.office, project, survivor)

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#dependency-cycle")
    assert (await read(world, project))["status"] == "proposed"


async def test_p1_two_that_depend_on_each_other_can_become_one(world: World) -> None:
    survivor = await world.project(name="Survivor")
    project = await world.project(name="Duplicate", depends_on=[survivor["id"]], excludes=[survivor["id"]])

    answer = await merge(world.office, project, survivor)

    assert answer.status_code == 200, answer.text
    now = await read(world, survivor)
    assert (now["depends_on"], now["excludes"]) == ([], [])


async def test_p1_decided_work_is_not_merged_away(world: World) -> None:
    survivor, project, over = [await world.project(name=name) for name in ("A", "B", "C")]
    await set_status(world, project, "running")
    await set_status(world, over, "closed")

    running = await merge(world.office, project, survivor)
    into_closed = await merge(world.office, survivor, over)
    into_running = await merge(world.office, survivor, project)

    assert problem(running)["type"].endswith("#cannot-merge")
    assert problem(into_closed)["type"].endswith("#cannot-merge")
    assert into_running.status_code == 200, into_running.text


async def test_p1_a_merged_project_is_not_changed_and_not_planned(world: World) -> None:
    here = await open_world(world)
    figures = {"start": "2027-01-01", "end": "2027-06-30", "cost": "1.00", "benefit": "5.00"}
    survivor, project = await here.project(name="A", **figures), await here.project(name="B", **figures)
    await merge(here.office, project, survivor)

    changed = await put(here.office, f"/projects/{project['id']}", {"name": "New"}, revision=2)
    found = await solved(here, quarters=4)

    assert changed.status_code == 409
    assert problem(changed)["type"].endswith("#is-merged")
    assert survivor["id"] in problem(changed)["detail"]
    plan = await plan_of(here, found["id"])
    assert [one["project_name"] for one in plan["selected"]] == ["A"]
    assert [(one["project_name"], one["reason"]) for one in plan["not_considered"]] == [("B", "not-active")]


async def test_p1_nothing_new_is_said_of_what_was_merged_and_nothing_waits_for_it(world: World) -> None:
    survivor, project, other = [await world.project(name=name) for name in ("A", "B", "C")]
    person, path = await world.person(), f"/projects/{project['id']}"
    seat = await made(world.office, f"{path}/board-seats", {"role": "senior-user"})
    role = {"person_id": person["id"], "role": "project-owner", "scope": "project", "scope_id": project["id"]}
    await merge(world.office, project, survivor)

    answers = {
        "seat": await world.office.post(f"{path}/board-seats", json={"role": "senior-supplier"}),
        "holder": await put(world.office, f"/board-seats/{seat['id']}", {"person_id": person["id"]}),
        "role": await world.administrator.post("/role-assignments", json=role),
        "profile": await put(world.office, f"{path}/co-financing-profile", {}, revision=0),
        "registration": await put(
            world.office, f"{path}/registration", {"registration": "light", "reason": "Small."}, revision=2
        ),
        "application": await world.office.post(f"{path}/co-financing-applications", json=APPLICATION),
        **{
            f"{verb} {member}": await world.office.request(
                verb,
                target,
                json={"name": "D", **extra, member: [project["id"]]},
                headers={"If-Match": '"1"'},
            )
            for verb, target, extra in (
                ("POST", "/projects", {"portfolio_id": world.portfolio_id}),
                ("PUT", f"/projects/{other['id']}", {}),
            )
            for member in ("depends_on", "excludes")
        },
    }
    ended = await world.office.post(f"/board-seats/{seat['id']}/end", headers={"If-Match": '"1"'})

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 409)
    for answer in answers.values():
        assert problem(answer)["type"].endswith("#is-merged")
        assert survivor["id"] in problem(answer)["detail"]
    assert problem(answers["role"])["errors"][0]["pointer"] == "/body/scope_id"
    assert problem(answers["PUT depends_on"])["errors"][0]["pointer"] == "/body/depends_on"
    assert ended.status_code == 200, ended.text


async def test_p1_a_merge_is_undone_by_another_act(world: World) -> None:
    survivor, project = await world.project(name="A"), await world.project(name="B")
    await merge(world.office, project, survivor)
    path, body = f"/projects/{project['id']}/merge/undo", {"reason": "Not the same after all."}

    undone = await world.office.post(path, json=body, headers={"If-Match": '"2"'})
    again = await world.office.post(path, json=body, headers={"If-Match": '"3"'})

    assert undone.status_code == 200, undone.text
    assert undone.json()["status"] == "proposed"
    assert (await read(world, survivor))["origins"] == []
    assert problem(again)["type"].endswith("#not-merged")


async def test_projects_are_merged_by_the_office_within_one_portfolio(world: World) -> None:
    survivor, project = await world.project(name="A"), await world.project(name="B")
    other = await made(world.office, "/portfolios", {**PORTFOLIO, "name": "Other"})
    foreign = await made(world.office, "/projects", {"portfolio_id": other["id"], "name": "Foreign"})
    owner = world.desk.caller(Role.PROJECT_OWNER, subject="owner")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    outside = await merge(world.office, project, foreign)
    forbidden = await merge(owner, project, survivor)
    elsewhere = await merge(stranger, project, survivor)
    unknown = await merge(world.office, project, {"id": str(new_id())})
    stale = await merge(world.office, project, survivor, revision=5)
    blind = await world.office.post(
        f"/projects/{project['id']}/merge", json={"into_id": survivor["id"], "reason": "x"}
    )

    assert problem(outside)["type"].endswith("#outside-portfolio")
    statuses = [answer.status_code for answer in (forbidden, elsewhere, unknown, stale, blind)]
    assert statuses == [403, 404, 404, 412, 428]
    assert problem(unknown)["errors"][0]["pointer"] == "/body/into_id"
    assert (await read(world, survivor))["revision"] == 1
