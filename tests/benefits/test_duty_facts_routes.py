"""What the facts say that others remind people by: by when, and who (N1)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from gevinst_benefits.domain.measuring.indicators import Direction, Indicator, first_unmet
from gevinst_benefits.domain.working_days import nth_working_day
from gevinst_benefits.usecases import late_reports
from gevinst_benefits.usecases.falling_due import ring_due
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.reporting_world import BEFORE, MONTH, Reporting
from tests.benefits.reporting_world import events as events_of
from tests.benefits.test_measuring_routes import indicator, owner_of, rows
from tests.benefits.test_outlook_routes import days_ago, measured
from tests.benefits.test_verification_routes import confirmed, controller_of, finding
from tests.benefits.world import World, made
from tests.support.days import today


async def facts(world: World, kind: str) -> list[dict[str, Any]]:
    page = (await world.desk.caller(Role.INTEGRATION).get("/events?limit=100")).json()
    return [one["data"] for one in page["items"] if one["type"] == f"gevinst.benefits.{kind}.v1"]


def house(world: World) -> House:
    found = world.desk.app.state.house
    assert isinstance(found, House)
    return found


@pytest.mark.parametrize(
    ("measured_on", "unmet"),
    [
        (None, date(2027, 3, 31)),
        (date(2027, 3, 1), date(2027, 6, 30)),
        (date(2027, 5, 1), date(2027, 9, 30)),
        (date(2027, 9, 30), None),
        (date(2028, 1, 1), None),
    ],
)
def test_the_first_due_day_that_is_not_met(measured_on: date | None, unmet: date | None) -> None:
    """B6: a due day is met by a measurement after the one before it, however late."""
    days = (date(2027, 3, 31), date(2027, 6, 30), date(2027, 9, 30))
    known = Indicator(
        new_id(),
        new_id(),
        "Letters",
        "letters",
        Direction.DOWN,
        target=Decimal(0),
        action="Write less",
        due_on=days,
    )

    assert first_unmet(known, {} if measured_on is None else {None: measured_on}) == unmet


def test_of_several_places_the_last_one_counts() -> None:
    here, there = UUID(int=1), UUID(int=2)
    days = (date(2027, 3, 31), date(2027, 6, 30))
    known = Indicator(
        new_id(),
        new_id(),
        "Letters",
        "letters",
        Direction.DOWN,
        target=Decimal(0),
        action="Write less",
        due_on=days,
        measured_in=(here, there),
    )

    assert first_unmet(known, {here: date(2027, 5, 1)}) == days[0]
    assert first_unmet(known, {here: date(2027, 5, 1), there: date(2027, 3, 1)}) == days[1]


async def test_an_indicators_facts_say_by_when_it_is_measured_next_and_by_whom(world: World) -> None:
    days = [str(today() - timedelta(40)), str(today() + timedelta(40)), str(today() + timedelta(90))]
    known = await indicator(world, due_on=days)
    measurements = f"/indicators/{known['id']}/measurements"
    await made(owner_of(world), measurements, {"taken_on": days_ago(50), "value": "40"})
    batch = rows((days_ago(10), "38"))
    assert (await owner_of(world).post(f"{measurements}/batch", json=batch)).status_code == 201

    (added,) = await facts(world, "indicator-added")
    (once,) = await facts(world, "indicator-measured")
    (many,) = await facts(world, "measurements-recorded")

    assert (added["project_id"], added["next_due_on"]) == (str(world.project_id), days[0])
    assert added["unit_id"] == str(world.unit)
    assert added["role"] == "benefit-owner"
    assert (once["next_due_on"], many["next_due_on"]) == (days[1], days[2])


async def test_a_report_is_announced_as_owed_before_it_is_late_and_once(reporting: Reporting) -> None:
    """B13: on the first of the month after it, with its day; another day is announced again."""
    world = reporting.world
    practice = {"due_working_day": 5, "from_month": BEFORE}
    assert (await world.office.put("/reporting-practice", json=practice)).status_code < 300
    first = datetime(today().year, today().month, 1, 4, tzinfo=UTC)

    for _ in range(2):
        await late_reports.once(house(world).database, lambda: first)

    owed = [one for one in await events_of(reporting, "monthly-report-owed") if one["month"] == MONTH]
    assert [(one["project_id"], one["due_on"]) for one in owed] == [
        (str(world.project_id), str(nth_working_day(first.date(), 5, "NO")))
    ]
    late = await events_of(reporting, "monthly-report-late")
    assert MONTH not in {one["month"] for one in late}


async def test_a_year_that_nobody_has_verified_is_announced_when_it_has_ended(world: World) -> None:
    """G3, B10: and again a year later, until somebody has."""
    timing = {"hangs_on": "none", "starts_on": f"{today().year}-01-01"}
    benefit = await confirmed(world, timing=timing)
    in_january = datetime(today().year + 1, 1, 2, tzinfo=UTC)

    await ring_due(house(world).database, in_january)
    await ring_due(house(world).database, in_january)

    (due,) = await facts(world, "verification-due")
    assert (due["benefit_id"], due["year"], due["name"]) == (benefit["id"], today().year, benefit["name"])
    verified = finding(year=today().year)
    await made(controller_of(world), f"/benefits/{benefit['id']}/verifications", verified)
    (told,) = await facts(world, "benefit-verified")
    assert (told["name"], told["owner_unit_id"]) == (benefit["name"], str(world.unit))


async def test_a_benefit_that_falls_behind_its_curve_is_told_once_and_again_when_it_is_worse(
    world: World,
) -> None:
    """B7."""
    values = [(days, "42") for days in range(270, 29, -30)]
    known = await measured(world, *values)
    database, now = house(world).database, datetime.now(UTC) + timedelta(minutes=1)

    await ring_due(database, now)
    await made(
        owner_of(world), f"/indicators/{known['id']}/measurements", {"taken_on": days_ago(1), "value": "42"}
    )
    await ring_due(database, now)

    (off,) = await facts(world, "benefit-off-curve")
    assert (off["indicator_id"], off["indicator_name"]) == (known["id"], known["name"])
    assert off["colour"] in {"yellow", "red"}
    assert off["owner_unit_id"] == str(world.unit)
