"""What gates decided about projects, and what stops left to others."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.releases import gate_outcome, release, started_phase
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import key_document


def release_document(c: Columns) -> ColumnElement[Any]:
    """`ReleaseOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        project_id=c.project_id,
        project_name=c.project_name,
        gate_outcome_id=c.gate_outcome_id,
        decision_id=c.decision_id,
        released_on=c.released_on,
        is_temporary=c.is_temporary,
        until=c.until,
        money=c.money,
        resources=c.resources,
        total=money(c.total_minor, c.currency, c.price_year),
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    release,
    release_document,
    filters={"portfolio": release.c.portfolio_id, "project": release.c.project_id},
    sorts={"id": release.c.id},
)
_ADD_OUTCOME = Query(
    insert(gate_outcome)
    .values({column.name: bindparam(column.name) for column in gate_outcome.columns})
    .on_conflict_do_nothing()
    .returning(gate_outcome.c.id)
)
_ADD_START = Query(
    insert(started_phase)
    .values({column.name: bindparam(column.name) for column in started_phase.columns})
    .on_conflict_do_nothing()
)
_LOCK = Query(select(project).where(project.c.id == bindparam("id")).with_for_update())
_MOVE = outbox.update(project, key_document, columns=("status", "phase"))
_OF_DECISION = Query(select(release).where(release.c.decision_id == bindparam("decision_id")))
# What each project of the portfolio left last, and when.
_LAST = Query(
    select(release.c.project_id, release.c.released_on, release.c.created_at)
    .where(release.c.portfolio_id == bindparam("portfolio_id"))
    .ext(distinct_on(release.c.project_id))
    .order_by(release.c.project_id, release.c.id.desc())
)
_ADD = Query(insert(release).values({column.name: bindparam(column.name) for column in release.columns}))


async def lock_project(connection: Connection, project_id: UUID) -> asyncpg.Record | None:
    """The project, which nobody else changes before this transaction ends."""
    return await _LOCK.find(connection, id=project_id)


async def add_outcome(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Keep a gate's outcome; False when it is known already, from a feed that is read again."""
    return await _ADD_OUTCOME.find(connection, **values) is not None


async def add_start(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep where a project begins; from a feed that is read again it is known already."""
    await _ADD_START.run(connection, **values)


async def move_project(
    connection: Connection, project_id: UUID, *, status: str, phase: str | None, record: Mapping[str, Any]
) -> None:
    """Give the project its status and phase, with the event and audit row."""
    await _MOVE.find(connection, id=project_id, expected=None, new_status=status, new_phase=phase, **record)


async def add_release(connection: Connection, values: Mapping[str, Any]) -> None:
    await _ADD.run(connection, **values)


async def find_of_decision(connection: Connection, decision_id: UUID) -> asyncpg.Record | None:
    """What a decision released, when it released anything."""
    return await _OF_DECISION.find(connection, decision_id=decision_id)


async def list_last(connection: Connection, portfolio_id: UUID) -> list[asyncpg.Record]:
    """`project_id`, `released_on` and `created_at` of each project's last release."""
    return await _LAST.rows(connection, portfolio_id=portfolio_id)
