"""Overviews agree with the domain's own functions, asked of every row by itself (B6, B7, B9, B11, C7)."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import pytest

from gevinst_benefits.domain.agreements import AgreementState, Entry, own_share
from gevinst_benefits.domain.benefit_plan import Planned, totals
from gevinst_benefits.domain.decimals import decimal_text, millionths
from gevinst_benefits.domain.indicators import (
    Indicator,
    Measurement,
    current_value,
    indicator_state,
    newest_by_place,
    realised_share,
)
from gevinst_benefits.domain.planned_years import planned_years, starts_on
from gevinst_benefits.domain.traffic_lights import (
    Colour,
    Override,
    light_of,
    override_in_force,
    tolerances_on,
)
from gevinst_benefits.domain.trajectories import planned_value
from gevinst_benefits.schemas.overviews import UnitOverviewOut, WorkOverviewOut
from gevinst_benefits.store.benefits import benefit_from
from gevinst_benefits.store.indicators import indicator_from
from gevinst_benefits.store.planned import projects_with_deliveries
from tests.benefits.random_plans import TODAY, RandomPlans, Row
from tests.benefits.world import World, connection_of

YEARS = {"first_year": 2016, "years": 40}
_TABLES = (
    *("benefit", "verification", "agreement_entry", "indicator", "measurement", "light_override", "action"),
    *("project", "unit"),
)


class Naive:
    """Everything there is, by table, and the benefits of an overview among it."""

    def __init__(self, rows: Mapping[str, Sequence[Row]], projects: Mapping[Any, Any], ids: set[Any]) -> None:
        self.rows, self.projects = rows, projects
        self.all = [row for row in rows["benefit"] if row["id"] in ids]
        self.followed = [row for row in self.all if row["state"] not in {"closed", "moved"}]

    def of(self, table: str, name: str, value: Any) -> list[Row]:
        return [row for row in self.rows[table] if row[name] == value]

    def share(self, benefit: Row) -> Decimal:
        steps = self.of("agreement_entry", "benefit_id", benefit["id"])
        return own_share(
            [Entry(s["body"], AgreementState(s["state"]), s["happened_on"], s["share_kept"]) for s in steps]
        )

    def sums(self) -> dict[tuple[Any, ...], tuple[str, str, str | None]]:
        """Confirmed, unconfirmed and verified by mode, kind, ledger, unit and year."""
        planned: dict[tuple[Any, ...], list[Planned]] = defaultdict(list)
        verified: dict[tuple[Any, ...], Decimal] = {}
        for row in self.followed:
            known, project = benefit_from(row), self.projects[row["project_id"]]
            one = Planned(known, planned_years(known, project), starts_on(known, project), self.share(row))
            planned[row["mode"], row["kind"]].append(one)
        for row in self.all:
            for entry in self.standing("verification", "benefit_id", row["id"]):
                minor, unit = entry["money_minor"], (entry["unit_of_measure"], None)
                amount = entry["amount"] if minor is None else Decimal(minor) / 100
                unit = unit if minor is None else (entry["currency"], entry["price_year"])
                key = (row["mode"], row["kind"], row["ledger"], unit, entry["year"])
                verified[key] = verified.get(key, Decimal(0)) + amount * self.share(row)
        found = {
            (*key, one.ledger, one.unit, one.year): (one.confirmed, one.unconfirmed)
            for key, those in planned.items()
            for one in totals(those)
        }
        nothing = (Decimal(0), Decimal(0))
        return {
            key: (
                *(decimal_text(amount) for amount in found.get(key, nothing)),
                decimal_text(millionths(verified[key])) if key in verified else None,
            )  # type: ignore[misc]
            for key in {*found, *verified}
        }

    def standing(self, table: str, name: str, value: Any) -> list[Row]:
        corrected = {row["corrects_id"] for row in self.rows[table]}
        return [row for row in self.of(table, name, value) if row["id"] not in corrected]

    def lights(self) -> tuple[Counter[str], Counter[str]]:
        """How many indicators are in which state, and in which light."""
        states, colours = Counter[str](), Counter[str]()
        for benefit in self.followed:
            for row in self.of("indicator", "benefit_id", benefit["id"]):
                known = indicator_from(row)
                taken = [
                    Measurement(known.id, one["taken_on"], one["value"], one["unit_id"], one["weight"])
                    for one in self.standing("measurement", "indicator_id", known.id)
                ]
                states[indicator_state(known, taken, today=TODAY).value] += 1
                colours[self._light(known, taken).value] += 1
        return states, colours

    def _light(self, known: Indicator, taken: Sequence[Measurement]) -> Colour:
        said = [
            Override(None if row["colour"] is None else Colour(row["colour"]), "", row["until"], "")
            for row in self.of("light_override", "indicator_id", known.id)
        ]
        override = override_in_force(said, today=TODAY)
        if override is not None and override.colour is not None:
            return override.colour
        value = current_value(known, newest_by_place(known, taken, today=TODAY))
        planned = None
        if known.trajectory is not None and known.baseline is not None:
            planned = planned_value(known.trajectory, baseline=known.baseline, target=known.target, on=TODAY)
        return light_of(
            indicator_state(known, taken, today=TODAY),
            planned=None if planned is None else realised_share(known, planned),
            realised=None if value is None else realised_share(known, value),
            forecast=None,
            tolerances=tolerances_on(TODAY),
        ).colour

    def unseen(self) -> set[str]:
        return {str(row["id"]) for row in self.followed if not self.of("indicator", "benefit_id", row["id"])}


async def naive(world: World, plans: RandomPlans, place: str) -> Naive:
    async with connection_of(world.desk) as connection:
        rows = {
            table: [dict(row) for row in await connection.fetch(f"SELECT * FROM {table} ORDER BY id")]
            for table in _TABLES
        }
        projects = await projects_with_deliveries(connection, [row["id"] for row in rows["project"]])
    below = {row["id"] for row in rows["unit"] if plans.units[1] in row["path"]}
    of_work = {
        "portfolio": ("portfolio_id", plans.portfolio_id),
        "programme": ("programme_id", plans.programme_id),
    }
    if place == "unit":
        ids = {row["id"] for row in rows["benefit"] if row["owner_unit_id"] in below}
    else:
        name, value = of_work[place]
        there = {row["id"] for row in rows["project"] if row[name] == value}
        ids = {row["id"] for row in rows["benefit"] if row["project_id"] in there}
    return Naive(rows, projects, ids)


def answered(shown: Sequence[dict[str, Any]]) -> dict[tuple[Any, ...], tuple[str, str, str | None]]:
    found = {}
    for one in shown:
        unit = (one["currency"], one["price_year"]) if "currency" in one else (one["unit_of_measure"], None)
        for year in one["years"]:
            key = (one.get("mode", ""), one.get("kind", ""), one["ledger"], unit, year["year"])
            found[key] = (year["confirmed"], year["unconfirmed"], year.get("verified"))
    return found


@pytest.mark.parametrize("seed", range(4))
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
    assert answered(found["sums"]) == expected.sums()
    assert_stands(found, expected)


@pytest.mark.parametrize("seed", range(4))
async def test_a_unit_is_expected_what_the_plans_of_all_below_it_say(world: World, seed: int) -> None:
    """C7: ledger by ledger, and never added."""
    plans = RandomPlans(seed)
    await plans.write(world)
    expected = await naive(world, plans, "unit")
    whole: dict[tuple[Any, ...], list[Decimal]] = {}
    verified: dict[tuple[Any, ...], Decimal] = {}
    for (_, _, *measure), amounts in expected.sums().items():
        both = whole.setdefault(tuple(measure), [Decimal(0), Decimal(0)])
        both[0] += Decimal(amounts[0])
        both[1] += Decimal(amounts[1])
        if amounts[2] is not None:
            verified[tuple(measure)] = verified.get(tuple(measure), Decimal(0)) + Decimal(amounts[2])

    answer = await world.office.get(f"/units/{plans.units[1]}/overview", params={"year": 2016, "years": 40})

    found = answer.json()
    assert UnitOverviewOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    assert answered(found["expected"]) == {
        ("", "", *key): (
            decimal_text(both[0]),
            decimal_text(both[1]),
            decimal_text(verified[key]) if key in verified else None,
        )
        for key, both in whole.items()
    }
    assert_stands(found, expected)


def assert_stands(found: dict[str, Any], expected: Naive) -> None:
    """B6: states, lights and benefits that nothing will show."""
    states, lights = expected.lights()
    assert {one["state"]: one["count"] for one in found["indicators"]["states"]} == states
    assert {one["light"]: one["count"] for one in found["indicators"]["lights"]} == lights
    unseen = expected.unseen()
    assert found["without_indicator"]["count"] == len(unseen)
    assert {one["id"] for one in found["without_indicator"]["first"]} <= unseen
    assert found["benefits"]["count"] == len(expected.followed)
    assert found["benefits"]["falls_elsewhere"] == sum(expected.share(row) < 1 for row in expected.followed)
