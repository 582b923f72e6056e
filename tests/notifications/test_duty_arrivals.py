"""A step up the line does not run ahead of a reminder, and does not wait for one that cannot arrive (N2)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.duties.arrivals import Arrival, best
from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.ladder import Ladder, planned, settling
from gevinst_notifications.domain.duties.rules import DEFAULTS, Rung
from gevinst_notifications.usecases.delivering import deliver_due
from gevinst_shared.values.actor import Role
from tests.notifications.test_delivering import Clock, post_office
from tests.notifications.test_digests import DAILY
from tests.notifications.test_duties_routes import action
from tests.notifications.test_duty_ladder import LONG_AGO, OSLO
from tests.notifications.test_preferences_routes import choose
from tests.notifications.world import World, empty_queue, remind_all
from tests.support.smtp_server import Mailbox

FIRST = datetime(2027, 5, 4, 6, tzinfo=UTC)


def run(
    arrivals: dict[Rung, Arrival], *, kind: DutyKind = DutyKind.MEASUREMENT_DUE
) -> Iterator[tuple[date, str]]:
    """What is told when somebody looks every three hours, and what is told to these rungs fares so."""
    steps = planned(date(2027, 5, 18), LONG_AGO, DEFAULTS[kind], OSLO)
    settled: dict[str, datetime] = {}
    for hours in range(0, 24 * 90, 3):
        now = FIRST + timedelta(hours=hours)
        told = {one.rung for one in steps if one.code in settled}
        known = {rung: arrival for rung, arrival in arrivals.items() if rung in told}
        what = settling(Ladder(steps, settled, known), now=now, place=OSLO)
        settled |= {one.code: now for one in (*what.tell, *what.overtaken)}
        yield from ((OSLO.day_of(now), one.code) for one in what.tell)


def days_of(rung: Rung, arrivals: dict[Rung, Arrival], **more: Any) -> list[date]:
    return [day for day, code in run(arrivals, **more) if code.startswith((f"{rung}+", f"{rung}-"))]


def test_where_nothing_arrives_the_next_in_line_hears_the_morning_after() -> None:
    """Not seven working days after a deadline that nobody knows of; and once all the same."""
    assert days_of(Rung.CONTROLLER, {Rung.OWNER: Arrival.FAILED}) == [date(2027, 5, 5)]


def test_where_the_next_in_line_cannot_be_reached_either_it_goes_further_up() -> None:
    """Thursday 6 May 2027 is Ascension Day."""
    nobody = dict.fromkeys((Rung.OWNER, Rung.CONTROLLER), Arrival.FAILED)

    assert days_of(Rung.OWNERS_LEADER, nobody) == [date(2027, 5, 7)]
    assert days_of(Rung.OWNERS_LEADER, {Rung.OWNER: Arrival.FAILED}) == [date(2027, 6, 16)]


def test_what_is_under_way_is_waited_for_three_working_days_and_no_longer() -> None:
    """The controller's day is Thursday 27 May 2027."""
    assert days_of(Rung.CONTROLLER, {Rung.OWNER: Arrival.ARRIVED}) == [date(2027, 5, 27)]
    assert days_of(Rung.CONTROLLER, {Rung.OWNER: Arrival.WAITING}) == [date(2027, 6, 1)]


def test_what_goes_up_before_its_day_does_so_by_then() -> None:
    """G7: a condition lapses with its day, Tuesday 18 May 2027; the 17th and the days before are closed."""
    found = days_of(Rung.OWNERS_LEADER, {Rung.OWNER: Arrival.WAITING}, kind=DutyKind.CONDITION_LAPSING)

    assert found == [date(2027, 5, 18)]


def test_the_best_of_what_was_said_counts() -> None:
    assert best(Arrival.FAILED, None) is Arrival.FAILED
    assert best(Arrival.WAITING, Arrival.FAILED) is Arrival.WAITING
    assert best(Arrival.WAITING, Arrival.ARRIVED) is Arrival.ARRIVED


@given(
    kind=st.sampled_from(DutyKind),
    arrivals=st.dictionaries(st.sampled_from(Rung), st.sampled_from(Arrival)),
)
def test_whatever_arrives_each_rung_is_told_and_no_step_twice(
    kind: DutyKind, arrivals: dict[Rung, Arrival]
) -> None:
    """N5: nothing stalls, and nothing is said twice."""
    codes = [code for _, code in run(arrivals, kind=kind)]

    steps = planned(date(2027, 5, 18), LONG_AGO, DEFAULTS[kind], OSLO)
    rungs = {one.code: one.rung for one in steps}
    assert len(set(codes)) == len(codes)
    assert {rungs[code] for code in codes} == set(rungs.values())


