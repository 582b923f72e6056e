"""Prerequisites and risks in the database."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, and_, bindparam, func, select, update

from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.prerequisites import prerequisite, risk
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records

_OWNED = ("name", "measure", "owner_person_id", "owner_role", "owner_unit_id", "state")


def prerequisite_document(c: Columns) -> ColumnElement[Any]:
    """`PrerequisiteOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        name=c.name,
        measure=c.measure,
        owner=document(person_id=c.owner_person_id, role=c.owner_role, unit_id=c.owner_unit_id),
        state=c.state,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def risk_document(c: Columns) -> ColumnElement[Any]:
    """`RiskOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        name=c.name,
        probability=c.probability,
        consequence=c.consequence,
        level=c.level,
        measure=c.measure,
        owner=document(person_id=c.owner_person_id, role=c.owner_role, unit_id=c.owner_unit_id),
        state=c.state,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


PREREQUISITES = Records(outbox, prerequisite, prerequisite_document, changeable=_OWNED)
PREREQUISITE_LISTING = Listing(
    prerequisite,
    prerequisite_document,
    filters={"benefit": prerequisite.c.benefit_id, "state": prerequisite.c.state},
    sorts={"id": prerequisite.c.id},
)
RISKS = Records(outbox, risk, risk_document, changeable=(*_OWNED, "probability", "consequence", "level"))
RISK_LISTING = Listing(
    risk,
    risk_document,
    filters={"benefit": risk.c.benefit_id, "state": risk.c.state, "level": risk.c.level},
    sorts={"id": risk.c.id},
)


def _counted(table: Table) -> Query:
    mine = table.c.benefit_id == bindparam("benefit_id")
    return Query(select(func.count()).select_from(table).where(mine))


def _continued(table: Table) -> Query:
    return Query(
        update(table)
        .where(table.c.benefit_id == bindparam("from_id"))
        .values(benefit_id=bindparam("to_id"), revision=table.c.revision + 1)
    )


_OF_PROJECT = Query(
    select(*(risk.c[name] for name in ("id", "benefit_id", *_OWNED, "probability", "consequence", "level")))
    .join(
        benefit, and_(benefit.c.organisation_id == risk.c.organisation_id, benefit.c.id == risk.c.benefit_id)
    )
    .where(benefit.c.project_id == bindparam("project_id"))
    .order_by(risk.c.id)
)
_PREREQUISITE_COUNT, _RISK_COUNT = _counted(prerequisite), _counted(risk)
_CONTINUE = (_continued(prerequisite), _continued(risk))


async def prerequisite_count(connection: Connection, benefit_id: UUID) -> int:
    return int(await _PREREQUISITE_COUNT.value(connection, benefit_id=benefit_id))


async def risk_count(connection: Connection, benefit_id: UUID) -> int:
    return int(await _RISK_COUNT.value(connection, benefit_id=benefit_id))


async def risks_of_project(connection: Connection, project_id: UUID) -> list[dict[str, Any]]:
    """The risks of the project's benefits, in the order of their entry, without who wrote them down (E3)."""
    return [dict(row) for row in await _OF_PROJECT.rows(connection, project_id=project_id)]


async def hand_over_prerequisites(connection: Connection, from_id: UUID, to_id: UUID) -> None:
    """G6: a benefit that is moved takes its prerequisites and risks along."""
    for query in _CONTINUE:
        await query.run(connection, from_id=from_id, to_id=to_id)
