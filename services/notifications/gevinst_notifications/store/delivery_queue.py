"""The queue of deliveries over all organisations: what was claimed is settled while its lease holds (N5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    DateTime,
    Integer,
    Text,
    bindparam,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import (
    Attempt,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
)
from gevinst_notifications.tables.deliveries import delivery, delivery_attempt
from gevinst_shared.db.arrays import arrays_of, given_rows
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery with its row's owner and address."""

    organisation: str
    id: UUID
    delivery: Delivery
    destination: str


@dataclass(frozen=True, slots=True)
class Settled:
    """A delivery as it was leased, what it is after the attempt, and how that ended."""

    held: Queued
    after: Delivery
    attempt: Attempt


KEY = ("organisation_id", "event_id", "person_id", "channel")
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
_DONE = given_rows(
    "done",
    event_id=Uuid,
    person_id=Uuid,
    channel=Text,
    attempts=Integer,
    attempt_id=Uuid,
    state=Text,
    due_at=DateTime(timezone=True),
    may_be_duplicate=Boolean,
    outcome=Text,
    code=Integer,
    text=Text,
    sent_at=DateTime(timezone=True),
)
_SETTLED = (
    update(delivery)
    .values(
        state=_DONE.c.state,
        due_at=_DONE.c.due_at,
        lease_until=None,
        may_be_duplicate=_DONE.c.may_be_duplicate,
        last_outcome=_DONE.c.outcome,
        last_code=_DONE.c.code,
        last_text=_DONE.c.text,
        sent_at=_DONE.c.sent_at,
        revision=delivery.c.revision + 1,
    )
    .where(
        delivery.c.organisation_id == bindparam("organisation"),
        *(delivery.c[name] == _DONE.c[name] for name in ("event_id", "person_id", "channel", "attempts")),
        literal_column(f"delivery.state = '{DeliveryState.LEASED}'", Boolean),
    )
    .returning(delivery, _DONE.c.attempt_id)
    .cte("settled")
)
_ATTEMPT = (
    "organisation_id",
    "id",
    "delivery_id",
    "channel",
    "destination",
    "number",
    "at",
    "outcome",
    "code",
    "text",
)
_SETTLE = Query(
    insert(delivery_attempt)
    .from_select(
        _ATTEMPT,
        select(
            _SETTLED.c.organisation_id,
            _SETTLED.c.attempt_id,
            _SETTLED.c.id,
            _SETTLED.c.channel,
            _SETTLED.c.destination,
            _SETTLED.c.attempts,
            bindparam("now", type_=DateTime(timezone=True)),
            _SETTLED.c.last_outcome,
            _SETTLED.c.last_code,
            _SETTLED.c.last_text,
        ),
    )
    .returning(delivery_attempt.c.delivery_id)
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


async def list_lost(queue: Connection, *, now: datetime, limit: int) -> list[Queued]:
    """Deliveries of any organisation whose worker let the lease run out."""
    return [queued_from(row) for row in await _LOST.rows(queue, now=now, limit=limit)]


async def settle_all(
    connection: Connection, organisation: str, done: Sequence[Settled], *, now: datetime
) -> frozenset[UUID]:
    """Store how the attempts ended that these were leased for, and keep them among the attempts.

    The ids of those that were stored: of others the lease was lost meanwhile.
    """
    rows = [
        (
            one.held.delivery.key.event_id,
            one.held.delivery.key.person_id,
            str(one.held.delivery.key.channel),
            one.held.delivery.attempts,
            new_id(),
            str(one.after.state),
            one.after.due_at,
            one.after.may_be_duplicate,
            str(one.attempt.outcome),
            one.attempt.code,
            one.attempt.text or None,
            now if one.after.state is DeliveryState.SENT else None,
        )
        # In one order, so that two workers who find the same never wait for each other in a circle.
        for one in sorted(
            done, key=lambda one: (one.held.delivery.key.event_id, one.held.delivery.key.person_id)
        )
    ]
    stored = await _SETTLE.rows(
        connection, organisation=organisation, now=now, **arrays_of("done", list(_DONE.c.keys()), rows)
    )
    return frozenset(row["delivery_id"] for row in stored)


async def release(queue: Connection, held: Sequence[Queued]) -> None:
    """Give back what was leased and not begun, as if it had not been."""
    await _RELEASE.run_many(queue, [_fence(one) for one in held])


def queued_from(row: asyncpg.Record) -> Queued:
    """The delivery of a stored row."""
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
        row["destination"],
    )


def _fence(held: Queued) -> dict[str, Any]:
    key = held.delivery.key
    return {
        "organisation": held.organisation,
        "event": key.event_id,
        "person": key.person_id,
        "by": str(key.channel),
        "attempt": held.delivery.attempts,
    }
