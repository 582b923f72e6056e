"""Roles that nobody holds (P10)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from gevinst_portfolio.domain.role_assignments import PROJECT_ROLES
from gevinst_portfolio.store.boards import is_held
from gevinst_portfolio.tables.boards import board_seat
from gevinst_portfolio.tables.organisations import role_assignment, unit
from gevinst_portfolio.tables.projects import project
from gevinst_shared.db.documents import document
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.actor import Role

# A filter of the listing whose column is the parameter itself: that is how the day gets into the statement.
_TODAY = bindparam("filter_today", type_=Date)
_LIVE = ("proposed", "approved", "running", "paused")


def role_vacancy_document(c: Columns) -> ColumnElement[Any]:
    """`RoleVacancyOut`, as PostgreSQL writes it."""
    return document(
        role=c.role, scope=c.scope, scope_id=c.scope_id, place_name=c.place_name, vacant_since=c.vacant_since
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
        table.c.id.label("scope_id"),
        literal_column(f"'{role}'", Text).label("role"),
        literal_column(f"'{scope}'", Text).label("scope"),
        table.c.name.label("place_name"),
        since.scalar_subquery().label("vacant_since"),
        _portfolio(table).label("portfolio_id"),
        _TODAY.label("today"),
    ).where(~exists(select(literal(1)).where(here, has_begun, lasts)), *conditions)


def _portfolio(table: Table) -> ColumnElement[Any]:
    return project.c.portfolio_id if table is project else cast(null(), Uuid)


def _vacant_seats() -> Select[Any]:
    """Named roles of project boards that nobody holds; owner and manager are found with the projects."""
    is_vacant = and_(~is_held(board_seat.c), board_seat.c.ended_on.is_(None))
    return (
        select(
            board_seat.c.id,
            project.c.id.label("scope_id"),
            board_seat.c.role,
            literal_column("'project'", Text).label("scope"),
            project.c.name.label("place_name"),
            # When a group lost its last member is not known.
            case((board_seat.c.group_id.is_(None), board_seat.c.since)).label("vacant_since"),
            project.c.portfolio_id,
            _TODAY.label("today"),
        )
        .join(
            project,
            and_(
                project.c.organisation_id == board_seat.c.organisation_id,
                project.c.id == board_seat.c.project_id,
            ),
        )
        .where(is_vacant, _is_live(), board_seat.c.role.not_in(_literals(PROJECT_ROLES)))
    )


def _is_live() -> ColumnElement[bool]:
    return project.c.status.in_(_literals(_LIVE))


def _literals(values: Iterable[str]) -> list[ColumnElement[Any]]:
    return [literal_column(f"'{value}'") for value in values]


def _has_seat(role: Role) -> ColumnElement[bool]:
    """Whether a person or a group holds the role in the project's board: an owner may be a group."""
    return exists(
        select(literal(1)).where(
            board_seat.c.organisation_id == project.c.organisation_id,
            board_seat.c.project_id == project.c.id,
            board_seat.c.role == literal_column(f"'{role}'"),
            board_seat.c.ended_on.is_(None),
            is_held(board_seat.c),
        )
    )


def _vacancies() -> FromClause:
    own = [
        _vacant(project, "project", role, project.c[member].is_(None), _is_live(), ~_has_seat(role))
        for role, member in PROJECT_ROLES.items()
    ]
    return union_all(*own, _vacant_seats(), _vacant(unit, "unit", "unit-leader")).subquery("vacancy")


_VACANCY = _vacancies()
LISTING = Listing(
    _VACANCY,
    role_vacancy_document,
    filters={
        "today": _VACANCY.c.today,
        "role": _VACANCY.c.role,
        "scope": _VACANCY.c.scope,
        "portfolio": _VACANCY.c.portfolio_id,
        "place": _VACANCY.c.scope_id,
    },
    sorts={"role": _VACANCY.c.role},
)
