"""The read model of projects, units, people and roles, kept from the portfolio service's feed."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Uuid, and_, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert

from gevinst_benefits.domain.plan.timing import Delivery
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.tables.projects import person, project, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import ScopeKind
from gevinst_shared.values.refusal import Unknown


def _kept(table: Table) -> Query:
    """Insert the row, or bring the one that is there up to it: the same event twice changes nothing."""
    statement = insert(table).values({column.name: bindparam(column.name) for column in table.columns})
    changes = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    return Query(statement.on_conflict_do_update(index_elements=table.primary_key, set_=changes))


_KEEP_PROJECT = _kept(project)
_KEEP_UNIT = _kept(unit)
_KEEP_PERSON = _kept(person)
_KEEP_ROLE = _kept(role_assignment)
_ROW = Query(select(project).where(project.c.id == bindparam("id")))
_GET = Query(
    select(project, unit.c.path)
    .outerjoin(
        unit, and_(unit.c.organisation_id == project.c.organisation_id, unit.c.id == project.c.unit_id)
    )
    .where(project.c.id == bindparam("id"))
)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_UNITS = Query(select(unit.c.id).where(unit.c.id == any_(_ids)))
_PEOPLE = Query(select(person.c.id).where(person.c.id == any_(_ids)))
_PERSON_OF = Query(select(person.c.id).where(person.c.subject == bindparam("subject")).limit(1))
_PATH = Query(select(unit.c.path).where(unit.c.id == bindparam("id")))
_today = bindparam("today", type_=role_assignment.c.valid_from.type)
_HOLDERS = Query(
    select(role_assignment.c.subject)
    .join(
        unit,
        and_(
            unit.c.organisation_id == role_assignment.c.organisation_id,
            role_assignment.c.scope_id == any_(unit.c.path),
        ),
    )
    .where(
        unit.c.id == bindparam("unit_id"),
        role_assignment.c.role == bindparam("role"),
        role_assignment.c.scope == ScopeKind.UNIT.value,
        or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _today),
        or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _today),
    )
)


async def get_project(connection: Connection, project_id: UUID) -> Project:
    """The project, or `Unknown` until the portfolio service has announced it."""
    row = await _GET.find(connection, id=project_id)
    if row is None:
        raise Unknown
    return project_from(dict(row))


def project_from(row: Mapping[str, Any], deliveries: tuple[Delivery, ...] = ()) -> Project:
    """The domain's project of its columns and the `path` of its unit."""
    return Project(
        id=row["id"],
        name=row["name"],
        portfolio_id=row["portfolio_id"],
        programme_id=row["programme_id"],
        unit_path=tuple(row["path"] or ()),
        start=row["start"],
        end=row["end"],
        status=row["status"],
        deliveries=deliveries,
    )


async def known_units(connection: Connection, unit_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of `unit_ids` that are units of the organisation."""
    rows = await _UNITS.rows(connection, ids=list(unit_ids))
    return frozenset(row["id"] for row in rows)


async def unit_path(connection: Connection, unit_id: UUID) -> tuple[UUID, ...]:
    """The unit and every unit above it; empty for one that is not known."""
    return tuple(await _PATH.value(connection, id=unit_id) or ())


async def known_people(connection: Connection, person_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Those of `person_ids` who are people of the organisation."""
    rows = await _PEOPLE.rows(connection, ids=list(person_ids))
    return frozenset(row["id"] for row in rows)


async def person_of(connection: Connection, subject: str) -> UUID | None:
    """The person who signs in as `subject`, if the organisation has registered one."""
    found: UUID | None = await _PERSON_OF.value(connection, subject=subject)
    return found


async def holders(connection: Connection, role: str, unit_id: UUID, *, today: date) -> frozenset[str]:
    """B2: the subjects who hold `role` in the unit, or in one above it, on a day."""
    rows = await _HOLDERS.rows(connection, role=role, unit_id=unit_id, today=today)
    return frozenset(row["subject"] for row in rows)


async def find_row(connection: Connection, project_id: UUID) -> Mapping[str, Any] | None:
    """What is kept of the project, by column."""
    row = await _ROW.find(connection, id=project_id)
    return None if row is None else dict(row)


async def keep_project(connection: Connection, organisation: str, values: Mapping[str, Any]) -> None:
    await _KEEP_PROJECT.run(connection, organisation_id=organisation, **values)


async def keep_unit(connection: Connection, organisation: str, values: Mapping[str, Any]) -> None:
    await _KEEP_UNIT.run(connection, organisation_id=organisation, **values)


async def keep_person(connection: Connection, organisation: str, values: Mapping[str, Any]) -> None:
    await _KEEP_PERSON.run(connection, organisation_id=organisation, **values)


async def keep_role(connection: Connection, organisation: str, values: Mapping[str, Any]) -> None:
    await _KEEP_ROLE.run(connection, organisation_id=organisation, **values)
