"""Changing what a project says of itself."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.dependencies import DependencyCycle, find_cycle
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import CHANGE_PROJECT
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import ProjectStatus, refuse_ended
from gevinst_portfolio.domain.role_assignments import PROJECT_ROLES
from gevinst_portfolio.events.projects import ProjectChanged, ProjectRescheduled
from gevinst_portfolio.store import announcements, portfolios, projects
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.profiles import waves_from
from gevinst_portfolio.usecases.proposing import Proposal, project_values, refuse_unknown
from gevinst_portfolio.usecases.staffing import announce_vacancy
from gevinst_portfolio.usecases.thresholds import announce_crossing, registration_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Permission

_DECIDED = frozenset({ProjectStatus.APPROVED, ProjectStatus.RUNNING})


async def change_project(
    work: Work, project_id: UUID, said: Mapping[str, Any], *, expected: int
) -> Stored | None:
    """Replace all that a proposer says of the project; None when it changed meanwhile.

    `said` are the members of a `Proposal` that a proposer may change: portfolio, status, phase and what an
    import left stay as they are.
    """
    row = await projects.get_row(work.connection, project_id)
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    refuse_ended(ProjectStatus(row["status"]))
    # P1: what was imported stays of its source, or the next import would not find it again.
    source = said["source"] if row["source_key"] is None else row["source"]
    members = {**said, "source": source, "source_key": row["source_key"]}
    proposal = Proposal(portfolio_id=row["portfolio_id"], **members)
    portfolio = await portfolios.get_portfolio(work.connection, row["portfolio_id"])
    await refuse_unknown(work, proposal)
    await _refuse_cycle(work, project_id, proposal)
    values = project_values(portfolio, project_id, proposal)
    values |= {name: row[name] for name in ("status", "phase")}
    kept = {"registration_overruled": row["registration_overruled"]}
    values["registration"] = registration_of(
        portfolio, values | kept, proposal.needs, waves_from(row["waves"])
    )
    values["source_fields"] = RawJson(row["source_fields"])
    record = recorded(
        work, ProjectChanged.of(values, project_id=project_id), subject=subject_of("projects", project_id)
    )
    stored = await projects.change_project(work.connection, values, record, expected=expected)
    if stored is not None:
        await _announce_vacancies(work, row, proposal)
        await _announce_move(work, portfolio, row, values)
        await announce_crossing(work, dict(row), values)
    return stored


async def require_change(work: Work, row: asyncpg.Record) -> None:
    """Refuse unless the actor may change this project."""
    await require_at(work, CHANGE_PROJECT, row)


async def require_at(work: Work, permission: Permission, row: asyncpg.Record) -> None:
    """Refuse unless the actor has the permission at this project."""
    place = await place_of(
        work.connection,
        portfolio_id=row["portfolio_id"],
        project_id=row["id"],
        programme_id=row["programme_id"],
        unit_id=row["unit_id"],
    )
    work.require(permission, place)


async def _refuse_cycle(work: Work, project_id: UUID, proposal: Proposal) -> None:
    if not proposal.depends_on:
        return
    # Two changes at once could close a circle that neither sees.
    await portfolios.hold(work.connection, proposal.portfolio_id)
    rows = await projects.list_waiting(work.connection, proposal.portfolio_id)
    waiting = {row["id"]: row["depends_on"] for row in rows}
    circle = find_cycle(project_id, proposal.depends_on, waiting)
    if circle:
        names = {row["id"]: row["name"] for row in rows} | {project_id: proposal.name}
        told = " → ".join(names[each] for each in circle)
        raise DependencyCycle(circle=told, pointer="/body/depends_on")


async def _announce_vacancies(work: Work, row: asyncpg.Record, proposal: Proposal) -> None:
    """P10: a role that nobody holds any more is shown."""
    for role, member in PROJECT_ROLES.items():
        if row[member] is not None and getattr(proposal, member) is None:
            await announce_vacancy(work, row["id"], role, since=work.today)


async def _announce_move(
    work: Work, portfolio: Portfolio, row: asyncpg.Record, values: Mapping[str, Any]
) -> None:
    """Those concerned hear it when work that was decided begins on another day."""
    before, after = row["start"], values["start"]
    if row["status"] not in _DECIDED or before is None or after is None or before == after:
        return
    said = {
        **values,
        "project_name": values["name"],
        "portfolio_name": portfolio.name,
        "previous_start": before,
        "new_start": after,
        "decision_id": None,
    }
    fact = ProjectRescheduled.of(said, project_id=row["id"])
    record = recorded(work, fact, subject=subject_of("projects", row["id"]))
    moved = {"before": {"start": before.isoformat()}, "after": {"start": after.isoformat()}}
    await announcements.announce(work.connection, [record | moved])
