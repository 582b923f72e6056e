"""Awards, their repayment plans and the benefits verified for them; their figures come from the ledger."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, ColumnElement, FromClause, bindparam, func, insert, select

from gevinst_portfolio.domain.gate_outcomes import passed_phases
from gevinst_portfolio.domain.liquidity import OpenAward
from gevinst_portfolio.domain.pools import Instalment, PlannedDrawdown
from gevinst_portfolio.store.pools import in_pool_money
from gevinst_portfolio.tables.ledger import ledger_account, ledger_entry, ledger_transaction
from gevinst_portfolio.tables.pools import pool_award, repayment_plan, verified_benefit
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.releases import gate_outcome, started_phase
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import key_document
from gevinst_shared.values.refusal import Unknown


def _entries(name: str) -> tuple[FromClause, ...]:
    return (ledger_account.alias(f"{name}_account"), ledger_entry.alias(f"{name}_entry"))


def _balance(c: Columns, kind: str) -> ColumnElement[Any]:
    """What one of the award's accounts adds up to."""
    account, entry = _entries(kind)
    return (
        select(func.coalesce(func.sum(entry.c.amount), 0).cast(BigInteger))
        .select_from(
            account.join(
                entry,
                (entry.c.organisation_id == account.c.organisation_id) & (entry.c.account_id == account.c.id),
            )
        )
        .where(
            account.c.organisation_id == c.organisation_id,
            account.c.award_id == c.id,
            account.c.kind == kind,
        )
        .correlate_except(account, entry)
        .scalar_subquery()
    )


def _drawn(c: Columns) -> Any:  # noqa: ANN401 - a select
    """What left the award's committed money, per phase; a reversal has the phase of what it takes back."""
    account, entry = _entries("drawn")
    head = ledger_transaction.alias("drawn_head")
    return (
        select(head.c.phase, (-func.sum(entry.c.amount)).cast(BigInteger).label("minor"))
        .select_from(
            account.join(
                entry,
                (entry.c.organisation_id == account.c.organisation_id) & (entry.c.account_id == account.c.id),
            ).join(
                head,
                (head.c.organisation_id == entry.c.organisation_id) & (head.c.id == entry.c.transaction_id),
            )
        )
        .where(
            account.c.organisation_id == c.organisation_id,
            account.c.award_id == c.id,
            account.c.kind == "committed",
            head.c.phase.is_not(None),
        )
        .group_by(head.c.phase)
        .correlate_except(account, entry, head)
        .subquery("drawn")
    )


def _drawn_total(c: Columns) -> ColumnElement[Any]:
    drawn = _drawn(c)
    return select(func.coalesce(func.sum(drawn.c.minor), 0).cast(BigInteger)).scalar_subquery()


def _plan(c: Columns, column: str) -> ColumnElement[Any]:
    plan = repayment_plan.alias("plan")
    return (
        select(plan.c[column])
        .where(plan.c.organisation_id == c.organisation_id, plan.c.award_id == c.id)
        .order_by(plan.c.version.desc())
        .limit(1)
        .correlate_except(plan)
        .scalar_subquery()
    )


