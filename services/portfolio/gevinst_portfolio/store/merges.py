"""What is carried over when one project is merged into another (P1)."""

from uuid import UUID

import asyncpg
from sqlalchemy import Uuid, bindparam, case, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.store.projects import project_document
from gevinst_portfolio.tables.concepts import concept
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown

SURVIVORS = Records(
    outbox,
    project,
    project_document,
    changeable=("depends_on", "dependency_lags", "excludes", "supporters", "origins"),
)
ORIGINS = Records(outbox, project, project_document, changeable=("origins",))
MERGED = Records(outbox, project, project_document, changeable=("status", "merged_into_id"))
DEPENDANTS = Records(
    outbox, project, project_document, changeable=("depends_on", "dependency_lags", "excludes")
)
_BOTH = Query(
    select(project)
    .where(project.c.id == bindparam("ids", type_=ARRAY(Uuid)).any_())
    .order_by(project.c.id)
    .with_for_update()
)
_id = bindparam("merged", type_=Uuid)
_into = bindparam("into_id", type_=Uuid)
_NAMING = Query(
    select(project)
    .where(or_(_id == project.c.depends_on.any_(), _id == project.c.excludes.any_()))
    .order_by(project.c.id)
    .with_for_update()
)
_PARTS = Query(
    select(project).where(project.c.merged_into_id == _id).order_by(project.c.id).with_for_update()
)
_HAS_CONCEPTS = Query(select(func.count()).select_from(concept).where(concept.c.project_id == _into))
_CARRIED = (concept.c.id, concept.c.name, concept.c.state)
_considered = case(
    (concept.c.state == literal_column("'chosen'"), literal_column("'considered'")), else_=concept.c.state
)
_CARRY_CONCEPTS = Query(
    update(concept)
    .values(project_id=_into, state=_considered, is_recommended=False, revision=concept.c.revision + 1)
    .where(concept.c.project_id == _id, concept.c.is_zero_alternative.is_(False))
    .returning(*_CARRIED)
)
_CARRY_ALL_CONCEPTS = Query(
    update(concept)
    .values(project_id=_into, state=_considered, revision=concept.c.revision + 1)
    .where(concept.c.project_id == _id)
    .returning(*_CARRIED)
)


async def lock_both(
    connection: Connection, project_id: UUID, into_id: UUID
) -> tuple[asyncpg.Record, asyncpg.Record]:
    """Both projects, which nobody else changes before this transaction ends; or `Unknown`."""
    rows = {row["id"]: row for row in await _BOTH.rows(connection, ids=[project_id, into_id])}
    if project_id not in rows:
        raise Unknown
    if into_id not in rows:
        raise Unknown(pointer="/body/into_id")
    return rows[project_id], rows[into_id]


async def list_naming(connection: Connection, project_id: UUID) -> list[asyncpg.Record]:
    """The projects that depend on this one or exclude it."""
    return await _NAMING.rows(connection, merged=project_id)


async def carry_concepts(connection: Connection, project_id: UUID, into_id: UUID) -> list[asyncpg.Record]:
    """Give the survivor the concepts; their `id`, `name` and `state`.

    P9: where the survivor has a zero alternative of its own, that stays the only one.
    """
    has_own = await _HAS_CONCEPTS.value(connection, into_id=into_id)
    carry = _CARRY_CONCEPTS if has_own else _CARRY_ALL_CONCEPTS
    return await carry.rows(connection, merged=project_id, into_id=into_id)


async def list_parts(connection: Connection, project_id: UUID) -> list[asyncpg.Record]:
    """What was merged into the project before, and is part of whatever it becomes."""
    return await _PARTS.rows(connection, merged=project_id)
