"""Importing GMPP files over the API, done by a worker (P1)."""

from decimal import Decimal
from typing import Any

import pytest

from gevinst_portfolio.schemas.imports import ImportCellOut
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.portfolio.background import (
    all_items,
    events_of,
    imported,
    imported_year,
    make_british_world,
    upload,
)
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk, problem
from tests.support.gmpp import one_row_per_project

COUNTS = [
    (2014, 199),
    (2015, 188),
    (2016, 143),
    (2017, 143),
    (2019, 133),
    (2020, 125),
    (2021, 184),
    (2023, 244),
]
BILLIONS = {2019: "441.8", 2020: "447.9", 2021: "542.0"}


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await make_british_world(portfolio)


@pytest.mark.slow
@pytest.mark.parametrize(("year", "count"), COUNTS)
async def test_every_published_year_is_imported_and_importing_it_twice_changes_nothing(
    world: World, year: int, count: int
) -> None:
    run = await imported_year(world, year, keep="valid")

    assert run["state"] == "done", run
    report = run["import_report"]
    assert (report["project_count"], report["created_count"], report["year"]) == (count, count, year)
    if year in BILLIONS:
        billions = Decimal(report["disclosed_cost"]["amount"]) / 10**9
        assert billions.quantize(Decimal("0.1")) == Decimal(BILLIONS[year])
    before = await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    assert len(before) == count

    again = (await imported_year(world, year, keep="valid"))["import_report"]
    assert (again["created_count"], again["updated_count"], again["unchanged_count"]) == (0, 0, count)
    assert await all_items(world.office, "/projects", portfolio=world.portfolio_id) == before
    assert len(await events_of(world.desk, "project-proposed")) == count
    assert await events_of(world.desk, "project-changed") == []


@pytest.mark.slow
async def test_the_report_names_every_cell_without_a_value_and_its_state(world: World) -> None:
    run = await imported_year(world, 2023)

    assert RunOut.model_validate(run).model_dump(mode="json", exclude_none=True) == run
    cells = await all_items(world.office, f"/imports/{run['id']}/cells")
    counts = run["import_report"]["cell_counts"]
    assert len(cells) == sum(counts.values())
    withheld = await all_items(world.office, f"/imports/{run['id']}/cells", state="withheld")
    assert len(withheld) == counts["withheld"]
    assert ImportCellOut.model_validate(withheld[0]).model_dump(mode="json", exclude_none=True) == withheld[0]


@pytest.mark.slow
async def test_one_cell_that_is_not_understood_keeps_the_file_out_unless_the_caller_wants_the_rest(
    world: World,
) -> None:
    refused = await imported_year(world, 2017)

    assert (refused["state"], refused["error"]["code"]) == ("failed", "cells-not-understood")
    assert refused["import_report"]["is_kept"] is False
    (cell,) = await all_items(world.office, f"/imports/{refused['id']}/cells", state="not-understood")
    assert (cell["field"], cell["row"], cell["column"], cell["raw"]) == ("start-date", 6, 34, "1/012/2014")
    assert await all_items(world.office, "/projects", portfolio=world.portfolio_id) == []

    kept = await imported_year(world, 2017, keep="valid")
    assert kept["import_report"]["created_count"] == 143
    projects = await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    assert "start" not in next(one for one in projects if one["source_key"] == cell["project_key"])


async def by_key(world: World) -> list[dict[str, Any]]:
    projects = await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    return sorted(projects, key=lambda project: project["source_key"])


FILE = {
    "GMPP ID": ["A_1", "A_2"],
    "Project Name": ["Ships", "Roads"],
    "Department": ["MOD", "DFT"],
    "Description": ["New ships", "New roads"],
    "Project - Start Date": ["01/04/2020", "01/04/2021"],
    "Project - End Date": ["31/03/2026", "31/03/2027"],
    "TOTAL Baseline Whole Life Costs (£m)": ["100", "200"],
}


