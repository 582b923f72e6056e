"""A person's duties as a calendar that they subscribe to: opened, read with its ticket, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from gevinst_notifications.clients.mail_texts import catalogues
from gevinst_notifications.domain.calendar_feed import MOST_FEEDS, Calendar, Entry, TooManyFeeds
from gevinst_notifications.domain.duties.kinds import DutyState, PersonsDuty
from gevinst_notifications.domain.members import Term
from gevinst_notifications.domain.wording import Catalogue, formatted, language_of
from gevinst_notifications.events.calendar_feeds import CalendarFeedOpened, CalendarFeedRevoked
from gevinst_notifications.store import calendar_feeds, deliveries, duties, people
from gevinst_notifications.store.calendar_feeds import FEEDS
from gevinst_notifications.usecases.reading import get_reader
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_there
from gevinst_shared.values.refusal import Unknown

# What is over stays for so long, so that a calendar which is read seldom sees it cancelled.
_LOOKS_BACK = timedelta(days=90)
_MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a calendar says of ourselves: our own address, and where people see a record."""

    public_url: str
    record_url: str | None = None

    @property
    def domain(self) -> str:
        return urlsplit(self.public_url).hostname or "gevinst"


async def open_feed(work: Work, name: str) -> tuple[UUID, Stored]:
    """Open a calendar of the caller's own duties."""
    reader = await get_reader(work)
    if await calendar_feeds.count_of(work.connection, reader.person_id) >= MOST_FEEDS:
        raise TooManyFeeds(limit=MOST_FEEDS)
    feed_id = new_id()
    values = {
        "id": feed_id,
        "person_id": reader.person_id,
        "name": name,
        "created_at": work.now,
    }
    fact = CalendarFeedOpened(feed_id, reader.person_id)
    record = recorded(work, fact, subject=subject_of("calendar-feeds", feed_id))
    return feed_id, await FEEDS.add(work.connection, values, record)


async def revoke_feed(work: Work, feed_id: UUID, *, expected: int) -> bool:
    """Take the caller's calendar back: its address leads nowhere any more. False at another revision."""
    row = await _own(work, feed_id)
    if not await calendar_feeds.drop(work.connection, feed_id, expected=expected):
        return False
    fact = CalendarFeedRevoked(feed_id, row["person_id"])
    record = recorded(work, fact, subject=subject_of("calendar-feeds", feed_id))
    await deliveries.announce(work.connection, record, before={"name": row["name"]}, after={})
    return True


async def get_feed(work: Work, feed_id: UUID) -> Stored:
    """The caller's own calendar; anybody else's is as good as none."""
    await _own(work, feed_id)
    return await FEEDS.get(work.connection, feed_id)


async def find_calendar(
    connection: Connection, organisation: str, feed_id: UUID, around: Surroundings, *, now: datetime
) -> Calendar | None:
    """The calendar as it is to be read now, in its person's language; None when it was taken back."""
    feed = await calendar_feeds.find(connection, feed_id)
    if feed is None:
        return None
    setting = (await people.find_setting(connection, [feed.person_id]))[feed.person_id]
    today = day_there(organisation, now)
    found = await duties.list_of_person(
        connection,
        feed.person_id,
        today=today,
        since=today - _LOOKS_BACK,
        states=tuple(DutyState),
        limit=_MOST_ENTRIES,
    )
    catalogue = catalogues()[language_of(setting.language)]
    entries = tuple(_entry(duty, catalogue, around.record_url) for duty in found)
    return Calendar(feed.name, catalogue.language, around.domain, setting.zone, entries)


def _entry(duty: PersonsDuty, catalogue: Catalogue, record_url: str | None) -> Entry:
    kind = formatted(Term("duties", duty.kind), catalogue)
    label = catalogue.labels["project_name"]
    project = "" if duty.project_name is None else f"{label}: {duty.project_name}"
    return Entry(
        id=duty.id,
        day=duty.due_on,
        due_version=duty.due_version,
        title=f"{kind[:1].upper()}{kind[1:]}: {duty.name}",
        description=project,
        category=duty.kind,
        is_over=duty.state is not DutyState.OPEN,
        link=None if record_url is None else record_url.replace("{subject}", duty.subject),
    )


async def _own(work: Work, feed_id: UUID) -> dict[str, Any]:
    reader = await get_reader(work)
    row = await FEEDS.row(work.connection, feed_id)
    if row["person_id"] != reader.person_id:
        raise Unknown
    return row
