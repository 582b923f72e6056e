"""General cases: published, taken over with local counts, followed, handed to other bodies (C3)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from gevinst_benefits.domain.case.general_cases import document_hash
from gevinst_shared.values.actor import Role
from tests.benefits.living_cases import digital_post
from tests.benefits.world import World, connection_of, made, make_world
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

Json = dict[str, Any]


@pytest.fixture
def national(world: World) -> Json:
    return digital_post(
        {"digital-office": world.top, "citizens-centre": world.unit, "technical-centre": world.unit}
    )


async def published(world: World, body: Json, name: str = "Digital post") -> tuple[Json, Json]:
    """A version and the general case that it was published as."""
    version = await made(world.office, f"/projects/{world.project_id}/business-cases", body)
    publication = {"business_case_id": version["id"], "name": name, "note": "Counted again"}
    return version, await made(world.office, "/general-cases", publication)


def takeover(world: World, general: Json, **members: Any) -> Json:
    drivers = [
        {"name": "letters_citizens", "value": "7000", "source": "Own count"},
        {"name": "letters_technical", "value": "5000", "source": "Own count"},
    ]
    return {"general_case_id": general["id"], "unit_id": str(world.unit), "drivers": drivers} | members


async def taken_over(world: World, general: Json, **members: Any) -> Json:
    return await made(
        world.office, f"/projects/{world.other_id}/takeovers", takeover(world, general, **members)
    )


async def origin(world: World, case: Json) -> Json:
    answer = await world.office.get(f"/business-cases/{case['id']}/origin")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def update(world: World, case: Json, **body: Any) -> Json:
    """The next version, with some of what the newest edition says now."""
    looked_at = {"sha256": (await origin(world, case))["sha256"]}
    return await made(world.office, f"/business-cases/{case['id']}/updates", looked_at | body)


def states(found: Json) -> dict[str, str]:
    """What does not stand as it is in the original, by name."""
    parts = (*found["assumptions"], *found["lines"])
    return {one["name"]: one["state"] for one in parts if one["state"] != "same"}


def changed(body: Json, **values: str) -> Json:
    assumptions = [
        one | {"value": values[one["name"]]} if one["name"] in values else one for one in body["assumptions"]
    ]
    return body | {"assumptions": assumptions}


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, problem(answer)["type"].partition("#")[2]


async def events(world: World, kind: str) -> list[Json]:
    async with connection_of(world.desk) as connection:
        rows = await connection.fetch(
            "SELECT data FROM event WHERE type = $1 ORDER BY seq", f"gevinst.benefits.{kind}.v1"
        )
    return [json.loads(row["data"]) for row in rows]


async def test_a_general_case_is_taken_over_with_local_counts_units_and_years(
    world: World, national: Json
) -> None:
    version, general = await published(world, national)
    units = [{"original": str(world.top), "unit_id": str(world.top)}]

    local = await taken_over(world, general, base_year=2016, units=units)

    assert local["origin"]["general_case_id"] == local["origin"]["published_as"] == general["id"]
    assert (local["origin"]["edition"], local["origin"]["publisher"]) == (1, world.desk.organisation)
    assert (local["base_year"], local["results"]["years"][0]) == (2016, 2016)
    assert [line["id"] for line in local["lines"]] == [line["id"] for line in version["lines"]]
    assert {line["unit_id"] for line in local["lines"]} == {str(world.top), str(world.unit)}
    assert local["lines"][0]["first_year"] == version["lines"][0]["first_year"] + 3
    own = {one["name"]: one for one in local["assumptions"]}
    assert (own["letters_citizens"]["value"], own["letters_citizens"]["source"]) == ("7000", "Own count")
    assert "spread" not in own["letters_citizens"]
    assert own["postage"]["spread"]["high"] == "8"
    assert local["financing"] == []
    assert states(await origin(world, local)) == {
        "letters_citizens": "localised",
        "letters_technical": "localised",
    }


async def test_a_local_case_follows_its_original_assumption_by_assumption(
    world: World, national: Json
) -> None:
    version, general = await published(world, national)
    local = await taken_over(world, general)
    body = changed(national, postage="7.75", letters_citizens="80000") | {"lines": version["lines"][:-1]}
    await published(world, body)

    before = await origin(world, local)
    updated = await update(world, local, assumptions=["postage"], note="Dearer")
    after = await origin(world, updated)

    assert (before["edition_taken"], before["edition_newest"]) == (1, 2)
    assert states(before) == {
        "postage": "changed-in-original",
        "letters_citizens": "changed-in-both",
        "letters_technical": "localised",
        "Help for citizens without a digital mailbox": "removed-in-original",
    }
    postage = next(one for one in before["assumptions"] if one["name"] == "postage")
    assert [postage[side]["value"] for side in ("here", "taken", "newest")] == ["6.50", "6.50", "7.75"]
    assert (updated["number"], updated["origin"]["edition"]) == (2, 2)
    assert states(after) == {
        "letters_citizens": "localised",
        "letters_technical": "localised",
        "Help for citizens without a digital mailbox": "own",
    }
    found = await world.office.get(f"/business-cases/{updated['id']}/difference?with={local['id']}")
    assert [one["name"] for one in found.json()["assumptions"]] == ["postage"]


async def test_lines_are_taken_and_dropped_as_the_original_has_them(world: World, national: Json) -> None:
    version, general = await published(world, national)
    local = await taken_over(world, general, base_year=2016)
    gone, *kept = version["lines"]
    new = {name: value for name, value in gone.items() if name != "id"} | {"name": "Scanners"}
    second, _ = await published(world, national | {"lines": [*kept, new]})
    scanners = second["lines"][-1]["id"]

    updated = await update(world, local, line_ids=[gone["id"], scanners])

    assert gone["id"] not in {line["id"] for line in updated["lines"]}
    taken = next(line for line in updated["lines"] if line["id"] == scanners)
    assert taken["first_year"] == new["first_year"] + 3
    assert states(await origin(world, updated)).keys() == {"letters_citizens", "letters_technical"}


async def test_those_who_took_it_over_are_told_of_a_new_edition(world: World, national: Json) -> None:
    _, general = await published(world, national)
    await taken_over(world, general)
    _, again = await published(world, national, name="Digital post, 2nd")

    told = await events(world, "general-case-changed")

    assert (again["id"], again["edition"], again["name"]) == (general["id"], 2, "Digital post, 2nd")
    assert [(one["edition"], one["project_ids"]) for one in told] == [(2, [world.other_id])]
    assert len(await events(world, "general-case-published")) == 1
    editions = (await world.office.get(f"/general-cases/{general['id']}/editions")).json()["items"]
    assert [one["number"] for one in editions] == [2, 1]


async def test_the_link_stays_when_the_next_version_is_written_by_hand(world: World, national: Json) -> None:
    _, general = await published(world, national)
    await taken_over(world, general)

    later = await made(world.office, f"/projects/{world.other_id}/business-cases", national)

    assert later["origin"]["general_case_id"] == general["id"]


async def test_another_body_brings_the_document_in_and_is_told_of_the_next(
    world: World, national: Json, benefits: Desk
) -> None:
    """Nothing is read across organisations: the document is what travels."""
    _, general = await published(world, national)
    path = f"/general-cases/{general['id']}"
    first = (await world.office.get(f"{path}/document")).json()
    await published(world, changed(national, postage="7.75"))
    second = (await world.office.get(f"{path}/document")).json()
    other = await make_world(replace(benefits, organisation=new_organisation()))

    assert (await other.office.get(path)).status_code == 404
    assert (await world.office.get(f"{path}/document?edition=1")).json() == first
    brought = await made(other.office, "/general-case-imports", first)
    local = await taken_over(other, brought)
    newer = await made(other.office, "/general-case-imports", second)

    assert (brought["publisher"], brought["organisation"]) == (
        world.desk.organisation,
        other.desk.organisation,
    )
    assert "project_id" not in brought
    assert brought["published_as"] == general["id"] != brought["id"]
    assert (newer["id"], newer["edition"]) == (brought["id"], 2)
    assert [one["project_ids"] for one in await events(other, "general-case-changed")] == [[other.other_id]]
    assert states(await origin(other, local))["postage"] == "changed-in-original"
    again = await other.office.post("/general-case-imports", json=first)
    assert refused(again) == (409, "general-case-edition-known")
    mine = await world.office.post("/general-case-imports", json=first)
    assert refused(mine) == (409, "own-general-case")
    for listed, publisher in ((1, world.desk.organisation), (0, other.desk.organisation)):
        page = (await other.office.get(f"/general-cases?publisher={publisher}")).json()
        assert len(page["items"]) == listed


@pytest.mark.parametrize(
    ("change", "has_hash", "code"),
    [
        ({"name": "Something else"}, False, "general-case-altered"),
        ({"sha256": "0" * 64}, False, "general-case-altered"),
        ({"format": "other/1"}, False, "malformed"),
        ({"lines": []}, False, "malformed"),
        ({"financing": ["x"]}, False, "malformed"),
        ({"recommended": "none"}, True, "alternative-not-known"),
        ({"assumptions": []}, True, "formula-unknown-name"),
        ({"price_year": 2019}, True, "mixed-price-years"),
    ],
)
async def test_odd_documents_are_refused(
    world: World, national: Json, benefits: Desk, change: Json, has_hash: bool, code: str
) -> None:
    _, general = await published(world, national)
    document = (await world.office.get(f"/general-cases/{general['id']}/document")).json() | change
    if has_hash:
        document["sha256"] = document_hash(document)
    other = benefits.caller(Role.PORTFOLIO_OFFICE, organisation=new_organisation())

    answer = await other.post("/general-case-imports", json=document)

    assert refused(answer) == (400, code)


async def test_odd_takeovers_and_updates_are_refused(world: World, national: Json) -> None:
    version, general = await published(world, national)
    local = await taken_over(world, general)
    into, updates = f"/projects/{world.other_id}/takeovers", f"/business-cases/{local['id']}/updates"
    nobody = "0198b6a4-7c1e-7000-8000-000000000001"

    looked_at = {"sha256": (await origin(world, local))["sha256"]}

    async def answered(path: str, body: Json) -> tuple[int, str]:
        return refused(await world.office.post(path, json=body))

    unknown = {"name": "lettrs", "value": "1"}
    assert await answered(into, takeover(world, general, drivers=[unknown])) == (400, "driver-not-known")
    odd = {"name": "postage", "value": "1 +"}
    assert await answered(into, takeover(world, general, drivers=[odd])) == (400, "formula-ends-early")
    assert await answered(into, takeover(world, general, edition=9)) == (404, "unknown")
    assert await answered(into, takeover(world, {"id": nobody})) == (404, "unknown")
    assert await answered(into, takeover(world, general, unit_id=nobody)) == (409, "unit-not-known")
    elsewhere = [{"original": nobody, "unit_id": nobody}]
    assert await answered(into, takeover(world, general, units=elsewhere)) == (409, "unit-not-known")
    assert await answered(into, takeover(world, general, price_year=2020)) == (400, "mixed-price-years")
    assert await answered(updates, {}) == (400, "malformed")
    assert await answered(updates, looked_at | {"assumptions": ["lettrs"]}) == (400, "driver-not-known")
    assert await answered(updates, looked_at | {"line_ids": [nobody]}) == (400, "line-not-in-original")
    plain = f"/business-cases/{version['id']}"
    assert await answered(f"{plain}/updates", looked_at) == (409, "case-not-taken-over")
    assert refused(await world.office.get(f"{plain}/origin")) == (409, "case-not-taken-over")
    await published(world, changed(national, postage="7.75"))
    moved_on = (409, "update-moved-on")
    assert await answered(updates, looked_at | {"assumptions": ["postage"]}) == moved_on
    await taken_over(world, general)
    assert await answered(updates, looked_at) == (409, "version-superseded")


async def test_who_writes_a_case_does_not_publish_it_for_the_organisation(world: World) -> None:
    await world.assign("mona", Role.PROJECT_MANAGER, "project", world.project_id)
    mona = world.desk.caller(Role.READER, subject="mona")
    version = await made(mona, f"/projects/{world.project_id}/business-cases", world.case())

    answer = await mona.post("/general-cases", json={"business_case_id": version["id"], "name": "Mine"})

    assert refused(answer) == (403, "not-allowed")


async def test_an_update_that_would_leave_no_line_is_refused(world: World) -> None:
    _, general = await published(world, world.case(lines=[world.cost()]))
    local = await taken_over(world, general, drivers=[])
    await published(world, world.case(lines=[world.gain()]))

    body = {"sha256": (await origin(world, local))["sha256"], "line_ids": [local["lines"][0]["id"]]}
    answer = await world.office.post(f"/business-cases/{local['id']}/updates", json=body)

    assert refused(answer) == (409, "no-line-left")
