"""Files of measurements over HTTP: previewed, recorded as seen, and every cell answered (B6, E1)."""

from typing import Any

import httpx
import pytest

from gevinst_benefits.schemas.measurement_files import MeasurementFileOut
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.test_measurement_cells import workbook
from tests.benefits.test_measuring_routes import indicator, owner_of
from tests.benefits.world import World
from tests.support.callers import problem
from tests.support.organisations import new_organisation

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def csv_of(*rows: str, head: str = "indicator;day;value;source;reason") -> bytes:
    return "\r\n".join([head, *rows]).encode()


async def preview(
    client: httpx.AsyncClient, content: bytes, *, media: str = "text/csv", query: str = "", **headers: str
) -> dict[str, Any]:
    answer = await client.post(
        f"/measurement-previews{query}", content=content, headers={"Content-Type": media, **headers}
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert MeasurementFileOut.model_validate(found).model_dump(mode="json") == found
    return found


async def record(
    client: httpx.AsyncClient, content: bytes, seen: str, *, media: str = "text/csv"
) -> httpx.Response:
    return await client.post(
        f"/measurement-uploads?seen={seen}", content=content, headers={"Content-Type": media}
    )


async def test_a_file_for_several_indicators_is_previewed_and_recorded_as_seen(world: World) -> None:
    one, other = await indicator(world), await indicator(world)
    owner = owner_of(world)
    content = csv_of(
        f"{one['id']};31.01.2026;41,5", f"{one['id']};28.02.2026;40", f"{other['id']};46113;1 234,5;Hand"
    )

    seen = await preview(owner, content)
    before = (await owner.get(f"/indicators/{one['id']}/measurements")).json()["items"]
    recorded = await record(owner, content, seen["digest"])
    again = await preview(owner, content)
    twice = await record(owner, content, seen["digest"])

    assert (seen["rows_read"], seen["recorded_count"], seen["fault_count"]) == (3, 3, 0)
    assert before == []
    assert recorded.status_code == 201, recorded.text
    assert (again["recorded_count"], again["unchanged_count"]) == (0, 3)
    assert problem(twice)["type"].endswith("#measurement-file-records-nothing")
    values = (await owner.get(f"/indicators/{other['id']}/measurements")).json()["items"]
    assert [(v["taken_on"], v["value"], v["source"]) for v in values] == [("2026-04-01", "1234.5", "Hand")]
    events = (await world.desk.caller(Role.INTEGRATION).get("/events?limit=100")).json()["items"]
    told = [e["data"] for e in events if e["type"] == "gevinst.benefits.measurements-recorded.v1"]
    assert sorted(one_of["count"] for one_of in told) == [1, 2]


async def test_another_value_for_a_day_is_a_correction_when_it_says_why(world: World) -> None:
    """E1."""
    known, owner = await indicator(world), owner_of(world)
    first = csv_of(f"{known['id']};2026-01-31;41")
    await record(owner, first, (await preview(owner, first))["digest"])

    silent = await preview(owner, csv_of(f"{known['id']};2026-01-31;40"))
    content = csv_of(f"{known['id']};2026-01-31;40;;Counted twice")
    said = await preview(owner, content)
    await record(owner, content, said["digest"])

    assert [(fault["cell"], fault["code"]) for fault in silent["faults"]] == [("C2", "measured-already")]
    assert said["corrected_count"] == 1
    items = (await owner.get(f"/indicators/{known['id']}/measurements")).json()["items"]
    assert {(item["value"], item["is_corrected"]) for item in items} == {("41", True), ("40", False)}


async def test_every_cell_that_cannot_be_taken_is_answered_in_the_readers_language(world: World) -> None:
    known, owner = await indicator(world), owner_of(world)
    content = csv_of(
        f"{known['id']};2199-01-01;41",
        f"{new_id()};2026-01-31;41",
        f"{known['id']};2026-01-31;NaN",
        f"{known['id']};soon;41",
        "x;2026-01-31;41",
        f"{known['id']};2026-02-28;41",
        f"{known['id']};2026-02-28;42",
    )

    seen = await preview(owner, content, **{"Accept-Language": "sv"})
    refused = await record(owner, content, seen["digest"])

    assert [(fault["cell"], fault["code"]) for fault in seen["faults"]] == [
        ("B2", "measured-in-future"),
        ("A3", "measurement-cell-indicator-unknown"),
        ("C4", "measurement-cell-not-a-number"),
        ("B5", "measurement-cell-not-a-day"),
        ("A6", "measurement-cell-not-an-id"),
        ("C8", "measured-already"),
    ]
    assert seen["faults"][2]["title"] == "Inte ett tal"
    assert (refused.status_code, problem(refused)["type"].partition("#")[2]) == (
        409,
        "measurement-file-has-faults",
    )
    assert (await owner.get(f"/indicators/{known['id']}/measurements")).json()["items"] == []


async def test_what_changed_since_the_preview_is_not_recorded(world: World) -> None:
    known, owner = await indicator(world), owner_of(world)
    content = csv_of(f"{known['id']};2026-01-31;40", f"{known['id']};2026-02-28;39")
    seen = await preview(owner, content)
    await owner.post(
        f"/indicators/{known['id']}/measurements", json={"taken_on": "2026-02-28", "value": "39"}
    )

    other = await record(owner, content, seen["digest"])

    assert problem(other)["type"].endswith("#measurement-file-not-as-seen")


async def test_only_ones_own_indicators_are_taken_and_another_organisations_are_unknown(world: World) -> None:
    known = await indicator(world)
    content = csv_of(f"{known['id']};2026-01-31;40")
    await world.assign("olga", Role.BENEFIT_OWNER, "unit", new_id())

    stranger = world.desk.caller(Role.BENEFIT_CONTROLLER, organisation=new_organisation())
    codes = [
        (await preview(client, content, query=query))["faults"][0]["code"]
        for client, query in (
            (world.desk.caller(subject="olga"), ""),
            (stranger, ""),
            (owner_of(world), f"?project={world.other_id}"),
        )
    ]

    assert codes == [
        "measurement-cell-not-yours",
        "measurement-cell-indicator-unknown",
        "measurement-cell-indicator-unknown",
    ]


async def test_a_workbook_is_taken_like_a_csv_file(world: World) -> None:
    known, owner = await indicator(world), owner_of(world)
    content = workbook(["Indikator", "Dato", "Verdi"], [known["id"], 46113, 40.5])

    seen = await preview(owner, content, media=XLSX)
    recorded = await record(owner, content, seen["digest"], media="application/octet-stream")

    assert recorded.json()["recorded_count"] == 1


@pytest.mark.parametrize(
    ("content", "media", "status", "code"),
    [
        (b"", "text/csv", 400, "measurement-columns-missing"),
        (b"indicator;day;day;value", "text/csv", 400, "measurement-column-twice"),
        (b"\0", "text/csv", 400, "measurement-file-unreadable"),
        (b"no zip", XLSX, 400, "measurement-file-unreadable"),
        (b"indicator,day,value\n" * 10_002, "text/csv", 413, "measurement-file-too-large"),
        (b"{}", "application/json", 415, "wrong-media-type"),
        (b"a" * 4_000_001, "text/csv", 413, "too-large"),
    ],
)
async def test_files_that_are_none_are_refused(
    world: World, content: bytes, media: str, status: int, code: str
) -> None:
    answer = await owner_of(world).post(
        "/measurement-previews", content=content, headers={"Content-Type": media}
    )

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (status, code)


async def test_a_file_is_recorded_only_by_its_digest(world: World) -> None:
    for query in ("", "?seen=x", f"?seen={'0' * 64}&other=1"):
        answer = await owner_of(world).post(f"/measurement-uploads{query}", content=b"")
        assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (400, "malformed")
