"""Making dead letters due again, many at a time."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Text,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import DeliveryState
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.endpoints import endpoint
from gevinst_notifications.tables.register import person
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

MOST = 1_000
FILTERS = ("channel", "destination", "person_id", "event_type", "made_from", "made_until")


def _fits() -> list[ColumnElement[bool]]:
    """A filter that is null does not filter."""
    equal = [
        or_(value.is_(None), column == value)
        for column, value in (
            (delivery.c.channel, bindparam("channel", type_=Text)),
            (delivery.c.destination, bindparam("destination", type_=Text)),
            (delivery.c.person_id, bindparam("person_id", type_=Uuid)),
            (delivery.c.event_type, bindparam("event_type", type_=Text)),
        )
    ]
    from_, until = (bindparam(name, type_=DateTime(timezone=True)) for name in ("made_from", "made_until"))
    return [
        literal_column(f"state = '{DeliveryState.DEAD}'", Boolean),
        *equal,
        or_(from_.is_(None), delivery.c.created_at >= from_),
        or_(until.is_(None), delivery.c.created_at < until),
    ]


_KEY = ("organisation_id", "id")
_dead = (
    select(*(delivery.c[name] for name in _KEY))
    .where(*_fits())
    .order_by(delivery.c.id)
    .limit(literal_column(str(MOST)))
    .with_for_update(skip_locked=True)
    .cte("dead")
)
_replayed = (
    update(delivery)
    .values(
        state=literal_column(f"'{DeliveryState.PENDING}'", Text),
        attempts=0,
        due_at=bindparam("now", type_=DateTime(timezone=True)),
        revision=delivery.c.revision + 1,
    )
    .where(tuple_(*(delivery.c[name] for name in _KEY)) == tuple_(*(_dead.c[name] for name in _KEY)))
    .returning(delivery.c.id)
    .cte("replayed")
)
_REPLAY = Query(select(func.count()).select_from(_replayed))
_receiver = bindparam("receiver", type_=Uuid)
_KNOWS = Query(
    select(
        select(person.c.id).where(person.c.id == _receiver).exists()
        | select(endpoint.c.id).where(endpoint.c.id == _receiver).exists()
    )
)
_COUNT = Query(select(func.count()).select_from(delivery).where(*_fits()))


async def knows_receiver(connection: Connection, receiver_id: UUID) -> bool:
    """Whether there is a person or an endpoint with this id."""
    return bool(await _KNOWS.value(connection, receiver=receiver_id))


async def replay(connection: Connection, wanted: Mapping[str, Any], *, now: datetime) -> tuple[int, int]:
    """Make up to a thousand dead letters that fit due now, with all their attempts again, those first that
    were made first; how many these are, and how many more there are."""
    fits = {name: wanted.get(name) for name in FILTERS}
    count: int = await _REPLAY.value(connection, **fits, now=now)
    left: int = await _COUNT.value(connection, **fits)
    return count, left
