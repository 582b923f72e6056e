"""Workbooks and CSV over the API: downloaded, changed, shown as changes, and applied all or not at all."""

import csv
import io
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from gevinst_portfolio.domain.runs import RunKind
from gevinst_portfolio.domain.workbooks.sheets import column_letters
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.schemas.uploads import UploadCellOut
from gevinst_portfolio.worker.jobs import JOBS
from gevinst_shared.db.work import Work
from gevinst_shared.sheets.reading import CellValue, read_workbook
from gevinst_shared.values.actor import Role
from tests.portfolio.background import all_items, events_of, worked
from tests.portfolio.uploaded import XLSX, applied, cells, counts, download, furnish, refusal, upload
from tests.portfolio.world import World, made, obeys, put
from tests.support.office import recalculated
from tests.support.organisations import new_organisation
from tests.support.workbooks import cell, edited, written


async def test_an_untouched_download_changes_nothing(world: World) -> None:
    await furnish(world)

    run = await upload(world, await download(world))

    assert run["state"] == "done"
    assert counts(run) == (0, 0)
    assert run["upload_report"]["rows_read"] > 4
    refused = await world.office.post(f"/uploads/{run['id']}/application")
    assert refusal(refused) == (409, "nothing-to-apply")


async def test_p11_a_closing_that_is_changed_in_a_workbook_stays_one(world: World) -> None:
    closing = {"yearly_saving": "100.00", "saving_years": 3, "frees": []}
    project = await world.project(name="Close", cost="1.00", closing=closing)
    content = await download(world)
    changed = edited(content, {("Prosjekter", cell(content, "Prosjekter", "cost", "Close")): 5.0})

    await applied(world, await upload(world, changed))

    now = (await world.office.get(f"/projects/{project['id']}")).json()
    assert (now["cost"]["amount"], now["benefit"]["amount"]) == ("5.00", "300.00")
    assert (now["kind"], now["closing"]) == ("closing", closing)


@pytest.mark.slow
async def test_what_libreoffice_saved_changes_nothing(world: World, tmp_path: Any) -> None:
    await furnish(world)

    run = await upload(world, recalculated(await download(world), tmp_path))

    assert counts(run) == (0, 0)


async def test_every_part_of_the_workbook_is_changed_at_once(world: World) -> None:
    known = await furnish(world)
    content = await download(world)
    changed = edited(
        content,
        {
            ("Prosjekter", cell(content, "Prosjekter", "cost", "Nytt arkiv")): 1_500_000.5,
            ("Prosjekter", cell(content, "Prosjekter", "unit", "Nytt arkiv")): None,
            ("Poeng", cell(content, "Poeng", known["criterion"]["id"], "Nytt arkiv")): 5.0,
            ("Kapasitet", cell(content, "Kapasitet", "2027-Q3", "Utviklere")): 7.0,
            ("Budsjett", cell(content, "Budsjett", "2028", "Investering")): 900_000.0,
            ("Ressursbehov", cell(content, "Ressursbehov", "q2", "Nytt arkiv")): 1.5,
            ("Prosjekter", "C5"): "Ny bro",
            ("Prosjekter", "K5"): 3_000_000.0,
        },
    )

    read = await upload(world, changed)

    assert counts(read) == (8, 0), await cells(world, read)
    found = await cells(world, read, state="change")
    assert all(obeys(UploadCellOut, one) for one in found)
    cost = next(one for one in found if one["member"] == "cost" and "before" in one)
    assert (cost["sheet"], cost["record_name"]) == ("Prosjekter", "Nytt arkiv")
    assert (cost["before"], cost["after"]) == ("1250000.10", "1500000.50")
    before = await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    assert len(before) == 2

    done = await applied(world, read)

    assert done["state"] == "done", done
    projects = {
        one["name"]: one for one in await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    }
    assert projects["Ny bro"]["cost"]["amount"] == "3000000.00"
    archive = projects["Nytt arkiv"]
    assert archive["cost"]["amount"] == "1500000.50"
    assert "unit_id" not in archive
    assert archive["needs"][0]["amounts"] == [2, 0.5, 1.5]
    resource = (await world.office.get(f"/resources/{known['resource']['id']}")).json()
    assert {each["quarter"]: each["amount"] for each in resource["capacity"]} == {
        1: 2.5,
        2: 2.5,
        3: 7,
        4: 2.5,
    }
    budget = (await world.office.get(f"/portfolios/{world.portfolio_id}/budget")).json()
    assert {each["year"]: each["budget"]["amount"] for each in budget["years"] if "budget" in each} == {
        2027: "2000000.00",
        2028: "900000.00",
    }
    scores = (await world.office.get(f"/projects/{archive['id']}/scores")).json()
    assert [each["value"] for each in scores["scores"]] == [5]
    # Every other member of the project is as it was.
    assert archive["receiving_unit_ids"] == []
    assert archive["cost_by_year"] == known["projects"]["Nytt arkiv"]["cost_by_year"]
    assert len(await events_of(world.desk, "project-changed")) == 1


