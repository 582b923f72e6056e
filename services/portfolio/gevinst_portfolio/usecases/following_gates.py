"""A gate was decided: the project's status and phase follow, and a stop frees what it took (G6)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.gate_outcomes import GateOutcome, ProjectState
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.releases import Freed, freed_by_stop
from gevinst_portfolio.events import CapacityFreed, ProjectChanged, ProjectStopped
from gevinst_portfolio.store import announcements, plan_inputs, portfolios, releases
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

PERSON_MONTHS = "person-months"


async def follow_gate(work: Work, event_id: UUID, outcome: GateOutcome) -> None:
    """Do what the outcome means here, once: an event that is read again changes nothing.

    A gate of a project that is not ours, or has become part of another one, is ignored.
    """
    row = await releases.lock_project(work.connection, outcome.project_id)
    if row is None or row["status"] == ProjectStatus.MERGED:
        return
    if not await releases.add_outcome(work.connection, _outcome_row(work, event_id, outcome)):
        return
    portfolio = await portfolios.get_portfolio(work.connection, row["portfolio_id"])
    freed = freed_by_stop(plan_inputs.figures(row), outcome.decided_on)
    await _move(work, row, portfolio, outcome)
    is_new_stop = outcome.state is ProjectState.STOPPED and row["status"] != ProjectStatus.STOPPED
    if is_new_stop:
        await _release(work, row, portfolio, event_id, outcome, freed)


async def _move(work: Work, row: asyncpg.Record, portfolio: Portfolio, outcome: GateOutcome) -> None:
    phase = row["phase"] if outcome.phase is None else outcome.phase
    now = {**dict(row), "status": outcome.state.status}
    fact: ProjectStopped | ProjectChanged = ProjectChanged.of(now, project_id=row["id"])
    if outcome.state is ProjectState.STOPPED:
        said = {
            **now,
            "project_name": row["name"],
            "portfolio_name": portfolio.name,
            "stopped_on": outcome.decided_on,
            "reason": outcome.reason,
        }
        fact = ProjectStopped.of(said, project_id=row["id"])
    record = recorded(work, fact, subject=subject_of("projects", row["id"]), reason=outcome.reason)
    await releases.move_project(
        work.connection, row["id"], status=outcome.state.status, phase=phase, record=record
    )


async def _release(
    work: Work,
    row: asyncpg.Record,
    portfolio: Portfolio,
    event_id: UUID,
    outcome: GateOutcome,
    freed: Freed,
) -> None:
    release_id = new_id()
    known = await plan_inputs.resource_kinds(work.connection)
    knows_cost = plan_inputs.figures(row).has_known_cost
    total = Money.from_minor(freed.total_minor, portfolio.currency, portfolio.price_year)
    values = {
        "organisation_id": work.organisation,
        "id": release_id,
        "portfolio_id": portfolio.id,
        "project_id": row["id"],
        "project_name": row["name"],
        "gate_outcome_id": event_id,
        "released_on": outcome.decided_on,
        "money": _money(freed, portfolio),
        "resources": _resources(freed, known),
        "total_minor": total.minor if knows_cost else None,
        "currency": portfolio.currency,
        "price_year": portfolio.price_year,
        "created_at": work.now,
    }
    await releases.add_release(work.connection, values)
    fact = CapacityFreed(
        release_id=release_id,
        project_id=row["id"],
        portfolio_id=portfolio.id,
        project_name=row["name"],
        portfolio_name=portfolio.name,
        freed_money=total if knows_cost else None,
        freed_person_months=_sum_of(freed, known, "role", PERSON_MONTHS),
        freed_change_load=_sum_of(freed, known, "change-load"),
    )
    record = recorded(work, fact, subject=subject_of("releases", release_id), reason=outcome.reason)
    await announcements.announce(work.connection, [record | {"after": RawJson(fact.data)}])


def _outcome_row(work: Work, event_id: UUID, outcome: GateOutcome) -> dict[str, Any]:
    return {
        "organisation_id": work.organisation,
        "id": event_id,
        "project_id": outcome.project_id,
        "gate": outcome.gate,
        "gate_name": outcome.gate_name,
        "outcome": outcome.outcome,
        "phase": outcome.phase,
        "project_state": outcome.state,
        "decided_on": outcome.decided_on,
        "decided_by": outcome.decided_by,
        "reason": outcome.reason,
        "created_at": work.now,
    }


def _money(freed: Freed, portfolio: Portfolio) -> list[dict[str, Any]]:
    """`FreedMoneyOut` as JSON."""
    return [
        {
            "year": one.year,
            "kind": one.kind.value,
            "amount": wire(Money.from_minor(one.minor, portfolio.currency, portfolio.price_year)),
        }
        for one in freed.money
    ]


def _resources(freed: Freed, known: dict[UUID, asyncpg.Record]) -> list[dict[str, Any]]:
    """`FreedResourceOut` as JSON."""
    return [
        {
            "resource_id": str(one.resource_id),
            "resource_name": known[one.resource_id]["name"],
            "kind": known[one.resource_id]["kind"],
            "measure": known[one.resource_id]["measure"],
            "total": float(one.total),
            "quarters": [
                {"quarter": str(quarter), "amount": float(amount)} for quarter, amount in one.quarters
            ],
        }
        for one in freed.resources
        if one.resource_id in known
    ]


def _sum_of(
    freed: Freed, known: dict[UUID, asyncpg.Record], kind: str, measure: str | None = None
) -> Decimal | None:
    """What is freed of all resources of a kind; None when there are none, or they are counted otherwise."""
    amounts = [
        one.total
        for one in freed.resources
        if (row := known.get(one.resource_id)) is not None
        and row["kind"] == kind
        and measure in {None, row["measure"]}
    ]
    return sum(amounts, Decimal(0)) if amounts else None
