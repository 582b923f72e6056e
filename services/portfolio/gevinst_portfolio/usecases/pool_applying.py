"""Applying to a pool, assessing what was applied for, and deciding on it (M2)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.ledger import AwardKind, TransactionKind, legs_of, spoken
from gevinst_portfolio.domain.permissions import APPLY_TO_POOL, ASSESS_APPLICATION, AWARD
from gevinst_portfolio.domain.pools import (
    ENDED,
    ApplicationClosed,
    ApplicationState,
    BeyondRound,
    DecidedByApplicant,
    Instalment,
    NotAssessed,
    PlannedDrawdown,
    Pool,
    ProjectEnded,
    Recommendation,
    RoundNotOpen,
    refuse_odd_plans,
)
from gevinst_portfolio.events.funding import PoolApplicationMoved, PoolAwarded
from gevinst_portfolio.store import pool_applications, pool_awards, pools, projects, releases
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.usecases.pooling import place_of_pool
from gevinst_portfolio.usecases.posting import Posting, open_award_accounts, post
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

_OPEN = {ApplicationState.APPLIED, ApplicationState.ASSESSED}


@dataclass(frozen=True, slots=True)
class PoolApplication:
    """What is asked of the pool: a loan with its repayment plan, or a grant; drawn phase by phase."""

    project_id: UUID
    kind: AwardKind
    amount: Money
    purpose: str
    drawdowns: Sequence[PlannedDrawdown]
    repayments: Sequence[Instalment]


async def apply_to_pool(work: Work, round_id: UUID, asked: PoolApplication) -> tuple[UUID, Stored]:
    """Apply in a round that is open today; the application's id and record."""
    row = await pools.get_round(work.connection, round_id)
    project = await projects.get_row(work.connection, asked.project_id)
    work.require(APPLY_TO_POOL, await _place(work, project))
    if not row["opens_on"] <= work.today < row["closes_on"]:
        raise RoundNotOpen(opens_on=row["opens_on"], closes_on=row["closes_on"], today=work.today)
    _refuse_ended(project)
    pool = await pools.get_pool(work.connection, row["pool_id"])
    minor = pool.minor(asked.amount)
    refuse_odd_plans(asked.kind, minor, asked.drawdowns, asked.repayments)
    application_id = new_id()
    values = {
        "id": application_id,
        "pool_id": pool.id,
        "round_id": round_id,
        "project_id": asked.project_id,
        "kind": asked.kind,
        "amount_minor": minor,
        "purpose": asked.purpose,
        "drawdowns": written_drawdowns(asked.drawdowns),
        "repayments": written_instalments(asked.repayments),
        "state": ApplicationState.APPLIED,
        "applied_by": work.actor.subject,
        "applied_at": work.now,
        **dict.fromkeys(_UNDECIDED),
    }
    record = _record(work, pool, project, {**values, "id": application_id})
    return application_id, await pool_applications.RECORDS.add(work.connection, values, record)


async def assess(
    work: Work, application_id: UUID, *, assessment: str, recommendation: Recommendation, expected: int
) -> Stored | None:
    """Say what speaks for and against the application; None when it changed meanwhile."""
    row, pool = await _open_application(work, application_id)
    work.require(ASSESS_APPLICATION, place_of_pool(pool))
    _refuse_closed(row)
    said = {
        "state": ApplicationState.ASSESSED,
        "assessment": assessment,
        "recommendation": recommendation,
        "assessed_by": work.actor.subject,
        "assessed_at": work.now,
    }
    return await _change(work, pool, row, said, expected=expected)


async def withdraw(work: Work, application_id: UUID, *, expected: int) -> Stored | None:
    """Take the application back; None when it changed meanwhile."""
    row, pool = await _open_application(work, application_id)
    project = await projects.get_row(work.connection, row["project_id"])
    work.require(APPLY_TO_POOL, await _place(work, project))
    _refuse_closed(row)
    return await _change(work, pool, row, {"state": ApplicationState.WITHDRAWN}, expected=expected)


