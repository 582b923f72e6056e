"""Who asks for their duties: the roles they hold and where, and the columns that every duty has (N1)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.duties import DutyKind
from gevinst_benefits.tables.projects import person, project, unit
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.actor import Permission, Role, ScopeKind

_TEXTS, _IDS, _DATES = ARRAY(Text), ARRAY(Uuid), ARRAY(Date)
PARAMETERS: dict[str, Any] = {
    "today": Date(),
    "until": Date(),
    "subject": Text(),
    "roles": _TEXTS,
    "scopes": _TEXTS,
    "scope_ids": _IDS,
    "months": _DATES,
    "month_ends": _DATES,
    "due_days": _DATES,
}


def given(name: str) -> Any:  # noqa: ANN401 - a bind parameter
    """A parameter by the name that `Listing` gives it."""
    return bindparam(f"filter_{name}", type_=PARAMETERS[name])


today, until, subject = given("today"), given("until"), given("subject")
me = select(person.c.id).where(person.c.subject == subject).scalar_subquery()
# The roles that the caller holds today, one a row; the whole organisation has no id.
_held = (
    func.unnest(given("roles"), given("scopes"), given("scope_ids"))
    .table_valued(column("role", Text), column("scope", Text), column("scope_id", Uuid))
    .render_derived(name="held")
)
# B2: the roles in units that the caller holds: there, and in every unit below.
_line = (
    select(_held.c.role, unit.c.id.label("unit_id"))
    .join(_held, and_(_held.c.scope == ScopeKind.UNIT.value, _held.c.scope_id == any_(unit.c.path)))
    .distinct()
    .cte("line")
)


def is_mine(role: ColumnElement[Any], unit_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the caller holds the role in the unit; asked of a set that is made once for a statement."""
    return tuple_(role, unit_id).in_(select(_line.c.role, _line.c.unit_id))


def held_at(roles: frozenset[Role]) -> ColumnElement[bool]:
    """Whether the caller holds one of the roles at the project, or at anything that it is part of."""
    places = case(
        (_held.c.scope == ScopeKind.UNIT.value, _held.c.scope_id == any_(unit.c.path)),
        (_held.c.scope == ScopeKind.PORTFOLIO.value, _held.c.scope_id == project.c.portfolio_id),
        (_held.c.scope == ScopeKind.PROGRAMME.value, _held.c.scope_id == project.c.programme_id),
        (_held.c.scope == ScopeKind.PROJECT.value, _held.c.scope_id == project.c.id),
        else_=_held.c.scope == ScopeKind.ORGANISATION.value,
    )
    return exists(select(1).select_from(_held).where(is_one_of(_held.c.role, roles), places))


def is_one_of(column: ColumnElement[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """One of some values that stand in the statement."""
    return or_(*(column == literal(str(value), Text) for value in sorted(values)))


def may(permission: Permission) -> ColumnElement[bool]:
    return held_at(permission.roles)


of_unit = and_(unit.c.organisation_id == project.c.organisation_id, unit.c.id == project.c.unit_id)


def with_project(source: FromClause, c: Columns) -> FromClause:
    its = and_(project.c.organisation_id == c.organisation_id, project.c.id == c.project_id)
    return source.join(project, its).outerjoin(unit, of_unit)


def duty(
    kind: DutyKind,
    c: Columns,
    path: ColumnElement[Any],
    name: ColumnElement[Any],
    due: ColumnElement[Any] | None = None,
    *,
    project_id: ColumnElement[Any],
) -> Select[Any]:
    return select(
        c.organisation_id,
        c.id,
        literal_column(f"'{kind.value}'", Text).label("kind"),
        name.label("name"),
        project_id.label("project_id"),
        cast(null() if due is None else due, Date).label("due_on"),
        path.label("path"),
    )


def at(collection: str, tail: str = "") -> ColumnElement[Any]:
    """Where a duty is done: a path with a place for the record's id."""
    return literal(f"/{collection}/{{id}}{tail}", Text)
