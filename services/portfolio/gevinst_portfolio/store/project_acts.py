"""What single acts change of a project, beside what its proposer says of it."""

from uuid import UUID

import asyncpg
from sqlalchemy import bindparam, select

from gevinst_portfolio.store.projects import project_document
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown

OVERRULED = Records(
    outbox,
    project,
    project_document,
    changeable=("registration", "registration_overruled", "registration_reason"),
)
WAVES = Records(outbox, project, project_document, changeable=("waves", "registration"))
FIGURES = Records(
    outbox,
    project,
    project_document,
    changeable=("end", "cost_minor", "benefit_minor", "cost_by_year", "needs", "waves", "registration"),
)
_LOCK = Query(select(project).where(project.c.id == bindparam("id")).with_for_update())


async def lock_project(connection: Connection, project_id: UUID) -> asyncpg.Record:
    """The project's row, which nobody else changes before this transaction ends; or `Unknown`."""
    row = await _LOCK.find(connection, id=project_id)
    if row is None:
        raise Unknown
    return row
