"""Whether what a project refers to is there: one statement for all of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, bindparam, except_, exists, func, literal_column, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_portfolio.domain.dependencies import OutsidePortfolio
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.tables.capacity import resource
from gevinst_portfolio.tables.organisations import unit
from gevinst_portfolio.tables.projects import programme, project
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.refusal import Unknown

_PORTFOLIO = bindparam("portfolio_id", type_=Uuid)


def _ids(name: str) -> Any:  # noqa: ANN401 - an array of ids
    return bindparam(name, type_=ARRAY(Uuid))


def _missing(name: str, table: FromClause) -> ColumnElement[Any]:
    """Those of the ids under `name` that `table` does not have."""
    asked = select(func.unnest(_ids(name)))
    return func.array(except_(asked, select(table.c.id)).scalar_subquery(), type_=ARRAY(Uuid))


def _elsewhere(name: str, table: FromClause) -> ColumnElement[bool]:
    """Whether one of the ids is in `table`, but in another portfolio."""
    return exists(
        select(1)
        .select_from(table)
        .where(table.c.id == func.any(_ids(name)), table.c.portfolio_id != _PORTFOLIO)
    )


def _merged(name: str) -> ColumnElement[Any]:
    """What one of the projects has become part of; null when none of them has."""
    into = project.c.merged_into_id
    asked = select(into).where(project.c.id == func.any(_ids(name)), into.is_not(None))
    return asked.limit(literal_column("1")).scalar_subquery()


_CHECK = Query(
    select(
        _missing("receiving_unit_ids", unit).label("receiving_unit_ids"),
        _missing("depends_on", project).label("depends_on"),
        _missing("excludes", project).label("excludes"),
        _missing("programme_id", programme).label("programme_id"),
        _missing("resource_ids", resource).label("needs"),
        _elsewhere("depends_on", project).label("depends_on_elsewhere"),
        _elsewhere("excludes", project).label("excludes_elsewhere"),
        _elsewhere("programme_id", programme).label("programme_id_elsewhere"),
        _merged("depends_on").label("depends_on_merged"),
        _merged("excludes").label("excludes_merged"),
    )
)


async def refuse_unknown_references(
    connection: Connection,
    portfolio_id: UUID,
    references: dict[str, list[UUID]],
    *,
    pointers: Mapping[str, str] | None = None,
) -> None:
    """`Unknown` for an id that is not there or not yours; `OutsidePortfolio` for one of another portfolio;
    `IsMerged` for a project that has become part of another, which is the one to name.

    `references` has `receiving_unit_ids`, `depends_on`, `excludes`, `programme_id` and `resource_ids`.
    `pointers` says where in the body they stand, when not in a member of the same name.
    """
    row = await _CHECK.find(connection, portfolio_id=portfolio_id, **references)
    assert row is not None
    for member in ("receiving_unit_ids", "depends_on", "excludes", "programme_id", "needs"):
        if row[member]:
            raise Unknown(pointer=(pointers or {}).get(member, f"/body/{member}"))
    for member in ("depends_on", "excludes", "programme_id"):
        if row[f"{member}_elsewhere"]:
            raise OutsidePortfolio(member=member, pointer=f"/body/{member}")
    for member in ("depends_on", "excludes"):
        refuse_merged(row[f"{member}_merged"], pointer=f"/body/{member}")


@dataclass(frozen=True, slots=True)
class Named:
    """Ids that stand at one place of a body."""

    pointer: str
    project_ids: tuple[UUID, ...] = ()
    resource_ids: tuple[UUID, ...] = ()


_KNOWN_PROJECTS = Query(
    select(project.c.id, project.c.portfolio_id).where(project.c.id == func.any(_ids("project_ids")))
)
_KNOWN_RESOURCES = Query(select(resource.c.id).where(resource.c.id == func.any(_ids("resource_ids"))))


async def refuse_unknown_names(connection: Connection, portfolio_id: UUID, named: Sequence[Named]) -> None:
    """`Unknown` for an id that is not there or not yours; `OutsidePortfolio` for another portfolio's."""
    asked = sorted({key for one in named for key in one.project_ids})
    rows = await _KNOWN_PROJECTS.rows(connection, project_ids=asked)
    places = {row["id"]: row["portfolio_id"] for row in rows}
    asked = sorted({key for one in named for key in one.resource_ids})
    resources = {row["id"] for row in await _KNOWN_RESOURCES.rows(connection, resource_ids=asked)}
    for one in named:
        if not (places.keys() >= set(one.project_ids) and resources >= set(one.resource_ids)):
            raise Unknown(pointer=one.pointer)
        if any(places[key] != portfolio_id for key in one.project_ids):
            raise OutsidePortfolio(member=one.pointer.rpartition("/")[2], pointer=one.pointer)
