"""All records of a project's plan, as the API shows them, for its workbook."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, Text, and_, bindparam, cast, func, select

from gevinst_benefits.store.actions import action_document
from gevinst_benefits.store.agreements import agreement_document
from gevinst_benefits.store.benefits import benefit_document
from gevinst_benefits.store.freed_value import use_document
from gevinst_benefits.store.indicators import indicator_document
from gevinst_benefits.store.prerequisites import prerequisite_document, risk_document
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.agreements import agreement_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.freed_value import freed_value_use
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.prerequisites import prerequisite, risk
from gevinst_benefits.tables.projects import person, project, unit
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

Json = dict[str, Any]
_followed = and_(
    benefit.c.project_id == bindparam("project_id"), benefit.c.state != "closed", benefit.c.state != "moved"
)


def _of_plan(table: Table, document: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Query:
    mine = and_(benefit.c.organisation_id == table.c.organisation_id, benefit.c.id == table.c.benefit_id)
    chosen = select(cast(document, Text).label("document")).select_from(table).join(benefit, mine)
    return Query(chosen.where(_followed, *conditions).order_by(table.c.id))


_later = freed_value_use.alias("later_use")
_is_corrected = (
    select(_later.c.id)
    .where(
        _later.c.organisation_id == freed_value_use.c.organisation_id,
        _later.c.corrects_id == freed_value_use.c.id,
    )
    .exists()
)
_PARTS: Mapping[str, tuple[Query, ...]] = {
    "A": (
        Query(
            select(cast(benefit_document(benefit.c), Text).label("document"))
            .where(_followed)
            .order_by(benefit.c.id)
        ),
    ),
    "C": (_of_plan(freed_value_use, use_document(freed_value_use.c), ~_is_corrected),),
    # Steps that two bodies exchange records of are not typed into a table.
    "D": (
        _of_plan(
            agreement_entry, agreement_document(agreement_entry.c), agreement_entry.c.agreement_id.is_(None)
        ),
    ),
    "E": (_of_plan(action, action_document(action.c)),),
    "F": (
        _of_plan(risk, risk_document(risk.c)),
        _of_plan(prerequisite, prerequisite_document(prerequisite.c)),
    ),
    "G": (_of_plan(indicator, indicator_document(indicator.c)),),
}
_UNITS = Query(select(unit.c.id, unit.c.name).order_by(unit.c.name, unit.c.id))
_PEOPLE = Query(select(person.c.id, person.c.name).order_by(person.c.name, person.c.id))
_OWNING = Query(
    select(func.unnest(unit.c.path).label("id"))
    .join(
        benefit,
        and_(
            benefit.c.organisation_id == unit.c.organisation_id,
            benefit.c.owner_unit_id == unit.c.id,
        ),
    )
    .where(_followed)
    .distinct()
)

_HOLD = Query(select(project.c.id).where(project.c.id == bindparam("project_id")).with_for_update())


async def hold_plan(connection: Connection, project_id: UUID) -> None:
    """One workbook of a project at a time, until the transaction ends."""
    await _HOLD.find(connection, project_id=project_id)


async def owning_units(connection: Connection, project_id: UUID) -> frozenset[UUID]:
    """The units that own the plan's benefits, and every unit above them."""
    return frozenset(row["id"] for row in await _OWNING.rows(connection, project_id=project_id))


async def list_plan(connection: Connection, project_id: UUID) -> dict[str, list[Json]]:
    """The records of the plan's open and realised benefits by table, oldest first."""
    found: dict[str, list[Json]] = {}
    for key, queries in _PARTS.items():
        found[key] = []
        for query in queries:
            rows = await query.rows(connection, project_id=project_id)
            found[key] += [json.loads(row["document"]) for row in rows]
    return found


async def list_names(connection: Connection) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The ids and names of the organisation's units, and of its people."""
    units, people = await _UNITS.rows(connection), await _PEOPLE.rows(connection)
    return [(str(row["id"]), row["name"]) for row in units], [(str(row["id"]), row["name"]) for row in people]
