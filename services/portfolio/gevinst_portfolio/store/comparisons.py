"""Pairwise comparisons of criteria in the database, and what each judge said (P6)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import distinct_on

from gevinst_portfolio.domain.pairwise import Judgement
from gevinst_portfolio.tables.criteria import criteria_comparison, judgement
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class JudgedBy:
    """What one judge last said."""

    judge: str
    judgements: tuple[Judgement, ...]
    reason: str | None
    judged_at: datetime


@dataclass(frozen=True, slots=True)
class StoredComparison:
    """`criteria` are the names of what is compared, in the model's order; `revision` counts what was said."""

    id: UUID
    portfolio_id: UUID
    name: str
    criteria: Mapping[UUID, str]
    begun_by: str
    created_at: datetime
    revision: int


def _revision(c: Columns) -> ColumnElement[int]:
    """Counts what was said."""
    said = judgement.alias("said")
    return (
        select(1 + func.count())
        .where(said.c.organisation_id == c.organisation_id, said.c.comparison_id == c.id)
        .correlate_except(said)
        .scalar_subquery()
    )


def comparison_document(c: Columns) -> ColumnElement[Any]:
    """`CriteriaComparisonRecordOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        name=c.name,
        criteria=c.criteria,
        begun_by=c.begun_by,
        revision=_revision(c),
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    criteria_comparison,
    comparison_document,
    filters={"portfolio": criteria_comparison.c.portfolio_id},
    sorts={"id": criteria_comparison.c.id},
)


def judgement_document(c: Columns) -> ColumnElement[Any]:
    """`JudgedOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        judge=c.judge,
        judged_at=moment(c.judged_at),
        reason=c.reason,
        judgements=c.pairs,
    )


JUDGED = Listing(
    judgement,
    judgement_document,
    filters={"comparison": judgement.c.comparison_id},
    sorts={"id": judgement.c.id},
)
_BEGIN = outbox.insert(criteria_comparison, comparison_document)
_GET = Query(
    select(criteria_comparison, _revision(criteria_comparison.c).label("revision")).where(
        criteria_comparison.c.id == bindparam("id")
    )
)
_ADD = Query(insert(judgement).values({column.name: bindparam(column.name) for column in judgement.columns}))
_LAST = Query(
    select(judgement)
    .ext(distinct_on(judgement.c.judge))
    .where(judgement.c.comparison_id == bindparam("id"))
    .order_by(judgement.c.judge, judgement.c.judged_at.desc(), judgement.c.id.desc())
)


async def begin(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Insert the comparison with its event and audit row; its JSON."""
    row = await _BEGIN.find(connection, **values, **record)
    assert row is not None
    return str(row["document"])


async def get_comparison(connection: Connection, comparison_id: UUID) -> StoredComparison:
    """The comparison, or `Unknown`."""
    row = await _GET.find(connection, id=comparison_id)
    if row is None:
        raise Unknown
    return StoredComparison(
        id=row["id"],
        portfolio_id=row["portfolio_id"],
        name=row["name"],
        criteria={UUID(one["id"]): one["name"] for one in json.loads(row["criteria"])},
        begun_by=row["begun_by"],
        created_at=row["created_at"],
        revision=row["revision"],
    )


async def add_judgements(connection: Connection, values: Mapping[str, Any]) -> None:
    """Append what a judge says."""
    await _ADD.run(connection, **values)


async def list_judged(connection: Connection, comparison_id: UUID) -> list[JudgedBy]:
    """What each judge last said, by judge."""
    return [_judged_by(row) for row in await _LAST.rows(connection, id=comparison_id)]


def _judged_by(row: asyncpg.Record) -> JudgedBy:
    judgements = tuple(
        Judgement(UUID(one["preferred_id"]), UUID(one["over_id"]), one["strength"])
        for one in json.loads(row["pairs"])
    )
    return JudgedBy(row["judge"], judgements, row["reason"], row["judged_at"])