async def refuse(work: Work, application_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """The board says no, and why; None when it changed meanwhile."""
    row, pool = await _open_application(work, application_id)
    _refuse_undecidable(work, row, pool)
    return await _change(work, pool, row, _decided(work, ApplicationState.REFUSED, reason), expected=expected)


@dataclass(frozen=True, slots=True)
class AwardDecision:
    """What the board gives; without plans of its own, those of the application are in force."""

    kind: AwardKind
    amount: Money
    conditions: str | None
    reason: str
    drawdowns: Sequence[PlannedDrawdown] | None
    repayments: Sequence[Instalment] | None


async def award(
    work: Work, application_id: UUID, decision: AwardDecision, *, expected: int
) -> tuple[UUID, Stored] | None:
    """Award, and set the money aside in the same moment; None when the application changed meanwhile.

    M2: the pool never lends what it does not have, and a round never gives more than its ceiling.
    """
    before = await pool_applications.get_row(work.connection, application_id)
    # The project first, as a stop does, and then the pool: neither waits for the other in a circle, and two
    # awards out of one pool wait for each other.
    project = await releases.lock_project(work.connection, before["project_id"])
    assert project is not None
    pool = await pools.hold_pool(work.connection, before["pool_id"])
    row = await pool_applications.lock(work.connection, application_id)
    _refuse_undecidable(work, row, pool)
    _refuse_ended(project)
    if row["revision"] != expected:
        return None
    minor = pool.minor(decision.amount)
    drawdowns, repayments = _plans(row, decision)
    refuse_odd_plans(decision.kind, minor, drawdowns, repayments)
    await _refuse_beyond_round(work, row["round_id"], minor)
    award_id = new_id()
    await _add_award(work, pool, project, _award_values(work, row, decision, award_id, minor, drawdowns))
    await _add_plan(work, award_id, repayments)
    await open_award_accounts(work, pool.id, award_id)
    legs = legs_of(TransactionKind.AWARD, minor)
    await post(work, pool, Posting(TransactionKind.AWARD, legs, work.today, award_id=award_id))
    await _change(
        work,
        pool,
        row,
        _decided(work, ApplicationState.AWARDED, decision.reason),
        expected=expected,
    )
    return award_id, await pool_awards.get_document(work.connection, award_id)


def written_drawdowns(plan: Sequence[PlannedDrawdown]) -> list[dict[str, str]]:
    """`PlannedDrawdownOut` as JSON."""
    return [
        {"phase": one.phase, "planned_on": one.planned_on.isoformat(), "amount": spoken(one.amount)}
        for one in plan
    ]


def written_instalments(plan: Sequence[Instalment]) -> list[dict[str, str]]:
    """`InstalmentOut` as JSON."""
    return [{"due_on": one.due_on.isoformat(), "amount": spoken(one.amount)} for one in plan]


_UNDECIDED = (
    "assessment",
    "recommendation",
    "assessed_by",
    "assessed_at",
    "decision_reason",
    "decided_by",
    "decided_on",
)


async def _open_application(work: Work, application_id: UUID) -> tuple[asyncpg.Record, Pool]:
    row = await pool_applications.lock(work.connection, application_id)
    return row, await pools.get_pool(work.connection, row["pool_id"])


def _refuse_closed(row: asyncpg.Record) -> None:
    if row["state"] not in _OPEN:
        raise ApplicationClosed(state=row["state"])


def _refuse_undecidable(work: Work, row: asyncpg.Record, pool: Pool) -> None:
    work.require(AWARD, place_of_pool(pool))
    _refuse_closed(row)
    if row["state"] == ApplicationState.APPLIED:
        raise NotAssessed
    if row["applied_by"] == work.actor.subject:
        raise DecidedByApplicant


def _refuse_ended(project: asyncpg.Record) -> None:
    if project["status"] in ENDED:
        raise ProjectEnded(status=project["status"])


async def _refuse_beyond_round(work: Work, round_id: UUID, minor: int) -> None:
    row = await pools.get_round(work.connection, round_id)
    ceiling = row["ceiling_minor"]
    awarded = await pool_applications.sum_awarded(work.connection, round_id)
    if ceiling is not None and awarded + minor > ceiling:
        raise BeyondRound(ceiling=spoken(ceiling), awarded=spoken(awarded))


def _plans(
    row: asyncpg.Record, decision: AwardDecision
) -> tuple[Sequence[PlannedDrawdown], Sequence[Instalment]]:
    drawdowns, repayments = decision.drawdowns, decision.repayments
    if drawdowns is None:
        drawdowns = [PlannedDrawdown.read(each) for each in json.loads(row["drawdowns"])]
    if repayments is None:
        repayments = [Instalment.read(each) for each in json.loads(row["repayments"])]
    return drawdowns, repayments if decision.kind is AwardKind.LOAN or decision.repayments else ()


def _decided(work: Work, state: ApplicationState, reason: str) -> dict[str, Any]:
    return {
        "state": state,
        "decision_reason": reason,
        "decided_by": work.actor.subject,
        "decided_on": work.today,
    }


def _award_values(
    work: Work,
    row: asyncpg.Record,
    decision: AwardDecision,
    award_id: UUID,
    minor: int,
    drawdowns: Sequence[PlannedDrawdown],
) -> dict[str, Any]:
    return {
        "id": award_id,
        "pool_id": row["pool_id"],
        "application_id": row["id"],
        "project_id": row["project_id"],
        "kind": decision.kind,
        "amount_minor": minor,
        "conditions": decision.conditions,
        "drawdowns": written_drawdowns(drawdowns),
        "reason": decision.reason,
        "awarded_by": work.actor.subject,
        "awarded_on": work.today,
        "created_at": work.now,
    }


async def _add_award(work: Work, pool: Pool, project: asyncpg.Record, values: Mapping[str, Any]) -> None:
    fact = PoolAwarded(
        award_id=values["id"],
        pool_id=pool.id,
        pool_name=pool.name,
        project_id=project["id"],
        project_name=project["name"],
        kind=values["kind"],
        amount=Money.from_minor(values["amount_minor"], pool.currency, pool.price_year),
        awarded_by=work.actor.subject,
        conditions=values["conditions"],
    )
    record = recorded(work, fact, subject=subject_of("pool-awards", values["id"]), reason=values["reason"])
    await pool_awards.add_award(work.connection, values, record)


async def _add_plan(work: Work, award_id: UUID, repayments: Sequence[Instalment]) -> None:
    values = {
        "organisation_id": work.organisation,
        "award_id": award_id,
        "version": 1,
        "instalments": written_instalments(repayments),
        "reason": None,
        "set_by": work.actor.subject,
        "set_at": work.now,
    }
    await pool_awards.add_plan(work.connection, values)


async def _change(
    work: Work, pool: Pool, row: asyncpg.Record, said: Mapping[str, Any], *, expected: int
) -> Stored | None:
    """Move the application on; what is not said stays."""
    project = await projects.get_row(work.connection, row["project_id"])
    values = {**dict(row), **said}
    record = _record(work, pool, project, values)
    return await pool_applications.RECORDS.change(work.connection, values, record, expected=expected)


def _record(work: Work, pool: Pool, project: asyncpg.Record, values: Mapping[str, Any]) -> dict[str, Any]:
    fact = PoolApplicationMoved(
        pool_application_id=values["id"],
        pool_id=pool.id,
        project_id=project["id"],
        project_name=project["name"],
        state=values["state"],
        kind=values["kind"],
        amount=Money.from_minor(values["amount_minor"], pool.currency, pool.price_year),
    )
    return recorded(work, fact, subject=subject_of("pool-applications", values["id"]))


async def _place(work: Work, project: asyncpg.Record) -> Place:
    return await place_of(
        work.connection,
        portfolio_id=project["portfolio_id"],
        project_id=project["id"],
        programme_id=project["programme_id"],
        unit_id=project["unit_id"],
    )
