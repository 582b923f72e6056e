"""The board decides about one project: approve, pause, stop, resume, close, reject, postpone (P8, G6)."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.permissions import DECIDE
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_decisions import OfAnotherPortfolio, Ruled, Ruling, ruled
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.events.board import DecisionRecorded
from gevinst_portfolio.events.projects import (
    ProjectApproved,
    ProjectChanged,
    ProjectDecided,
    ProjectRescheduled,
    ProjectStopped,
)
from gevinst_portfolio.store import announcements, decisions, portfolios
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.plan_inputs import figures
from gevinst_portfolio.usecases.deciding import cost_lines
from gevinst_portfolio.usecases.recording import Basis, keep_decision, meeting_of, outcome
from gevinst_portfolio.usecases.releasing import Cause, release, released_until
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown

_FREES = frozenset({DecisionKind.PAUSE, DecisionKind.STOP, DecisionKind.CLOSE})


@dataclass(frozen=True, slots=True)
class _Deed:
    """A decision about one project while it is carried out."""

    id: UUID
    portfolio: Portfolio
    row: asyncpg.Record
    ruling: Ruling
    basis: Basis
    after: Ruled


async def rule(
    work: Work, portfolio_id: UUID, project_id: UUID, ruling: Ruling, basis: Basis
) -> tuple[UUID, Stored]:
    """Record the board's decision about the project and carry it out; its id and record."""
    await portfolios.hold(work.connection, portfolio_id)
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    rows = await decisions.lock_projects(work.connection, [project_id])
    if not rows:
        raise Unknown(pointer="/body/project_id")
    row = rows[0]
    place = await place_of(
        work.connection,
        portfolio_id=row["portfolio_id"],
        programme_id=row["programme_id"],
        project_id=project_id,
        unit_id=row["unit_id"],
    )
    work.require(DECIDE, place)
    if row["portfolio_id"] != portfolio_id:
        raise OfAnotherPortfolio(name=row["name"], pointer="/body/project_id")
    meeting_id = await meeting_of(work, basis, portfolio_id, ruling.kind, project_id=project_id)
    project = figures(row)
    after = ruled(project, ruling, today=work.today, released_from=await released_until(work, project))
    deed = _Deed(new_id(), portfolio, row, ruling, basis, after)
    stored = await _keep(work, deed, meeting_id)
    await _move(work, deed)
    await _free(work, deed)
    return deed.id, stored


async def _keep(work: Work, deed: _Deed, meeting_id: UUID | None) -> Stored:
    fact = DecisionRecorded(
        decision_id=deed.id,
        portfolio_id=deed.portfolio.id,
        project_id=deed.row["id"],
        kind=deed.ruling.kind,
        case_number=deed.basis.case_number,
        decided_on=work.today,
        meeting_id=meeting_id,
    )
    values = {
        "id": deed.id,
        "kind": deed.ruling.kind,
        "meeting_id": meeting_id,
        "until": deed.ruling.until,
        "condition": deed.ruling.condition,
    }
    done = [outcome(deed.row, deed.after)]
    return await keep_decision(work, deed.portfolio, deed.basis, fact, values, done)


async def _move(work: Work, deed: _Deed) -> None:
    """The project follows, with the fact that those who know it already read, and the board's own."""
    row, after = deed.row, deed.after
    columns = {
        "id": row["id"],
        "status": after.status,
        "start": after.start,
        "end": after.end,
        "cost_by_year": cost_lines(after.cost_by_year),
    }
    said = {
        **dict(row),
        **columns,
        "project_name": row["name"],
        "portfolio_name": deed.portfolio.name,
        "decision_id": deed.id,
        "decision": deed.ruling.kind,
        "decided_on": work.today,
        "reason": deed.basis.reasons,
        "until": deed.ruling.until,
        "condition": deed.ruling.condition,
        "proposer": await decisions.find_proposer(work.connection, row["id"]),
        "starts_on": after.start,
        "stopped_on": work.today,
        "new_start": after.start,
        "previous_start": row["start"],
    }
    subject = subject_of("projects", row["id"])
    fact = _fact(deed, said)
    record = recorded(work, fact, subject=subject, reason=deed.basis.reasons)
    await decisions.move_projects(work.connection, [columns | record])
    # Approved, stopped and rescheduled say it themselves.
    if isinstance(fact, ProjectChanged):
        told = ProjectDecided.of(said, project_id=row["id"])
        record = recorded(work, told, subject=subject, reason=deed.basis.reasons)
        await announcements.announce(
            work.connection, [record | {"before": None, "after": RawJson(told.data)}]
        )


def _fact(
    deed: _Deed, said: dict[str, Any]
) -> ProjectApproved | ProjectStopped | ProjectRescheduled | ProjectChanged:
    kinds: dict[Effect, type[ProjectApproved | ProjectStopped]] = {
        Effect.APPROVED: ProjectApproved,
        Effect.STOPPED: ProjectStopped,
    }
    project_id = deed.row["id"]
    if deed.after.effect in kinds:
        return kinds[deed.after.effect].of(said, project_id=project_id)
    before: date | None = deed.row["start"]
    was_moved = before is not None and deed.after.start != before
    if was_moved and deed.after.status is ProjectStatus.APPROVED:
        return ProjectRescheduled.of(said, project_id=project_id)
    return ProjectChanged.of(said, project_id=project_id)


async def _free(work: Work, deed: _Deed) -> None:
    """G6: what the project would have taken from now on is there for others; what was spent stays spent."""
    freed, kind = deed.after.freed, deed.ruling.kind
    is_worth_telling = kind is DecisionKind.STOP or not freed.is_empty
    if kind not in _FREES or not is_worth_telling:
        return
    is_temporary = kind is DecisionKind.PAUSE
    cause = Cause(
        work.today,
        deed.basis.reasons,
        decision_id=deed.id,
        is_temporary=is_temporary,
        until=deed.ruling.until if is_temporary else None,
    )
    await release(work, deed.row, deed.portfolio, freed, cause)