def award_document(c: Columns) -> ColumnElement[Any]:
    """`AwardOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        pool_id=c.pool_id,
        application_id=c.application_id,
        project_id=c.project_id,
        kind=c.kind,
        amount=in_pool_money(c.amount_minor, c),
        conditions=c.conditions,
        drawdowns=c.drawdowns,
        repayments=_plan(c, "instalments"),
        reason=c.reason,
        awarded_by=c.awarded_by,
        awarded_on=c.awarded_on,
        drawn=in_pool_money(_drawn_total(c), c),
        committed=in_pool_money(_balance(c, "committed"), c),
        owed=in_pool_money(_balance(c, "owed"), c),
        benefits_unused=in_pool_money(_balance(c, "unused"), c),
        revision=_plan(c, "version"),
        created_at=moment(c.created_at),
    )


def benefit_document(c: Columns) -> ColumnElement[Any]:
    """`VerifiedBenefitOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        pool_id=c.pool_id,
        award_id=c.award_id,
        transaction_id=c.transaction_id,
        name=c.name,
        reference=c.reference,
        amount=in_pool_money(c.amount_minor, c),
        benefit_owner=c.benefit_owner,
        verified_by=c.verified_by,
        verified_on=c.verified_on,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


@dataclass(frozen=True, slots=True)
class AwardFigures:
    """An award as the ledger and its plans have it now."""

    id: UUID
    pool_id: UUID
    project_id: UUID
    project_name: str
    project_status: str
    kind: str
    amount: int
    awarded_on: date
    plan_version: int
    open: OpenAward


LISTING = Listing(
    pool_award,
    award_document,
    filters={"pool": pool_award.c.pool_id, "project": pool_award.c.project_id},
    sorts={"id": pool_award.c.id},
)
BENEFITS = Listing(
    verified_benefit,
    benefit_document,
    filters={"award": verified_benefit.c.award_id},
    sorts={"id": verified_benefit.c.id},
)
_GET = Query(
    select(
        award_document(pool_award.c).label("document"), _plan(pool_award.c, "version").label("revision")
    ).where(pool_award.c.id == bindparam("id"))
)
_POOL_OF = Query(select(pool_award.c.pool_id).where(pool_award.c.id == bindparam("id")))
_ADD = outbox.insert(pool_award, key_document)
_ADD_BENEFIT = outbox.insert(verified_benefit, benefit_document)
_ADD_PLAN = Query(
    insert(repayment_plan).values({column.name: bindparam(column.name) for column in repayment_plan.columns})
)


def _phases(c: Columns) -> ColumnElement[Any]:
    drawn = _drawn(c)
    return select(func.json_object_agg(drawn.c.phase, drawn.c.minor)).scalar_subquery()


def _gates(c: Columns) -> ColumnElement[Any]:
    gate = gate_outcome.alias("gate")
    told = func.json_build_array(gate.c.outcome, gate.c.phase)
    return (
        select(documents(told, gate.c.created_at, gate.c.id))
        .where(gate.c.organisation_id == c.organisation_id, gate.c.project_id == c.project_id)
        .correlate_except(gate)
        .scalar_subquery()
    )


def _first_phase(c: Columns) -> ColumnElement[Any]:
    return (
        select(started_phase.c.phase)
        .where(
            started_phase.c.organisation_id == c.organisation_id, started_phase.c.project_id == c.project_id
        )
        .correlate_except(started_phase)
        .scalar_subquery()
    )


_figures = select(
    pool_award,
    project.c.name.label("project_name"),
    project.c.status.label("project_status"),
    _balance(pool_award.c, "committed").label("committed"),
    _balance(pool_award.c, "owed").label("owed"),
    _balance(pool_award.c, "unused").label("unused"),
    _phases(pool_award.c).label("drawn"),
    _plan(pool_award.c, "instalments").label("instalments"),
    _plan(pool_award.c, "version").label("plan_version"),
    _first_phase(pool_award.c).label("first_phase"),
    _gates(pool_award.c).label("gates"),
).join(
    project,
    (project.c.organisation_id == pool_award.c.organisation_id) & (project.c.id == pool_award.c.project_id),
)
_FIGURES = Query(_figures.where(pool_award.c.id == bindparam("id")))
_OF_POOL = Query(_figures.where(pool_award.c.pool_id == bindparam("pool_id")).order_by(pool_award.c.id))
_OF_PROJECT = Query(
    select(pool_award.c.id)
    .where(pool_award.c.project_id == bindparam("project_id"))
    .order_by(pool_award.c.pool_id, pool_award.c.id)
)


async def get_document(connection: Connection, award_id: UUID) -> Stored:
    """The award's JSON with its figures, or `Unknown`."""
    row = await _GET.find(connection, id=award_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_pool_id(connection: Connection, award_id: UUID) -> UUID:
    """The pool that the award is of; `Unknown` when there is no such award."""
    found: UUID | None = await _POOL_OF.value(connection, id=award_id)
    if found is None:
        raise Unknown
    return found


async def get_figures(connection: Connection, award_id: UUID) -> AwardFigures:
    """The award as it stands, or `Unknown`."""
    row = await _FIGURES.find(connection, id=award_id)
    if row is None:
        raise Unknown
    return _read(row)


async def list_figures(connection: Connection, pool_id: UUID) -> list[AwardFigures]:
    """Every award of the pool as it stands."""
    return [_read(row) for row in await _OF_POOL.rows(connection, pool_id=pool_id)]


async def list_of_project(connection: Connection, project_id: UUID) -> list[UUID]:
    """The ids of the project's awards, pool by pool."""
    return [row["id"] for row in await _OF_PROJECT.rows(connection, project_id=project_id)]


async def add_award(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    await _ADD.find(connection, **values, **record)


async def add_plan(connection: Connection, values: Mapping[str, Any]) -> None:
    """Append a version of a repayment plan."""
    await _ADD_PLAN.run(connection, **values)


async def add_benefit(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Insert the verified benefit with its event and audit row."""
    row = await _ADD_BENEFIT.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


def _read(row: asyncpg.Record) -> AwardFigures:
    drawn: dict[str, int] = json.loads(row["drawn"] or "{}")
    outcomes: Sequence[tuple[str, str | None]] = json.loads(row["gates"])
    opened = OpenAward(
        drawdowns=tuple(PlannedDrawdown.read(each) for each in json.loads(row["drawdowns"])),
        instalments=tuple(Instalment.read(each) for each in json.loads(row["instalments"] or "[]")),
        committed=row["committed"],
        drawn=drawn,
        passed=passed_phases(row["first_phase"], outcomes),
        owed=row["owed"],
        unused=row["unused"],
    )
    names = ("id", "pool_id", "project_id", "project_name", "project_status", "kind", "awarded_on")
    return AwardFigures(
        **{name: row[name] for name in (*names, "plan_version")}, amount=row["amount_minor"], open=opened
    )
