"""Deliveries: a queue over all organisations, and a register for each."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    bindparam,
    func,
    literal_column,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import (
    CLAIMABLE,
    Attempt,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
)
from gevinst_notifications.domain.messages import Recipient
from gevinst_notifications.tables import delivery, inbox_item, notice, organisation, outbox, person
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import Event
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery with its row's owner and address."""

    organisation: str
    id: UUID
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail is made of: what happened, why the person hears of it, and who they are now."""

    event: Event
    reasons: tuple[str, ...]
    name: str
    email: str | None
    language: str | None
    organisation_name: str


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
_CLAIMABLE = literal_column(
    "state IN ({})".format(", ".join(f"'{state}'" for state in sorted(CLAIMABLE))), Boolean
)
_DUE = (
    select(*(delivery.c[name] for name in _KEY))
    .where(_CLAIMABLE, delivery.c.due_at <= bindparam("now"))
    .order_by(delivery.c.due_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = Query(
    update(delivery)
    .values(
        state=literal_column(f"'{DeliveryState.LEASED}'"),
        attempts=delivery.c.attempts + 1,
        lease_until=bindparam("lease_until"),
        revision=delivery.c.revision + 1,
    )
    .where(tuple_(*(delivery.c[name] for name in _KEY)) == tuple_(*(_DUE.c[name] for name in _KEY)))
    .returning(delivery)
)
_LOST = Query(
    select(delivery)
    .where(
        literal_column(f"state = '{DeliveryState.LEASED}'", Boolean),
        delivery.c.lease_until <= bindparam("now"),
    )
    .limit(bindparam("limit"))
)
# N5: the fence. Whoever lost the lease meanwhile finds no row and changes nothing.
_HELD = (
    delivery.c.organisation_id == bindparam("organisation"),
    delivery.c.event_id == bindparam("event", type_=Uuid),
    delivery.c.person_id == bindparam("person", type_=Uuid),
    delivery.c.channel == bindparam("by", type_=Text),
    delivery.c.attempts == bindparam("attempt", type_=Integer),
    literal_column(f"delivery.state = '{DeliveryState.LEASED}'", Boolean),
)
_SETTLE = Query(
    update(delivery)
    .values(
        state=bindparam("state"),
        due_at=bindparam("due_at"),
        lease_until=None,
        may_be_duplicate=bindparam("may_be_duplicate"),
        last_outcome=bindparam("last_outcome"),
        last_code=bindparam("last_code"),
        last_text=bindparam("last_text"),
        sent_at=bindparam("sent_at"),
        revision=delivery.c.revision + 1,
    )
    .where(*_HELD)
)
_RELEASE = Query(
    update(delivery)
    .values(
        state=literal_column(f"'{DeliveryState.PENDING}'"),
        attempts=delivery.c.attempts - 1,
        lease_until=None,
        revision=delivery.c.revision + 1,
    )
    .where(*_HELD)
)
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


async def claim(queue: Connection, *, now: datetime, lease_until: datetime, limit: int) -> list[Queued]:
    """Lease up to `limit` deliveries that are due, of any organisation; others' claims are passed over."""
    return [_queued(row) for row in await _CLAIM.rows(queue, now=now, lease_until=lease_until, limit=limit)]


async def list_lost(queue: Connection, *, now: datetime, limit: int) -> list[Queued]:
    """Deliveries of any organisation whose worker let the lease run out."""
    return [_queued(row) for row in await _LOST.rows(queue, now=now, limit=limit)]


async def settle(
    connection: Connection, held: Queued, after: Delivery, attempt: Attempt, *, now: datetime
) -> bool:
    """Store how the attempt that `held` was leased for ended; False when the lease was lost meanwhile."""
    is_sent = after.state is DeliveryState.SENT
    return bool(
        await _SETTLE.run(
            connection,
            **_fence(held),
            state=str(after.state),
            due_at=after.due_at,
            may_be_duplicate=after.may_be_duplicate,
            last_outcome=str(attempt.outcome),
            last_code=attempt.code,
            last_text=attempt.text or None,
            sent_at=now if is_sent else None,
        )
    )


async def release(queue: Connection, held: Sequence[Queued]) -> None:
    """Give back what was leased and not begun, as if it had not been."""
    await _RELEASE.run_many(queue, [_fence(one) for one in held])


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
    return _queued(row)


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


async def announce(connection: Connection, record: Mapping[str, Any], *, after: Mapping[str, Any]) -> None:
    """Write the event and the audit row of what became of a delivery or an item."""
    await _RECORD.find(connection, **record, after=after)


def _fence(held: Queued) -> dict[str, Any]:
    key = held.delivery.key
    return {
        "organisation": held.organisation,
        "event": key.event_id,
        "person": key.person_id,
        "by": str(key.channel),
        "attempt": held.delivery.attempts,
    }


def _queued(row: asyncpg.Record) -> Queued:
    key = DeliveryKey(row["event_id"], row["person_id"], Channel(row["channel"]))
    return Queued(
        row["organisation_id"],
        row["id"],
        Delivery(
            key,
            due_at=row["due_at"],
            state=DeliveryState(row["state"]),
            attempts=row["attempts"],
            lease_until=row["lease_until"],
            may_be_duplicate=row["may_be_duplicate"],
        ),
    )
