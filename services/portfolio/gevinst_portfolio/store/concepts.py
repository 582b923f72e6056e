"""Concepts of projects in the database (P9)."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Integer, Uuid, bindparam, case, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.domain.concepts import Assessment, Concept, ConceptState
from gevinst_portfolio.store.profiles import costs_from, needs_from
from gevinst_portfolio.tables.concepts import concept
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def concept_document(c: Columns) -> ColumnElement[Any]:
    """`ConceptOut`, as PostgreSQL writes it."""
    # One text for doing nothing: the project's own.
    inherited = (
        select(project.c.zero_alternative)
        .where(project.c.organisation_id == c.organisation_id, project.c.id == c.project_id)
        .scalar_subquery()
    )
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        name=c.name,
        description=case((c.is_zero_alternative, inherited), else_=c.description),
        is_zero_alternative=c.is_zero_alternative,
        feasibility=c.feasibility,
        cost=money(c.cost_minor, c.currency, c.price_year),
        benefit=money(c.benefit_minor, c.currency, c.price_year),
        cost_by_year=c.cost_by_year,
        needs=c.needs,
        quarters=c.quarters,
        is_recommended=c.is_recommended,
        state=c.state,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(
    outbox,
    concept,
    concept_document,
    changeable=(
        "name",
        "description",
        "feasibility",
        "cost_minor",
        "benefit_minor",
        "cost_by_year",
        "needs",
        "quarters",
        "is_recommended",
    ),
)
STATES = Records(outbox, concept, concept_document, changeable=("state", "is_recommended"))
LISTING = Listing(
    concept,
    concept_document,
    filters={
        "project": concept.c.project_id,
        "state": concept.c.state,
        "recommended": concept.c.is_recommended,
    },
    sorts={
        # The zero alternative, then the others in the order in which they were added.
        "reference": case(
            (concept.c.is_zero_alternative, literal_column("0", Integer)), else_=literal_column("1", Integer)
        ),
        "name": concept.c.name,
    },
)
_ROW = Query(select(concept).where(concept.c.id == bindparam("id")).with_for_update())
_OF_PROJECT = Query(
    select(concept).where(concept.c.project_id == bindparam("project_id")).order_by(concept.c.id)
)
_OF_PORTFOLIO = Query(
    select(concept)
    .join(
        project,
        (project.c.organisation_id == concept.c.organisation_id) & (project.c.id == concept.c.project_id),
    )
    .where(project.c.portfolio_id == bindparam("portfolio_id", type_=Uuid))
    .order_by(concept.c.id)
)
_PROJECTS = Query(
    select(concept.c.id, concept.c.project_id).where(
        concept.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))
    )
)
_CONSIDER_AGAIN = Query(
    update(concept)
    .values(state=ConceptState.CONSIDERED, revision=concept.c.revision + 1)
    .where(
        concept.c.project_id == bindparam("of_project", type_=Uuid), concept.c.state == ConceptState.CHOSEN
    )
    .returning(concept.c.id, concept.c.name)
)


async def get_concept(connection: Connection, concept_id: UUID) -> Concept:
    """The concept, which nobody else changes before this transaction ends; or `Unknown`."""
    row = await _ROW.find(connection, id=concept_id)
    if row is None:
        raise Unknown
    return _concept(row)


async def list_of_project(connection: Connection, project_id: UUID) -> tuple[Concept, ...]:
    """Every concept of the project, withdrawn ones too, in the order in which they were added."""
    return tuple(map(_concept, await _OF_PROJECT.rows(connection, project_id=project_id)))


async def list_of_portfolio(connection: Connection, portfolio_id: UUID) -> Mapping[UUID, tuple[Concept, ...]]:
    """The concepts of every project of the portfolio that has any, by the project's id; one statement."""
    found: dict[UUID, tuple[Concept, ...]] = {}
    for row in await _OF_PORTFOLIO.rows(connection, portfolio_id=portfolio_id):
        found[row["project_id"]] = (*found.get(row["project_id"], ()), _concept(row))
    return found


async def projects_of(connection: Connection, ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The project of each of the ids that is a concept's."""
    rows = await _PROJECTS.rows(connection, ids=sorted(ids))
    return {row["id"]: row["project_id"] for row in rows}


async def consider_again(connection: Connection, project_id: UUID) -> list[asyncpg.Record]:
    """Let the project's chosen concept be one of several again; its `id` and `name`."""
    return await _CONSIDER_AGAIN.rows(connection, of_project=project_id)


async def set_state(
    connection: Connection,
    found: Concept,
    state: ConceptState,
    record: Mapping[str, Any],
    *,
    expected: int | None,
) -> Stored | None:
    """Move the concept on; None when it is not at revision `expected` (None: at any) any more."""
    keeps = found.is_recommended and state is not ConceptState.WITHDRAWN
    values = {"id": found.id, "state": state, "is_recommended": keeps}
    return await STATES.change(connection, values, record, expected=expected)


def _concept(row: asyncpg.Record) -> Concept:
    levels: Sequence[Mapping[str, Any]] = json.loads(row["feasibility"])
    return Concept(
        id=row["id"],
        project_id=row["project_id"],
        name=row["name"],
        is_zero_alternative=row["is_zero_alternative"],
        state=ConceptState(row["state"]),
        is_recommended=row["is_recommended"],
        feasibility=tuple(Assessment(one["dimension"], one["level"], one["reason"]) for one in levels),
        cost_minor=row["cost_minor"],
        benefit_minor=row["benefit_minor"],
        cost_by_year=costs_from(row["cost_by_year"]),
        needs=needs_from(row["needs"]),
        quarters=row["quarters"],
    )
