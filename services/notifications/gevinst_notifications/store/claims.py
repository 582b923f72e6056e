"""Claiming what is due, destination by destination, so that none holds up another (A6, N5).

The destinations with something open are found by hopping through the partial index from one to the next,
however much waits at each. Those that are paused or rest are passed over, and each of the others gives its
oldest, up to its room.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Text,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)

from gevinst_notifications.domain.deliveries import CLAIMABLE, Channel, DeliveryState
from gevinst_notifications.domain.destinations import BREAKS_AFTER, LIMITS
from gevinst_notifications.store.delivery_queue import KEY, Queued, queued_from
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.destinations import breaker, pause
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query


@dataclass(frozen=True, slots=True)
class Run:
    """What one claim took for one destination, oldest first. `failures`: how often it failed before, in a
    row."""

    failures: int
    deliveries: tuple[Queued, ...]


def _claimable(alias: str) -> ColumnElement[bool]:
    """As the partial index has it."""
    states = ", ".join(f"'{state}'" for state in sorted(CLAIMABLE))
    return literal_column(f"{alias}.state IN ({states})", Boolean)


def _due_at(row: FromClause, lane: FromClause) -> tuple[ColumnElement[bool], ...]:
    """The deliveries that are due in the lane."""
    return (
        row.c.organisation_id == lane.c.organisation_id,
        row.c.channel == _CHANNEL,
        row.c.destination == lane.c.destination,
        _claimable(row.description),
        row.c.due_at <= _NOW,
    )


_CHANNEL = bindparam("channel", type_=Text)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_LANE = ("organisation_id", "destination")
_LEASED: ColumnElement[str] = literal_column(f"'{DeliveryState.LEASED}'", Text)

_first = delivery.alias("first")
_next = delivery.alias("next")
_lanes = (
    select(*(_first.c[name] for name in _LANE))
    .where(_claimable("first"), _first.c.channel == _CHANNEL)
    .order_by(*(_first.c[name] for name in _LANE))
    .limit(literal_column("1"))
    .cte("lane", recursive=True)
)
_hop = (
    select(*(_next.c[name] for name in _LANE))
    .where(
        _claimable("next"),
        _next.c.channel == _CHANNEL,
        tuple_(*(_next.c[name] for name in _LANE)) > tuple_(*(_lanes.c[name] for name in _LANE)),
    )
    .order_by(*(_next.c[name] for name in _LANE))
    .limit(literal_column("1"))
    .lateral("hop")
)
_lanes = _lanes.union_all(select(*(_hop.c[name] for name in _LANE)).select_from(_lanes.join(_hop, true())))
_out = delivery.alias("out")
_in_hand = (
    select(*(_out.c[name] for name in _LANE), func.count().label("count"))
    .where(literal_column(f"out.state = '{DeliveryState.LEASED}'", Boolean), _out.c.channel == _CHANNEL)
    .group_by(*(_out.c[name] for name in _LANE))
    .cte("in_hand")
)
_failures = func.coalesce(breaker.c.failures, 0)
_paused = (
    select(literal_column("1"))
    .where(
        pause.c.organisation_id == _lanes.c.organisation_id,
        pause.c.channel == _CHANNEL,
        or_(pause.c.destination.is_(None), pause.c.destination == _lanes.c.destination),
    )
    .exists()
)
# In no order: with more destinations than a claim can take, the same ones would come first every time.
_open = (
    select(
        *(_lanes.c[name] for name in _LANE),
        _failures.label("failures"),
        func.least(
            bindparam("share", type_=Integer),
            # A destination that was ill is probed by a single delivery.
            case(
                (_failures >= BREAKS_AFTER, literal_column("1")),
                else_=bindparam("in_flight", type_=Integer),
            )
            - func.coalesce(_in_hand.c.count, 0),
        ).label("room"),
    )
    .select_from(
        _lanes.outerjoin(
            breaker,
            (breaker.c.organisation_id == _lanes.c.organisation_id)
            & (breaker.c.channel == _CHANNEL)
            & (breaker.c.destination == _lanes.c.destination),
        ).outerjoin(
            _in_hand,
            (_in_hand.c.organisation_id == _lanes.c.organisation_id)
            & (_in_hand.c.destination == _lanes.c.destination),
        )
    )
    .where(
        ~_paused,
        or_(breaker.c.open_until.is_(None), breaker.c.open_until <= _NOW),
        select(literal_column("1")).where(*_due_at(delivery.alias("ripe"), _lanes)).exists(),
    )
    .order_by(func.random())
    .limit(bindparam("runs", type_=Integer))
    .cte("open")
)
_waiting = delivery.alias("waiting")
_picked = (
    select(*(_waiting.c[name] for name in KEY))
    .where(*_due_at(_waiting, _open))
    .order_by(_waiting.c.due_at)
    .limit(func.greatest(_open.c.room, 0))
    .with_for_update(skip_locked=True)
    .lateral("picked")
)
_due = (
    select(*(_picked.c[name] for name in KEY), _open.c.failures)
    .select_from(_open.join(_picked, true()))
    .limit(bindparam("limit", type_=Integer))
    .cte("due")
)
_CLAIM = Query(
    update(delivery)
    .values(
        state=_LEASED,
        attempts=delivery.c.attempts + 1,
        lease_until=bindparam("lease_until", type_=DateTime(timezone=True)),
        revision=delivery.c.revision + 1,
    )
    .where(tuple_(*(delivery.c[name] for name in KEY)) == tuple_(*(_due.c[name] for name in KEY)))
    .returning(delivery, _due.c.failures)
)
_TAKE_TURN = Query(
    select(func.pg_advisory_xact_lock(func.hashtext(literal("claim ", Text).concat(_CHANNEL))))
)


async def claim(
    queue: Connection, channel: Channel, *, now: datetime, lease: timedelta, runs: int, limit: int
) -> list[Run]:
    """Lease up to `limit` deliveries that are due on `channel`, for up to `runs` destinations of any
    organisation, within the channel's limits.

    Claims on a channel take turns, so that none is made that does not see the one before it.
    """
    limits = LIMITS[channel]
    await _TAKE_TURN.rows(queue, channel=str(channel))
    rows = await _CLAIM.rows(
        queue,
        channel=str(channel),
        now=now,
        lease_until=now + lease,
        share=limits.share,
        in_flight=limits.in_flight,
        runs=runs,
        limit=limit,
    )
    return _runs((queued_from(row), row["failures"]) for row in rows)


def _runs(claimed: Iterable[tuple[Queued, int]]) -> list[Run]:
    found: dict[tuple[str, str], list[tuple[Queued, int]]] = {}
    for held, failures in sorted(claimed, key=lambda one: one[0].delivery.due_at):
        found.setdefault((held.organisation, held.destination), []).append((held, failures))
    return [Run(run[0][1], tuple(held for held, _ in run)) for run in found.values()]
