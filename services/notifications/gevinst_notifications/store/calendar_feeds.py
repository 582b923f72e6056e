"""Calendars that people subscribe to."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, delete, func, select

from gevinst_notifications.tables.calendar_feeds import calendar_feed
from gevinst_notifications.tables.register import person
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


@dataclass(frozen=True, slots=True)
class Feed:
    """Whose calendar it is, and what they called it."""

    person_id: UUID
    name: str


def feed_document(c: Columns) -> ColumnElement[Any]:
    """`CalendarFeedOut` without the address, which is made from keys that the database does not know."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        name=c.name,
        created_at=moment(c.created_at),
        revision=c.revision,
    )


FEEDS = Records(outbox, calendar_feed, feed_document, changeable=())
LISTING = Listing(
    calendar_feed,
    feed_document,
    filters={"person": calendar_feed.c.person_id},
    sorts={"id": calendar_feed.c.id},
)
# Only of people who are still known: who was erased has no calendar.
_FIND = Query(
    select(calendar_feed.c.person_id, calendar_feed.c.name)
    .join(
        person,
        (person.c.organisation_id == calendar_feed.c.organisation_id)
        & (person.c.id == calendar_feed.c.person_id),
    )
    .where(calendar_feed.c.id == bindparam("id"))
)
_COUNT = Query(
    select(func.count()).select_from(calendar_feed).where(calendar_feed.c.person_id == bindparam("person"))
)
_DROP = Query(
    delete(calendar_feed).where(
        calendar_feed.c.id == bindparam("id"), calendar_feed.c.revision == bindparam("expected")
    )
)


async def find(connection: Connection, feed_id: UUID) -> Feed | None:
    """The feed; None when its address was taken back."""
    row = await _FIND.find(connection, id=feed_id)
    return None if row is None else Feed(row["person_id"], row["name"])


async def count_of(connection: Connection, person_id: UUID) -> int:
    return int(await _COUNT.value(connection, person=person_id))


async def drop(connection: Connection, feed_id: UUID, *, expected: int) -> bool:
    """Take the address back; False when it is not at revision `expected` any more."""
    return bool(await _DROP.run(connection, id=feed_id, expected=expected))
