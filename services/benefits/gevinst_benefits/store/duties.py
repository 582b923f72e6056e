"""What one person must do or decide now, of every kind, in one list (N1).

Each kind is a select of the same columns; who may do what follows the use case that will be asked to do it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from gevinst_benefits.store.duties_at_gates import AT_GATES
from gevinst_benefits.store.duties_in_line import IN_LINE
from gevinst_benefits.store.duties_to_report import TO_REPORT
from gevinst_benefits.store.duty_holders import today
from gevinst_shared.db.documents import document, documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Page
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import OddCursor


@dataclass(frozen=True, slots=True)
class Duties:
    """A page of duties, and `counts` of all of them by kind, as a JSON array."""

    page: Page
    counts: str


# Looked for once, for the page and for the counts.
_all = union_all(*IN_LINE, *AT_GATES, *TO_REPORT).cte("duty")
_is_late = func.coalesce(_all.c.due_on < today, literal_column("false"))


def _document(c: Columns) -> ColumnElement[Any]:
    """`MyDutyOut`, as PostgreSQL writes it."""
    return document(
        kind=c.kind,
        id=c.id,
        name=c.name,
        project_id=c.project_id,
        due_on=c.due_on,
        is_late=c.is_late,
        path=func.replace(c.path, literal_column("'{id}'"), cast(c.id, Text)),
    )


# What is late comes first, what has no day last (the driver would read the calendar's very last as infinity);
# the kind keeps two duties of one record apart.
_day = func.coalesce(_all.c.due_on, literal_column("'9999-12-30'::date"), type_=Date)
_limit = bindparam("limit", type_=Integer)
_kind, _after_day = bindparam("kind", type_=Text), bindparam("after_day", type_=Date)
_after = tuple_(_after_day, bindparam("after_kind", type_=Text), bindparam("after_id", type_=Uuid))
# One more than the page: whether there is a next one.
_rows = (
    select(_all, _is_late.label("is_late"), _day.label("day"))
    .where(
        or_(_kind.is_(None), _all.c.kind == _kind),
        or_(_after_day.is_(None), tuple_(_day, _all.c.kind, _all.c.id) > _after),
    )
    .order_by(_day, _all.c.kind, _all.c.id)
    .limit(_limit + 1)
    .subquery("rows")
)
_by_kind = (
    select(_all.c.kind, func.count().label("count"), func.count().filter(_is_late).label("late"))
    .group_by(_all.c.kind)
    .subquery("by_kind")
)
_counts = select(
    documents(document(kind=_by_kind.c.kind, count=_by_kind.c.count, late=_by_kind.c.late), _by_kind.c.kind)
).scalar_subquery()


def _in_order(value: ColumnElement[Any]) -> ColumnElement[Any]:
    ordered = aggregate_order_by(cast(value, Text), _rows.c.day, _rows.c.kind, _rows.c.id)
    return func.array_agg(ordered, type_=ARRAY(Text))


_DUTIES = Query(
    select(
        _counts.label("counts"),
        _in_order(_document(_rows.c)).label("documents"),
        _in_order(func.concat(_rows.c.day, _rows.c.kind)).label("places"),
        _in_order(_rows.c.id).label("ids"),
    )
)


async def page(
    connection: Connection,
    asked: Mapping[str, Any],
    *,
    kind: str | None,
    limit: int,
    after: list[str] | None,
) -> Duties:
    """The next duties of who asks, late ones first, and how many of each kind there are in all.

    `asked` has a value for each of `duty_holders.PARAMETERS`.
    """
    values = {f"filter_{name}": value for name, value in asked.items()}
    row = await _DUTIES.find(connection, kind=kind, limit=limit, **values, **_place(after))
    assert row is not None
    shown = row["documents"] or []
    has_more = len(shown) > limit
    next_place = (row["places"][limit - 1], row["ids"][limit - 1]) if has_more else None
    return Duties(Page(f"[{','.join(shown[:limit])}]", next_place), row["counts"])


def _place(after: list[str] | None) -> dict[str, Any]:
    """The day, kind and id that a cursor names; the day takes ten letters."""
    if after is None:
        return {"after_day": None, "after_kind": None, "after_id": None}
    key, duty_id = after
    try:
        return {
            "after_day": date.fromisoformat(key[:10]),
            "after_kind": key[10:],
            "after_id": UUID(duty_id),
        }
    except ValueError as error:
        raise OddCursor from error
