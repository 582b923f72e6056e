"""Overviews agree with the rules, asked of every row by itself (B6, B7, B9, B11, C7)."""

from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest

from gevinst_benefits.schemas.overviews import UnitOverviewOut, WorkOverviewOut
from tests.benefits.naive_overview import Naive, text
from tests.benefits.random_plans import RandomPlans, Row
from tests.benefits.world import World, connection_of
from tests.support.days import today

YEARS = {"first_year": 2016, "years": 40}
_TABLES = (
    *("benefit", "verification", "agreement_entry", "indicator", "measurement", "light_override", "action"),
    *("project", "unit", "delivery"),
)


async def naive(world: World, plans: RandomPlans, place: str) -> Naive:
    async with connection_of(world.desk) as connection:
        rows = {
            table: [dict(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY id")]
            for table in _TABLES
        }
    below = {row["id"] for row in rows["unit"] if plans.units[1] in row["path"]}
    is_in: dict[str, Callable[[Row, Row], bool]] = {
        "portfolio": lambda _, project: project["portfolio_id"] == plans.portfolio_id,
        "programme": lambda _, project: project["programme_id"] == plans.programme_id,
        "unit": lambda benefit, _: benefit["owner_unit_id"] in below,
        "organisation": lambda *_: True,
    }
    return Naive(rows, is_in[place], today())


def said(amounts: Sequence[Fraction | None]) -> tuple[str | None, ...]:
    return tuple(None if amount is None else text(amount) for amount in amounts)


def answered(shown: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[str | None, ...]]:
    found: dict[tuple[Any, ...], tuple[str | None, ...]] = {}
    for one in shown:
        unit = (one["currency"], one["price_year"]) if "currency" in one else (one["unit_of_measure"], None)
        for year in one["years"]:
            key = (one.get("mode", ""), one.get("kind", ""), one["ledger"], unit, year["year"])
            found[key] = (
                year["confirmed"],
                year["unconfirmed"],
                year.get("verified"),
                year.get("in_transit"),
            )
    return found


@pytest.mark.parametrize("seed", range(20, 24))
@pytest.mark.parametrize("place", ["portfolio", "programme"])
async def test_a_portfolio_is_what_its_plans_say_together(world: World, place: str, seed: int) -> None:
    plans = RandomPlans(seed)
    await plans.write(world)
    expected = await naive(world, plans, place)
    scope = plans.portfolio_id if place == "portfolio" else plans.programme_id

    answer = await world.office.get(f"/{place}s/{scope}/overview", params=YEARS)

    if answer.status_code == 404:
        assert not expected.all
        return
    found = answer.json()
    assert WorkOverviewOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    assert answered(found["sums"]) == {key: said(amounts) for key, amounts in expected.sums().items()}
    assert_stands(found, expected)


@pytest.mark.parametrize("seed", range(20, 24))
async def test_a_unit_is_expected_what_the_plans_of_all_below_it_say(world: World, seed: int) -> None:
    """C7: ledger by ledger, and never added."""
    plans = RandomPlans(seed)
    await plans.write(world)
    expected = await naive(world, plans, "unit")
    whole: dict[tuple[Any, ...], list[Any]] = {}
    for (_, _, *measure), amounts in expected.sums().items():
        sums = whole.setdefault(("", "", *measure), [Fraction(0), Fraction(0), None, None])
        for place, amount in enumerate(amounts):
            sums[place] = sums[place] if amount is None else (sums[place] or 0) + amount

    answer = await world.office.get(f"/units/{plans.units[1]}/overview", params={"year": 2016, "years": 40})

    found = answer.json()
    assert UnitOverviewOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    assert answered(found["expected"]) == {key: said(amounts) for key, amounts in whole.items()}
    assert_stands(found, expected)


@pytest.mark.parametrize("seed", range(20, 24))
async def test_what_waits_for_controllers_is_what_nobody_verified(world: World, seed: int) -> None:
    """G3: by year and by unit, as the queue lists it."""
    plans = RandomPlans(seed)
    await plans.write(world)
    waiting = (await naive(world, plans, "organisation")).waiting()

    found = (await world.office.get("/overviews/verification")).json()

    assert {(one["year"], one["waiting"]) for one in found["years"]} == totals(waiting, 1)
    assert {(UUID(one["unit_id"]), one["waiting"]) for one in found["units"]} == totals(waiting, 0)
    assert found["waiting"] == waiting.total()


def totals(waiting: Counter[tuple[Any, int]], place: int) -> set[tuple[Any, int]]:
    found = Counter[Any]()
    for key, count in waiting.items():
        found[key[place]] += count
    return set(found.items())


def assert_stands(found: dict[str, Any], expected: Naive) -> None:
    """B6: states, lights and benefits that nothing will show."""
    states, lights, overruled = expected.lights()
    assert {one["state"]: one["count"] for one in found["indicators"]["states"]} == states
    assert {one["light"]: one["count"] for one in found["indicators"]["lights"]} == lights
    assert found["indicators"]["overruled"] == overruled
    unseen = expected.unseen()
    assert found["without_indicator"]["count"] == len(unseen)
    assert {one["id"] for one in found["without_indicator"]["first"]} <= unseen
    assert found["benefits"]["count"] == len(expected.followed)
    assert found["benefits"]["undated"] == sum(expected.begins(row) is None for row in expected.followed)
    assert found["benefits"]["falls_elsewhere"] == sum(expected.share(row) < 1 for row in expected.followed)
    moving = sum(expected.in_transit(row) > 0 for row in expected.followed)
    assert found["benefits"]["in_transit"] == moving
