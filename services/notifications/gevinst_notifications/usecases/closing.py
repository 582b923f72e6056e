"""Closing digests: what was gathered, what is due and what is late, in one message each (N3)."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from gevinst_notifications.domain.absences import Absence
from gevinst_notifications.domain.digests import AHEAD, TYPE, digest_id
from gevinst_notifications.domain.preferences import LINE_DIGEST, Period, PersonSetting, Way
from gevinst_notifications.domain.quiet_hours import next_open
from gevinst_notifications.store import deliveries, digest_duties, digests, inbox, people
from gevinst_notifications.store.deliveries import NewMail
from gevinst_notifications.store.digest_duties import Section
from gevinst_notifications.store.digests import Closed, Window
from gevinst_notifications.usecases.gathering import list_next_windows
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.organisation import day_there

_ORGANISATIONS = 100
_log = logging.getLogger(__name__)


async def close_due_digests(database: Database, *, now: datetime, batch: int = 1000) -> int:
    """Close up to `batch` digests of each organisation that has some due; how many were looked at.

    Any number of workers may do so: what one closes the others pass over.
    """
    async with database.queue() as queue:
        organisations = await digests.list_due_organisations(queue, now=now, limit=_ORGANISATIONS)
    return sum([await _close_of(database, one, now=now, limit=batch) for one in organisations])


async def _close_of(database: Database, organisation: str, *, now: datetime, limit: int) -> int:
    try:
        async with database.transaction(organisation) as connection:
            return await _close_some(connection, organisation, now=now, limit=limit)
    except (ConnectionError, asyncpg.PostgresConnectionError):
        raise
    except Exception:  # one organisation's fault must not hold up the others
        _log.exception("digests not closed", extra={"organisation": organisation})
        return 0


async def _close_some(connection: Connection, organisation: str, *, now: datetime, limit: int) -> int:
    due = await digests.lock_due(connection, now=now, limit=limit)
    today = day_there(organisation, now)
    settings = await people.find_setting(connection, {window.person_id for window in due})
    absences = await people.list_absent(connection, today)
    leaving = _leaving(organisation, due, settings, absences)
    known = await digests.list_known(connection, leaving)
    leaving = {one: window for one, window in leaving.items() if one not in known}
    counts = await digests.close_items(connection, leaving)
    sections = await _list_sections(connection, leaving, settings, today=today)
    closed = [
        Closed(one, window, counts.get(window.person_id, 0))
        for one, window in leaving.items()
        if window.person_id in counts or window.person_id in sections
    ]
    await digests.add_digests(connection, organisation, closed, now=now)
    await _tell(connection, organisation, closed, sections, settings, now=now)
    wanted = [(window.person_id, window.period) for window in due]
    windows = await list_next_windows(connection, organisation, wanted, now=now)
    await digests.move(connection, organisation, windows)
    return len(due)


def _leaving(
    organisation: str,
    due: Sequence[Window],
    settings: Mapping[UUID, PersonSetting],
    absences: Mapping[UUID, Absence],
) -> dict[UUID, Window]:
    """One digest per person, by its id: the weekly one takes the daily one along. None to who is away."""
    chosen: dict[UUID, Window] = {}
    for window in due:
        is_here = window.person_id in settings and window.person_id not in absences
        if is_here and (window.person_id not in chosen or window.period is Period.WEEKLY):
            chosen[window.person_id] = window
    return {digest_id(organisation, one.person_id, one.period, one.at): one for one in chosen.values()}


async def _list_sections(
    connection: Connection,
    leaving: Mapping[UUID, Window],
    settings: Mapping[UUID, PersonSetting],
    *,
    today: date,
) -> dict[UUID, dict[str, Section]]:
    """What is due and late to each reader and under them; by person, where there is any."""
    until = {one.person_id: today + timedelta(days=AHEAD[one.period]) for one in leaving.values()}
    due, late = await digest_duties.list_own(connection, until, today=today)
    led = [
        one.person_id
        for one in leaving.values()
        if settings[one.person_id].ways.get(LINE_DIGEST, {}).get("mail", Way.WEEKLY) == str(one.period)
    ]
    line = await digest_duties.list_in_line(connection, led, today=today)
    found: dict[UUID, dict[str, Section]] = {}
    for name, by_person in (("late", late), ("due", due), ("line", line)):
        for person_id, section in by_person.items():
            found.setdefault(person_id, {})[name] = section
    return found


async def _tell(
    connection: Connection,
    organisation: str,
    closed: Sequence[Closed],
    sections: Mapping[UUID, Mapping[str, Section]],
    settings: Mapping[UUID, PersonSetting],
    *,
    now: datetime,
) -> None:
    notices = [
        Event(
            id=one.id,
            organisation=organisation,
            type=TYPE,
            subject=f"digests/{one.id}",
            time=now,
            data={
                "period": one.window.period,
                "person_id": one.window.person_id,
                "changed_count": one.item_count,
                **{
                    name: {"count": section.count, "entries": section.entries}
                    for name, section in sections.get(one.window.person_id, {}).items()
                },
            },
        )
        for one in closed
    ]
    await inbox.add_notices(connection, notices, now=now)
    calendars = await people.load_calendars(connection)
    mails = []
    for one in closed:
        person = settings[one.window.person_id]
        if person.has_address:
            due_at = next_open(now, calendars(person.country), person.zone, person.quiet)
            mails.append(NewMail(one.id, f"digests/{one.id}", [one.window.person_id], due_at))
    await deliveries.add_mails(connection, organisation, TYPE, mails, now=now)
