"""The register of an organisation's deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, DateTime, Text, bindparam, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import (
    MAIL_SERVER,
    Attempt,
    Channel,
    Delivery,
    DeliveryState,
)
from gevinst_notifications.store.delivery_queue import Queued, queued_from
from gevinst_notifications.tables.deliveries import delivery, delivery_attempt
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.arrays import given_rows, new_ids
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
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
        destination=c.destination,
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


def _attempt_document(c: Columns) -> ColumnElement[Any]:
    """`AttemptOut`, as PostgreSQL writes it."""
    return document(id=c.id, number=c.number, at=moment(c.at), outcome=c.outcome, code=c.code, text=c.text)


ATTEMPTS = Listing(
    delivery_attempt,
    _attempt_document,
    filters={"delivery": delivery_attempt.c.delivery_id},
    sorts={"id": delivery_attempt.c.id},
)
LISTING = Listing(
    delivery,
    delivery_document,
    filters={"state": delivery.c.state, "channel": delivery.c.channel, "person": delivery.c.person_id},
    sorts={"id": delivery.c.id, "due": delivery.c.due_at},
)
_KEY = ("organisation_id", "event_id", "person_id", "channel")
_NEW = given_rows("new", id=Uuid, event_id=Uuid, subject=Text, person_id=Uuid, due_at=DateTime(timezone=True))
# One statement for all, however many they are, in the order of the key.
_ADD_MAILS = Query(
    insert(delivery).from_select(
        [
            *_KEY,
            "id",
            "destination",
            "event_type",
            "subject",
            "state",
            "due_at",
            "attempts",
            "may_be_duplicate",
            "created_at",
        ],
        select(
            bindparam("organisation_id", type_=Text),
            _NEW.c.event_id,
            _NEW.c.person_id,
            literal_column(f"'{Channel.MAIL}'"),
            _NEW.c.id,
            literal_column(f"'{MAIL_SERVER}'"),
            bindparam("event_type", type_=Text),
            _NEW.c.subject,
            literal_column(f"'{DeliveryState.PENDING}'"),
            _NEW.c.due_at,
            literal_column("0"),
            literal_column("false"),
            bindparam("now", type_=DateTime(timezone=True)),
        ).order_by(_NEW.c.event_id, _NEW.c.person_id),
    )
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
_SENT = Query(
    select(delivery)
    .where(
        delivery.c.id == bindparam("id"),
        literal_column(f"state = '{DeliveryState.SENT}'", Boolean),
    )
    .with_for_update()
)
_FAIL = Query(
    update(delivery)
    .values(
        state=bindparam("became"),
        last_outcome=bindparam("outcome"),
        last_code=None,
        last_text=bindparam("text"),
        revision=delivery.c.revision + 1,
    )
    .where(delivery.c.id == bindparam("delivery", type_=Uuid))
)
_RECORD = outbox.record()


@dataclass(frozen=True, slots=True)
class NewMail:
    """A mail to be sent to some people: of which notice, and not before when."""

    event_id: UUID
    subject: str
    people: Sequence[UUID]
    due_at: datetime


async def add_mails(
    connection: Connection, organisation: str, event_type: str, mails: Sequence[NewMail], *, now: datetime
) -> None:
    """Queue mails of notices of one type, which were added in this transaction: none has a mail yet (N5)."""
    people = [person_id for one in mails for person_id in one.people]
    if people:
        each = [one for one in mails for _ in one.people]
        await _ADD_MAILS.run(
            connection,
            organisation_id=organisation,
            event_type=event_type,
            now=now,
            new_id=new_ids(len(people)),
            new_event_id=[one.event_id for one in each],
            new_subject=[one.subject for one in each],
            new_person_id=people,
            new_due_at=[one.due_at for one in each],
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


async def find_sent(connection: Connection, delivery_id: UUID) -> Queued | None:
    """The delivery, held until the transaction ends, when it was sent."""
    row = await _SENT.find(connection, id=delivery_id)
    return None if row is None else queued_from(row)


async def fail(connection: Connection, held: Queued, after: Delivery, attempt: Attempt) -> None:
    """Store that a delivery which was sent did not arrive."""
    await _FAIL.run(
        connection,
        delivery=held.id,
        became=str(after.state),
        outcome=str(attempt.outcome),
        text=attempt.text,
    )


async def announce(
    connection: Connection,
    record: Mapping[str, Any],
    *,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> None:
    """Write the event and the audit row of what became of a delivery or an item."""
    await _RECORD.find(connection, **record, before=before, after=after)


@dataclass(frozen=True, slots=True)
class Announced:
    """One change: the parameters that `recorded` made, and what was before and after."""

    record: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]


async def announce_all(connection: Connection, changes: Sequence[Announced]) -> None:
    """Write the events and the audit rows of several changes."""
    if changes:
        await _RECORD.run_many(
            connection, [{**one.record, "before": one.before, "after": one.after} for one in changes]
        )
