"""Plan workbooks as the tests download, fill in and send them."""

from collections.abc import Mapping
from typing import Any

import httpx

from gevinst_benefits.schemas.plan_workbooks import PlanUploadOut
from gevinst_shared.sheets.reading import CellValue, read_workbook
from tests.benefits.plan_records import FROM_START, POSTAGE, action, agreement, approved, owned, risk, use
from tests.benefits.test_plan_routes import INDICATOR
from tests.benefits.world import World, made
from tests.support.workbooks import written

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Tabs = dict[str, list[list[CellValue]]]


async def full_plan(world: World) -> dict[str, Any]:
    """Two benefits with something in every table; the one counted in money."""
    await approved(world, "2027-01-01", "2027-12-31")
    timing = {"hangs_on": "start", "duration_months": 36, "ramp": {"kind": "linear", "months": 12}}
    saved = await world.planned(**{**POSTAGE, "name": "Less postage", "timing": timing})
    freed = await world.planned(timing=FROM_START, description="Two lines\nof text")
    at = f"/benefits/{freed['id']}"
    hourly = {"amount": "520.00", "currency": "NOK", "price_year": 2026}
    await made(
        world.office,
        f"{at}/freed-value-uses",
        use(world, hourly_cost=hourly, hourly_cost_source="Payroll"),
    )
    await made(world.office, f"{at}/actions", action(world))
    await made(world.office, f"{at}/prerequisites", owned(world, name="Everybody has a card"))
    await made(world.office, f"{at}/risks", risk(world, owner={"person_id": str(world.owner_id)}))
    plan = {"frequency": "yearly", "first_on": "2028-01-31", "until": "2030-01-31", "method": "All cases"}
    await made(world.office, f"{at}/indicators", {**INDICATOR, "plan": plan, "due_on": ["2027-06-30"]})
    await made(world.office, f"/benefits/{saved['id']}/agreement-entries", agreement())
    return saved


async def download(client: httpx.AsyncClient, project_id: str, language: str = "en") -> bytes:
    path = f"/projects/{project_id}/plan-workbook"
    answer = await client.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.content


async def sent(
    client: httpx.AsyncClient, project_id: str, content: bytes, *, seen: str | None = None, **headers: str
) -> httpx.Response:
    """The preview of a workbook, or its application as it was `seen`."""
    path = f"/projects/{project_id}/plan-workbook-" + ("previews" if seen is None else f"uploads?seen={seen}")
    return await client.post(path, content=content, headers={"Content-Type": XLSX, **headers})


async def previewed(
    client: httpx.AsyncClient, project_id: str, content: bytes, **headers: str
) -> dict[str, Any]:
    answer = await sent(client, project_id, content, **headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert PlanUploadOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    return found


def tabs_of(content: bytes) -> Tabs:
    return {table.name: [list(row) for row in table.rows] for table in read_workbook(content)}


def tab(tabs: Tabs, key: str) -> list[list[CellValue]]:
    """The rows of one of the tables A to G."""
    return next(rows for name, rows in tabs.items() if name.startswith(key))


def fill(tabs: Tabs, key: str, row: int, **cells: CellValue) -> None:
    """Write cells by their column's key (`_` for `-`), in a row of the file counted from 1."""
    rows = tab(tabs, key)
    while len(rows) < row:
        rows.append([None] * len(rows[0]))
    for name, value in cells.items():
        rows[row - 1][rows[0].index(name.replace("_", "-"))] = value


def book_of(tabs: Mapping[str, Any]) -> bytes:
    return written(tabs)


def found_faults(preview: Mapping[str, Any]) -> set[tuple[str, str, str]]:
    """Table, cell and code of each fault."""
    return {(one["sheet"][0], one["cell"], one["code"]) for one in preview["faults"]}
