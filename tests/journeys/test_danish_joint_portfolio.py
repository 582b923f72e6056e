"""C3, X1, X4, B11: a central body and all 98 municipalities of Denmark, five of them in places of their own.

Names and numbers are real and figures are made up (`tests/denmark/country.py`). `pytest -s` tells how long
each part took.
"""

import asyncio
import json
from decimal import Decimal
from pathlib import Path

import pytest

from gevinst_shared.values.actor import Role
from tests.denmark.agreements import agreed_to_share
from tests.denmark.bodies import SECONDS, Json, Local
from tests.denmark.country import saving
from tests.denmark.country_wide import FIRST_PRICE, Country, opened_country
from tests.denmark.figures import Shares, looked
from tests.support.waiting import together, until

pytestmark = pytest.mark.slow
APART = 5
NEXT_PRICE = "12.00"


def test_a_centre_sees_what_98_municipalities_share_and_what_it_lacks(home: Path) -> None:
    home.mkdir(mode=0o711)
    asyncio.run(_journey(home))


async def _journey(home: Path) -> None:
    async with opened_country(home, apart=APART) as country:
        for part in (
            _sums_are_those_of_the_municipalities,
            _what_is_missing_is_shown_and_not_zero,
            _who_localises_later_is_missing_no_more,
            _a_benefit_that_falls_with_the_centre_is_counted_once,
            _a_correction_changes_the_sum_by_itself,
            _a_new_edition_is_offered_and_local_figures_stay,
            _who_revokes_leaves_the_sum_and_is_shown,
            _nobody_sees_another_municipality,
            _who_is_cut_off_keeps_its_figures_and_delays_nobody,
        ):
            await part(country)
            country.tell(part.__name__.strip("_").replace("_", " "))


async def _sums_are_those_of_the_municipalities(country: Country) -> None:
    found = await country.agreed()

    every = country.locals
    localised = [one for one in every if one not in (country.modest, country.late)]
    told = [one for one in every if one is not country.modest]
    assert found.projects == len(every)
    assert found.words["state", "running"] == len(every)
    assert (found.of["net_present_value"], found.of["potential"]) == (len(localised), len(told))
    # And by the formula itself, which nobody rounds.
    assert found.potential == sum(one.saving for one in told)
    assert found.sums["planned", (2027, "benefits")] == sum(one.saving for one in localised)
    assert found.sums["potential", "confirmed"] == sum(
        one.saving for one in told if one.municipality.owner_confirms
    )


async def _what_is_missing_is_shown_and_not_zero(country: Country) -> None:
    centre, modest, late = country.centre, country.modest, country.late
    of_case = (await centre.get("benefits/joint-portfolio", own=False, case=centre.case_id))["total"]
    lines = await _lines(country)
    without = await centre.every("benefits/joint-portfolio/bodies", missing="net_present_value", own=False)

    assert {one["organisation"] for one in without} == {modest.organisation, late.organisation}
    for body, what in ((modest, "potential"), (modest, "net_present_value"), (late, "net_present_value")):
        figures = lines[body.organisation]["figures"]
        assert figures[what] == []
        assert what in {one["what"] for one in figures["missing"]}
    assert [one["state"] for one in lines[modest.organisation]["figures"]["states"]] == ["running"]
    # Of the modest one it is told that it localised the case; of the late one nobody can tell.
    assert (of_case["project_count"], of_case["undecided"]) == (len(country.locals) - 1, 1)


async def _who_localises_later_is_missing_no_more(country: Country) -> None:
    before = await looked(country.centre)

    case = await country.late.localise(country.centre)

    after = await country.agreed(country.late)
    assert after.worth - before.worth == Decimal(case["results"]["net_present_value"])
    assert after.missing["net_present_value"] == before.missing["net_present_value"] - 1


async def _a_benefit_that_falls_with_the_centre_is_counted_once(country: Country) -> None:
    """B11: at no moment more than once, and when all is quiet exactly once."""
    giver = country.apart[0]
    before = await looked(country.centre)

    seen = await agreed_to_share(giver, country.centre, kept="0.25")

    after = await country.agreed(giver)
    assert max(seen) == before.potential
    assert seen[-1] == before.potential
    assert before.potential - after.potential == giver.saving * Decimal("0.75")


async def _a_correction_changes_the_sum_by_itself(country: Country) -> None:
    body = country.apart[1]
    before = await looked(country.centre)
    was = await _worth(body)
    letters = body.letters + 12_345

    corrected = await body.localise(country.centre, letters=letters)
    await body.correct_benefit(saving(letters, body.municipality.postage))

    after = await country.agreed(body)
    more = saving(letters, body.municipality.postage) - body.saving
    assert more > 0
    assert after.potential - before.potential == more
    assert after.worth - before.worth == Decimal(corrected["results"]["net_present_value"]) - was


