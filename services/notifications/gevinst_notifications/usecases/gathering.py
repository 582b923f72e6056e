"""Gathering for digests: whose next one must leave when."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from gevinst_notifications.domain.absences import Absence
from gevinst_notifications.domain.digests import LEADING, next_window
from gevinst_notifications.domain.preferences import Period
from gevinst_notifications.store import digests, people
from gevinst_notifications.store.digests import Window
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.organisation import day_there

_ASSIGNED = "gevinst.portfolio.role-assigned.v1"


async def expect_digests(
    connection: Connection, organisation: str, gathered: Mapping[UUID, Period], *, now: datetime
) -> None:
    """See to it that what was gathered for each person leaves with their next digest of that period."""
    if gathered:
        windows = await list_next_windows(connection, organisation, list(gathered.items()), now=now)
        await digests.expect(connection, organisation, windows)


async def expect_leaders_digest(connection: Connection, event: Event, *, now: datetime) -> None:
    """Who is given a role that leads others has a weekly digest coming: what is late under them."""
    if event.type == _ASSIGNED and event.data.get("role") in frozenset(LEADING):
        person_id = UUID(event.data["person_id"])
        await expect_digests(connection, event.organisation, {person_id: Period.WEEKLY}, now=now)


async def list_next_windows(
    connection: Connection, organisation: str, wanted: list[tuple[UUID, Period]], *, now: datetime
) -> list[Window]:
    """When the next digest of each person and period leaves: after their leave when they are away."""
    known = await people.find_setting(connection, {person_id for person_id, _ in wanted})
    absences: Mapping[UUID, Absence] = await people.list_absent(connection, day_there(organisation, now))
    calendars = await people.load_calendars(connection)
    found = []
    for person_id, period in wanted:
        setting = known.get(person_id)
        if setting is not None:
            away = absences.get(person_id)
            at = next_window(
                period,
                setting,
                calendars(setting.country),
                after=now,
                back_on=None if away is None else away.back_on,
            )
            found.append(Window(person_id, period, at))
    return found


async def move_digests(connection: Connection, organisation: str, person_id: UUID, *, now: datetime) -> None:
    """See to it that the person's digests leave when they are to leave now, also what was planned before."""
    setting = (await people.find_setting(connection, [person_id]))[person_id]
    chosen = {Period(way) for ways in setting.ways.values() for way in ways.values() if way in {*Period}}
    planned = await digests.list_planned(connection, person_id)
    wanted = [(person_id, period) for period in sorted(chosen | planned)]
    windows = await list_next_windows(connection, organisation, wanted, now=now)
    await digests.move(connection, organisation, windows)
