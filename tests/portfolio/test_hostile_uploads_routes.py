"""Uploads that reach for more than the uploader's own, or that nobody can read."""

import io
from typing import Any

import pytest
import xlsxwriter

from gevinst_shared.values.actor import Role
from tests.portfolio.background import worked
from tests.portfolio.uploaded import XLSX, cells, counts, download, furnish, upload
from tests.portfolio.world import World, made, put
from tests.support.workbooks import cell, edited


async def other_portfolio(world: World) -> World:
    body = {"name": "Other", "currency": "NOK", "price_year": 2026}
    portfolio = await made(world.office, "/portfolios", body)
    return World(world.desk, world.administrator, world.office, portfolio["id"])


async def test_the_budget_of_another_portfolio_is_not_taken(world: World) -> None:
    other = await other_portfolio(world)
    for each, amount in ((world, "1000000.00"), (other, "9000000.00")):
        budget = {"years": [{"year": 2027, "kind": "investment", "amount": amount}]}
        assert (
            await put(world.office, f"/portfolios/{each.portfolio_id}/budget", budget, revision=0)
        ).status_code == 200

    run = await upload(world, await download(other))

    assert counts(run)[0] == 0
    assert {one["error"]["code"] for one in await cells(world, run)} == {"row-unknown"}


async def test_the_office_of_one_portfolio_does_not_change_the_capacity_of_all(world: World) -> None:
    await furnish(world)
    person = await world.person("local")
    role = {
        "person_id": person["id"],
        "role": "portfolio-office",
        "scope": "portfolio",
        "scope_id": world.portfolio_id,
    }
    await made(world.administrator, "/role-assignments", role)
    local = world.desk.caller(Role.READER, subject="local")
    content = await download(world)
    wider = edited(content, {("Kapasitet", cell(content, "Kapasitet", "2027-Q3", "Utviklere")): 99.0})

    asked = await local.post(
        f"/portfolios/{world.portfolio_id}/uploads", content=wider, headers={"Content-Type": XLSX}
    )
    run = await worked(world, asked.json()["id"])

    faults = {one["sheet"]: one["error"]["code"] for one in await cells(world, run, state="fault")}
    assert faults["Kapasitet"] == "not-allowed"
    assert counts(await upload(world, wider)) == (1, 0)


async def test_a_key_that_no_database_keeps_is_a_fault_of_its_row(world: World) -> None:
    columns = [{"heading": "Nr", "member": "key"}, {"heading": "Navn", "member": "name"}]
    mapping = await made(
        world.office,
        f"/portfolios/{world.portfolio_id}/column-mappings",
        {"name": "Register", "source": "register", "columns": columns},
    )
    content = ("Nr,Navn\n" + "1,Post\n" * 1 + "x" * 5000 + ",Lang\n" + "y" * 8000 + ",Lenger\n").encode()
    content += b"a\0b,Null\n"

    run = await upload(world, content, "text/csv", mapping=mapping["id"])

    codes = [one["error"]["code"] for one in await cells(world, run, state="fault")]
    assert (run["state"], codes) == ("done", ["cell-too-long", "cell-too-long", "cell-control-character"])


@pytest.mark.slow
async def test_a_workbook_that_fills_all_memory_ends_its_run_and_not_the_worker(world: World) -> None:
    run = await upload(world, _amplified())

    assert run["state"] == "failed"
    assert run["error"]["code"] in {"workbook-too-large", "run-abandoned"}


def _amplified() -> bytes:
    """A million cells that all name one text of thirty thousand characters."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made_book:
        sheet: Any = made_book.add_worksheet("T")
        for row in range(10_000):
            for column in range(20):
                sheet.write_string(row, column, "x" * 30_000)
    return target.getvalue()
