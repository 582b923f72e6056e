"""Files for the economy system: each entry in exactly one, never changed, harmless in a spreadsheet (M1)."""

import asyncio
import csv
import hashlib
import io
from typing import Any

import asyncpg
import httpx
import pytest

from gevinst_benefits.domain.money.delimited import harmless, written
from gevinst_benefits.schemas.budget_exports import BudgetExportOut, ExportMappingOut
from gevinst_shared.values.actor import Role
from tests.benefits.purse import Purse
from tests.benefits.world import connection_of, made
from tests.support.callers import problem


def mapping(purse: Purse, **members: Any) -> dict[str, Any]:
    columns = [
        {"heading": "Bilag", "source": "export-number"},
        {"heading": "Art", "source": "constant", "constant": "B"},
        {"heading": "Konto", "source": "account-code"},
        {"heading": "Enhet", "source": "unit-code"},
        {"heading": "År", "source": "year"},
        {"heading": "Beløp", "source": "amount"},
        {"heading": "Gevinst", "source": "benefit-name"},
        {"heading": "Id", "source": "entry-id"},
    ]
    return {
        "columns": columns,
        "units": [{"unit_id": purse.unit, "code": "4711"}],
        "accounts": [{"account": "Postage", "code": "68100"}],
    } | members


async def booked(purse: Purse, entries: int = 2) -> list[str]:
    phasing = await purse.agreed((2027, "-1000.00"))
    return [(await purse.booked(phasing, 2027, f"-{number + 1}.50"))["id"] for number in range(entries)]


async def lines_of(purse: Purse, export_id: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    file = await purse.finance.get(f"/budget-exports/{export_id}/file")
    assert file.status_code == 200, file.text
    return list(csv.DictReader(io.StringIO(file.content.decode(encoding)), delimiter=";"))


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].partition("#")[2]


async def test_a_file_has_the_columns_codes_and_marks_of_the_mapping(purse: Purse) -> None:
    entries = await booked(purse)
    shown = await made(purse.finance, "/budget-export-mappings", mapping(purse))

    export = await made(purse.finance, "/budget-exports", {})

    assert ExportMappingOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown
    assert BudgetExportOut.model_validate(export).model_dump(mode="json", exclude_none=True) == export
    lines = await lines_of(purse, export["id"])
    assert [line["Id"] for line in lines] == entries
    assert lines[0] == {
        "Bilag": "1",
        "Art": "B",
        "Konto": "68100",
        "Enhet": "4711",
        "År": "2027",
        "Beløp": "-1,50",
        "Gevinst": "Less postage",
        "Id": entries[0],
    }
    file = await purse.finance.get(f"/budget-exports/{export['id']}/file")
    assert hashlib.sha256(file.content).hexdigest() == export["sha256"]
    assert "budget-export-1.csv" in file.headers["content-disposition"]


async def test_each_entry_is_in_exactly_one_file_and_reversals_follow_in_the_next(purse: Purse) -> None:
    """M1: numbered without gaps."""
    entries = await booked(purse)
    await made(purse.finance, "/budget-export-mappings", mapping(purse))
    first = await made(purse.finance, "/budget-exports", {})
    nothing = await purse.finance.post("/budget-exports", json={})
    reversal = (await purse.reverse(entries[0])).json()

    second = await made(purse.finance, "/budget-exports", {})

    assert refused(nothing) == (409, "nothing-to-export")
    assert (first["number"], second["number"], second["entry_count"]) == (1, 2, 1)
    (line,) = await lines_of(purse, second["id"])
    assert (line["Id"], line["Beløp"]) == (reversal["id"], "1,50")
    listed = (await purse.finance.get("/budget-exports")).json()["items"]
    assert listed == [second, first]


async def test_ten_exports_at_once_put_each_entry_in_one_file(purse: Purse) -> None:
    entries = await booked(purse, 10)
    await made(purse.finance, "/budget-export-mappings", mapping(purse))
    phasing = await purse.agreed((2028, "-1000.00"))

    answers = await asyncio.gather(
        *(purse.finance.post("/budget-exports", json={}) for _ in range(10)),
        *(purse.book(phasing, 2028, "-1.00") for _ in range(10)),
    )
    await purse.book(phasing, 2028, "-1.00")
    rest = await purse.finance.post("/budget-exports", json={})

    exports = [one.json() for one in (*answers[:10], rest) if one.status_code == 201]
    exported = [line["Id"] for one in exports for line in await lines_of(purse, one["id"])]
    assert {one.status_code for one in answers} <= {201, 409}
    assert len(exported) == len(set(exported)) == 21
    assert set(entries) <= set(exported)
    assert sorted(one["number"] for one in exports) == list(range(1, len(exports) + 1))


async def test_an_export_that_dies_before_its_end_leaves_nothing_and_the_next_has_everything(
    purse: Purse,
) -> None:
    """The connection is cut off after the file was written and before the commit."""
    entries = await booked(purse)
    added = await made(purse.finance, "/budget-export-mappings", mapping(purse))
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await _half_an_export(purse, added["id"], entries)

    export = await made(purse.finance, "/budget-exports", {})

    assert (export["number"], export["entry_count"]) == (1, 2)


async def _half_an_export(purse: Purse, mapping_id: str, entries: list[str]) -> None:
    organisation = purse.world.desk.organisation
    async with connection_of(purse.world.desk) as connection:
        await connection.execute(
            "INSERT INTO export_file SELECT $1, $2, 'x', encode(sha256('x'), 'hex')", organisation, mapping_id
        )
        await connection.execute(
            "INSERT INTO budget_export (organisation_id, id, number, mapping_id, entry_count, sha256, "
            "created_by, created_at) SELECT $1, $2, 1, $2, 1, encode(sha256('x'), 'hex'), 'finn', now()",
            *(organisation, mapping_id),
        )
        await connection.execute(
            "INSERT INTO exported_entry SELECT $1, unnest($2::uuid[]), $3", organisation, entries, mapping_id
        )
        connection.terminate()
        await connection.execute("SELECT 1")


