"""Who was told of a fact, where, and why, as it was decided then (N4)."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from gevinst_notifications.domain.hearing import Hearing
from gevinst_notifications.domain.preferences import Period
from gevinst_notifications.domain.rules import Reason
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.inbox import inbox_item, notice
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event

_EVENT = Query(select(notice).where(notice.c.event_id == bindparam("event_id")))
_ITEMS = Query(
    select(inbox_item.c.person_id, inbox_item.c.reasons, inbox_item.c.digest, delivery.c.due_at)
    .outerjoin(
        delivery,
        (delivery.c.organisation_id == inbox_item.c.organisation_id)
        & (delivery.c.event_id == inbox_item.c.event_id)
        & (delivery.c.person_id == inbox_item.c.person_id)
        & (delivery.c.channel == "mail"),
    )
    .where(inbox_item.c.event_id == bindparam("event_id"))
    .order_by(inbox_item.c.person_id)
)


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as it was told, and who has it in the inbox."""

    event: Event
    hearings: list[Hearing]


async def find_told(connection: Connection, event_id: UUID) -> Told | None:
    """The fact with those who were told; None when nobody ever was."""
    row = await _EVENT.find(connection, event_id=event_id)
    if row is None:
        return None
    event = Event(
        row["event_id"],
        row["organisation_id"],
        row["type"],
        row["subject"],
        row["occurred_at"],
        json.loads(row["data"]),
    )
    found = [
        Hearing(
            (one["person_id"],),
            tuple(Reason(reason) for reason in one["reasons"]),
            mail_at=one["due_at"],
            digest=None if one["digest"] is None else Period(one["digest"]),
        )
        for one in await _ITEMS.rows(connection, event_id=event_id)
    ]
    return Told(event, found)