async def _a_new_edition_is_offered_and_local_figures_stay(country: Country) -> None:
    """C3: each sees what changed in the original, and decides for itself."""
    centre, every = country.centre, country.locals
    before = await looked(centre)
    cases = await together(map(_newest_case, every))

    await centre.publish(postage=NEXT_PRICE)
    offered = await together(_offered(one, case["id"]) for one, case in zip(every, cases, strict=True))

    for body, found in zip(every, offered, strict=True):
        assert (found["publisher"], found["edition_taken"]) == (centre.organisation, 1)
        postage = next(one for one in found["assumptions"] if one["name"] == "postage")
        told = [Decimal(postage[side]["value"]) for side in ("taken", "newest", "here")]
        assert told == [Decimal(FIRST_PRICE), Decimal(NEXT_PRICE), body.municipality.postage]
        assert postage["state"] == "changed-in-both"
    assert [one["id"] for one in await together(map(_newest_case, every))] == [one["id"] for one in cases]

    taker = country.apart[2]
    theirs = f"benefits/business-cases/{(await _newest_case(taker))['id']}"
    shown = (await taker.get(f"{theirs}/origin"))["sha256"]
    taken = {"sha256": shown, "line_ids": [], "assumptions": [], "note": "Our own price stands"}
    updated = await taker.post(f"{theirs}/updates", taken)
    editions = [{"edition": 1, "projects": len(every) - 1}, {"edition": 2, "projects": 1}]

    async def is_seen() -> bool:
        [case] = await centre.every("benefits/joint-portfolio/cases", own=False)
        assert (case["general_case_id"], case["edition"]) == (centre.case_id, 2)
        return bool(case["figures"]["editions"] == editions)

    await until(is_seen, seconds=SECONDS, every=0.5)
    assert updated["origin"]["edition"] == 2
    assert await country.agreed(taker) == before


async def _who_revokes_leaves_the_sum_and_is_shown(country: Country) -> None:
    centre, body = country.centre, country.here[2]
    before = await looked(centre)

    await body.revoke(centre, body.grant_id)
    country.shares[body.organisation] = Shares.NOTHING

    after = await country.agreed(body)
    told = await centre.get("benefits/joint-portfolio", own=False)
    line = (await _lines(country))[body.organisation]
    assert before.projects - after.projects == 1
    assert before.potential - after.potential == body.saving
    assert before.worth - after.worth == await _worth(body)
    assert (told["bodies"]["count"], told["bodies"]["sharing_nothing"]) == (len(country.locals), 1)
    assert (line["name"], line["figures"]["project_count"]) == (body.name, 0)


async def _nobody_sees_another_municipality(country: Country) -> None:
    """X1: what a municipality has of others is the centre's, and another's feed is closed to it."""
    every, centre = country.locals, country.centre
    for body, found in zip(every, await together(map(_what_it_has, every)), strict=True):
        others = {one.organisation for one in every if one is not body}
        assert centre.organisation in found
        assert not [one for one in others if one in found], body.name
    one, other = country.here[:2]
    token = one.installation.token(one.organisation, Role.SYNC_PARTNER, subject=one.organisation)
    answers = [
        await one.send(
            "GET",
            f"{service}/sync-feed",
            params={"owner": owner.organisation},
            headers={"Authorization": f"Bearer {token}"},
        )
        for service in ("portfolio", "benefits")
        for owner in (centre, other)
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 200, 404]


async def _what_it_has(body: Local) -> str:
    """All that stands there of others, and all that its own joint view tells."""
    found = []
    for service in ("portfolio", "benefits"):
        found += await body.every(f"{service}/sync-replica")
        found += await body.every(f"{service}/joint-portfolio/bodies")
        found += await body.every(f"{service}/joint-portfolio/projects")
    return json.dumps(found)


async def _who_is_cut_off_keeps_its_figures_and_delays_nobody(country: Country) -> None:
    centre, gone, others = country.centre, country.apart[3], [country.apart[4], country.here[3]]
    gone.installation.cut_off()
    await centre.post(f"benefits/sync-partners/{centre.partners[gone.organisation]}/full-reading")

    async def is_noticed() -> bool:
        path = f"benefits/sync-partners/{centre.partners[gone.organisation]}/exchange"
        return "fault" in (await centre.get(path))["received"]

    await until(is_noticed, seconds=SECONDS, every=0.5)
    before = await looked(centre)
    was = (await _lines(country))[gone.organisation]
    for body in others:
        await body.correct_benefit(body.saving + 1000)

    async def has_arrived() -> bool:
        return (await looked(centre)).potential == before.potential + 2 * 1000

    await until(has_arrived, seconds=SECONDS, every=0.5)
    now = (await _lines(country))[gone.organisation]
    told = await centre.get("benefits/joint-portfolio", own=False)
    assert now["figures"] == was["figures"]
    assert now["figures"]["project_count"] == 1
    assert now["contact_at"] == was["contact_at"] >= told["oldest_contact_at"]
    assert now["lag_seconds"] >= was["lag_seconds"]


async def _offered(body: Local, case_id: str) -> Json:
    """The comparison with the original, once the new edition is there."""
    found: Json = {}

    async def is_there() -> bool:
        nonlocal found
        found = await body.get(f"benefits/business-cases/{case_id}/origin")
        return bool(found["edition_newest"] == 2)

    await until(is_there, seconds=SECONDS, every=0.5)
    return found


async def _newest_case(body: Local) -> Json:
    case: Json = (await body.get(f"benefits/projects/{body.project_id}/business-cases", limit=1))["items"][0]
    return case


async def _worth(body: Local) -> Decimal:
    case = await body.get(f"benefits/business-cases/{(await _newest_case(body))['id']}")
    return Decimal(case["results"]["net_present_value"])


async def _lines(country: Country) -> dict[str, Json]:
    lines = await country.centre.every("benefits/joint-portfolio/bodies", own=False)
    return {one["organisation"]: one for one in lines}
