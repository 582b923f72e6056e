"""Digests in the database: what is gathered, and what left."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Integer, Text, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.preferences import Period
from gevinst_notifications.tables.digests import digest, digest_schedule
from gevinst_notifications.tables.inbox import inbox_item
from gevinst_shared.db.arrays import arrays_of, given_rows
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query


@dataclass(frozen=True, slots=True)
class Window:
    """A digest of a person that is due since `at`."""

    person_id: UUID
    period: Period
    at: datetime


@dataclass(frozen=True, slots=True)
class Closed:
    """A digest that leaves: everything gathered until now, in one message."""

    id: UUID
    window: Window
    item_count: int


_SCHEDULED = given_rows("scheduled", person_id=Uuid, period=Text, next_at=DateTime(timezone=True))
_INTO_SCHEDULE = insert(digest_schedule).from_select(
    ["organisation_id", "person_id", "period", "next_at"],
    select(
        bindparam("organisation_id", type_=Text),
        _SCHEDULED.c.person_id,
        _SCHEDULED.c.period,
        _SCHEDULED.c.next_at,
    ).order_by(_SCHEDULED.c.person_id, _SCHEDULED.c.period),
)
_KEY = ["organisation_id", "person_id", "period"]
# The update that changes nothing locks: a digest that is closing must end before more is gathered for it,
# and one that gathers must end before it is closed. Otherwise an item would wait for the one after.
_EXPECT = Query(
    _INTO_SCHEDULE.on_conflict_do_update(
        index_elements=_KEY,
        set_={"next_at": func.least(digest_schedule.c.next_at, _INTO_SCHEDULE.excluded.next_at)},
    )
)
_MOVE = Query(
    _INTO_SCHEDULE.on_conflict_do_update(
        index_elements=_KEY, set_={"next_at": _INTO_SCHEDULE.excluded.next_at}
    )
)
_DUE_ANYWHERE = Query(
    select(digest_schedule.c.organisation_id)
    .where(digest_schedule.c.next_at <= bindparam("now"))
    .distinct()
    .limit(bindparam("limit"))
)
# By person, so that a page never parts the two digests of one.
_DUE = Query(
    select(digest_schedule)
    .where(digest_schedule.c.next_at <= bindparam("now"))
    .order_by(digest_schedule.c.person_id, digest_schedule.c.period)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_PLANNED = Query(
    select(digest_schedule.c.period).where(digest_schedule.c.person_id == bindparam("person_id"))
)
_CLOSED = given_rows("closed", id=Uuid, person_id=Uuid, period=Text)
_CLOSE_ITEMS = Query(
    update(inbox_item)
    .values(digest_id=_CLOSED.c.id)
    .where(
        inbox_item.c.person_id == _CLOSED.c.person_id,
        inbox_item.c.digest.is_not(None),
        inbox_item.c.digest_id.is_(None),
        (inbox_item.c.digest == _CLOSED.c.period) | (_CLOSED.c.period == bindparam("weekly", type_=Text)),
    )
    .returning(inbox_item.c.person_id)
)
_ADDED = given_rows(
    "added",
    id=Uuid,
    person_id=Uuid,
    period=Text,
    window_at=DateTime(timezone=True),
    item_count=Integer,
)
_KNOWN = Query(select(digest.c.id).where(digest.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))))
_ADD = Query(
    insert(digest)
    .from_select(
        ["organisation_id", "id", "person_id", "period", "window_at", "item_count", "closed_at"],
        select(
            bindparam("organisation_id", type_=Text),
            _ADDED.c.id,
            _ADDED.c.person_id,
            _ADDED.c.period,
            _ADDED.c.window_at,
            _ADDED.c.item_count,
            bindparam("now", type_=DateTime(timezone=True)),
        ),
    )
    .on_conflict_do_nothing()
)


async def expect(connection: Connection, organisation: str, windows: Sequence[Window]) -> None:
    """See to it that these digests leave then, or earlier where that is planned."""
    if windows:
        await _EXPECT.run(connection, organisation_id=organisation, **_columns(windows))


async def move(connection: Connection, organisation: str, windows: Sequence[Window]) -> None:
    """See to it that these digests leave then, whatever was planned."""
    if windows:
        await _MOVE.run(connection, organisation_id=organisation, **_columns(windows))


async def list_planned(connection: Connection, person_id: UUID) -> frozenset[Period]:
    """The periods for which the person has a digest coming."""
    rows = await _PLANNED.rows(connection, person_id=person_id)
    return frozenset(Period(row["period"]) for row in rows)


async def list_due_organisations(queue: Connection, *, now: datetime, limit: int) -> list[str]:
    """Organisations that have a digest due."""
    return [row["organisation_id"] for row in await _DUE_ANYWHERE.rows(queue, now=now, limit=limit)]


async def lock_due(connection: Connection, *, now: datetime, limit: int) -> list[Window]:
    """The organisation's digests that are due, held until the transaction ends; others' are passed over."""
    return [
        Window(row["person_id"], Period(row["period"]), row["next_at"])
        for row in await _DUE.rows(connection, now=now, limit=limit)
    ]


async def list_known(connection: Connection, ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of the digests that left already."""
    return frozenset(row["id"] for row in await _KNOWN.rows(connection, ids=list(ids)))


async def close_items(connection: Connection, windows: Mapping[UUID, Window]) -> Mapping[UUID, int]:
    """Put what was gathered into the digests (by id); how many items of each person that were.

    A weekly digest takes what was gathered for the daily one, too: one digest per person (N3).
    """
    closed = [(one, window.person_id, str(window.period)) for one, window in windows.items()]
    rows = await _CLOSE_ITEMS.rows(
        connection, weekly=str(Period.WEEKLY), **arrays_of("closed", ("id", "person_id", "period"), closed)
    )
    counts: dict[UUID, int] = {}
    for row in rows:
        counts[row["person_id"]] = counts.get(row["person_id"], 0) + 1
    return counts


async def add_digests(
    connection: Connection, organisation: str, closed: Iterable[Closed], *, now: datetime
) -> None:
    """Keep that these digests left; one that left already stays as it is."""
    rows = [
        (one.id, one.window.person_id, str(one.window.period), one.window.at, one.item_count)
        for one in closed
    ]
    if rows:
        columns = ("id", "person_id", "period", "window_at", "item_count")
        await _ADD.run(connection, organisation_id=organisation, now=now, **arrays_of("added", columns, rows))


def _columns(windows: Sequence[Window]) -> dict[str, list[object]]:
    rows = [(one.person_id, str(one.period), one.at) for one in windows]
    return arrays_of("scheduled", ("person_id", "period", "next_at"), rows)
