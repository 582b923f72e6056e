"""Changing projects and portfolios over HTTP, and what their history tells."""

from uuid import uuid4

import pytest

from gevinst_portfolio.schemas.histories import HistoryPageOut
from gevinst_portfolio.schemas.portfolios import PortfolioOut
from gevinst_portfolio.schemas.programmes import ProgrammeOut
from gevinst_portfolio.schemas.projects import ProjectOut
from tests.portfolio.background import database_of
from tests.portfolio.world import PORTFOLIO, World, made, obeys, put
from tests.support.callers import problem


async def test_a_project_is_replaced_whole(world: World) -> None:
    unit = await world.unit("Health")
    project = await world.project(name="Old", need="Something", cost="100.00", unit_id=unit["id"])

    answer = await put(
        world.office,
        f"/projects/{project['id']}",
        {"name": "New", "cost": "250.50", "receiving_unit_ids": [unit["id"]]},
    )

    changed = answer.json()
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == '"2"'
    assert obeys(ProjectOut, changed)
    assert "need" not in changed
    assert "unit_id" not in changed
    assert (changed["name"], changed["cost"]["amount"], changed["status"]) == ("New", "250.50", "proposed")
    told = [e["data"] for e in await world.events() if e["type"] == "gevinst.portfolio.project-changed.v1"]
    assert told == [
        {
            "project_id": project["id"],
            "portfolio_id": world.portfolio_id,
            "name": "New",
            "status": "proposed",
            "receiving_unit_ids": [unit["id"]],
        }
    ]


@pytest.mark.parametrize("status", ["approved", "running"])
async def test_decided_work_that_begins_on_another_day_is_announced(world: World, status: str) -> None:
    project = await world.project(name="Old", start="2027-01-01", end="2027-12-31")
    path = f"/projects/{project['id']}"
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = $1 WHERE id = $2", status, project["id"])

    await put(world.office, path, {"name": "New", "start": "2027-01-01", "end": "2028-03-31"})
    await put(world.office, path, {"name": "New", "start": "2027-04-01", "end": "2028-03-31"}, revision=2)
    await put(world.office, path, {"name": "New"}, revision=3)

    portfolio = (await world.office.get(f"/portfolios/{world.portfolio_id}")).json()
    told = [e["data"] for e in await world.events() if e["type"].endswith(".project-rescheduled.v1")]
    assert told == [
        {
            "project_id": project["id"],
            "portfolio_id": world.portfolio_id,
            "name": "New",
            "status": status,
            "start": "2027-04-01",
            "end": "2028-03-31",
            "receiving_unit_ids": [],
            "project_name": "New",
            "portfolio_name": portfolio["name"],
            "previous_start": "2027-01-01",
            "new_start": "2027-04-01",
        }
    ]


@pytest.mark.parametrize("status", ["stopped", "closed", "rejected"])
async def test_p8_work_that_is_over_stays_as_it_was(world: World, status: str) -> None:
    project = await world.project(name="Old", cost="100.00")
    path = f"/projects/{project['id']}"
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET status = $1 WHERE id = $2", status, project["id"])

    answer = await put(world.office, path, {"name": "New"})

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#project-over")
    assert status in problem(answer)["detail"]
    assert (await world.office.get(path)).json() == {**project, "status": status}


async def test_a_proposal_may_begin_on_any_day(world: World) -> None:
    project = await world.project(start="2027-01-01", end="2027-12-31")

    await put(
        world.office, f"/projects/{project['id']}", {"name": "A", "start": "2027-04-01", "end": "2028-03-31"}
    )

    assert [e for e in await world.events() if e["type"].endswith(".project-rescheduled.v1")] == []


async def test_nobody_overwrites_what_they_have_not_read(world: World) -> None:
    project = await world.project()
    await put(world.office, f"/projects/{project['id']}", {"name": "First"})

    stale = await put(world.office, f"/projects/{project['id']}", {"name": "Second"})
    blind = await world.office.put(f"/projects/{project['id']}", json={"name": "Third"})

    assert (stale.status_code, blind.status_code) == (412, 428)


async def test_the_history_tells_who_changed_what(world: World) -> None:
    """E1: who, when, what, before, after."""
    project = await world.project(name="Old", cost="100.00")
    await put(world.office, f"/projects/{project['id']}", {"name": "New", "cost": "250.50"})

    answer = await world.office.get(f"/projects/{project['id']}/history", params={"sort": "-id"})

    assert obeys(HistoryPageOut, answer.json())
    last, first = answer.json()["items"]
    assert (last["actor"], last["action"]) == ("kari", "gevinst.portfolio.project-changed.v1")
    assert last["changes"] == [
        {"member": "cost", "before": "100.00", "after": "250.50"},
        {"member": "name", "before": "Old", "after": "New"},
    ]
    assert {"member": "name", "after": "Old"} in first["changes"]


async def test_the_history_comes_in_pages(world: World) -> None:
    project = await world.project()
    for revision in range(1, 4):
        await put(world.office, f"/projects/{project['id']}", {"name": f"N{revision}"}, revision=revision)

    path = f"/projects/{project['id']}/history"
    first = (await world.office.get(path, params={"limit": 3})).json()
    rest = await world.office.get(path, params={"limit": 3, "cursor": first["next_cursor"]})

    assert [len(first["items"]), len(rest.json()["items"])] == [3, 1]


@pytest.mark.parametrize("member", ["depends_on", "excludes", "receiving_unit_ids"])
async def test_a_reference_that_is_not_there_is_not_found(world: World, member: str) -> None:
    project = await world.project()
    body = {"name": "X", member: [str(uuid4())]}

    changed = await put(world.office, f"/projects/{project['id']}", body)
    proposed = await world.office.post("/projects", json=world.proposal(**body))

    assert (changed.status_code, proposed.status_code) == (404, 404)
    assert problem(changed)["errors"][0]["pointer"] == f"/body/{member}"


