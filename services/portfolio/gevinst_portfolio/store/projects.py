"""Projects in the database."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.types import BigInteger

from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.db.tenancy import bound
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def project_document(c: Columns) -> ColumnElement[Any]:
    """`ProjectOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        programme_id=c.programme_id,
        name=c.name,
        need=c.need,
        zero_alternative=c.zero_alternative,
        source=c.source,
        source_key=c.source_key,
        category=c.category,
        is_statutory=c.is_statutory,
        owner_id=c.owner_id,
        manager_id=c.manager_id,
        unit_id=c.unit_id,
        receiving_unit_ids=c.receiving_unit_ids,
        start=c.start,
        end=c.end,
        cost=money(c.cost_minor, c.currency, c.price_year),
        benefit=money(c.benefit_minor, c.currency, c.price_year),
        cost_low=money(c.cost_low_minor, c.currency, c.price_year),
        cost_high=money(c.cost_high_minor, c.currency, c.price_year),
        benefit_low=money(c.benefit_low_minor, c.currency, c.price_year),
        benefit_high=money(c.benefit_high_minor, c.currency, c.price_year),
        cost_by_year=c.cost_by_year,
        needs=c.needs,
        depends_on=c.depends_on,
        excludes=c.excludes,
        dependency_lags=c.dependency_lags,
        earliest_start=c.earliest_start,
        latest_start=c.latest_start,
        deadline=c.deadline,
        kind=c.kind,
        closing=c.closing,
        waves=c.waves,
        registration=c.registration,
        registration_overruled=c.registration_overruled,
        registration_reason=c.registration_reason,
        status=c.status,
        phase=c.phase,
        merged_into_id=c.merged_into_id,
        origins=c.origins,
        supporters=c.supporters,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    project,
    project_document,
    filters={
        "portfolio": project.c.portfolio_id,
        "programme": project.c.programme_id,
        "status": project.c.status,
        "phase": project.c.phase,
        "source": project.c.source,
        "unit": project.c.unit_id,
        "owner": project.c.owner_id,
        "manager": project.c.manager_id,
        "registration": project.c.registration,
        "kind": project.c.kind,
        "statutory": project.c.is_statutory,
    },
    sorts={"id": project.c.id, "name": project.c.name},
)
# What a proposal does not say, and acts of their own change.
ACTS = ("waves", "registration_overruled", "registration_reason", "merged_into_id", "origins")
_KEPT = {"organisation_id", "id", "portfolio_id", "supporters", "revision", "created_at", *ACTS}
CHANGEABLE = tuple(column.name for column in project.columns if column.name not in _KEPT)
_ADD = outbox.insert(project, project_document, without=ACTS)
_CHANGE = outbox.update(
    project,
    project_document,
    columns=CHANGEABLE,
)
_LOOK = Query(
    select(project_document(project.c).label("document"), project.c.revision).where(
        project.c.id == bindparam("id"), bound()
    )
)
_ROW = Query(select(project).where(project.c.id == bindparam("id")))
_WAITING = Query(
    select(project.c.id, project.c.name, project.c.depends_on).where(
        project.c.portfolio_id == bindparam("portfolio_id")
    )
)


def _registration() -> ColumnElement[str]:
    """P2 as SQL; `gevinst_portfolio.domain.projects.registration` says the same."""
    cost = bindparam("threshold_cost_minor", type_=BigInteger)
    months = bindparam("threshold_months", type_=Integer)
    counts = bindparam("threshold_shared_resources", type_=Boolean)
    start, end = project.c.start, project.c.end
    lasts = (func.date_part("year", end) - func.date_part("year", start)) * 12 + (
        func.date_part("month", end) - func.date_part("month", start)
    )
    is_central = or_(
        and_(cost.is_(None), months.is_(None), counts.is_(False)),
        project.c.cost_minor >= cost,
        # P11: closing an activity is as large as what it saves.
        and_(project.c.kind == literal_column("'closing'"), project.c.benefit_minor >= cost),
        and_(counts, func.jsonb_array_length(project.c.needs) > 0),
        and_(counts, func.jsonb_path_exists(project.c.waves, literal_column("'$[*].needs[*]'::jsonpath"))),
        lasts >= months,
    )
    followed = case((is_central, "central"), else_="light")
    return func.coalesce(project.c.registration_overruled, followed)


_was = project.alias("was")
_REGISTER_AGAIN = Query(
    update(project)
    .values(registration=_registration(), revision=project.c.revision + 1)
    .where(
        project.c.portfolio_id == bindparam("in_portfolio", type_=project.c.portfolio_id.type),
        project.c.registration != _registration(),
        _was.c.organisation_id == project.c.organisation_id,
        _was.c.id == project.c.id,
    )
    .returning(project, _was.c.registration.label("previous_registration"))
)


async def look_up(connection: Connection, organisation: str, project_id: UUID) -> Stored:
    """The project's JSON in one statement outside of any transaction, or `Unknown`."""
    row = await _LOOK.find(connection, organisation=organisation, id=project_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def add_project(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Insert the project with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def change_project(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any], *, expected: int | None
) -> Stored | None:
    """Change every column of the project `id`; None when it is not at revision `expected` any more."""
    new = {f"new_{name}": values[name] for name in CHANGEABLE}
    row = await _CHANGE.find(connection, id=values["id"], expected=expected, **new, **record)
    return None if row is None else Stored(row["document"], row["revision"])


async def get_row(connection: Connection, project_id: UUID) -> asyncpg.Record:
    """The project's row, or `Unknown`."""
    row = await _ROW.find(connection, id=project_id)
    if row is None:
        raise Unknown
    return row


async def list_waiting(connection: Connection, portfolio_id: UUID) -> list[asyncpg.Record]:
    """`id`, `name` and `depends_on` of every project in the portfolio."""
    return await _WAITING.rows(connection, portfolio_id=portfolio_id)


async def register_again(
    connection: Connection, portfolio_id: UUID, threshold: Mapping[str, Any]
) -> list[asyncpg.Record]:
    """P2: apply the portfolio's threshold to its projects, in one statement; the rows that changed sides.

    Each with its `previous_registration`.
    """
    return await _REGISTER_AGAIN.rows(connection, in_portfolio=portfolio_id, **threshold)
