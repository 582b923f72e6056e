"""Whose benefits an overview is of: a unit with all below it, a project, programme or portfolio, or all.

Each statement is written once and compiled for each scope.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Executable, Uuid, any_, bindparam, or_, select, true

from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.projects import project, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_id = bindparam("scope_id", type_=Uuid)


class ScopeKind(StrEnum):
    ORGANISATION = "organisation"
    UNIT = "unit"
    PROJECT = "project"
    PROGRAMME = "programme"
    PORTFOLIO = "portfolio"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose benefits; `id` is None for the whole organisation."""

    kind: ScopeKind
    id: UUID | None = None


# The unit and all below it, looked up once for a statement.
units_below = select(unit.c.id).where(_id == any_(unit.c.path))
_OF_PROJECT: dict[ScopeKind, ColumnElement[bool]] = {
    ScopeKind.ORGANISATION: true(),
    ScopeKind.PROGRAMME: project.c.programme_id == _id,
    ScopeKind.PORTFOLIO: project.c.portfolio_id == _id,
    ScopeKind.PROJECT: project.c.id == _id,
}
_OF_BENEFIT = _OF_PROJECT | {ScopeKind.UNIT: benefit.c.owner_unit_id.in_(units_below)}

# Neither closed nor moved away: what is still followed (B10).
is_followed = or_(
    benefit.c.state == "proposed", benefit.c.state == "confirmed", benefit.c.state == "realised"
)


async def plan_for_values(connection: Connection) -> None:
    """From here to the end of the transaction, plan each statement for what is asked of it.

    For scopes far larger than most: what is best for a handful of rows is not for thousands.
    """
    await connection.execute("SET LOCAL plan_cache_mode = force_custom_plan")


class Scoped:
    """One statement about benefits (joined with their projects) or about projects, for each scope."""

    def __init__(
        self, statement_of: Callable[[ColumnElement[bool]], Executable], *, is_of_projects: bool = False
    ) -> None:
        conditions = _OF_PROJECT if is_of_projects else _OF_BENEFIT
        self._queries = {kind: Query(statement_of(condition)) for kind, condition in conditions.items()}

    async def rows(self, connection: Connection, scope: Scope, **values: Any) -> list[dict[str, Any]]:
        return [dict(row) for row in await self.records(connection, scope, **values)]

    async def records(self, connection: Connection, scope: Scope, **values: Any) -> list[asyncpg.Record]:
        """The rows as the driver gives them, which can be read by place."""
        return await self._queries[scope.kind].rows(connection, scope_id=scope.id, **values)
