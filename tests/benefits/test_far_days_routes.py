"""Days at the ends of the calendar are answered like any other."""

import pytest

from tests.benefits.steered import condition
from tests.benefits.world import World, made

FAR = "9999-12-30"


@pytest.mark.parametrize("day", ["0001-01-02", "1500-02-28", FAR])
async def test_rules_are_asked_for_any_day(world: World, day: str) -> None:
    """G11, B7."""
    await made(world.office, f"/projects/{world.project_id}/business-cases", world.case())

    asked = [f"/projects/{world.project_id}/requirements?asof={day}", f"/tolerances?asof={day}"]
    asked += [f"/conditions?due={day}", f"/effect-reviews?due={day}"]
    answers = [await world.office.get(path) for path in asked]

    assert [answer.status_code for answer in answers] == [200] * 4


async def test_a_deadline_may_be_the_last_day_there_is(world: World) -> None:
    """G7, G10."""
    await world.started()
    gate = await world.proposed()
    decision = await world.decided(
        gate["id"], "pause", pause_until=FAR, conditions=[condition(world, deadline=FAR)]
    )
    review = await made(world.office, f"/projects/{world.project_id}/effect-reviews", {"due_on": FAR})

    assert (decision["pause_until"], review["due_on"]) == (FAR, FAR)
    assert decision["conditions"][0]["deadline"] == FAR


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
async def test_the_days_that_the_database_would_take_for_infinity_are_refused(world: World, day: str) -> None:
    await world.started()

    asked = await world.office.get(f"/tolerances?asof={day}")
    planned = await world.office.post(f"/projects/{world.project_id}/effect-reviews", json={"due_on": day})
    indicator = await one_indicator(world)
    foreseen = await world.office.get(f"/indicators/{indicator}/forecast?on={day}")

    assert (asked.status_code, planned.status_code, foreseen.status_code) == (400, 400, 400)


async def one_indicator(world: World) -> str:
    benefit = await world.planned()
    body = {
        "name": "Hours an application takes",
        "unit_of_measure": "hours",
        "direction": "down",
        "target": "1",
        "action": "Ask again",
    }
    added = await made(world.office, f"/benefits/{benefit['id']}/indicators", body)
    return str(added["id"])
