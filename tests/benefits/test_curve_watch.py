"""A benefit is late by its measurements, or because time went by (B7, N1)."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_benefits.domain.measuring.looks import next_look, seen_colour
from gevinst_benefits.domain.measuring.traffic_lights import Cause, Colour, Light
from gevinst_benefits.usecases.falling_due import ring_due
from gevinst_benefits.usecases.watching_curves import look_at_due, look_in
from tests.benefits.test_duty_facts_routes import facts, house
from tests.benefits.test_measuring_routes import owner_of
from tests.benefits.test_outlook_routes import days_ago, measured
from tests.benefits.test_verification_routes import controller_of
from tests.benefits.world import World, made
from tests.support.days import today

DAY = date(2027, 3, 1)


def way() -> dict[str, str]:
    return {"starts_on": str(today() - timedelta(100)), "target_on": str(today() + timedelta(20))}


def later(days: int = 0, *, minutes: int = 0) -> datetime:
    return datetime.now(UTC) + timedelta(days, minutes=minutes)


async def look(world: World, days: int) -> None:
    """What the worker does that many days from now, whoever else does it too."""
    database, organisation = house(world).database, world.desk.organisation
    await asyncio.gather(*(look_in(database, organisation, later(days)) for _ in range(2)))


async def told(world: World) -> list[tuple[str, str]]:
    return [(one["colour"], one["cause"]) for one in await facts(world, "benefit-off-curve")]


async def confirmed_by_owner(world: World, known: dict[str, Any]) -> None:
    answer = await owner_of(world).post(f"/benefits/{known['benefit_id']}/confirmation")
    assert answer.status_code < 300, answer.text


async def test_a_target_day_that_passes_without_a_measurement_is_told_once(world: World) -> None:
    """B7, B6: missing is not zero, and not on time either; N1: once, not daily."""
    known = await measured(world, trajectory=way())
    await confirmed_by_owner(world, known)

    await look(world, 0)
    await look(world, 20)
    on_the_day = await told(world)
    for days in (21, 22, 29, 60, 400):
        await look(world, days)

    assert on_the_day == []
    assert await told(world) == [("none", "not-measured")]


async def test_an_old_measurement_that_was_in_time_then_is_late_when_the_way_goes_on(world: World) -> None:
    """B7: each step down is told once."""
    known = await measured(world, (1, "24"), trajectory=way())
    await ring_due(house(world).database, later(minutes=1))
    assert await told(world) == []

    for days in range(0, 60, 5):
        await look(world, days)

    colours = [colour for colour, _ in await told(world)]
    assert colours in (["yellow"], ["red"], ["yellow", "red"])
    assert (await facts(world, "benefit-off-curve"))[0]["indicator_id"] == known["id"]


async def test_what_nobody_has_promised_is_late_for_nobody(world: World) -> None:
    """B2."""
    await measured(world, trajectory=way())

    await look(world, 60)

    assert await told(world) == []


async def test_what_a_person_said_instead_is_told_when_their_time_is_over(world: World) -> None:
    """B7: an overruled light is overruled for a time."""
    known = await measured(world, trajectory=way())
    await confirmed_by_owner(world, known)
    until = str(today() + timedelta(40))
    body = {"colour": "green", "reason": "Measured in May", "until": until}
    await made(controller_of(world), f"/indicators/{known['id']}/light-overrides", body)

    await look(world, 40)
    meanwhile = await told(world)
    await look(world, 41)

    assert (meanwhile, await told(world)) == ([], [("none", "not-measured")])


async def test_a_target_that_is_reached_is_not_told_and_worse_after_that_is(world: World) -> None:
    known = await measured(world, (1, "20"), trajectory=way())
    await ring_due(house(world).database, later(minutes=1))
    await look(world, 30)
    reached = await told(world)

    values = {"taken_on": days_ago(0), "value": "41"}
    await made(owner_of(world), f"/indicators/{known['id']}/measurements", values)
    await ring_due(house(world).database, later(minutes=2))
    await look(world, 31)

    assert reached == []
    assert [colour for colour, _ in await told(world)] == ["red"]


async def test_the_worker_looks_at_every_organisation_and_has_done_so_after_once(world: World) -> None:
    await measured(world, trajectory=way())

    assert await look_at_due(house(world).database, later()) >= 1
    assert await look_in(house(world).database, world.desk.organisation, later()) == 0


@pytest.mark.parametrize(
    ("cause", "colour", "is_over", "seen"),
    [
        (Cause.NOT_MEASURED, Colour.NONE, True, Colour.YELLOW),
        (Cause.NOT_MEASURED, Colour.NONE, False, Colour.NONE),
        (Cause.NO_BASELINE, Colour.NONE, True, Colour.NONE),
        (Cause.MEASUREMENT_OVERDUE, Colour.YELLOW, False, Colour.NONE),
        (Cause.MEASUREMENT_OVERDUE, Colour.YELLOW, True, Colour.YELLOW),
        (Cause.FAR_BEHIND, Colour.RED, False, Colour.RED),
        (Cause.ON_COURSE, Colour.GREEN, True, Colour.GREEN),
    ],
)
def test_what_counts_as_late(cause: Cause, colour: Colour, is_over: bool, seen: Colour) -> None:
    """B6, B7."""
    assert seen_colour(Light(colour, cause), is_over=is_over) is seen


@given(st.lists(st.dates(date(2026, 1, 1), date(2028, 12, 31))))
def test_no_day_that_changes_what_is_seen_is_missed_and_none_is_looked_at_twice(days: list[date]) -> None:
    """A property: looking from day to day lands on the morning after each of them, within a week each."""
    looks = [DAY]
    while looks[-1] < DAY + timedelta(100):
        looks.append(next_look(looks[-1], last_days=days))

    mornings = {day + timedelta(1) for day in days if DAY <= day < DAY + timedelta(99)}
    assert mornings <= set(looks)
    assert all(0 < (after - before).days <= 7 for before, after in pairwise(looks))
