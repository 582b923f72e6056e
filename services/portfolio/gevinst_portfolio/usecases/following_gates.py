"""A project began, or a gate was decided: its status and phase follow, and a stop frees what it took (G6)."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.gate_outcomes import GateOutcome, ProjectState, StartedPhase
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.events.projects import ProjectChanged, ProjectStopped
from gevinst_portfolio.store import plan_inputs, portfolios, releases
from gevinst_portfolio.usecases.releasing import Cause, freed_by_end, release
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of


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
    freed = await freed_by_end(work, plan_inputs.figures(row), outcome.decided_on)
    await _move(work, row, portfolio, outcome)
    is_new_stop = outcome.state is ProjectState.STOPPED and row["status"] != ProjectStatus.STOPPED
    if is_new_stop:
        cause = Cause(outcome.decided_on, outcome.reason, gate_outcome_id=event_id)
        await release(work, row, portfolio, freed, cause)


async def follow_start(work: Work, started: StartedPhase) -> None:
    """Keep the phase that the project begins with; a start of a project that is not ours is ignored."""
    if await releases.lock_project(work.connection, started.project_id) is None:
        return
    values = asdict(started) | {"organisation_id": work.organisation, "created_at": work.now}
    await releases.add_start(work.connection, values)


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
