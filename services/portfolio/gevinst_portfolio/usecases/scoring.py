"""Scoring projects by the portfolio's criteria, and ranking them (P6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.criteria_models import CriteriaModel
from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.permissions import SCORE
from gevinst_portfolio.domain.scorers import ProjectScore, project_score
from gevinst_portfolio.domain.scoring import ScoredTwice, refuse_off_scale
from gevinst_portfolio.events.criteria import ProjectScored
from gevinst_portfolio.store import announcements, criteria, portfolios, projects, scores
from gevinst_portfolio.store.places import place_of
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class SaidScore:
    """How somebody scores a project on one criterion."""

    criterion_id: UUID
    value: float
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredProject:
    """A project's scores in force, the model that they are read by, and what they come to."""

    project_id: UUID
    revision: int
    model: CriteriaModel
    scores: Sequence[asyncpg.Record]
    found: ProjectScore


@dataclass(frozen=True, slots=True)
class RankedProject:
    """A project's place in the ranking."""

    project_id: UUID
    name: str
    status: str
    is_statutory: bool
    found: ProjectScore


async def score_project(work: Work, project_id: UUID, said: Sequence[SaidScore]) -> ScoredProject:
    """Append the scores; what the project's scores now are."""
    row = await projects.get_row(work.connection, project_id)
    work.require(SCORE, await _place(work, row))
    refuse_merged(row["merged_into_id"])
    # Changing the model holds the portfolio too: nobody scores by a version that just went.
    await portfolios.hold(work.connection, row["portfolio_id"])
    model = await criteria.get_model(work.connection, row["portfolio_id"])
    after = _accepted(model, said)
    rows = [_score_row(work, row, model, each) for each in said]
    before = await _said_before(work, project_id, model, said)
    await scores.add_scores(work.connection, rows)
    fact = ProjectScored(
        project_id=project_id,
        portfolio_id=row["portfolio_id"],
        criterion_ids=tuple(each.criterion_id for each in said),
    )
    record = recorded(work, fact, subject=subject_of("projects", project_id))
    await announcements.announce(work.connection, [{**record, "before": before, "after": after}])
    return await get_scores(work, project_id)


async def get_scores(work: Work, project_id: UUID, asof: datetime | None = None) -> ScoredProject:
    """The scores in force before a moment (None: now), and their total by the model in force then."""
    row = await projects.get_row(work.connection, project_id)
    model = await criteria.get_model(work.connection, row["portfolio_id"], asof)
    found = await scores.list_scores(work.connection, project_id, asof)
    given = [scores.given_score(each) for each in found]
    revision = await scores.count_scores(work.connection, project_id)
    return ScoredProject(project_id, revision, model, found, project_score(model, given))


async def rank_projects(work: Work, portfolio_id: UUID, asof: datetime | None = None) -> list[RankedProject]:
    """The portfolio's central projects, best first; then partial totals, then those without any score."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    model = await criteria.get_model(work.connection, portfolio_id, asof)
    given = await scores.list_given(work.connection, portfolio_id, asof)
    rows = await scores.list_ranked(work.connection, portfolio_id)
    ranked = [
        RankedProject(
            project_id=row["id"],
            name=row["name"],
            status=row["status"],
            is_statutory=row["is_statutory"],
            found=project_score(model, given.get(row["id"], ())),
        )
        for row in rows
    ]
    return sorted(ranked, key=_best_first)


def _best_first(project: RankedProject) -> tuple[bool, bool, float, UUID]:
    total = project.found.total
    # Rounded as it is shown: what the reader sees as equal shares a rank.
    points = None if total.points is None else round(total.points, 4)
    return (points is None, total.is_partial, -(points or 0.0), project.project_id)


def _accepted(model: CriteriaModel, said: Sequence[SaidScore]) -> dict[str, float]:
    """What the audit row says of the scores; refuses those that the model does not take."""
    if len({each.criterion_id for each in said}) != len(said):
        raise ScoredTwice(pointer="/body/scores")
    found = {}
    for each in said:
        criterion = model.find(each.criterion_id)
        if criterion is None:
            raise Unknown(pointer="/body/scores")
        refuse_off_scale(criterion, each.value)
        found[f"score of {criterion.name}"] = each.value
    return found


async def _said_before(
    work: Work, project_id: UUID, model: CriteriaModel, said: Sequence[SaidScore]
) -> dict[str, float] | None:
    """E1: what the same scorer had said of the same criteria, in `_accepted`'s words."""
    asked = {each.criterion_id for each in said}
    rows = await scores.list_scores(work.connection, project_id, None)
    return {
        f"score of {criterion.name}": row["value"]
        for row in rows
        if row["scored_by"] == work.actor.subject
        and row["criterion_id"] in asked
        and (criterion := model.find(row["criterion_id"])) is not None
    } or None


def _score_row(work: Work, project: asyncpg.Record, model: CriteriaModel, said: SaidScore) -> dict[str, Any]:
    return {
        "organisation_id": work.organisation,
        "id": new_id(),
        "project_id": project["id"],
        "portfolio_id": project["portfolio_id"],
        "model_version": model.version,
        "criterion_id": said.criterion_id,
        "value": said.value,
        "reason": said.reason,
        "scored_by": work.actor.subject,
        "scored_at": work.now,
    }


async def _place(work: Work, row: asyncpg.Record) -> Place:
    return await place_of(
        work.connection,
        portfolio_id=row["portfolio_id"],
        project_id=row["id"],
        programme_id=row["programme_id"],
        unit_id=row["unit_id"],
    )
