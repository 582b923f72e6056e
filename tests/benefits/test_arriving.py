"""C3, X2: general cases that arrive from partners, and bodies that cannot be taken."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from gevinst_benefits.domain.case.general_cases import document_hash
from gevinst_benefits.store.shared_kinds import KINDS
from gevinst_benefits.usecases.arriving import arrive
from gevinst_shared.db.engine import Database
from gevinst_shared.web.clock import utc_now
from tests.benefits.exchange import DOCUMENT, RESULTS, BenefitBody, written
from tests.benefits.test_following_sync import partner, tell
from tests.benefits.test_general_case_routes import (
    changed,
    events,
    national,
    published,
    taken_over,
    takeover,
    update,
)
from tests.benefits.test_general_case_withdrawal_routes import withdrawn
from tests.benefits.world import World, make_world
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

__all__ = ["national"]
Json = dict[str, Any]
BY_NAME = {kind.name: kind for kind in KINDS}


@pytest.fixture
async def other(benefits: Desk) -> World:
    return await make_world(replace(benefits, organisation=new_organisation()))


@pytest.fixture
async def pair(world: World, other: World) -> AsyncIterator[list[BenefitBody]]:
    database = await Database.open(world.desk.installation.databases["benefits"].url, size=2)
    mine, theirs = (BenefitBody(database, one.desk.organisation) for one in (world, other))
    await mine.meet(theirs)
    await theirs.meet(mine)
    yield [mine, theirs]
    await database.close()


async def here(other: World, general: Json) -> Json:
    """The case as the other's register has it, which knows it by an id of its own."""
    asked = {name: general[name] for name in ("publisher", "published_as")}
    (found,) = (await other.office.get("/general-cases", params=asked)).json()["items"]
    return dict(found)


async def arrived(mine: BenefitBody, theirs: BenefitBody) -> int:
    await theirs.pull(mine)
    async with theirs.work() as connection:
        partner_id = theirs.partners[mine.organisation]
        return await arrive(connection, theirs.organisation, partner_id, now=utc_now())


