"""The register of an organisation's deliveries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Text, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import Channel, Delivery, DeliveryState
from gevinst_notifications.domain.messages import Recipient
from gevinst_notifications.store.delivery_queue import Queued, queued_from
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.register import person
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


def delivery_document(c: Columns) -> ColumnElement[Any]:
    """`DeliveryOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        event_id=c.event_id,
        event_type=c.event_type,
        subject=c.subject,
        person_id=c.person_id,
        channel=c.channel,
        state=c.state,
        due_at=moment(c.due_at),
        attempts=c.attempts,
        lease_until=moment(c.lease_until),
        may_be_duplicate=c.may_be_duplicate,
        last_outcome=c.last_outcome,
        last_code=c.last_code,
        last_text=c.last_text,
        sent_at=moment(c.sent_at),
        created_at=moment(c.created_at),
        revision=c.revision,
    )


LISTING = Listing(
    delivery,
    delivery_document,
    filters={"state": delivery.c.state, "channel": delivery.c.channel, "person": delivery.c.person_id},
    sorts={"id": delivery.c.id, "due": delivery.c.due_at},
)
_KEY = ("organisation_id", "event_id", "person_id", "channel")
_ADD = Query(
    insert(delivery)
    .from_select(
        [
            *_KEY,
            "id",
            "event_type",
            "subject",
            "state",
            "due_at",
            "attempts",
            "may_be_duplicate",
            "created_at",
        ],
        select(
            person.c.organisation_id,
            bindparam("event_id", type_=Uuid),
            person.c.id,
            bindparam("channel", type_=Text),
            bindparam("id", type_=Uuid),
            bindparam("event_type", type_=Text),
            bindparam("subject", type_=Text),
            literal_column(f"'{DeliveryState.PENDING}'"),
            bindparam("now", type_=DateTime(timezone=True)),
            literal_column("0"),
            literal_column("false"),
            bindparam("now", type_=DateTime(timezone=True)),
        ).where(person.c.id == bindparam("person_id"), person.c.email.is_not(None)),
    )
    .on_conflict_do_nothing()
)
_GET = Query(
    select(delivery_document(delivery.c).label("document"), delivery.c.revision).where(
        delivery.c.id == bindparam("id")
    )
)
_FIND = Query(select(delivery).where(delivery.c.id == bindparam("id")).with_for_update())
_REPLAY = Query(
    update(delivery)
    .values(
        state=bindparam("state"),
        attempts=bindparam("attempts"),
        due_at=bindparam("due_at"),
        revision=delivery.c.revision + 1,
    )
    .where(delivery.c.id == bindparam("delivery", type_=Uuid), delivery.c.revision == bindparam("expected"))
    .returning(delivery_document(delivery.c).label("document"), delivery.c.revision)
)
_RECORD = outbox.record()


async def add_deliveries(
    connection: Connection, event: Event, recipients: Sequence[Recipient], *, now: datetime
) -> None:
    """A mail to each recipient who has an address; one that was there already stays as it is."""
    shared = {"event_id": event.id, "event_type": event.type, "subject": event.subject, "now": now}
    await _ADD.run_many(
        connection,
        [
            {**shared, "id": new_id(), "channel": str(Channel.MAIL), "person_id": who.person_id}
            for who in recipients
        ],
    )


async def get_document(connection: Connection, delivery_id: UUID) -> Stored:
    """The delivery's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=delivery_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_delivery(connection: Connection, delivery_id: UUID) -> Queued:
    """The delivery, held until the transaction ends, or `Unknown`."""
    row = await _FIND.find(connection, id=delivery_id)
    if row is None:
        raise Unknown
    return queued_from(row)


async def replay(
    connection: Connection, delivery_id: UUID, after: Delivery, *, expected: int
) -> Stored | None:
    """Store the replayed delivery; None when it is not at revision `expected` any more."""
    row = await _REPLAY.find(
        connection,
        delivery=delivery_id,
        state=str(after.state),
        attempts=after.attempts,
        due_at=after.due_at,
        expected=expected,
    )
    return None if row is None else Stored(row["document"], row["revision"])


async def announce(
    connection: Connection,
    record: Mapping[str, Any],
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Write the event and the audit row of what became of a delivery or an item."""
    await _RECORD.find(connection, **record, before=before, after=after)
