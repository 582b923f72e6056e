"""Digests: when they leave, and that nothing is lost, doubled or empty (N3, N5)."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.domain.digests import digest_id, next_window
from gevinst_notifications.domain.preferences import Period, PersonSetting
from gevinst_notifications.domain.quiet_hours import day_and_minute
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_notifications.usecases.closing import close_due_digests
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.clock import utc_now
from tests.notifications.test_absences_routes import days
from tests.notifications.test_preferences_routes import choose
from tests.notifications.world import World, close_all, make_world
from tests.support.callers import Desk

NORWAY = WorkCalendar("NO")
WEEK = timedelta(days=8)
DAILY = {"choices": [{"kind": "*", "channel": "mail", "way": "daily"}]}
WEEKLY = {"choices": [{"kind": "*", "channel": "mail", "way": "weekly"}]}


def setting(**chosen: Any) -> PersonSetting:
    return PersonSetting(zone="Europe/Oslo", country="NO", **chosen)


def test_over_easter_no_digest_leaves() -> None:
    """N3: Thursday to Monday are closed in Norway; summer time has begun meanwhile."""
    found = next_window(Period.DAILY, setting(), NORWAY, after=datetime(2027, 3, 24, 7, 0, tzinfo=UTC))

    assert found == datetime(2027, 3, 30, 5, 30, tzinfo=UTC)


def test_a_weekly_digest_on_a_holiday_leaves_on_the_next_working_day() -> None:
    """Whit Monday is 17 May in 2027, so Tuesday it is."""
    found = next_window(Period.WEEKLY, setting(), NORWAY, after=datetime(2027, 5, 14, 12, 0, tzinfo=UTC))

    assert found == datetime(2027, 5, 18, 5, 30, tzinfo=UTC)


def test_who_is_on_leave_has_a_digest_on_the_first_day_back() -> None:
    found = next_window(
        Period.DAILY,
        setting(),
        NORWAY,
        after=datetime(2027, 7, 5, 12, 0, tzinfo=UTC),
        back_on=date(2027, 7, 24),  # a Saturday
    )

    assert found == datetime(2027, 7, 26, 5, 30, tzinfo=UTC)


@given(
    st.integers(0, 3 * 365 * 24).map(lambda hour: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hour)),
    st.sampled_from(Period),
    st.integers(0, 1439),
    st.integers(1, 7),
)
def test_a_window_is_ahead_on_a_working_day_at_the_time_that_was_chosen(
    after: datetime, period: Period, minute: int, weekday: int
) -> None:
    chosen = setting(digest_at=minute, digest_weekday=weekday)

    found = next_window(period, chosen, NORWAY, after=after)

    day, at = day_and_minute(found, "Europe/Oslo")
    assert found > after
    assert NORWAY.is_open(day)
    assert at == minute or day.month in {3, 10}
    assert found - after < timedelta(days=19 if period is Period.WEEKLY else 8)
    assert next_window(period, chosen, NORWAY, after=found - timedelta(minutes=1)) == found


def test_the_same_window_makes_the_same_digest() -> None:
    at = datetime(2027, 3, 30, 5, 30, tzinfo=UTC)
    one = digest_id("0192:958935420", UUID(int=1), Period.DAILY, at)

    assert one == digest_id("0192:958935420", UUID(int=1), Period.DAILY, at)
    assert one != digest_id("0192:958935420", UUID(int=1), Period.WEEKLY, at)
    assert one != digest_id("0192:958935420", UUID(int=2), Period.DAILY, at)


async def close(world: World, *, later: timedelta = WEEK) -> None:
    await close_all(world, utc_now() + later)


async def rows(world: World, sql: str) -> list[Any]:
    async with world.database.transaction(world.organisation) as connection:
        return list(await connection.fetch(sql))


async def digests_of(world: World) -> list[dict[str, Any]]:
    found = await rows(
        world,
        "SELECT data FROM notice WHERE type = 'gevinst.notifications.digest-closed.v1' ORDER BY event_id",
    )
    return [json.loads(row["data"]) for row in found]


async def test_what_is_for_the_digest_leaves_in_one_message(world: World) -> None:
    await choose(world.caller("olga"), DAILY)
    await world.hear(world.gate_decided(), world.gate_decided(gate_name="BP4"))

    await close(world)
    await close(world)

    sent = await rows(world, "SELECT event_type, person_id FROM delivery ORDER BY created_at")
    hers = [row["event_type"] for row in sent if row["person_id"] == world.people["olga"]]
    assert hers == ["gevinst.notifications.digest-closed.v1"]
    assert [(one["period"], one["changed_count"]) for one in await digests_of(world)] == [("daily", 2)]


async def test_no_digest_leaves_when_there_is_nothing_to_tell(world: World) -> None:
    await choose(world.caller("olga"), DAILY)

    await close(world)

    assert await digests_of(world) == []


async def test_the_weekly_digest_takes_the_daily_one_along(world: World) -> None:
    """N3: one digest per person."""
    both = {"choices": [*DAILY["choices"], {"kind": "gate-decided", "channel": "mail", "way": "weekly"}]}
    await choose(world.caller("olga"), both)
    await world.hear(
        world.gate_decided(),
        world.event("project-stopped", project_id=world.project_id, stopped_on="2026-11-20"),
    )

    await close(world)

    assert [(one["period"], one["changed_count"]) for one in await digests_of(world)] == [("weekly", 2)]


async def test_what_came_while_one_was_away_leaves_on_the_day_back(world: World) -> None:
    olga = world.caller("olga")
    await olga.post("/absences", json=days(-1, 20))
    await world.hear(world.gate_decided())

    await close(world)
    assert await digests_of(world) == []
    await close(world, later=timedelta(days=30))

    assert [one["changed_count"] for one in await digests_of(world)] == [1]


async def test_who_is_away_when_a_digest_is_due_has_it_later(world: World) -> None:
    olga = world.caller("olga")
    await choose(olga, DAILY)
    await world.hear(world.gate_decided())
    await rows(world, "UPDATE digest_schedule SET next_at = now() - interval '1 minute'")
    entered = await olga.post("/absences", json=days(0, 20))
    assert entered.status_code == 201
    await rows(world, "UPDATE digest_schedule SET next_at = now() - interval '1 minute'")

    await close_all(world, utc_now())

    assert await digests_of(world) == []
    (planned,) = await rows(world, "SELECT next_at FROM digest_schedule WHERE period = 'daily'")
    assert planned["next_at"] > utc_now() + timedelta(days=18)


async def duty(world: World, name: str, *, due_in: int, **members: Any) -> None:
    """A duty that the register keeps."""
    columns = {
        "organisation_id": world.organisation,
        "id": new_id(),
        "kind": "action-due",
        "subject": f"actions/{new_id()}",
        "name": name,
        "project_id": world.project_id,
        "due_on": utc_now().date() + WEEK + timedelta(days=due_in),
        "due_version": 1,
        "set_at": utc_now(),
        "opened_at": utc_now(),
        "state": "open",
        **members,
    }
    names, marks = ", ".join(columns), ", ".join(f"${n}" for n in range(1, len(columns) + 1))
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute(f"INSERT INTO duty ({names}) VALUES ({marks})", *columns.values())


async def test_a_digest_tells_what_is_due_and_what_is_late(world: World) -> None:
    await choose(world.caller("olga"), WEEKLY)
    olga = world.people["olga"]
    await duty(world, "Later", due_in=60, owner_person_id=olga)
    await duty(world, "Due", due_in=3, owner_role="project-owner")
    await duty(world, "Late", due_in=-20, owner_person_id=olga)
    await duty(world, "Done", due_in=-3, owner_person_id=olga, state="done", closed_at=utc_now())
    await duty(world, "Another's", due_in=1, owner_person_id=world.people["magnus"])

    await close(world)

    (one,) = [one for one in await digests_of(world) if one["person_id"] == str(olga)]
    assert [entry["name"] for entry in one["due"]["entries"]] == ["Due"]
    assert [entry["name"] for entry in one["late"]["entries"]] == ["Late"]
    assert one["late"]["entries"][0]["project_name"] == "Digital post"


async def test_who_leads_is_told_what_is_late_under_them_and_by_whom(world: World) -> None:
    """The unit's leader and the office hear weekly, without having chosen anything."""
    await world.person("lea")
    await world.role("lea", Role.UNIT_LEADER, "unit", world.unit_id)
    magnus = world.people["magnus"]
    await duty(world, "Late", due_in=-20, owner_person_id=magnus)
    await duty(world, "Due", due_in=1, owner_person_id=magnus)

    await close(world)

    told = {one["person_id"]: one for one in await digests_of(world)}
    assert set(told) == {str(world.people["lea"]), str(world.people["olle"])}
    (entry,) = told[str(world.people["lea"])]["line"]["entries"]
    assert (entry["name"], entry["owner_name"]) == ("Late", "Magnus")


