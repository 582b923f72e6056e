"""Claiming what is due, destination by destination, so that none holds up another (A6, N5).

The destinations with something open are found by hopping through the partial index from one to the next,
however much waits at each, a bounded number of hops at a time. Those that are paused or rest are passed over,
and each of the others gives its oldest, up to its room.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import asyncpg
from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Text,
    bindparam,
    column,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.domain.deliveries import CLAIMABLE, Channel, DeliveryState
from gevinst_notifications.domain.destinations import LIMITS, Limits, room, share_left
from gevinst_notifications.store.delivery_queue import KEY, Queued, queued_from
from gevinst_notifications.tables.deliveries import delivery
from gevinst_notifications.tables.destinations import breaker, pause
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

HOPS = 100
Lane = tuple[str, str]
"""An organisation and one of its destinations."""
BEFORE_ALL: Lane = ("", "")


@dataclass(frozen=True, slots=True)
class Run:
    """What one claim took for one destination, oldest first. `failures`: how often it failed before, in a
    row."""

    failures: int
    deliveries: tuple[Queued, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """A worker's `runs`, and how many of them each organisation has at the moment."""

    runs: int
    busy: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Portion:
    """At most so many destinations and deliveries, of the destinations that follow `after`, and of no
    organisation more than its share."""

    runs: int
    deliveries: int
    after: Lane = BEFORE_ALL
    shares: Shares | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What was taken, and after which destination to go on; None when the last one has been looked at.

    `is_cut`: an organisation would have had more, but has its share.
    """

    runs: list[Run]
    following: Lane | None
    is_cut: bool = False


def _claimable(alias: str) -> ColumnElement[bool]:
    """As the partial index has it."""
    states = ", ".join(f"'{state}'" for state in sorted(CLAIMABLE))
    return literal_column(f"{alias}.state IN ({states})", Boolean)


def _in_lane(row: FromClause, lane: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (
        row.c.organisation_id == lane.c.organisation_id,
        row.c.channel == _CHANNEL,
        row.c.destination == lane.c.destination,
    )


_CHANNEL = bindparam("channel", type_=Text)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_LANE = ("organisation_id", "destination")
_ONE: ColumnElement[int] = literal_column("1")

_next = delivery.alias("next")
_lanes = select(
    bindparam("after_organisation", type_=Text).label("organisation_id"),
    bindparam("after_destination", type_=Text).label("destination"),
    literal_column("0").label("hop"),
).cte("lane", recursive=True)
_hop = (
    select(*(_next.c[name] for name in _LANE))
    .where(
        _claimable("next"),
        _next.c.channel == _CHANNEL,
        tuple_(*(_next.c[name] for name in _LANE)) > tuple_(*(_lanes.c[name] for name in _LANE)),
    )
    .order_by(*(_next.c[name] for name in _LANE))
    .limit(_ONE)
    .lateral("hop")
)
_lanes = _lanes.union_all(
    select(*(_hop.c[name] for name in _LANE), _lanes.c.hop + 1)
    .select_from(_lanes.join(_hop, true()))
    .where(_lanes.c.hop < HOPS)
)
_ripe, _out = delivery.alias("ripe"), delivery.alias("out")
# A scalar, since PostgreSQL may answer an EXISTS by reading all that is due anywhere.
_oldest = (
    select(_ripe.c.due_at)
    .where(_claimable("ripe"), *_in_lane(_ripe, _lanes))
    .order_by(_ripe.c.due_at)
    .limit(_ONE)
    .scalar_subquery()
)
_FIND_LANES = Query(
    select(
        *(_lanes.c[name] for name in _LANE),
        select(breaker.c.failures).where(*_in_lane(breaker, _lanes)).scalar_subquery().label("failures"),
        # Each claim has a lease of its own.
        select(func.count(_out.c.lease_until.distinct()))
        .where(literal_column(f"out.state = '{DeliveryState.LEASED}'", Boolean), *_in_lane(_out, _lanes))
        .scalar_subquery()
        .label("claims"),
        (
            (_oldest <= _NOW)
            & ~select(_ONE).where(breaker.c.open_until > _NOW, *_in_lane(breaker, _lanes)).exists()
            & ~select(_ONE)
            .where(
                pause.c.organisation_id == _lanes.c.organisation_id,
                pause.c.channel == _CHANNEL,
                or_(pause.c.destination.is_(None), pause.c.destination == _lanes.c.destination),
            )
            .exists()
        ).label("is_open"),
    )
    .where(_lanes.c.hop > 0)
    .order_by(_lanes.c.hop)
)

_open = func.unnest(
    bindparam("organisations", type_=ARRAY(Text)),
    bindparam("destinations", type_=ARRAY(Text)),
    bindparam("rooms", type_=ARRAY(Integer)),
).table_valued(column("organisation_id", Text), column("destination", Text), column("room", Integer))
_open = _open.render_derived("open")
_waiting = delivery.alias("waiting")
_picked = (
    select(*(_waiting.c[name] for name in KEY))
    .where(_claimable("waiting"), _waiting.c.due_at <= _NOW, *_in_lane(_waiting, _open))
    .order_by(_waiting.c.due_at)
    .limit(_open.c.room)
    .with_for_update(skip_locked=True)
    .lateral("picked")
)
_due = (
    select(*(_picked.c[name] for name in KEY))
    .select_from(_open.join(_picked, true()))
    .limit(bindparam("limit", type_=Integer))
    .cte("due")
)
_CLAIM = Query(
    update(delivery)
    .values(
        state=literal_column(f"'{DeliveryState.LEASED}'", Text),
        attempts=delivery.c.attempts + 1,
        lease_until=bindparam("lease_until", type_=DateTime(timezone=True)),
        revision=delivery.c.revision + 1,
    )
    .where(tuple_(*(delivery.c[name] for name in KEY)) == tuple_(*(_due.c[name] for name in KEY)))
    .returning(delivery)
)
_TAKE_TURN = Query(
    select(func.pg_advisory_xact_lock(func.hashtext(literal("claim ", Text).concat(_CHANNEL))))
)


async def claim(
    queue: Connection, channel: Channel, portion: Portion, *, now: datetime, lease: timedelta
) -> Claim:
    """Lease a portion of what is due on `channel`, of any organisation, within the channel's limits. Looks at
    a hundred destinations at most.

    Claims on a channel take turns, so that none is made that does not see the one before it.
    """
    await _TAKE_TURN.rows(queue, channel=str(channel))
    lanes = await _FIND_LANES.rows(
        queue,
        channel=str(channel),
        now=now,
        after_organisation=portion.after[0],
        after_destination=portion.after[1],
    )
    following = _lane(lanes[-1]) if len(lanes) == HOPS else None
    free = _with_room(lanes, LIMITS[channel])
    chosen = _within_shares(free, portion.shares)[: portion.runs]
    is_cut = len(chosen) < min(len(free), portion.runs)
    if not chosen:
        return Claim([], following, is_cut)
    rows = await _CLAIM.rows(
        queue,
        channel=str(channel),
        now=now,
        lease_until=now + lease,
        organisations=[lane["organisation_id"] for lane, _ in chosen],
        destinations=[lane["destination"] for lane, _ in chosen],
        rooms=[most for _, most in chosen],
        limit=portion.deliveries,
    )
    taken = _runs(rows, {_lane(lane): lane["failures"] or 0 for lane, _ in chosen})
    if is_cut or len(chosen) == portion.runs or len(rows) == portion.deliveries:
        following = max(taken, default=following)
    return Claim(list(taken.values()), following, is_cut)


def _with_room(lanes: Iterable[asyncpg.Record], limits: Limits) -> list[tuple[asyncpg.Record, int]]:
    rooms = (
        (lane, room(limits, failures=lane["failures"] or 0, claims=lane["claims"]))
        for lane in lanes
        if lane["is_open"]
    )
    return [(lane, free) for lane, free in rooms if free > 0]


def _within_shares(
    found: list[tuple[asyncpg.Record, int]], shares: Shares | None
) -> list[tuple[asyncpg.Record, int]]:
    """Those of the destinations that their organisations may have now, in order."""
    if shares is None:
        return found
    busy, chosen = Counter(shares.busy), []
    for lane, free in found:
        organisation = lane["organisation_id"]
        if share_left(busy, organisation, runs=shares.runs) > 0:
            busy[organisation] += 1
            chosen.append((lane, free))
    return chosen


def _runs(rows: Sequence[asyncpg.Record], failures: dict[Lane, int]) -> dict[Lane, Run]:
    claimed: dict[Lane, list[Queued]] = {}
    for row in sorted(rows, key=lambda row: row["due_at"]):
        claimed.setdefault(_lane(row), []).append(queued_from(row))
    return {lane: Run(failures[lane], tuple(held)) for lane, held in claimed.items()}


def _lane(row: asyncpg.Record) -> Lane:
    return row["organisation_id"], row["destination"]
