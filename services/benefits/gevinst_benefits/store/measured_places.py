"""Indicators with the places where roles must be held to measure them, many at once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.projects import project, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.values.actor import Place

_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_owner_unit, _project_unit = unit.alias("owner_unit"), unit.alias("project_unit")
# Held in one order, so that two files at once do not wait for each other.
_PLACED = Query(
    select(
        indicator,
        benefit.c.state,
        benefit.c.project_id,
        project.c.portfolio_id,
        project.c.programme_id,
        _owner_unit.c.path.label("owner_path"),
        _project_unit.c.path.label("project_path"),
    )
    .select_from(indicator)
    .join(
        benefit,
        and_(
            benefit.c.organisation_id == indicator.c.organisation_id, benefit.c.id == indicator.c.benefit_id
        ),
    )
    .join(
        project,
        and_(project.c.organisation_id == benefit.c.organisation_id, project.c.id == benefit.c.project_id),
    )
    .outerjoin(
        _owner_unit,
        and_(
            _owner_unit.c.organisation_id == benefit.c.organisation_id,
            _owner_unit.c.id == benefit.c.owner_unit_id,
        ),
    )
    .outerjoin(
        _project_unit,
        and_(
            _project_unit.c.organisation_id == project.c.organisation_id,
            _project_unit.c.id == project.c.unit_id,
        ),
    )
    .where(indicator.c.id == any_(_ids))
    .order_by(indicator.c.id)
    .with_for_update(of=indicator)
)


async def hold_placed(connection: Connection, indicator_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Those of the indicators that there are, by id, held until the transaction ends: their columns, their
    benefit's `state` and `project_id`, and what `place_of` reads."""
    rows = await _PLACED.rows(connection, ids=list(indicator_ids))
    return {row["id"]: dict(row) for row in rows}


def place_of(row: Mapping[str, Any]) -> Place:
    """Where a role must be held to measure the indicator: at its project, or in the unit that owns it."""
    units = frozenset({*(row["owner_path"] or ()), *(row["project_path"] or ())})
    return Place(
        units=units,
        portfolios=_just(row["portfolio_id"]),
        programmes=_just(row["programme_id"]),
        projects=_just(row["project_id"]),
    )


def _just(one: UUID | None) -> frozenset[UUID]:
    return frozenset(() if one is None else (one,))
