"""What projects say of themselves to schemes, their applications, and what became of these (M4)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, insert, or_, select

from gevinst_portfolio.tables.cofinancing import (
    cofinancing_application,
    cofinancing_profile,
    cofinancing_step,
)
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, documents, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def profile_document(c: Columns) -> ColumnElement[Any]:
    """`ProfileOut`, as PostgreSQL writes it."""
    return document(
        project_id=c.id,
        applicant=c.applicant,
        is_triggering=c.is_triggering,
        papers=c.papers,
        net_present_value=money(c.net_present_value_minor, c.currency, c.price_year),
        invested=money(c.invested_minor, c.currency, c.price_year),
        source=c.source,
        stated_by=c.stated_by,
        stated_at=moment(c.stated_at),
        revision=c.revision,
    )


def _steps_of(c: Columns) -> ColumnElement[Any]:
    step = cofinancing_step.alias("of_application")
    item = document(
        id=step.c.id,
        state=step.c.state,
        happened_on=step.c.happened_on,
        years=step.c.years,
        note=step.c.note,
        transaction_id=step.c.transaction_id,
        recorded_by=step.c.recorded_by,
        created_at=moment(step.c.created_at),
    )
    return (
        select(documents(item, step.c.id))
        .where(step.c.organisation_id == c.organisation_id, step.c.application_id == c.id)
        .correlate_except(step)
        .scalar_subquery()
    )


def application_document(c: Columns) -> ColumnElement[Any]:
    """`CoFinancingApplicationOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        scheme=c.scheme,
        edition=c.edition,
        amount=money(c.amount_minor, c.currency, c.price_year),
        applied_on=c.applied_on,
        applied_by=c.applied_by,
        state=c.state,
        steps=_steps_of(c),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


PROFILES = Records(
    outbox,
    cofinancing_profile,
    profile_document,
    changeable=(
        "applicant",
        "is_triggering",
        "papers",
        "net_present_value_minor",
        "invested_minor",
        "currency",
        "price_year",
        "source",
        "stated_by",
        "stated_at",
    ),
)
APPLICATIONS = Records(outbox, cofinancing_application, application_document, changeable=("state",))
LISTING = Listing(
    cofinancing_application,
    application_document,
    filters={
        "project": cofinancing_application.c.project_id,
        "scheme": cofinancing_application.c.scheme,
        "state": cofinancing_application.c.state,
    },
    sorts={"id": cofinancing_application.c.id},
)
_PROFILE = Query(select(cofinancing_profile).where(cofinancing_profile.c.id == bindparam("id")))
_APPLICATION = Query(
    select(cofinancing_application).where(cofinancing_application.c.id == bindparam("id")).with_for_update()
)
_ADD_STEP = Query(
    insert(cofinancing_step).values(
        {name: bindparam(name) for name in cofinancing_step.columns.keys() if name != "revision"}  # noqa: SIM118 - of SQLAlchemy
    )
)
_STEPS = Query(
    select(cofinancing_step.c.state, cofinancing_step.c.years).where(
        cofinancing_step.c.application_id == bindparam("application_id")
    )
)
_INCOME = Query(
    select(
        cofinancing_step.c.id,
        cofinancing_step.c.state,
        cofinancing_step.c.years,
        cofinancing_step.c.application_id,
        cofinancing_application.c.scheme,
        cofinancing_application.c.edition,
        cofinancing_application.c.currency,
        cofinancing_application.c.price_year,
    )
    .join(
        cofinancing_application,
        (cofinancing_application.c.organisation_id == cofinancing_step.c.organisation_id)
        & (cofinancing_application.c.id == cofinancing_step.c.application_id),
    )
    .where(
        cofinancing_application.c.project_id == bindparam("project_id"),
        or_(cofinancing_step.c.state == "awarded", cofinancing_step.c.state == "paid"),
    )
    .order_by(cofinancing_step.c.id)
)
_CANDIDATES = Query(
    select(
        project,
        *(
            cofinancing_profile.c[name].label(f"said_{name}")
            for name in (
                "applicant",
                "is_triggering",
                "papers",
                "net_present_value_minor",
                "invested_minor",
                "currency",
                "price_year",
            )
        ),
    )
    .outerjoin(
        cofinancing_profile,
        (cofinancing_profile.c.organisation_id == project.c.organisation_id)
        & (cofinancing_profile.c.id == project.c.id),
    )
    .where(
        project.c.portfolio_id == bindparam("portfolio_id"),
        project.c.status != "stopped",
        project.c.status != "closed",
    )
    .order_by(project.c.id)
)


async def find_profile(connection: Connection, project_id: UUID) -> asyncpg.Record | None:
    """What the project has said of itself; None when nobody has said anything."""
    return await _PROFILE.find(connection, id=project_id)


async def list_candidates(connection: Connection, portfolio_id: UUID) -> list[asyncpg.Record]:
    """The portfolio's open projects with what they have said of themselves (`said_…`)."""
    return await _CANDIDATES.rows(connection, portfolio_id=portfolio_id)


async def lock_application(connection: Connection, application_id: UUID) -> asyncpg.Record:
    """The application, which nobody else changes before this transaction ends; or `Unknown`."""
    row = await _APPLICATION.find(connection, id=application_id)
    if row is None:
        raise Unknown
    return row


async def add_step(connection: Connection, values: Mapping[str, Any]) -> None:
    await _ADD_STEP.run(connection, **values)


async def list_steps(connection: Connection, application_id: UUID) -> list[asyncpg.Record]:
    """`state` and `years` of all that became of the application."""
    return await _STEPS.rows(connection, application_id=application_id)


async def list_income(connection: Connection, project_id: UUID) -> list[asyncpg.Record]:
    """Every award and payment to the project, oldest first."""
    return await _INCOME.rows(connection, project_id=project_id)
