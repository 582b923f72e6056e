"""What the portfolio service announced, kept as it was last said."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, func, literal_column, not_, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.types import Uuid

from gevinst_notifications.domain.surroundings import Project
from gevinst_notifications.tables.register import (
    organisation,
    person,
    portfolio,
    project,
    role_assignment,
    unit,
)
from gevinst_notifications.tables.shared import feed_cursor
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import ScopeKind

Values = Mapping[str, Any]


def _upsert(
    table: Table,
    *,
    keeps_absent: bool = False,
    unless: ColumnElement[bool] | None = None,
    gathers: Mapping[str, Any] = MappingProxyType({}),
) -> Query:
    """Insert, or replace every column; with `keeps_absent` a null leaves what was known.

    A row for which `unless` holds stays as it is; `gathers` says what becomes of columns that grow.
    """
    columns = [column for column in table.columns if column.name != "erased_at"]
    new = insert(table).values({column.name: bindparam(column.name) for column in columns})
    keys = [column.name for column in table.primary_key]
    changed: dict[str, Any] = {
        column.name: func.coalesce(new.excluded[column.name], column)
        if keeps_absent
        else new.excluded[column.name]
        for column in columns
        if column.name not in keys
    }
    changed |= gathers
    where = None if unless is None else not_(unless)
    return Query(new.on_conflict_do_update(index_elements=keys, set_=changed, where=where))


_ORGANISATION = _upsert(organisation)
_UNIT = _upsert(unit)
_PERSON = _upsert(
    person,
    unless=person.c.erased_at.is_not(None),
    gathers={
        "known_as": literal_column(
            "(SELECT array_agg(DISTINCT one) FROM unnest(person.known_as || excluded.known_as) AS one)"
        )
    },
)
# E3: who was erased is given roles by their id alone.
_SUBJECT_OF_ERASED = Query(
    select(person.c.subject).where(person.c.id == bindparam("id"), person.c.erased_at.is_not(None))
)
_ASSIGNMENT = _upsert(role_assignment)
_PORTFOLIO = _upsert(portfolio)
_PROJECT = _upsert(project)
_PART_OF_PROJECT = _upsert(project, keeps_absent=True)

_PROJECTS = Query(
    select(project, portfolio.c.name.label("portfolio_name"))
    .outerjoin(
        portfolio,
        (portfolio.c.organisation_id == project.c.organisation_id)
        & (portfolio.c.id == project.c.portfolio_id),
    )
    .where(project.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid))))
)
_KNOWN = Query(
    select(func.count())
    .select_from(project)
    .where(project.c.id == bindparam("id"), project.c.name.is_not(None))
)
_PLACES = {
    ScopeKind.UNIT: unit.c.id,
    ScopeKind.PORTFOLIO: portfolio.c.id,
    ScopeKind.PROGRAMME: project.c.programme_id,
    ScopeKind.PROJECT: project.c.id,
}
_KNOWN_PLACES = {
    scope: Query(select(func.count()).select_from(column.table).where(column == bindparam("id")))
    for scope, column in _PLACES.items()
}
_PATHS = Query(select(unit.c.path).where(unit.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))))
_ORGANISATION_NAME = Query(select(organisation.c.name))
_CURSOR = Query(select(feed_cursor.c.cursor).where(feed_cursor.c.source == bindparam("source")))
_PORTFOLIO_NAME = Query(select(portfolio.c.name).where(portfolio.c.id == bindparam("id")))


async def keep_organisation(connection: Connection, values: Values) -> None:
    await _ORGANISATION.run(connection, **values)


async def keep_unit(connection: Connection, values: Values) -> None:
    await _UNIT.run(connection, **values)


async def keep_person(connection: Connection, values: Values) -> None:
    await _PERSON.run(connection, **values)


async def keep_assignment(connection: Connection, values: Values) -> None:
    erased = await _SUBJECT_OF_ERASED.value(connection, id=values["person_id"])
    await _ASSIGNMENT.run(connection, **{**values, "subject": erased or values["subject"]})


async def keep_portfolio(connection: Connection, values: Values) -> None:
    await _PORTFOLIO.run(connection, **values)


async def keep_project(connection: Connection, values: Values) -> None:
    await _PROJECT.run(connection, **values)


async def keep_part_of_project(connection: Connection, values: Values) -> None:
    """What the event says of the project; the rest stays as it was known."""
    await _PART_OF_PROJECT.run(connection, **values)


async def knows_project(connection: Connection, project_id: UUID) -> bool:
    return bool(await _KNOWN.value(connection, id=project_id))


async def knows_place(connection: Connection, scope: ScopeKind, scope_id: UUID) -> bool:
    """Whether the unit, portfolio or project was announced, or the programme with one of its projects."""
    return bool(await _KNOWN_PLACES[scope].value(connection, id=scope_id))


async def list_projects(connection: Connection, ids: Iterable[UUID]) -> list[Project]:
    """Those of `ids` that were announced."""
    return [
        Project(
            id=row["id"],
            name=row["name"],
            portfolio_id=row["portfolio_id"],
            portfolio_name=row["portfolio_name"],
            programme_id=row["programme_id"],
            unit_ids=frozenset({*(row["receiving_unit_ids"] or ()), row["unit_id"]} - {None}),
            owner_id=row["owner_id"],
            manager_id=row["manager_id"],
            unit_id=row["unit_id"],
            status=row["status"],
        )
        for row in await _PROJECTS.rows(connection, ids=list(ids))
    ]


async def list_paths(connection: Connection, unit_ids: Iterable[UUID]) -> list[list[UUID]]:
    """The units above each of `unit_ids`, and itself."""
    return [row["path"] for row in await _PATHS.rows(connection, ids=list(unit_ids))]


async def find_portfolio_name(connection: Connection, portfolio_id: UUID) -> str | None:
    name: str | None = await _PORTFOLIO_NAME.value(connection, id=portfolio_id)
    return name


async def find_organisation_name(connection: Connection) -> str | None:
    name: str | None = await _ORGANISATION_NAME.value(connection)
    return name


async def find_cursor(connection: Connection, source: str) -> str:
    """Where we are in the feed of `source`; empty at its start."""
    cursor: str | None = await _CURSOR.value(connection, source=source)
    return cursor or ""
