"""Why people were not told, as it was decided then (N4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Text, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.hearing import Cause, Hearing
from gevinst_notifications.tables.people import silence
from gevinst_shared.db.arrays import arrays_of, given_rows
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event


@dataclass(frozen=True, slots=True)
class Silence:
    """Somebody who was concerned and did not hear at once on a channel; `inbox` is one, too."""

    person_id: UUID
    channel: str
    cause: Cause


_NEW = given_rows("new", person_id=Uuid, channel=Text, cause=Text)
_ADD = Query(
    insert(silence)
    .from_select(
        ["organisation_id", "event_id", "person_id", "channel", "cause", "created_at"],
        select(
            bindparam("organisation_id", type_=Text),
            bindparam("event_id", type_=Uuid),
            _NEW.c.person_id,
            _NEW.c.channel,
            _NEW.c.cause,
            bindparam("now", type_=DateTime(timezone=True)),
        ),
    )
    .on_conflict_do_nothing()
)
_OF_EVENT = Query(
    select(silence).where(silence.c.event_id == bindparam("event")).order_by(silence.c.person_id)
)


async def add_silences(
    connection: Connection, event: Event, hearings: Sequence[Hearing], *, now: datetime
) -> None:
    """Keep who did not hear of the event, where and why."""
    found = [
        (person_id, channel, str(cause))
        for one in hearings
        for channel, cause in one.silences.items()
        for person_id in one.people
    ]
    if found:
        await _ADD.run(
            connection,
            organisation_id=event.organisation,
            event_id=event.id,
            now=now,
            **arrays_of("new", ("person_id", "channel", "cause"), found),
        )


async def list_of_event(connection: Connection, event_id: UUID) -> list[Silence]:
    """Who was concerned and did not hear at once, and why."""
    return [
        Silence(row["person_id"], row["channel"], Cause(row["cause"]))
        for row in await _OF_EVENT.rows(connection, event=event_id)
    ]