async def test_an_upload_is_applied_once(world: World) -> None:
    await furnish(world)
    content = await download(world)
    place = ("Prosjekter", cell(content, "Prosjekter", "benefit", "Digital post"))
    read = await upload(world, edited(content, {place: 1.0}))
    assert (await applied(world, read))["state"] == "done"

    again = await applied(world, read)

    assert again["state"] == "failed"
    assert again["error"]["code"] == "upload-outdated"


async def test_somebody_elses_change_meanwhile_keeps_the_whole_upload_out(world: World) -> None:
    known = await furnish(world)
    content = await download(world)
    place = ("Prosjekter", cell(content, "Prosjekter", "benefit", "Digital post"))
    read = await upload(world, edited(content, {place: 1.0}))
    post = known["projects"]["Digital post"]
    answer = await put(world.office, f"/projects/{post['id']}", {"name": "Digital post 2"})
    assert answer.status_code == 200

    late = await applied(world, read)
    anew = await upload(world, edited(content, {place: 1.0}))

    assert late["error"]["code"] == "upload-outdated"
    # The change took the needs away, so their row belongs to nothing any more.
    faults = await cells(world, anew, state="fault")
    assert [one["error"]["code"] for one in faults] == ["row-changed-meanwhile", "row-unknown"]


async def test_every_cell_that_cannot_be_taken_is_named_and_nothing_is_applied(world: World) -> None:
    known = await furnish(world)
    content = await download(world)
    places = {
        key: ("Prosjekter", cell(content, "Prosjekter", key, "Nytt arkiv"))
        for key in ("cost", "end", "unit", "is_statutory")
    }
    score = ("Poeng", cell(content, "Poeng", known["criterion"]["id"], "Nytt arkiv"))
    first = ("Poeng", cell(content, "Poeng", known["criterion"]["id"], "Digital post"))
    wrong: dict[tuple[str, str], CellValue] = {
        places["cost"]: "NaN",
        places["unit"]: "Ukjent",
        places["is_statutory"]: "kanskje",
        score: 17.0,
        first: None,
        ("Kapasitet", cell(content, "Kapasitet", "2027-Q3", "Utviklere")): -1.0,
        ("Prosjekter", cell(content, "Prosjekter", "name", "Digital post")): None,
    }

    run = await upload(world, edited(content, wrong))

    faults = {(one["sheet"], one["cell"]): one["error"] for one in await cells(world, run, state="fault")}
    assert set(faults) == set(wrong)
    assert faults[places["cost"]]["code"] == "cell-not-a-number"
    assert faults[score]["code"] == "scored-outside-scale"
    assert faults[first]["code"] == "score-taken-out"
    told = await world.office.get(f"/uploads/{run['id']}/cells", headers={"Accept-Language": "da"})
    assert "er ikke et tal" in told.text
    refused = await world.office.post(f"/uploads/{run['id']}/application")
    assert refusal(refused) == (409, "upload-has-faults")


