"""Projects and ideas that share words with another: where likely duplicates are looked for (P1)."""

from collections.abc import Iterable
from typing import Any

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from gevinst_portfolio.tables.ideas import idea
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_MOST = 300
_SIMPLE: ColumnElement[Any] = literal_column("'simple'::regconfig")
_WANTED = cast(bindparam("wanted", type_=Text), TSQUERY)


def _sharing(table: Table, kind: str, state: Any) -> Select[Any]:  # noqa: ANN401 - a column
    text = func.to_tsvector(_SIMPLE, table.c.name + literal_column("' '") + func.coalesce(table.c.need, ""))
    return select(
        table.c.id,
        literal_column(f"'{kind}'", Text).label("kind"),
        table.c.name,
        table.c.need,
        state.label("state"),
        table.c.portfolio_id,
        func.ts_rank(text, _WANTED).label("rank"),
    ).where(text.bool_op("@@")(_WANTED))


_ALIKE = union_all(
    _sharing(project, "project", project.c.status).where(project.c.status != literal_column("'merged'")),
    _sharing(idea, "idea", idea.c.state).where(
        idea.c.state.in_([literal_column("'open'"), literal_column("'parked'")])
    ),
).subquery("alike")
_SHARING = Query(
    select(_ALIKE).order_by(_ALIKE.c.rank.desc(), _ALIKE.c.id).limit(bindparam("most", type_=Integer))
)


async def list_sharing(connection: Connection, words: Iterable[str]) -> list[asyncpg.Record]:
    """`id`, `kind`, `name`, `need`, `state` and `portfolio_id` of those that share most with the words."""
    wanted = " | ".join(f"'{word}'" for word in sorted(words))
    if not wanted:
        return []
    return await _SHARING.rows(connection, wanted=wanted, most=_MOST)
