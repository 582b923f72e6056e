"""How the queue fares over all organisations, by channel: for those who run the house."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import DateTime, Integer, bindparam, cast, func, literal_column, null, select, union_all

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.store.queues import IS_CLAIMABLE, IS_DEAD, IS_LEASED
from gevinst_notifications.tables.deliveries import delivery
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query


@dataclass(frozen=True, slots=True)
class Total:
    """One channel's deliveries: not yet sent, of these due, in workers' hands and given up.

    `oldest` is how long the one that is due has waited longest; zero when none is.
    """

    channel: str
    waiting: int = 0
    due: int = 0
    in_flight: int = 0
    given_up: int = 0
    oldest: timedelta = timedelta(0)


_NOW = bindparam("now", type_=DateTime(timezone=True))
_IS_DUE = delivery.c.due_at <= _NOW
_NONE = literal_column("0", Integer)
_NEVER = cast(null(), DateTime(timezone=True))
_seen = union_all(
    select(
        delivery.c.channel,
        func.count().label("waiting"),
        func.count().filter(_IS_DUE).label("due"),
        _NONE.label("in_flight"),
        _NONE.label("given_up"),
        func.min(delivery.c.due_at).filter(_IS_DUE).label("oldest"),
    )
    .where(IS_CLAIMABLE)
    .group_by(delivery.c.channel),
    select(delivery.c.channel, _NONE, _NONE, func.count(), _NONE, _NEVER)
    .where(IS_LEASED)
    .group_by(delivery.c.channel),
    select(delivery.c.channel, _NONE, _NONE, _NONE, func.count(), _NEVER)
    .where(IS_DEAD)
    .group_by(delivery.c.channel),
).subquery("seen")
_TOTALS = Query(
    select(
        _seen.c.channel,
        *(func.sum(_seen.c[name]).label(name) for name in ("waiting", "due", "in_flight", "given_up")),
        func.min(_seen.c.oldest).label("oldest"),
    ).group_by(_seen.c.channel)
)


async def list_totals(queue: Connection, *, now: datetime) -> list[Total]:
    """Every channel's total, also of those with nothing in the queue."""
    rows = {row["channel"]: row for row in await _TOTALS.rows(queue, now=now)}
    return [
        Total(
            str(channel),
            waiting=int(row["waiting"]),
            due=int(row["due"]),
            in_flight=int(row["in_flight"]),
            given_up=int(row["given_up"]),
            oldest=timedelta(0) if row["oldest"] is None else now - row["oldest"],
        )
        if (row := rows.get(channel)) is not None
        else Total(str(channel))
        for channel in Channel
    ]
