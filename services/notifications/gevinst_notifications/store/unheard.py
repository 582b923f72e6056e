"""Facts that nobody was told of, and why: for a while (N4)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert

from gevinst_notifications.domain.explanations import Unheard
from gevinst_notifications.tables.inbox import unheard_event
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event


@dataclass(frozen=True, slots=True)
class UnheardEvent:
    """A fact as far as it is kept."""

    event: Event
    cause: Unheard


_before: Any = bindparam("before", type_=DateTime(timezone=True))
# What another worker is forgetting already is passed over: the two would wait for each other in a circle.
_old = (
    select(unheard_event.c.event_id)
    .where(unheard_event.c.kept_at < _before)
    .limit(100)
    .with_for_update(skip_locked=True)
)
_KEEP = Query(
    insert(unheard_event)
    .values({column.name: bindparam(column.name) for column in unheard_event.columns})
    .on_conflict_do_nothing()
    .add_cte(delete(unheard_event).where(unheard_event.c.event_id.in_(_old)).cte("forgotten"))
)
_FIND = Query(select(unheard_event).where(unheard_event.c.event_id == bindparam("event_id")))


async def keep(
    connection: Connection, event: Event, cause: Unheard, *, now: datetime, before: datetime
) -> None:
    """Keep that nobody was told of the event, and forget what was kept before a moment."""
    await _KEEP.run(
        connection,
        organisation_id=event.organisation,
        event_id=event.id,
        type=event.type,
        subject=event.subject,
        occurred_at=event.time,
        cause=str(cause),
        kept_at=now,
        before=before,
    )


async def find(connection: Connection, event_id: UUID) -> UnheardEvent | None:
    """The event, if it was read in the last while and nobody was told; without its data."""
    row = await _FIND.find(connection, event_id=event_id)
    if row is None:
        return None
    event = Event(
        row["event_id"], row["organisation_id"], row["type"], row["subject"], row["occurred_at"], {}
    )
    return UnheardEvent(event, Unheard(row["cause"]))