async def test_a_rejected_file_is_sent_again_as_the_same_file_and_received_is_final(purse: Purse) -> None:
    await booked(purse)
    await made(purse.finance, "/budget-export-mappings", mapping(purse))
    export = await made(purse.finance, "/budget-exports", {})
    path = f"/budget-exports/{export['id']}"
    before = (await purse.finance.get(f"{path}/file")).content

    early = await purse.finance.post(f"{path}/resending")
    answer = {"outcome": "rejected", "reference": "E-17", "reason": "The year is closed"}
    rejected = await purse.finance.post(f"{path}/receipt", json=answer)
    again = await purse.finance.post(f"{path}/resending")
    await made(purse.finance, "/budget-export-mappings", mapping(purse, decimal_mark="point"))
    received = await purse.finance.post(f"{path}/receipt", json={"outcome": "received", "reference": "V-1"})
    late = await purse.finance.post(f"{path}/receipt", json=answer)

    assert refused(early) == (409, "export-settled")
    assert (rejected.json()["state"], again.json()["state"]) == ("rejected", "sent")
    shown = received.json()
    assert [step["state"] for step in shown["steps"]] == ["rejected", "sent", "received"]
    assert shown["steps"][0]["reference"] == "E-17"
    assert BudgetExportOut.model_validate(shown).model_dump(mode="json", exclude_none=True) == shown
    assert refused(late) == (409, "export-settled")
    assert (await purse.finance.get(f"{path}/file")).content == before
    assert (await purse.finance.post("/budget-exports", json={})).status_code == 409


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"separator": "comma"}, (400, "export-marks-equal")),
        ({"columns": []}, (400, "malformed")),
        ({"columns": [{"heading": "A", "source": "constant"}]}, (400, "export-constant-missing")),
        (
            {"columns": [{"heading": "A", "source": "year", "constant": "B"}]},
            (400, "export-constant-missing"),
        ),
        ({"accounts": [{"account": "A", "code": "1"}] * 2}, (400, "export-code-twice")),
        (
            {"units": [{"unit_id": "0198b6a4-7c1e-7000-8000-000000000009", "code": "1"}]},
            (409, "unit-not-known"),
        ),
        ({"encoding": "ebcdic"}, (400, "malformed")),
    ],
)
async def test_odd_mappings_are_refused(
    purse: Purse, members: dict[str, Any], expected: tuple[int, str]
) -> None:
    answer = await purse.finance.post("/budget-export-mappings", json=mapping(purse, **members))

    assert refused(answer) == expected


async def test_nothing_is_exported_without_a_mapping_or_with_a_code_missing(purse: Purse) -> None:
    """What cannot be written rightly is not written at all, and stays to be exported."""
    await booked(purse)

    unmapped = await purse.finance.post("/budget-exports", json={})
    await made(purse.finance, "/budget-export-mappings", mapping(purse, units=[]))
    uncoded = await purse.finance.post("/budget-exports", json={})
    await made(purse.finance, "/budget-export-mappings", mapping(purse))
    complete = await purse.finance.post("/budget-exports", json={})

    assert refused(unmapped) == (409, "no-export-mapping")
    assert refused(uncoded) == (409, "export-code-missing")
    assert complete.json()["entry_count"] == 2


async def test_latin_text_and_local_dates_are_written_and_other_text_is_refused(purse: Purse) -> None:
    columns = [{"heading": "Årsak", "source": "reason"}, {"heading": "Dato", "source": "booked-on"}]
    wanted = {"columns": columns, "encoding": "iso-8859-1", "date_form": "dd.mm.yyyy"}
    await made(purse.finance, "/budget-export-mappings", mapping(purse, **wanted))
    phasing = await purse.agreed((2027, "-1000.00"))
    await purse.booked(phasing, 2027, "-1.00", reason="Færre\nbrev")
    latin = await made(purse.finance, "/budget-exports", {})
    await purse.booked(phasing, 2027, "-1.00", reason="Mindre post – 漢")

    other = await purse.finance.post("/budget-exports", json={})

    (line,) = await lines_of(purse, latin["id"], "iso-8859-1")
    assert line["Årsak"] == "Færre brev"
    day, month, year = line["Dato"].split(".")
    assert (len(day), len(month), len(year)) == (2, 2, 4)
    assert refused(other) == (409, "export-not-encodable")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", " =1", "\t=1", "\uff1d1", "|x", "=cmd|' /C calc'!A0"]
)
def test_what_a_spreadsheet_takes_for_a_formula_is_set_off(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12,50", "+47", "12.5", "Postage", "a=b", "'x", ""])
def test_plain_numbers_and_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_separators_quotes_and_line_ends_inside_a_text_stay_inside_their_cell() -> None:
    rows = [["a;b", 'say "x"', "two\r\nlines", "c"], ["1", "2", "3", "4"]]

    text = written(rows, separator=";")

    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) == rows


async def test_finance_and_systems_export_and_others_do_not(purse: Purse) -> None:
    await booked(purse)
    await made(purse.finance, "/budget-export-mappings", mapping(purse))
    desk = purse.world.desk

    office = await desk.caller(Role.PORTFOLIO_OFFICE, subject="k").post("/budget-exports", json={})
    system = await desk.caller(Role.INTEGRATION, subject="erp").post("/budget-exports", json={})

    assert refused(office) == (403, "not-allowed")
    assert system.status_code == 201
