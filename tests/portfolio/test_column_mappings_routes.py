"""Files of others, read by a mapping that is kept (P1)."""

from typing import Any

import pytest

from gevinst_portfolio.schemas.column_mappings import ColumnMappingOut
from gevinst_shared.sheets.reading import CellValue
from tests.portfolio.background import all_items
from tests.portfolio.uploaded import applied, cells, counts, refusal, upload
from tests.portfolio.world import World, made, obeys, put
from tests.support.workbooks import written


async def mapping_of(world: World) -> dict[str, Any]:
    body = {
        "name": "Prosjektverktøyet",
        "source": "project-tool",
        "heading_row": 3,
        "columns": [
            {"heading": "Nr", "member": "key"},
            {"heading": "Prosjektnavn", "member": "name"},
            {"heading": "Kostnad", "member": "cost"},
            {"heading": "Kostnad 2027", "member": "cost:2027:investment"},
        ],
    }
    mapping = await made(world.office, f"/portfolios/{world.portfolio_id}/column-mappings", body)
    assert obeys(ColumnMappingOut, mapping)
    return mapping


ROWS: list[list[CellValue]] = [
    ["Eksport", None, None, None, None],
    [None, None, None, None, None],
    ["Prosjektnavn", "Nr", "Kostnad", "Kostnad 2027", "Merknad"],
    ["Ny vei", 17.0, "1 500 000,50", 500000.0, "x"],
    ["Ny bro", "B-2", 2000.0, None, None],
]


async def test_a_file_of_others_is_read_by_a_mapping_that_is_kept(world: World) -> None:
    mapping = await mapping_of(world)
    content = written({"Ark1": ROWS})

    first = await upload(world, content, mapping=mapping["id"])
    assert counts(first) == (5, 0), await cells(world, first)
    assert first["upload_report"]["new_count"] == 2
    assert (await applied(world, first))["state"] == "done"
    again = await upload(world, content, mapping=mapping["id"])
    rows: list[list[CellValue]] = [*ROWS[:4], ["Ny bru", "B-2", 2500.0, None, None]]
    later = await upload(world, written({"Ark1": rows}), mapping=mapping["id"])

    assert counts(again) == (0, 0)
    assert [one["cell"] for one in await cells(world, later)] == ["A5", "C5"]
    assert (await applied(world, later))["state"] == "done"
    found = await all_items(world.office, "/projects", portfolio=world.portfolio_id, source="project-tool")
    assert {(one["source_key"], one["name"], one["cost"]["amount"]) for one in found} == {
        ("17", "Ny vei", "1500000.50"),
        ("B-2", "Ny bru", "2500.00"),
    }


async def test_a_heading_that_is_not_there_is_named_with_those_that_are(world: World) -> None:
    mapping = await mapping_of(world)
    rows: list[list[CellValue]] = [*ROWS[:2], ["Navn", "Nr", "Kostnad", "Kostnad 2027", "Merknad"]]

    run = await upload(world, written({"Ark1": rows}), mapping=mapping["id"])

    assert (run["state"], run["error"]["code"]) == ("failed", "heading-missing")
    assert "Navn, Nr" in run["error"]["detail"]


async def test_a_heading_that_stands_twice_is_named_with_both_of_its_cells(world: World) -> None:
    mapping = await mapping_of(world)
    rows: list[list[CellValue]] = [*ROWS[:2], ["Prosjektnavn", "Nr", "Kostnad", "Kostnad 2027", "Kostnad"]]

    run = await upload(world, written({"Ark1": rows}), mapping=mapping["id"])

    assert (run["state"], run["error"]["code"]) == ("failed", "heading-twice")
    assert "C3 and E3" in run["error"]["detail"]


async def test_a_row_without_a_key_of_its_own_is_a_fault(world: World) -> None:
    mapping = await mapping_of(world)
    rows: list[list[CellValue]] = [*ROWS[:3], ["Ny vei", None, 1.0, None, None]]

    run = await upload(world, written({"Ark1": rows}), mapping=mapping["id"])

    (fault,) = await cells(world, run)
    assert (fault["cell"], fault["error"]["code"]) == ("B4", "value-missing")


@pytest.mark.parametrize(
    "columns",
    [
        [{"heading": "A", "member": "name"}, {"heading": "B", "member": "cost"}],
        [{"heading": "A", "member": "key"}, {"heading": "A", "member": "name"}],
        [
            {"heading": "A", "member": "key"},
            {"heading": "B", "member": "name"},
            {"heading": "C", "member": "name"},
        ],
    ],
)
async def test_a_mapping_that_does_not_fit_together_is_refused(
    world: World, columns: list[dict[str, str]]
) -> None:
    body = {"name": "Odd", "source": "tool", "columns": columns}
    answer = await world.office.post(f"/portfolios/{world.portfolio_id}/column-mappings", json=body)

    assert refusal(answer) == (400, "mapping-odd")


async def test_a_mapping_is_changed_with_the_revision_that_was_read(world: World) -> None:
    mapping = await mapping_of(world)
    body = {name: mapping[name] for name in ("name", "source", "columns")}

    assert (await put(world.office, f"/column-mappings/{mapping['id']}", body)).status_code == 200
    assert (await put(world.office, f"/column-mappings/{mapping['id']}", body)).status_code == 412
    assert (await world.office.put(f"/column-mappings/{mapping['id']}", json=body)).status_code == 428
