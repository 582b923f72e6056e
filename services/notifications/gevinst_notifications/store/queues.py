"""How the organisation's destinations fare: what waits, and how the last hour's attempts went."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.deliveries import CLAIMABLE, DeliveryState, Outcome
from gevinst_notifications.tables.deliveries import delivery, delivery_attempt
from gevinst_notifications.tables.destinations import breaker, pause
from gevinst_shared.db.documents import document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_MOST = 1_000
_LOOK_BACK = timedelta(hours=1)
_COUNTS = ("waiting", "due", "in_flight", "given_up", "accepted", "failed")
_NOW = bindparam("now", type_=DateTime(timezone=True))


def _in(*states: DeliveryState) -> ColumnElement[bool]:
    """Written out, so that the partial indexes serve it."""
    listed = ", ".join(f"'{state}'" for state in sorted(states))
    return literal_column(f"state IN ({listed})", Boolean)


IS_CLAIMABLE = _in(*CLAIMABLE)
IS_LEASED = _in(DeliveryState.LEASED)
IS_DEAD = _in(DeliveryState.DEAD)


def _part(
    channel: ColumnElement[str], destination: ColumnElement[str], **said: Any
) -> Select[*tuple[Any, ...]]:
    """One look at the destinations: what it counts; nothing for the rest."""
    oldest = said.pop("oldest", null())
    counts = (cast(said.get(name, literal_column("0")), Integer).label(name) for name in _COUNTS)
    return select(
        channel.label("channel"),
        destination.label("destination"),
        *counts,
        cast(oldest, DateTime(timezone=True)).label("oldest"),
    ).group_by(channel, destination)


_is_due = delivery.c.due_at <= _NOW
_d, _a = delivery.c, delivery_attempt.c
_seen = union_all(
    _part(
        _d.channel,
        _d.destination,
        waiting=func.count(),
        due=func.count().filter(_is_due),
        oldest=func.min(_d.due_at).filter(_is_due),
    ).where(IS_CLAIMABLE),
    _part(_d.channel, _d.destination, in_flight=func.count()).where(IS_LEASED),
    _part(_d.channel, _d.destination, given_up=func.count()).where(IS_DEAD),
    _part(
        _a.channel,
        _a.destination,
        accepted=func.count().filter(_a.outcome == str(Outcome.ACCEPTED)),
        failed=func.count().filter(_a.outcome != str(Outcome.ACCEPTED)),
    ).where(_a.id >= bindparam("since", type_=Uuid)),
    _part(breaker.c.channel, breaker.c.destination).where(breaker.c.failures > 0),
).subquery("seen")
_queue = (
    select(
        _seen.c.channel,
        _seen.c.destination,
        *(cast(func.sum(_seen.c[name]), Integer).label(name) for name in _COUNTS),
        func.min(_seen.c.oldest).label("oldest"),
    )
    .group_by(_seen.c.channel, _seen.c.destination)
    .order_by(_seen.c.channel, _seen.c.destination)
    .limit(literal_column(str(_MOST)))
    .subquery("queue")
)
_is_paused = (
    select(literal_column("1"))
    .where(
        pause.c.channel == _queue.c.channel,
        or_(pause.c.destination.is_(None), pause.c.destination == _queue.c.destination),
    )
    .exists()
)
_LIST = Query(
    select(
        documents(
            document(
                channel=_queue.c.channel,
                destination=_queue.c.destination,
                waiting=_queue.c.waiting,
                due=_queue.c.due,
                in_flight=_queue.c.in_flight,
                given_up=_queue.c.given_up,
                oldest_due_at=moment(_queue.c.oldest),
                accepted_last_hour=_queue.c.accepted,
                failed_last_hour=_queue.c.failed,
                is_paused=_is_paused,
                failures_in_a_row=func.coalesce(breaker.c.failures, 0),
                rests_until=moment(func.nullif(func.greatest(breaker.c.open_until, _NOW), _NOW)),
            ),
            _queue.c.channel,
            _queue.c.destination,
        )
    ).select_from(
        _queue.outerjoin(
            breaker,
            (breaker.c.channel == _queue.c.channel) & (breaker.c.destination == _queue.c.destination),
        )
    )
)


async def list_queues(connection: Connection, *, now: datetime) -> str:
    """A JSON array of `QueueOut`, by channel and destination, a thousand at most."""
    # An attempt's id begins with its milliseconds: those of the last hour are the last ones of the key.
    since = UUID(int=int((now - _LOOK_BACK).timestamp() * 1000) << 80)
    found: str = await _LIST.value(connection, now=now, since=since)
    return found
