"""Who owned benefits before, and owners' roles that nobody holds (B2)."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.owners import owner_change, owner_vacancy
from gevinst_benefits.tables.projects import role_assignment, unit
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.actor import ScopeKind


def owner_change_document(c: Columns) -> ColumnElement[Any]:
    """`OwnerChangeOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        previous=document(role=c.from_role, unit_id=c.from_unit_id),
        owner=document(role=c.to_role, unit_id=c.to_unit_id),
        reason=c.reason,
        changed_by=c.changed_by,
        created_at=moment(c.created_at),
    )


# B10: follow-up lasts years, so a realised benefit still needs its owner.
_is_followed = and_(benefit.c.state != "closed", benefit.c.state != "moved")


def _benefit_count(c: Columns) -> ColumnElement[Any]:
    mine = (
        benefit.c.organisation_id == c.organisation_id,
        benefit.c.owner_role == c.role,
        benefit.c.owner_unit_id == c.unit_id,
        _is_followed,
    )
    return select(func.count()).select_from(benefit).where(*mine).scalar_subquery()


def _vacancy_document(c: Columns) -> ColumnElement[Any]:
    """`VacantOwnerOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        role=c.role,
        unit_id=c.unit_id,
        unit_name=c.unit_name,
        since=c.since,
        benefit_count=_benefit_count(c),
    )


HISTORY = Listing(
    owner_change,
    owner_change_document,
    filters={"benefit": owner_change.c.benefit_id},
    sorts={"id": owner_change.c.id},
)
_open = (
    select(owner_vacancy, unit.c.name.label("unit_name"), unit.c.path)
    .join(
        unit,
        and_(unit.c.organisation_id == owner_vacancy.c.organisation_id, unit.c.id == owner_vacancy.c.unit_id),
    )
    .where(owner_vacancy.c.filled_on.is_(None))
    .subquery()
)
VACANT = Listing(
    _open,
    _vacancy_document,
    filters={"unit": lambda unit_id: unit_id == any_(_open.c.path)},
    sorts={"since": _open.c.since, "id": _open.c.id},
)
_ADD = Query(
    insert(owner_change).values(
        {column.name: bindparam(column.name) for column in owner_change.columns if column.name != "revision"}
    )
)
_today = bindparam("today", type_=Date)
_holder = exists(
    select(1).where(
        role_assignment.c.organisation_id == benefit.c.organisation_id,
        role_assignment.c.role == benefit.c.owner_role,
        role_assignment.c.scope == ScopeKind.UNIT.value,
        role_assignment.c.scope_id == any_(unit.c.path),
        or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _today),
        or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _today),
    )
)
_role = bindparam("role", type_=Text)
_VACANT_NOW = Query(
    select(
        benefit.c.owner_role.label("role"),
        unit.c.id.label("unit_id"),
        unit.c.name.label("unit_name"),
        unit.c.path,
        func.array_agg(aggregate_order_by(benefit.c.id, benefit.c.id), type_=ARRAY(Uuid)).label(
            "benefit_ids"
        ),
    )
    .join(
        unit,
        and_(unit.c.organisation_id == benefit.c.organisation_id, unit.c.id == benefit.c.owner_unit_id),
    )
    .where(_is_followed, ~_holder, or_(_role.is_(None), benefit.c.owner_role == _role))
    .group_by(benefit.c.owner_role, unit.c.id, unit.c.name, unit.c.path)
)
_OPEN = Query(select(_open).where(or_(_role.is_(None), _open.c.role == _role)))
_OPEN_VACANCY = Query(
    upsert(owner_vacancy)
    .values({column.name: bindparam(column.name) for column in owner_vacancy.columns})
    .on_conflict_do_nothing()
    .returning(owner_vacancy.c.id)
)
_FILL = Query(
    update(owner_vacancy)
    .where(owner_vacancy.c.id == bindparam("vacancy_id"), owner_vacancy.c.filled_on.is_(None))
    .values(filled_on=bindparam("filled"))
    .returning(owner_vacancy.c.id)
)


async def add_change(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep who the owner was."""
    await _ADD.run(connection, **values)


async def vacant_now(connection: Connection, *, today: date, role: str | None) -> list[dict[str, Any]]:
    """The owners' roles in units that nobody holds on the day, each with the benefits that wait for it."""
    return [dict(row) for row in await _VACANT_NOW.rows(connection, today=today, role=role)]


async def open_vacancies(connection: Connection, *, role: str | None = None) -> list[dict[str, Any]]:
    """Those that were told and are not filled."""
    return [dict(row) for row in await _OPEN.rows(connection, role=role)]


async def open_vacancy(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Whether this was the one to find it."""
    return await _OPEN_VACANCY.find(connection, **values) is not None


async def fill_vacancy(connection: Connection, vacancy_id: UUID, *, on: date) -> bool:
    """Whether this was the one to see it filled."""
    return await _FILL.find(connection, vacancy_id=vacancy_id, filled=on) is not None