async def test_rules_between_cells_are_kept_as_everywhere(world: World) -> None:
    await furnish(world)
    content = await download(world)
    end = ("Prosjekter", cell(content, "Prosjekter", "end", "Nytt arkiv"))

    run = await upload(world, edited(content, {end: "2026-01-01"}))

    (fault,) = await cells(world, run, state="fault")
    assert (fault["cell"], fault["error"]["code"]) == (end[1], "ends-before-start")


async def test_what_is_no_workbook_fails_with_a_reason(world: World) -> None:
    run = await upload(world, b"PK nothing")

    assert (run["state"], run["error"]["code"]) == ("failed", "not-a-workbook")


async def test_a_workbook_of_a_scenario_is_timed_by_its_plan(world: World) -> None:
    await furnish(world)
    asked = {"name": "All", "first_quarter": "2027-Q1", "quarters": 4}
    scenario = await made(world.office, f"/portfolios/{world.portfolio_id}/scenarios", asked)
    path = f"/portfolios/{world.portfolio_id}/workbook"
    early = await world.office.get(path, params={"scenario": scenario["id"]})
    assert refusal(early) == (409, "no-plan-yet")
    run = (await world.office.post(f"/scenarios/{scenario['id']}/runs")).json()
    assert (await worked(world, run["id"]))["state"] == "done"
    plan = (await world.office.get(f"/scenarios/{scenario['id']}/plan")).json()

    content = await download(world, scenario=scenario["id"])

    assert {one["project_name"] for one in plan["selected"]} <= {"Digital post", "Nytt arkiv"}
    for one in plan["selected"]:
        assert cell(content, "Plan", "quarter", one["project_name"])


async def test_csv_goes_out_and_comes_back_in_the_signs_of_the_country(world: World) -> None:
    await furnish(world)
    path = f"/portfolios/{world.portfolio_id}/project-table"

    for language, delimiter in (("nb", ";"), ("en", ",")):
        answer = await world.office.get(path, headers={"Accept-Language": language})
        run = await upload(world, answer.content, "text/csv")
        assert counts(run) == (0, 0), await cells(world, run)
        rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=delimiter))
        assert {row[2] for row in rows[1:]} == {"Digital post", "Nytt arkiv"}
        changed = answer.content.replace(b"Nytt arkiv", b"Felles arkiv")
        (one,) = await cells(world, await upload(world, changed, "text/csv"))
        assert (one["cell"], one["after"]) == ("C3", "Felles arkiv")


async def test_a_column_that_stands_twice_is_a_fault_that_names_both_cells(world: World) -> None:
    await furnish(world)
    tabs = {table.name: [list(row) for row in table.rows] for table in read_workbook(await download(world))}
    rows = tabs["Prosjekter"]
    place = rows[0].index("cost")
    for row in rows:
        row.append(9_000_000.0 if row[place] == 1_250_000.1 else row[place])

    run = await upload(world, written(tabs))

    (fault,) = await cells(world, run)
    assert (fault["error"]["code"], fault["cell"]) == ("column-twice", f"{column_letters(len(rows[0]) - 1)}1")
    assert f"{column_letters(place)}1 and {fault['cell']}" in fault["error"]["detail"]
    assert refusal(await world.office.post(f"/uploads/{run['id']}/application")) == (409, "upload-has-faults")


async def test_a_heading_that_stands_twice_in_csv_is_a_fault_too(world: World) -> None:
    await furnish(world)
    path = f"/portfolios/{world.portfolio_id}/project-table"
    rows = list(csv.reader(io.StringIO((await world.office.get(path)).content.decode("utf-8-sig"))))
    text = "\n".join(",".join([*row, rows[0][2] if at == 0 else "Other"]) for at, row in enumerate(rows))

    (fault,) = await cells(world, await upload(world, text.encode(), "text/csv"))

    last = f"{column_letters(len(rows[0]))}1"
    assert (fault["error"]["code"], fault["cell"], fault["after"]) == ("column-twice", last, "Navn")
    assert f"C1 and {last}" in fault["error"]["detail"]


