"""What one person must do or decide now, of every kind, in one list (N1).

Each kind is a select of the same columns; who may do what follows the use case that will be asked to do it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Text,
    cast,
    func,
    literal_column,
    select,
    union_all,
)

from gevinst_benefits.store.duties_at_gates import AT_GATES
from gevinst_benefits.store.duties_in_line import IN_LINE
from gevinst_benefits.store.duties_to_report import TO_REPORT
from gevinst_benefits.store.duty_holders import PARAMETERS, today
from gevinst_shared.db.documents import document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing, Page
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns

_all = union_all(*IN_LINE, *AT_GATES, *TO_REPORT).cte("duty")


def _document(c: Columns) -> ColumnElement[Any]:
    """`MyDutyOut`, as PostgreSQL writes it."""
    return document(
        kind=c.kind,
        id=c.id,
        name=c.name,
        project_id=c.project_id,
        due_on=c.due_on,
        is_late=func.coalesce(c.due_on < today, literal_column("false")),
        path=c.path,
    )


def _passed_on(name: str) -> Any:  # noqa: ANN401 - what Listing takes
    return lambda value: cast(value, PARAMETERS[name]).is_not(None)


# What is late comes first, what has no day last; the kind keeps two duties of one record apart.
_day = func.to_char(_all.c.due_on, literal_column("'YYYY-MM-DD'"))
_order = func.concat(func.coalesce(_day, literal_column("'9999-12-31'")), _all.c.kind, type_=Text)
_LISTING = Listing(
    _all,
    _document,
    filters={name: _passed_on(name) for name in PARAMETERS} | {"kind": _all.c.kind},
    sorts={"due": _order},
)
_late = func.count().filter(_all.c.due_on < today)
_COUNTS = Query(
    select(_all.c.kind, func.count().label("count"), _late.label("late"))
    .group_by(_all.c.kind)
    .order_by(_all.c.kind)
)


async def page(
    connection: Connection,
    asked: Mapping[str, Any],
    *,
    kind: str | None,
    limit: int,
    after: list[str] | None,
) -> Page:
    """The next duties of who asks, late ones first; `asked` has a value for each of `PARAMETERS`."""
    return await _LISTING.page(
        connection, sort="due", limit=limit, after=after, filters={**asked, "kind": kind}
    )


async def counts(connection: Connection, asked: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """How many duties of each `kind` there are, and how many of them are `late`."""
    values = {f"filter_{name}": value for name, value in asked.items()}
    return [dict(row) for row in await _COUNTS.rows(connection, **values)]
