"""The board's decisions, and the projects that they move."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_portfolio.store.records import key_document
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.scenarios import decision
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown

_MOVED = ("status", "start", "end", "cost_by_year")


def decision_document(c: Columns) -> ColumnElement[Any]:
    """`DecisionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        scenario_id=c.scenario_id,
        follows_id=c.follows_id,
        case_number=c.case_number,
        deciders=c.deciders,
        reasons=c.reasons,
        decided_by=c.decided_by,
        decided_on=c.decided_on,
        projects=c.projects,
        left_out=c.left_out,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    decision,
    decision_document,
    filters={"portfolio": decision.c.portfolio_id, "scenario": decision.c.scenario_id},
    sorts={"id": decision.c.id},
)
_GET = Query(
    select(decision_document(decision.c).label("document"), decision.c.revision).where(
        decision.c.id == bindparam("id")
    )
)
_OF_SCENARIO = Query(select(decision.c.id).where(decision.c.scenario_id == bindparam("scenario_id")))
_LAST = Query(
    select(decision.c.id)
    .where(decision.c.portfolio_id == bindparam("portfolio_id"))
    .order_by(decision.c.created_at.desc(), decision.c.id.desc())
    .limit(1)
)
_ADD = outbox.insert(decision, decision_document)
_CHOSEN = Query(
    select(project)
    .where(project.c.id == bindparam("ids", type_=ARRAY(Uuid)).any_())
    .order_by(project.c.id)
    .with_for_update()
)
_MOVE = outbox.update(project, key_document, columns=_MOVED)


async def get_document(connection: Connection, decision_id: UUID) -> Stored:
    """The decision's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=decision_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def find_of_scenario(connection: Connection, scenario_id: UUID) -> UUID | None:
    found: UUID | None = await _OF_SCENARIO.value(connection, scenario_id=scenario_id)
    return found


async def find_last(connection: Connection, portfolio_id: UUID) -> UUID | None:
    """The portfolio's decision that none has followed yet."""
    found: UUID | None = await _LAST.value(connection, portfolio_id=portfolio_id)
    return found


async def add_decision(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the decision with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def lock_projects(connection: Connection, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """The projects, which nobody else changes before this transaction ends."""
    return await _CHOSEN.rows(connection, ids=list(ids))


async def move_projects(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give projects their status and days, each with its event and audit row; pipelined."""
    await _MOVE.run_many(
        connection,
        [{**row, "expected": None, **{f"new_{name}": row[name] for name in _MOVED}} for row in rows],
    )