async def test_a_partners_general_case_is_taken_over_and_followed(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    mine, theirs = pair
    _, general = await published(world, national)
    await mine.share(theirs, "project", general["project_id"], {"general_case": ["document", "withdrawn_at"]})

    counts = [await arrived(mine, theirs), await arrived(mine, theirs)]
    local = await taken_over(other, await here(other, general))
    await published(world, changed(national, postage="7.75"))
    counts.append(await arrived(mine, theirs))

    found = await here(other, general)
    origin = (await other.office.get(f"/business-cases/{local['id']}/origin")).json()
    [told] = await events(other, "general-case-changed")
    assert counts == [1, 0, 1]
    assert await theirs.rows("sync_quarantine") == []
    assert (found["publisher"], found["edition"]) == (mine.organisation, 2)
    assert "changed-in-original" in json.dumps(origin)
    assert told["project_ids"] == [local["project_id"]]


async def test_a_case_that_is_shared_no_longer_is_taken_over_no_more(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    mine, theirs = pair
    _, general = await published(world, national)
    grant = await mine.share(theirs, "project", general["project_id"], {"general_case": ["document"]})
    await arrived(mine, theirs)
    local = await taken_over(other, await here(other, general))

    await mine.end(grant)
    counts = [await arrived(mine, theirs), await arrived(mine, theirs)]

    found = await here(other, general)
    [told] = await events(other, "general-case-withdrawn")
    looked_at = {"sha256": local["origin"]["sha256"], "assumptions": ["postage"]}
    answer = await other.office.post(f"/business-cases/{local['id']}/updates", json=looked_at)
    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (
        409,
        "general-case-shared-no-longer",
    )
    assert counts == [1, 0]
    assert "withdrawal_reason" not in found
    assert found["withdrawal_code"] == told["code"] == "shared-no-longer"
    assert told["project_ids"] == [local["project_id"]]


async def test_the_cases_of_a_partner_that_is_stopped_are_taken_over_no_more(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    mine, theirs = pair
    _, general = await published(world, national)
    await mine.share(theirs, "project", general["project_id"], {"general_case": ["document"]})
    await arrived(mine, theirs)
    stopped = partner("stopped", partner_id=theirs.partners[mine.organisation], owner=mine.organisation)

    for _ in range(2):
        await tell(other, "sync-partner-changed", **stopped)

    refused = await other.office.post(
        f"/projects/{other.other_id}/takeovers", json=takeover(other, await here(other, general))
    )
    assert refused.json()["type"].endswith("#general-case-shared-no-longer")
    assert [one["code"] for one in await events(other, "general-case-withdrawn")] == ["shared-no-longer"]
    assert await theirs.rows("sync_replica") == []


async def test_a_case_that_is_shared_again_as_it_was_can_be_taken_over_again(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    mine, theirs = pair
    _, general = await published(world, national)
    fields = {"general_case": ["document", "withdrawn_at"]}
    grant = await mine.share(theirs, "project", general["project_id"], fields)
    await arrived(mine, theirs)
    await mine.end(grant)
    await arrived(mine, theirs)
    refused = await other.office.post(
        f"/projects/{other.other_id}/takeovers",
        json=takeover(other, await here(other, general)),
        headers={"Accept-Language": "sv"},
    )

    await mine.share(theirs, "project", general["project_id"], fields)
    counts = [await arrived(mine, theirs), await arrived(mine, theirs)]

    found = await here(other, general)
    [told] = await events(other, "general-case-shared-again")
    assert refused.status_code == 409
    assert refused.json()["type"].endswith("#general-case-shared-no-longer")
    assert "delar den inte längre" in refused.json()["detail"]
    assert counts == [1, 0]
    assert (found["edition"], "withdrawn_at" in found, "withdrawal_code" in found) == (1, False, False)
    assert told["edition"] == 1
    assert await taken_over(other, await here(other, general))


async def test_a_case_that_its_publisher_withdraws_is_withdrawn_here_and_said_so(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    mine, theirs = pair
    _, general = await published(world, national)
    fields = {"general_case": ["document", "withdrawn_at"]}
    grant = await mine.share(theirs, "project", general["project_id"], fields)
    await arrived(mine, theirs)
    local = await taken_over(other, await here(other, general))
    withdrawn = await world.office.post(
        f"/general-cases/{general['id']}/withdrawal", json={"reason": "Over"}, headers={"If-Match": '"1"'}
    )
    assert withdrawn.status_code == 201, withdrawn.text
    await arrived(mine, theirs)
    await mine.end(grant)
    await arrived(mine, theirs)
    await mine.share(theirs, "project", general["project_id"], fields)
    await arrived(mine, theirs)

    origin = (await other.office.get(f"/business-cases/{local['id']}/origin")).json()
    refused = await other.office.post(
        f"/projects/{other.other_id}/takeovers", json=takeover(other, await here(other, general))
    )
    assert origin["withdrawal_code"] == "withdrawn-by-publisher"
    assert refused.json()["type"].endswith("#general-case-withdrawn-there")


async def test_a_case_that_comes_withdrawn_is_not_announced_as_published(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    """C3: also not an edition that its publisher has withdrawn before it came."""
    mine, theirs = pair
    _, general = await published(world, national)
    await withdrawn(world, general)
    fields = {"general_case": ["document", "withdrawn_at"]}
    await mine.share(theirs, "project", general["project_id"], fields)
    await arrived(mine, theirs)
    _, again = await published(world, changed(national, postage="7.75"))
    await withdrawn(world, again)
    await arrived(mine, theirs)

    found = await here(other, general)
    told = await events(other, "general-case-withdrawn")
    assert (found["edition"], found["withdrawal_code"]) == (2, "withdrawn-by-publisher")
    assert [(one["edition"], one["code"]) for one in told] == [
        (1, "withdrawn-by-publisher"),
        (2, "withdrawn-by-publisher"),
    ]
    assert await events(other, "general-case-published") == []
    assert await events(other, "general-case-changed") == []


async def test_c3_who_comes_first_with_anothers_id_takes_nothing_from_it(
    world: World, other: World, pair: list[BenefitBody], national: Json
) -> None:
    """Neither a partner's general case nor one of our own."""
    mine, theirs = pair
    thief = BenefitBody(mine.database, new_organisation())
    await thief.meet(theirs)
    await theirs.meet(thief)
    _, general = await published(world, national)
    _, ours = await published(other, other.case())
    document = (await world.office.get(f"/general-cases/{general['id']}/document")).json()
    for claimed in (general, ours):
        project = await claim(thief, UUID(claimed["id"]), document)
        await thief.share(theirs, "project", project, {"general_case": ["document", "withdrawn_at"]})
    counts = [await arrived(thief, theirs)]
    await mine.share(theirs, "project", general["project_id"], {"general_case": ["document", "withdrawn_at"]})
    counts.append(await arrived(mine, theirs))
    local = await taken_over(other, await here(other, general))
    await thief.execute("UPDATE general_case SET withdrawn_at = now(), withdrawal_reason = 'Ha'")
    counts.append(await arrived(thief, theirs))

    listed = (await other.office.get("/general-cases")).json()["items"]
    kept = {(one["publisher"], one["published_as"]): one for one in listed if "withdrawn_at" not in one}
    path = f"/general-cases/{local['origin']['general_case_id']}/document"
    assert counts == [2, 1, 2]
    assert set(kept) == {(one["publisher"], one["id"]) for one in (general, ours)}
    assert [len(listed), len({one["id"] for one in listed})] == [4, 4]
    assert (await other.office.get(path)).json() == document
    assert (await other.office.get(f"/general-cases/{ours['id']}")).json() == ours
    assert await update(other, local, assumptions=["postage"])
    assert await theirs.rows("sync_quarantine") == []


async def claim(thief: BenefitBody, another: UUID, document: Json) -> UUID:
    """Let the thief have published the document under another's id; the project that it is of."""
    project = await thief.add("project", name="Stolen", status="running")
    said = document | {"general_case_id": str(another), "publisher": thief.organisation}
    said["sha256"] = document_hash(said)
    await thief.add(
        "general_case",
        id=another,
        publisher=thief.organisation,
        published_as=another,
        project_id=project,
        name="Stolen",
        edition=1,
        changed_at=utc_now(),
        **written(),
    )
    await thief.add(
        "general_case_edition",
        general_case_id=another,
        number=1,
        document=said,
        sha256=said["sha256"],
        published_by="mallory",
        published_at=utc_now(),
    )
    return project


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Altered"},
        {"publisher": "0192:958935420"},
        {"general_case_id": "019a0000-0000-7000-8000-0000000000a1"},
        {"lines": [{"id": 7}]},
        {"lines": [], "assumptions": [None]},
        {"sha256": 5},
    ],
    ids=str,
)
async def test_a_case_that_cannot_be_used_is_put_aside_and_nothing_of_it_stays(
    world: World, other: World, pair: list[BenefitBody], national: Json, change: Json
) -> None:
    mine, theirs = pair
    _, general = await published(world, national)
    await mine.share(theirs, "project", general["project_id"], {"general_case": ["document"]})
    await theirs.pull(mine)
    await theirs.execute(
        "UPDATE sync_replica SET body = jsonb_set(body, '{document}', body->'document' || $1::jsonb)",
        json.dumps(change),
    )

    counts = [await arrived(mine, theirs), await arrived(mine, theirs)]

    assert counts == [0, 0]
    assert [row["reason"] for row in await theirs.rows("sync_quarantine")] == ["wrong-case"]
    assert [row["body"] for row in await theirs.rows("sync_replica")] == ["{}"]
    assert (await other.office.get("/general-cases")).json()["items"] == []


MONEY = {"ledger": "money", "currency": "NOK", "price_year": 2026}
HOSTILE: list[tuple[str, str, Any]] = [
    ("benefit", "name", ""),
    ("benefit", "name", "x" * 501),
    ("benefit", "name", "half \ud800"),
    ("benefit", "mode", "stolen"),
    ("benefit", "kind", "two\nlines"),
    ("benefit", "duration_months", 10**9),
    ("benefit", "duration_months", True),
    ("benefit", "begins_on", "2026-02-30"),
    ("benefit", "amount_per_year", "1e99"),
    ("benefit", "amount_per_year", "NaN"),
    ("benefit", "amount_per_year", 5),
    ("benefit", "amount_per_year", "0.1234567"),
    ("benefit", "money_per_year", "100.00"),
    ("benefit", "money_per_year", {"amount": "100.00", "currency": "NOK"}),
    ("benefit", "money_per_year", {"amount": "100", "currency": "NOK", "price_year": 2026}),
    ("benefit", "money_per_year", {"amount": "1.00", "currency": "nok", "price_year": 2026}),
    ("benefit", "money_per_year", {"amount": "1.00", "currency": "NOK", "price_year": 99999}),
    ("benefit", "project", "somewhere"),
    ("goal", "due_year", -1),
    ("indicator", "light", "blue"),
    ("measurement", "value", None),
    ("measurement", "is_corrected", "yes"),
    ("status", "benefits", -1),
    ("status", "potential", {"confirmed": "1"}),
    ("status", "potential", [MONEY]),
    ("status", "potential", [MONEY | {"confirmed": "1", "unconfirmed": None}]),
    ("status", "potential", [{"ledger": "time", "currency": "NOK", "confirmed": "1", "unconfirmed": "1"}]),
    ("status", "realised", [MONEY | {"year": "2026", "amount": "1"}]),
    ("business_case", "results", RESULTS),
    ("business_case", "results", {"years": [2026], "costs": ["1.00", "2.00"]}),
    ("business_case", "results", {"years": [2026], "costs": "1"}),
    ("business_case", "results", {"years": list(range(1900, 2300))}),
    ("business_case", "net_present_value", {"amount": "1.0", "currency": "NOK", "price_year": 2026}),
    ("general_case", "document", "text"),
    ("general_case", "document", DOCUMENT | {"format": "other"}),
    ("general_case", "document", DOCUMENT | {"horizon_years": 10**9}),
    ("general_case", "document", DOCUMENT | {"note": float("inf")}),
    ("general_case", "document", DOCUMENT | {"note": 10**400}),
    ("general_case", "document", DOCUMENT | {"note": "\x00"}),
    ("general_case", "document", DOCUMENT | {"lines": [[]] * 1001}),
    ("general_case", "document", DOCUMENT | {"note": ["x" * 20_000] * 101}),
]


@pytest.mark.parametrize(("kind", "name", "value"), HOSTILE, ids=lambda one: str(one)[:40])
def test_a_hostile_value_is_not_taken(kind: str, name: str, value: object) -> None:
    assert not BY_NAME[kind].fields[name].takes(value)


def test_a_deep_document_is_not_taken() -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]

    assert not BY_NAME["general_case"].fields["document"].takes(DOCUMENT | {"note": deep})


def test_a_sound_document_is_taken() -> None:
    assert BY_NAME["general_case"].fields["document"].takes(DOCUMENT)
    results = {name: value for name, value in RESULTS.items() if name != "units"}
    assert BY_NAME["business_case"].fields["results"].takes(results)
