"""X4: whatever is shared, the joint total is the sum of its bodies, and nobody's line says anything else than
its own overview."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from gevinst_shared.values.ids import new_id
from gevinst_shared.values.joint_body import JointBody, in_order
from tests.portfolio.joint_world import add, body_of, joint, naive
from tests.support.callers import Desk
from tests.support.exchange import ALL_FIELDS, Body

SEEDS = range(5)
_STATUSES = ("proposed", "approved", "running", "paused", "stopped", "closed", "rejected")
_OPTIONAL = ("phase", "category", "cost_minor", "benefit_minor", "start", "end")


async def fill(body: Body, central: Body, rng: random.Random) -> None:
    """Some projects with some values, shared by programmes and alone, with some fields."""
    programmes = [await body.add_programme() for _ in range(2)]
    for _ in range(rng.randrange(9)):
        columns = _columns(rng)
        for name in rng.sample(_OPTIONAL, rng.randrange(4)):
            columns[name] = None
        project = await add(body, rng.choice([None, *programmes]), **columns)
        if body is not central and rng.random() < 0.4:
            await body.share(central, "project", project, {"project": _some(rng)})
    for programme in programmes:
        if body is not central and rng.random() < 0.6:
            fields = {"programme": ["name"], "project": _some(rng)}
            await body.share(central, "programme", programme, fields)


def _columns(rng: random.Random) -> dict[str, Any]:
    start = date(2026, 1, 1) + timedelta(days=rng.randrange(1000))
    return {
        "status": rng.choice(_STATUSES),
        "source": rng.choice(("own-idea", "joint-project")),
        "phase": rng.choice(("idea", "plan", "execute")),
        "category": rng.choice(("Post", "Payroll")),
        "cost_minor": rng.randrange(-(10**6), 10**15),
        "benefit_minor": rng.randrange(10**9),
        "currency": rng.choice(("NOK", "DKK")),
        "price_year": rng.choice((2025, 2026)),
        "start": start,
        "end": start + timedelta(days=rng.randrange(1000)),
    }


def _some(rng: random.Random) -> list[str]:
    names = list(ALL_FIELDS["project"])
    return names if rng.random() < 0.5 else rng.sample(names, rng.randrange(1, len(names)))


async def known(central: Body) -> dict[str, list[Mapping[str, Any]]]:
    """The bodies of projects that the central body has, by whose they are."""
    found: dict[str, list[Mapping[str, Any]]] = {
        central.organisation: [body_of(row) for row in await central.rows("project")]
    }
    for owner, partner_id in central.partners.items():
        rows = await central.rows("sync_replica", partner_id)
        found[owner] = [json.loads(row["body"]) for row in rows if row["kind"] == "project"]
    return found


def added(lines: list[dict[str, Any]]) -> Counter[Any]:
    """Everything that can be added of figures, by where it stands."""
    found: Counter[Any] = Counter()
    for figures in lines:
        for name in ("project_count", "current_count", "undecided"):
            found[name] += figures[name]
        counts = [(what, one) for what in ("statuses", "phases") for one in figures[what]]
        for what, one in counts:
            found[what, one.get("status", one.get("phase"))] += one["count"]
        sums = [(what, one) for what in ("cost", "benefit") for one in figures[what]]
        for what, one in sums:
            key = (what, one["currency"], one["price_year"])
            found[key] += int(one["amount"].replace(".", ""))
            found.update({(*key, name): one[name] for name in ("projects", "bodies")})
        for one in figures["missing"]:
            found.update({(one["what"], name): count for name, count in one.items() if name != "what"})
    return found


@pytest.mark.parametrize("seed", SEEDS)
async def test_totals_and_lines_are_what_counting_one_by_one_gives(portfolio: Desk, seed: int) -> None:
    """X4, B6, C1: over replicas that came through the feed."""
    rng = random.Random(seed)
    async with joint(portfolio, 3) as found:
        for body in (found.central, *found.others):
            await fill(body, found.central, rng)
        await found.pull()
        records = await known(found.central)

        answer, lines = await found.look(), await found.lines()
        source = await found.total(source="joint-project")

    assert answer["total"] == naive((owner, one) for owner in records for one in records[owner])
    for owner, line in lines.items():
        assert line["figures"] == naive((owner, one) for one in records[owner])
    assert answer["own"] == lines[found.central.organisation]["figures"]
    assert added([answer["total"]]) == added([line["figures"] for line in lines.values()])
    asked = {
        owner: [one for one in records[owner] if one.get("source") == "joint-project"] for owner in records
    }
    unknown = sum("source" not in one for owner in records for one in records[owner])
    assert source == naive((owner, one) for owner in asked for one in asked[owner]) | {"undecided": unknown}


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_bodys_line_is_what_its_own_overview_says_of_what_it_shares(
    portfolio: Desk, seed: int
) -> None:
    """X4: of a programme that is shared whole, in its portfolio's currency and price year."""
    rng = random.Random(seed)
    async with joint(portfolio, 1) as found:
        (body,) = found.others
        programme = await body.add_programme()
        for _ in range(rng.randrange(1, 12)):
            columns = _columns(rng) | {"currency": "NOK", "price_year": 2026}
            for name in rng.sample(_OPTIONAL, rng.randrange(4)):
                columns[name] = None
            await add(body, programme, **columns)
        await add(body, cost_minor=1)
        await body.share(found.central, "programme", programme)
        await found.pull()

        line = (await found.lines())[body.organisation]["figures"]
        overview = await found.overview(body, programme)

    missing = {one["what"]: one["projects"] for one in line["missing"]}
    assert line["project_count"] == overview["project_count"]
    assert line["current_count"] == overview["current_count"]
    assert {one["status"]: one["count"] for one in line["statuses"]} == {
        one["status"]: one["count"] for one in overview["statuses"]
    }
    for what in ("cost", "benefit"):
        sums = [{name: one[name] for name in ("amount", "currency", "price_year")} for one in line[what]]
        assert sums == ([overview[what]] if what in overview else [])
        assert missing.get(what, 0) == overview[f"{what}_unknown"]
    assert missing.get("end", 0) == overview["end_unknown"]
    assert line.get("first_start") == overview.get("first_start")
    assert line.get("last_end") == overview.get("last_end")


def test_bodies_stand_in_one_order_whatever_they_are_called() -> None:
    """We first; two of the same name by their numbers; a cursor's place need not be there any more."""
    ours = JointBody("0192:999", "Zebra")
    others = [
        JointBody(f"0192:{number}", name, new_id()) for number, name in enumerate(["B", "A", "B", None])
    ]

    placed = in_order([*others, ours])

    assert [body.organisation for body in placed] == ["0192:999", "0192:3", "0192:1", "0192:0", "0192:2"]
    assert in_order(placed, after=("1", "A", "x")) == [others[0], others[2]]
    assert in_order(placed, after=("2", "", "")) == []
