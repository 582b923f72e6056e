"""X4: whatever is shared, the joint total is the sum of its bodies, and nobody's line says anything else than
its own overview."""

import json
import random
from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from tests.benefits.exchange import ALL_FIELDS, BenefitBody
from tests.benefits.joint_world import Joint, Project, joint, localise, naive
from tests.benefits.random_plans import RandomPlans
from tests.support.callers import Desk

SEEDS = range(3)
_ALL = {"first_year": 2010, "years": 60}


async def filled(found: Joint, body: BenefitBody, seed: int) -> RandomPlans:
    """Random plans, and a case of some projects."""
    plans = RandomPlans(seed)
    await plans.write(found.world(body))
    for project in plans.projects:
        if plans.rng.random() < 0.6:
            currency = plans.rng.choice(("NOK", "DKK"))
            value = f"{plans.rng.randrange(-(10**6), 10**6)}.{plans.rng.randrange(100):02d}"
            await localise(body, project["id"], value, currency=currency)
    return plans


async def known(central: BenefitBody) -> list[Project]:
    """What the central body has of partners."""
    found: dict[Any, dict[str, Any]] = defaultdict(dict)
    for owner, partner_id in central.partners.items():
        for row in await central.rows("sync_replica", partner_id):
            found[owner, row["record_id"]][row["kind"]] = json.loads(row["body"])
    return [
        (owner, kinds.get("status"), kinds.get("business_case"))
        for (owner, _), kinds in found.items()
        if {"status", "business_case"} & kinds.keys()
    ]


@pytest.mark.parametrize("seed", SEEDS)
async def test_totals_and_lines_are_what_counting_one_by_one_gives(benefits: Desk, seed: int) -> None:
    """X4, B6, C1, C7: over replicas that came through the feed."""
    rng = random.Random(seed)
    async with joint(benefits, 2) as found:
        for place, body in enumerate(found.others):
            plans = await filled(found, body, 10 * seed + place)
            for project in plans.projects:
                fields = {
                    kind: _some(rng, kind) for kind in ("status", "business_case") if rng.random() < 0.8
                }
                if fields:
                    await body.share(found.central, "project", project["id"], fields)
        await found.pull()
        records = await known(found.central)

        total, lines = await found.total(own=False), await found.lines()

    assert total == naive(records)
    for owner, line in lines.items():
        assert line == naive(one for one in records if one[0] == owner)


def _some(rng: random.Random, kind: str) -> list[str]:
    names = list(ALL_FIELDS[kind])
    return names if rng.random() < 0.5 else rng.sample(names, rng.randrange(1, len(names)))


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_bodys_line_is_what_its_own_overview_and_its_own_view_say(benefits: Desk, seed: int) -> None:
    """X4, B11: of a programme that is shared whole; and ours is what we would share."""
    async with joint(benefits, 1) as found:
        (body,) = found.others
        plans = await filled(found, body, 100 + seed)
        for project in plans.projects:
            await body.execute(
                "UPDATE project SET programme_id = $2 WHERE id = $1", project["id"], plans.programme_id
            )
        fields = {kind: ALL_FIELDS[kind] for kind in ("status", "business_case")}
        await body.share(found.central, "programme", plans.programme_id, fields)
        await found.pull()

        line = (await found.lines())[body.organisation]
        own = (await Joint(found.desk, body, ()).look())["own"]
        client = found.world(body).office
        overview = (await client.get(f"/programmes/{plans.programme_id}/overview", params=_ALL)).json()
        potential = await planned(body)

    assert line == own
    assert line["project_count"] == overview["project_count"]
    for name, count in (("benefits", "count"), ("unconfirmed", "unconfirmed")):
        assert line["counts"][name] == overview["benefits"][count]
    assert line["counts"]["without_indicator"] == overview["without_indicator"]["count"]
    assert line["counts"]["indicators"] == overview["indicators"]["count"]
    verified: dict[Any, Decimal] = defaultdict(Decimal)
    for one in overview["sums"]:
        for year in one["years"]:
            if "verified" in year:
                verified[*_unit(one), year["year"]] += Decimal(year["verified"])
    told = {(*_unit(one), one["year"]): Decimal(one["amount"]) for one in line["realised"]}
    assert told.keys() == verified.keys()
    assert all(abs(told[key] - verified[key]) < Decimal("0.0001") for key in told)
    assert {_unit(one) for one in line["potential"]} == potential.keys()
    for one in line["potential"]:
        figures = [Decimal(one.get(name, "0")) for name in ("confirmed", "unconfirmed", "in_transit")]
        wanted = potential[_unit(one)]
        assert all(abs(told - meant) < Decimal("0.0001") for told, meant in zip(figures, wanted, strict=True))


def _unit(one: dict[str, Any]) -> tuple[Any, ...]:
    return one["ledger"], one.get("currency"), one.get("price_year"), one.get("unit_of_measure")


async def planned(body: BenefitBody) -> dict[Any, list[Decimal]]:
    """What followed benefits give in a full year: confirmed, unconfirmed and in transit, row by row (B11)."""
    newest: dict[UUID, Any] = {}
    for step in sorted(await body.rows("agreement_entry"), key=lambda row: row["id"]):
        newest[step["benefit_id"]] = step
    found: dict[Any, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
    for row in await body.rows("benefit"):
        if row["state"] in {"closed", "moved"}:
            continue
        minor, step = row["money_minor"], newest.get(row["id"])
        whole = row["amount"] if minor is None else Decimal(minor) / 100
        key = (row["ledger"], row["currency"], row["price_year"], row["unit_of_measure"])
        sums = list(found[key])
        sums[int(row["confirmed_by"] is None)] += whole * (1 if step is None else step["counted"])
        sums[2] += whole * (0 if step is None else step["in_transit"])
        found[key] = sums
    return found