async def test_who_leads_can_turn_that_section_off(world: World) -> None:
    await choose(
        world.caller("olle"), {"choices": [{"kind": "line-digest", "channel": "mail", "way": "off"}]}
    )
    await duty(world, "Late", due_in=-20, owner_person_id=world.people["magnus"])

    await close(world)

    assert await digests_of(world) == []


async def test_a_long_list_is_cut_and_counted(world: World) -> None:
    """A digest that nobody can read to the end helps nobody."""
    await choose(world.caller("olga"), WEEKLY)
    for number in range(23):
        await duty(world, f"No {number}", due_in=-20, owner_person_id=world.people["olga"])

    await close(world)

    (one,) = [one for one in await digests_of(world) if one["person_id"] == str(world.people["olga"])]
    assert (len(one["late"]["entries"]), one["late"]["count"]) == (20, 23)


@pytest.mark.slow
async def test_while_many_gather_and_many_close_each_item_is_in_one_digest(world: World) -> None:
    """N5: nothing is lost, nothing doubled, no digest empty, whatever the order."""
    for who in ("olga", "magnus", "olle"):
        await choose(world.caller(who), DAILY)
    ahead = iter(range(10_000))

    async def gather() -> None:
        for _ in range(12):
            await world.hear(world.gate_decided())

    async def close_often() -> None:
        for _ in range(25):
            now = utc_now() + timedelta(days=next(ahead))
            await close_due_digests(world.database, now=now, batch=2)
            await asyncio.sleep(0)

    await asyncio.gather(*(gather() for _ in range(4)), *(close_often() for _ in range(3)))
    await close(world, later=timedelta(days=20_000))

    items = await rows(world, "SELECT digest_id FROM inbox_item")
    assert len(items) == 4 * 12 * 3
    assert all(item["digest_id"] is not None for item in items)
    counts = await rows(
        world,
        "SELECT d.item_count, count(i.id) AS found FROM digest d "
        "LEFT JOIN inbox_item i ON i.digest_id = d.id GROUP BY d.id, d.item_count",
    )
    assert all(row["item_count"] == row["found"] > 0 for row in counts)
    mails = await rows(
        world, "SELECT 1 FROM delivery WHERE event_type = 'gevinst.notifications.digest-closed.v1'"
    )
    assert len(mails) == len(counts)


async def test_one_organisations_fault_holds_up_nobody_elses_digests(world: World) -> None:
    """Whichever of them comes first."""
    desks = [Desk(world.desk.app, "notifications", world.desk.installation) for _ in range(2)]
    others = [await make_world(desk, world.database) for desk in desks]
    for one in (world, *others):
        await choose(one.caller("olga"), DAILY)
        await one.hear(one.gate_decided())
    async with world.database.transaction(world.organisation) as connection:
        await connection.execute("UPDATE person_setting SET zone = 'Nowhere'")

    await close_all(world, utc_now() + WEEK)

    for one in others:
        async with world.database.transaction(one.organisation) as connection:
            assert await connection.fetchval("SELECT count(*) FROM digest") == 1
    async with world.database.transaction(world.organisation) as connection:
        assert await connection.fetchval("SELECT count(*) FROM digest") == 0
        await connection.execute("DELETE FROM digest_schedule")