@pytest.mark.slow
async def test_a_second_import_updates_what_the_file_changed_and_leaves_what_people_changed(
    world: World,
) -> None:
    await imported(world, one_row_per_project(FILE).encode(), year=2023)
    ships, roads = await by_key(world)
    async with world.desk.app.state.house.database.transaction(world.desk.organisation) as connection:
        await connection.execute(
            "UPDATE project SET name = 'Our ships', zero_alternative = 'Old ships' WHERE id = $1", ships["id"]
        )

    later = {
        **FILE,
        "Project Name": ["Ships II", "Roads"],
        "TOTAL Baseline Whole Life Costs (£m)": ["150", "200"],
    }
    report = (await imported(world, one_row_per_project(later).encode(), year=2024))["import_report"]

    assert (report["created_count"], report["updated_count"]) == (0, 2)
    again, same = await by_key(world)
    assert (again["name"], again["zero_alternative"], again["cost"]["amount"]) == (
        "Our ships",
        "Old ships",
        "150000000.00",
    )
    assert same["cost"] == roads["cost"]
    older = (await imported(world, one_row_per_project(FILE).encode(), year=2023))["import_report"]
    assert (older["older_count"], older["updated_count"]) == (2, 0)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file-empty"),
        (b"PK\x03\x04" + bytes(range(256)) * 20, "file-binary"),
        (b"\xff\xfe\x00" + b"\x81\x8d\x8f\x90\x9d" * 40, None),
        (b"a,b\n1,2\n", "fields-not-recognised"),
        (b'"open,quote\n' * 3, None),
    ],
)
async def test_a_file_that_is_none_fails_with_a_clear_sentence_and_keeps_nothing(
    world: World, content: bytes, code: str | None
) -> None:
    run = await imported(world, content, year=2023)

    assert run["state"] == "failed"
    assert code is None or run["error"]["code"] == code
    assert run["error"]["detail"].endswith((".", "?"))
    assert await all_items(world.office, "/projects", portfolio=world.portfolio_id) == []


@pytest.mark.slow
async def test_a_file_of_a_hundred_megabytes_is_refused_and_one_of_two_is_taken(world: World) -> None:
    refused = await upload(world, b"x" * 100_000_000)
    taken = await upload(world, b"x" * 2_000_000)

    assert problem(refused)["type"].endswith("#too-large")
    assert refused.status_code == 413
    assert taken.status_code == 202


async def test_a_portfolio_in_kroner_does_not_take_figures_in_pounds(portfolio: Desk) -> None:
    """C1: money is never converted silently."""
    krone_world = await make_world(portfolio)

    answer = await upload(krone_world, b"a")

    assert answer.status_code == 409
    assert problem(answer)["type"].endswith("#other-currency")


async def test_the_same_request_again_under_its_key_is_the_same_run(world: World) -> None:
    first, second = await upload(world, b"a,b", key="one"), await upload(world, b"a,b", key="one")
    other = await upload(world, b"c,d", key="one")

    assert first.json()["id"] == second.json()["id"]
    assert first.headers["location"] == f"/portfolio/v1/runs/{first.json()['id']}"
    assert other.status_code == 422


async def test_who_may_not_import_is_refused_and_another_organisation_finds_nothing(world: World) -> None:
    run = await imported(world, b"a,b\n1,2\n")
    path = f"/portfolios/{world.portfolio_id}/imports?source=gmpp"
    csv = {"Content-Type": "text/csv"}
    reader = world.desk.caller(Role.READER)
    stranger = world.desk.caller(*EVERYONE, organisation="0192:964338531")

    assert (await reader.post(path, content=b"a", headers=csv)).status_code == 403
    assert (await stranger.post(path, content=b"a", headers=csv)).status_code == 404
    assert (await stranger.get(f"/runs/{run['id']}")).status_code == 404
    assert (await stranger.get(f"/runs/{run['id']}/events")).status_code == 404
    assert (await stranger.post(f"/runs/{run['id']}/cancellation")).status_code == 404
    assert (await stranger.get(f"/imports/{run['id']}/cells")).status_code == 404
    assert (await stranger.get("/runs")).json()["items"] == []


async def test_the_body_must_say_that_it_is_a_file_and_parameters_must_be_known(world: World) -> None:
    path = f"/portfolios/{world.portfolio_id}/imports"
    as_json = await world.office.post(f"{path}?source=gmpp", json={})
    odd = await world.office.post(
        f"{path}?source=gmpp&kepe=all", content=b"", headers={"Content-Type": "text/csv"}
    )

    assert as_json.status_code == 415
    assert odd.status_code == 400


@pytest.mark.slow
async def test_people_are_told_of_an_import_with_what_it_did(world: World) -> None:
    await imported(world, one_row_per_project(FILE).encode(), year=2023)

    (fact,) = await events_of(world.desk, "import-finished")
    assert fact["source_name"] == "GMPP 2023"
    assert (fact["created_count"], fact["updated_count"], fact["problem_count"]) == (2, 0, 0)
