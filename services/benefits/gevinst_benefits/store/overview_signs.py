"""What is missing of benefits: an indicator that shows them, an owner who answers for them (B2, B6)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from gevinst_benefits.store.benefit_dates import with_project
from gevinst_benefits.store.overview_scopes import Scope, Scoped, is_followed
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.projects import project, role_assignment, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.values.actor import ScopeKind as GrantScope

_today = bindparam("today", type_=Date)
_its_benefit = and_(
    indicator.c.organisation_id == benefit.c.organisation_id, indicator.c.benefit_id == benefit.c.id
)

_is_indicated = exists(select(1).where(_its_benefit).correlate(benefit))


def _unseen(condition: ColumnElement[bool]) -> Select[Any]:
    """Benefits without an indicator, those that are confirmed first, with how many there are."""
    return (
        select(
            benefit.c.id,
            benefit.c.name,
            benefit.c.project_id,
            project.c.name.label("project_name"),
            benefit.c.state,
            func.count().over().label("total"),
        )
        .select_from(with_project)
        .where(condition, is_followed, ~_is_indicated)
        .order_by(benefit.c.state == "proposed", benefit.c.id)
        .limit(bindparam("most", type_=Integer))
    )


def _held(c: Any, path: ColumnElement[Any]) -> ColumnElement[bool]:  # noqa: ANN401 - columns
    """B2: whether somebody holds the role in the unit, or in one above it, today."""
    return exists(
        select(1).where(
            role_assignment.c.organisation_id == c.organisation_id,
            role_assignment.c.role == c.owner_role,
            role_assignment.c.scope == GrantScope.UNIT.value,
            role_assignment.c.scope_id == any_(path),
            or_(role_assignment.c.valid_from.is_(None), role_assignment.c.valid_from <= _today),
            or_(role_assignment.c.valid_until.is_(None), role_assignment.c.valid_until > _today),
        )
    )


def _vacant(condition: ColumnElement[bool]) -> Select[Any]:
    """Owners' roles that nobody holds, looked up once for each role and unit."""
    key = (benefit.c.organisation_id, benefit.c.owner_role, benefit.c.owner_unit_id)
    owners = (
        select(*key, func.count().label("benefits"))
        .select_from(with_project)
        .where(condition, is_followed)
        .group_by(*key)
        .subquery("owners")
    )
    its_unit = and_(unit.c.organisation_id == owners.c.organisation_id, unit.c.id == owners.c.owner_unit_id)
    return (
        select(
            owners.c.owner_role.label("role"),
            owners.c.owner_unit_id.label("unit_id"),
            unit.c.name.label("unit_name"),
            owners.c.benefits,
            func.count().over().label("total"),
            func.sum(owners.c.benefits).over().label("all_benefits"),
        )
        .join(unit, its_unit)
        .where(~_held(owners.c, unit.c.path))
        .order_by(owners.c.benefits.desc(), owners.c.owner_unit_id, owners.c.owner_role)
        .limit(bindparam("most", type_=Integer))
    )


_UNSEEN = Scoped(_unseen)
_VACANT = Scoped(_vacant)


async def without_indicator(
    connection: Connection, scope: Scope, *, most: int
) -> Sequence[Mapping[str, Any]]:
    """The first `most` benefits without an indicator, by column; `total` says how many there are."""
    return await _UNSEEN.rows(connection, scope, most=most)


async def vacant_owners(
    connection: Connection, scope: Scope, *, today: date, most: int
) -> Sequence[Mapping[str, Any]]:
    """The first `most` roles in units that nobody holds; `total` of them own `all_benefits`."""
    return await _VACANT.rows(connection, scope, today=today, most=most)
