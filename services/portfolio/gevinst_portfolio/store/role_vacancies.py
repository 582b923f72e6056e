"""Roles that nobody holds (P10)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from gevinst_portfolio.tables.organisations import role_assignment, unit
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.documents import document
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns

# A filter of the listing whose column is the parameter itself: that is how the day gets into the statement.
_TODAY = bindparam("filter_today", type_=Date)
_LIVE = ("proposed", "approved", "running", "paused")


def role_vacancy_document(c: Columns) -> ColumnElement[Any]:
    """`RoleVacancyOut`, as PostgreSQL writes it."""
    return document(
        role=c.role, scope=c.scope, scope_id=c.id, place_name=c.place_name, vacant_since=c.vacant_since
    )


def _vacant(table: Table, scope: str, role: str, *conditions: ColumnElement[bool]) -> Select[Any]:
    """The rows of `table` for which nobody holds `role` today."""
    here = and_(
        role_assignment.c.organisation_id == table.c.organisation_id,
        role_assignment.c.scope == literal_column(f"'{scope}'"),
        role_assignment.c.scope_id == table.c.id,
        role_assignment.c.role == literal_column(f"'{role}'"),
    )
    has_begun = or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _TODAY)
    lasts = or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _TODAY)
    since = select(func.max(role_assignment.c.valid_until)).where(
        here, role_assignment.c.valid_until <= _TODAY
    )
    return select(
        table.c.id,
        literal_column(f"'{role}'", type_=role_assignment.c.role.type).label("role"),
        literal_column(f"'{scope}'", type_=role_assignment.c.scope.type).label("scope"),
        table.c.name.label("place_name"),
        since.scalar_subquery().label("vacant_since"),
        _TODAY.label("today"),
    ).where(~exists(select(literal(1)).where(here, has_begun, lasts)), *conditions)


def _vacancies() -> FromClause:
    is_live = project.c.status.in_([literal_column(f"'{status}'") for status in _LIVE])
    return union_all(
        _vacant(project, "project", "project-owner", project.c.owner_id.is_(None), is_live),
        _vacant(project, "project", "project-manager", project.c.manager_id.is_(None), is_live),
        _vacant(unit, "unit", "unit-leader"),
    ).subquery("vacancy")


_VACANCY = _vacancies()
LISTING = Listing(
    _VACANCY,
    role_vacancy_document,
    filters={"today": _VACANCY.c.today, "role": _VACANCY.c.role, "scope": _VACANCY.c.scope},
    sorts={"role": _VACANCY.c.role},
)