async def test_dependencies_stay_within_the_portfolio(world: World) -> None:
    other = await made(world.office, "/portfolios", {**PORTFOLIO, "name": "Another"})
    elsewhere = await world.project(portfolio_id=other["id"])

    answer = await world.office.post("/projects", json=world.proposal(depends_on=[elsewhere["id"]]))

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#outside-portfolio")


async def test_projects_that_would_wait_for_each_other_are_named(world: World) -> None:
    first = await world.project(name="First")
    second = await world.project(name="Second", depends_on=[first["id"]])
    third = await world.project(name="Third", depends_on=[second["id"]])

    answer = await put(
        world.office, f"/projects/{first['id']}", {"name": "First", "depends_on": [third["id"]]}
    )

    assert answer.status_code == 409
    assert "First → Third → Second → First" in problem(answer)["detail"]


async def test_a_threshold_decides_anew_what_is_prioritised_centrally(world: World) -> None:
    """P2: only work above the portfolio's own threshold is prioritised centrally."""
    big = await world.project(name="Big", cost="2000000.00")
    small = await world.project(name="Small", cost="100.00")
    long = await world.project(name="Long", start="2026-01-01", end="2027-01-01")

    answer = await put(
        world.office,
        f"/portfolios/{world.portfolio_id}",
        {"name": "Digital", "threshold_cost": "1500000.00", "threshold_months": 12},
    )

    assert answer.status_code == 200, answer.text
    assert obeys(PortfolioOut, answer.json())
    found = {}
    for project in (big, small, long):
        now = (await world.office.get(f"/projects/{project['id']}")).json()
        found[now["name"]] = (now["registration"], now["revision"])
    # With no limit but shared resources nothing was central; now two are, and the third did not change.
    assert found == {"Big": ("central", 2), "Small": ("light", 1), "Long": ("central", 2)}
    central = await world.office.get("/projects", params={"registration": "central", "sort": "name"})
    assert [project["name"] for project in central.json()["items"]] == ["Big", "Long"]


async def test_a_stale_threshold_changes_no_project(world: World) -> None:
    project = await world.project(cost="2000000.00")

    answer = await put(
        world.office,
        f"/portfolios/{world.portfolio_id}",
        {"name": "Digital", "threshold_cost": "1.00"},
        revision=7,
    )

    assert answer.status_code == 412
    assert (await world.office.get(f"/projects/{project['id']}")).json() == project


async def test_a_programme_belongs_to_a_portfolio(world: World) -> None:
    programme = await made(
        world.office, "/programmes", {"portfolio_id": world.portfolio_id, "name": "Welfare"}
    )
    other = await made(world.office, "/portfolios", {**PORTFOLIO, "name": "Another"})

    renamed = await put(world.office, f"/programmes/{programme['id']}", {"name": "Care"})
    inside = await world.project(programme_id=programme["id"])
    outside = await world.office.post(
        "/projects", json=world.proposal(portfolio_id=other["id"], programme_id=programme["id"])
    )

    assert obeys(ProgrammeOut, renamed.json())
    assert inside["programme_id"] == programme["id"]
    assert outside.status_code == 409
    listed = await world.office.get("/programmes", params={"portfolio": world.portfolio_id})
    assert listed.json()["items"] == [renamed.json()]


async def test_statutory_work_is_listed_apart(world: World) -> None:
    """P5: legal duties are forced in."""
    await world.project(name="Wish")
    duty = await world.project(name="Duty", is_statutory=True, source="legal-duty")

    answer = await world.office.get("/projects", params={"statutory": "true", "source": "legal-duty"})

    assert answer.json()["items"] == [duty]


async def test_both_ways_of_applying_a_threshold_agree(world: World) -> None:
    """P2: a project is registered alike when it comes after the threshold and when it was there before."""
    threshold = {"threshold_cost": "1000.00", "threshold_months": 6, "threshold_shared_resources": False}
    strict = await made(world.office, "/portfolios", {**PORTFOLIO, **threshold, "name": "Strict"})
    projects: list[dict[str, str]] = [
        {},
        {"cost": "999.99"},
        {"cost": "1000.00"},
        {"start": "2026-01-31", "end": "2026-07-01"},
        {"start": "2026-01-01", "end": "2026-06-30"},
        {"start": "2026-01-01"},
    ]
    there, after = [], []
    for number, members in enumerate(projects):
        there.append(await world.project(name=f"P{number}", **members))
        found = await world.project(name=f"P{number}", portfolio_id=strict["id"], **members)
        after.append(found["registration"])

    await put(world.office, f"/portfolios/{world.portfolio_id}", {"name": "Digitisation", **threshold})

    before = [(await world.office.get(f"/projects/{project['id']}")).json() for project in there]
    assert [project["registration"] for project in before] == after
    assert after == ["light", "light", "central", "central", "light", "light"]


async def test_imported_work_stays_of_its_source(world: World) -> None:
    """P1: the source is recorded, and the next import finds the project by it."""
    project = await world.project(source="gmpp")
    house = world.desk.app.state.house
    async with house.database.transaction(world.desk.organisation) as connection:
        await connection.execute("UPDATE project SET source_key = 'P1' WHERE id = $1", project["id"])

    answer = await put(world.office, f"/projects/{project['id']}", {"name": "X", "source": "own-idea"})

    assert (answer.json()["source"], answer.json()["source_key"]) == ("gmpp", "P1")
