"""What a mail is made of, at the moment when it is sent."""

import json
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select

from gevinst_notifications.store.delivery_queue import Queued
from gevinst_notifications.tables.inbox import inbox_item, notice
from gevinst_notifications.tables.register import organisation, person
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail is made of: what happened, why the person hears of it, and who they are now."""

    event: Event
    reasons: tuple[str, ...]
    name: str
    email: str | None
    language: str | None
    organisation_name: str


_WORDS = Query(
    select(
        notice,
        inbox_item.c.reasons,
        person.c.name,
        person.c.email,
        person.c.language,
        organisation.c.language.label("organisation_language"),
        func.coalesce(organisation.c.name, notice.c.organisation_id).label("organisation_name"),
    )
    .join(
        inbox_item,
        (inbox_item.c.organisation_id == notice.c.organisation_id)
        & (inbox_item.c.event_id == notice.c.event_id),
    )
    .join(
        person,
        (person.c.organisation_id == inbox_item.c.organisation_id) & (person.c.id == inbox_item.c.person_id),
    )
    .outerjoin(organisation, organisation.c.organisation_id == notice.c.organisation_id)
    .where(notice.c.event_id == bindparam("event"), person.c.id == bindparam("person"))
)


async def find_words(connection: Connection, held: Queued) -> Words | None:
    """What the mail says and to whom; None when the person is no longer known."""
    key = held.delivery.key
    row = await _WORDS.find(connection, event=key.event_id, person=key.person_id)
    if row is None:
        return None
    event = Event(
        id=row["event_id"],
        organisation=row["organisation_id"],
        type=row["type"],
        subject=row["subject"],
        time=row["occurred_at"],
        data=json.loads(row["data"]),
    )
    return Words(
        event=event,
        reasons=tuple(row["reasons"]),
        name=row["name"],
        email=row["email"],
        language=row["language"] or row["organisation_language"],
        organisation_name=row["organisation_name"],
    )
