"""The queue of deliveries over all organisations: claimed under a lease, settled while that holds (N5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Boolean, Integer, Text, bindparam, literal_column, select, tuple_, update
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import (
    CLAIMABLE,
    Attempt,
    Channel,
    Delivery,
    DeliveryKey,
    DeliveryState,
)
from gevinst_notifications.tables.deliveries import delivery
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query


@dataclass(frozen=True, slots=True)
class Queued:
    """A delivery with its row's owner and address."""

    organisation: str
    id: UUID
    delivery: Delivery


_KEY = ("organisation_id", "event_id", "person_id", "channel")
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


async def claim(queue: Connection, *, now: datetime, lease_until: datetime, limit: int) -> list[Queued]:
    """Lease up to `limit` deliveries that are due, of any organisation; others' claims are passed over."""
    return [
        queued_from(row) for row in await _CLAIM.rows(queue, now=now, lease_until=lease_until, limit=limit)
    ]


async def list_lost(queue: Connection, *, now: datetime, limit: int) -> list[Queued]:
    """Deliveries of any organisation whose worker let the lease run out."""
    return [queued_from(row) for row in await _LOST.rows(queue, now=now, limit=limit)]


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
