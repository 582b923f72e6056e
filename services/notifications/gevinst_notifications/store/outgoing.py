"""What goes to endpoints: the facts that are kept for them, and a delivery for each."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, DateTime, Text, Uuid, any_, bindparam, delete, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from gevinst_notifications.domain.deliveries import Channel, DeliveryState
from gevinst_notifications.store.deliveries import delivery_document
from gevinst_notifications.tables.deliveries import delivery, delivery_attempt
from gevinst_notifications.tables.endpoints import outgoing_event
from gevinst_shared.db.arrays import arrays_of, given_rows, new_ids
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.feed.envelope import Event, wire
from gevinst_shared.feed.outbox import Columns


@dataclass(frozen=True, slots=True)
class Wanted:
    """An endpoint that is to be sent something."""

    endpoint_id: UUID
    channel: Channel
    host: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A fact as it came, and the names that it does not bring itself."""

    event: Event
    names: Mapping[str, Any]


_KEEP = Query(
    insert(outgoing_event)
    .values({column.name: bindparam(column.name) for column in outgoing_event.columns})
    .on_conflict_do_nothing()
)
_FIND = Query(
    select(outgoing_event).where(outgoing_event.c.event_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
# What another worker is forgetting already is passed over: the two would wait for each other in a circle.
_OLD = (
    select(outgoing_event.c.event_id)
    .where(outgoing_event.c.kept_at < bindparam("before"))
    .limit(1000)
    .with_for_update(skip_locked=True)
)
_DROP = Query(delete(outgoing_event).where(outgoing_event.c.event_id.in_(_OLD)))
_NEW = given_rows("new", id=Uuid, endpoint_id=Uuid, channel=Text, destination=Text)
_VALUES = {
    "organisation_id": bindparam("organisation_id", type_=Text),
    "event_id": bindparam("event_id", type_=Uuid),
    "person_id": _NEW.c.endpoint_id,
    "channel": _NEW.c.channel,
    "destination": _NEW.c.destination,
    "id": _NEW.c.id,
    "event_type": bindparam("event_type", type_=Text),
    "subject": bindparam("subject", type_=Text),
    "state": literal_column(f"'{DeliveryState.PENDING}'"),
    "due_at": bindparam("now", type_=DateTime(timezone=True)),
    "attempts": literal_column("0"),
    "may_be_duplicate": literal_column("false"),
    "created_at": bindparam("now", type_=DateTime(timezone=True)),
}
_INSERT = insert(delivery).from_select(list(_VALUES), select(*_VALUES.values())).on_conflict_do_nothing()
_ADD_ALL = Query(_INSERT)
_ADD = Query(_INSERT.returning(delivery_document(delivery.c)))


def attempt_document(c: Columns) -> ColumnElement[Any]:
    """`EndpointAttemptOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        delivery_id=c.delivery_id,
        event_id=c.event_id,
        event_type=c.event_type,
        number=c.number,
        at=moment(c.at),
        outcome=c.outcome,
        code=c.code,
        text=c.text,
    )


_ATTEMPT = (
    select(delivery_attempt, delivery.c.event_id, delivery.c.event_type, delivery.c.person_id)
    .join(
        delivery,
        (delivery.c.organisation_id == delivery_attempt.c.organisation_id)
        & (delivery.c.id == delivery_attempt.c.delivery_id),
    )
    .subquery("attempt")
)
ATTEMPTS = Listing(
    _ATTEMPT,
    attempt_document,
    filters={"endpoint": _ATTEMPT.c.person_id, "outcome": _ATTEMPT.c.outcome},
    sorts={"id": _ATTEMPT.c.id},
)


async def keep(connection: Connection, event: Event, names: Mapping[str, Any], *, now: datetime) -> None:
    """Keep the fact for as long as it may have to be sent; one that is there stays as it is."""
    await _KEEP.run(
        connection,
        organisation_id=event.organisation,
        event_id=event.id,
        type=event.type,
        subject=event.subject,
        occurred_at=event.time,
        data=_json(event.data),
        names=_json(names),
        kept_at=now,
    )


async def add_deliveries(
    connection: Connection, event: Event, wanted: Sequence[Wanted], *, now: datetime
) -> None:
    """A delivery to each endpoint; one that was there already stays as it is (N5)."""
    if wanted:
        await _ADD_ALL.run(connection, **_deliveries(event, wanted, now))


async def add_delivery(
    connection: Connection, event: Event, wanted: Wanted, *, now: datetime
) -> tuple[UUID, str]:
    """The id and the JSON of a new delivery to the endpoint."""
    values = _deliveries(event, [wanted], now)
    return values["new_id"][0], str(await _ADD.value(connection, **values))


async def find(connection: Connection, event_ids: Iterable[UUID]) -> Mapping[UUID, Outgoing]:
    """Those of the facts that are kept; the others were too old."""
    rows = await _FIND.rows(connection, ids=list(event_ids))
    return {row["event_id"]: _outgoing(row) for row in rows}


def _outgoing(row: asyncpg.Record) -> Outgoing:
    event = Event(
        id=row["event_id"],
        organisation=row["organisation_id"],
        type=row["type"],
        subject=row["subject"],
        time=row["occurred_at"],
        data=json.loads(row["data"]),
    )
    return Outgoing(event, json.loads(row["names"]))


async def drop_older(connection: Connection, *, before: datetime) -> None:
    """Forget the organisation's facts that were kept before then."""
    await _DROP.run(connection, before=before)


def _deliveries(event: Event, wanted: Sequence[Wanted], now: datetime) -> dict[str, Any]:
    rows = [(one.endpoint_id, str(one.channel), one.host) for one in wanted]
    return {
        "organisation_id": event.organisation,
        "event_id": event.id,
        "event_type": event.type,
        "subject": event.subject,
        "now": now,
        "new_id": new_ids(len(rows)),
        **arrays_of("new", ("endpoint_id", "channel", "destination"), rows),
    }


def _json(value: Mapping[str, Any]) -> RawJson:
    return RawJson(json.dumps(dict(value), default=wire, ensure_ascii=False))