async def test_p1_the_source_of_what_was_imported_is_no_files_to_change(world: World) -> None:
    columns = [{"heading": "Nr", "member": "key"}, {"heading": "Navn", "member": "name"}]
    body = {"name": "Register", "source": "register", "columns": columns}
    mapping = await made(world.office, f"/portfolios/{world.portfolio_id}/column-mappings", body)
    await applied(world, await upload(world, b"Nr,Navn\n1,Post\n", "text/csv", mapping=mapping["id"]))
    await world.project(name="Own", source="own-idea")
    content = await download(world)
    places = {name: ("Prosjekter", cell(content, "Prosjekter", "source", name)) for name in ("Post", "Own")}

    same = await upload(world, content)
    one = await upload(world, edited(content, {places["Own"]: "joint"}))
    both = await upload(world, edited(content, dict.fromkeys(places.values(), "joint")))

    assert (counts(same), counts(one)) == ((0, 0), (1, 0))
    assert counts(both) == (1, 1)
    (fault,) = await cells(world, both, state="fault")
    assert (fault["cell"], fault["error"]["code"]) == (places["Post"][1], "value-stays")
    assert "“register”" in fault["error"]["detail"]


@pytest.mark.parametrize(
    ("statement", "cause"),
    [
        ("UPDATE project SET registration = 'odd'", "project_registration"),
        ("UPDATE project SET price_year = 99999999999::bigint", "integer out of range"),
    ],
)
async def test_what_the_database_refuses_ends_the_run_at_once_and_applies_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch, statement: str, cause: str
) -> None:
    await furnish(world)
    content = await download(world)
    place = ("Prosjekter", cell(content, "Prosjekter", "benefit", "Digital post"))
    read = await upload(world, edited(content, {place: 1.0}))
    before = await all_items(world.office, "/projects", portfolio=world.portfolio_id)
    job = JOBS[RunKind.APPLY_UPLOAD]

    async def keep_and_break(work: Work, *given: Any) -> Any:
        done = await job.keep(work, *given)
        await work.connection.execute(statement)
        return done

    monkeypatch.setitem(JOBS, RunKind.APPLY_UPLOAD, replace(job, keep=keep_and_break))

    run = await applied(world, read)

    assert obeys(RunOut, run)
    assert (run["state"], run["attempts"], run["error"]["code"]) == ("failed", 1, "run-not-kept")
    assert run["error"]["values"]["run"] == run["id"]
    assert cause in run["error"]["detail"]
    assert await all_items(world.office, "/projects", portfolio=world.portfolio_id) == before


async def test_only_the_office_uploads_and_only_its_own_organisation_sees_it(world: World) -> None:
    await furnish(world)
    content = await download(world)
    run = await upload(world, content)
    reader = world.desk.caller(Role.READER, subject="reader")
    stranger = world.desk.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())
    path = f"/portfolios/{world.portfolio_id}"

    refused = await reader.post(f"{path}/uploads", content=content, headers={"Content-Type": XLSX})
    assert refused.status_code == 403
    for answer in (
        await stranger.get(f"{path}/workbook"),
        await stranger.get(f"{path}/project-table"),
        await stranger.post(f"{path}/uploads", content=content, headers={"Content-Type": XLSX}),
        await stranger.get(f"/uploads/{run['id']}/cells"),
        await stranger.post(f"/uploads/{run['id']}/application"),
        await world.office.get(f"/uploads/{UUID(int=7)}/cells"),
    ):
        assert answer.status_code == 404, answer.text
    odd = await world.office.post(f"{path}/uploads", content=content, headers={"Content-Type": "image/png"})
    assert odd.status_code == 415