@pytest.fixture
async def line(world: World) -> World:
    """A doer with an address, and the leader of their unit."""
    await empty_queue(world.database)
    await world.person("dina")
    await world.person("lea")
    await world.role("lea", Role.UNIT_LEADER, "unit", world.unit_id)
    return world


async def duty(world: World, due_on: str) -> dict[str, Any]:
    await world.hear(action(world, world.people["dina"], due_on=due_on))
    found = (await world.caller("olle", Role.PORTFOLIO_OFFICE).get("/duties")).json()["items"]
    one: dict[str, Any] = found[0]
    return one


async def look(world: World, days: list[date]) -> list[tuple[date, str]]:
    """On which of the mornings the leader hears, and why."""
    heard: list[tuple[date, str]] = []
    for day in days:
        before = await told(world, "lea")
        await remind_all(world, datetime(day.year, day.month, day.day, 8, tzinfo=UTC))
        heard += [(day, one) for one in (await told(world, "lea"))[: -len(before) or None]]
    return heard


async def told(world: World, who: str) -> list[str]:
    items = (await world.caller(who).get("/inbox")).json()["items"]
    return [item["why"] for item in items if item["kind"] == "duty-escalated"]


async def fare(world: World, state: str) -> None:
    """What becomes of every mail to the doer."""
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute(
            "UPDATE delivery SET state = $1 WHERE person_id = $2", state, world.people["dina"]
        )


DECEMBER = [date(2026, 12, 1) + timedelta(days) for days in range(25)]


async def test_a_mail_to_an_address_that_is_suppressed_takes_the_duty_up_the_line_at_once(
    line: World,
) -> None:
    """N2, N4: the leader hears on the morning after, is told why, and so does whoever asks."""
    office = line.caller("olle", Role.PORTFOLIO_OFFICE)
    await office.post("/suppressions", json={"address": "dina@example.no"})
    known = await duty(line, "2026-12-21")
    await remind_all(line, datetime(2026, 12, 9, 8, tzinfo=UTC))
    async with post_office(line, Mailbox(), Clock(timedelta(days=400))) as post:
        while await deliver_due(post):
            pass

    heard = await look(line, DECEMBER[9:15])

    assert [day for day, _ in heard] == [date(2026, 12, 10)]
    assert "could not be reached" in heard[0][1]
    found = (await office.get(f"/duties/{known['id']}/explanation")).json()
    assert [(one["to"], one.get("arrival")) for one in found["steps"]] == [
        ("controller", "waiting"),
        ("owner", "failed"),
    ]


async def test_a_reminder_that_waits_for_its_server_holds_the_line_back_for_some_days(line: World) -> None:
    """N2: nobody's leader hears of what its owner has not; and it does not stall for ever."""
    await duty(line, "2026-12-01")

    arrives = await look(line, DECEMBER[:1])
    heard = await look(line, DECEMBER[1:])

    # The controller's day is Thursday the 10th; three working days later is Tuesday.
    assert (arrives, [day for day, _ in heard]) == ([], [date(2026, 12, 15)])
    assert "could not be reached" in heard[0][1]


@pytest.mark.parametrize("state", ["sent", "dead"])
async def test_a_reminder_that_arrived_or_was_read_goes_up_on_its_day(line: World, state: str) -> None:
    await duty(line, "2026-12-01")
    await look(line, DECEMBER[:1])
    await fare(line, state)
    item = (await line.caller("dina").get("/inbox")).json()["items"][0]
    if state == "dead":
        await line.caller("dina").post(f"/inbox/{item['id']}/reading")

    heard = await look(line, DECEMBER[1:20])

    assert [day for day, _ in heard] == [date(2026, 12, 10)]
    assert "could not be reached" not in heard[0][1]


async def test_who_has_no_address_is_reached_in_the_inbox(world: World) -> None:
    await world.person("dina", email=False)
    await world.person("lea")
    await world.role("lea", Role.UNIT_LEADER, "unit", world.unit_id)
    await duty(world, "2026-12-01")

    heard = await look(world, DECEMBER[:20])

    assert [day for day, _ in heard] == [date(2026, 12, 10)]


async def test_what_is_gathered_for_a_digest_is_under_way_until_it_has_left(line: World) -> None:
    """N3."""
    answer = await choose(line.caller("dina"), DAILY)
    known = await duty(line, "2026-12-01")
    await look(line, DECEMBER[:1])

    found = await line.caller("olle", Role.PORTFOLIO_OFFICE).get(f"/duties/{known['id']}/explanation")

    assert answer.status_code in {200, 201}, answer.text
    steps = [one for one in found.json()["steps"] if one["outcome"] == "told"]
    assert [one["arrival"] for one in steps] == ["waiting"]
