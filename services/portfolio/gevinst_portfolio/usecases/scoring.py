"""Setting a portfolio's criteria, scoring its projects, and ranking them (P6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.permissions import ARRANGE, SCORE
from gevinst_portfolio.domain.scoring import (
    Criterion,
    ScoredTwice,
    ScoresOutsideScale,
    TotalScore,
    refuse_odd_scale,
    refuse_outside_scale,
    total_score,
)
from gevinst_portfolio.events import CriterionChanged, ProjectScored
from gevinst_portfolio.store import announcements, criteria, portfolios, projects, scores
from gevinst_portfolio.store.places import place_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class GivenScore:
    criterion_id: UUID
    value: float
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ScoredProject:
    """A project's scores in force and what they add up to; `revision` counts all that were ever given."""

    project_id: UUID
    revision: int
    scores: Sequence[asyncpg.Record]
    total: TotalScore


@dataclass(frozen=True, slots=True)
class RankedProject:
    project_id: UUID
    name: str
    status: str
    is_statutory: bool
    total: TotalScore


async def add_criterion(work: Work, portfolio_id: UUID, members: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Add a criterion to the portfolio's model; its id and record."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio_id})))
    refuse_odd_scale(members["scale_min"], members["scale_max"])
    criterion_id = new_id()
    record = _criterion_record(work, criterion_id, portfolio_id, members)
    values = {**members, "id": criterion_id, "portfolio_id": portfolio_id, "created_at": work.now}
    return criterion_id, await criteria.RECORDS.add(work.connection, values, record)


async def change_criterion(
    work: Work, criterion_id: UUID, members: Mapping[str, Any], *, expected: int
) -> Stored | None:
    """Replace what the criterion says; None when it changed meanwhile. No score may fall off its scale."""
    portfolio_id = await criteria.get_portfolio_id(work.connection, criterion_id)
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio_id})))
    scale = {"scale_min": members["scale_min"], "scale_max": members["scale_max"]}
    refuse_odd_scale(**scale)
    # Scoring holds the portfolio too: no score can slip in beside this count.
    await portfolios.hold(work.connection, portfolio_id)
    count = await criteria.count_outside(work.connection, criterion_id, **scale)
    if count:
        raise ScoresOutsideScale(count=count, **scale, pointer="/body/scale_max")
    record = _criterion_record(work, criterion_id, portfolio_id, members)
    return await criteria.RECORDS.change(
        work.connection, {**members, "id": criterion_id}, record, expected=expected
    )


async def score_project(work: Work, project_id: UUID, given: Sequence[GivenScore]) -> ScoredProject:
    """Append the scores; what the project's scores now are."""
    row = await projects.get_row(work.connection, project_id)
    work.require(SCORE, await _place(work, row))
    await portfolios.hold(work.connection, row["portfolio_id"])
    model = {each.id: each for each in await criteria.list_model(work.connection, row["portfolio_id"])}
    _refuse_odd_scores(model, given)
    rows = [_score_row(work, project_id, each) for each in given]
    await scores.add_scores(work.connection, rows)
    fact = ProjectScored(
        project_id=project_id,
        portfolio_id=row["portfolio_id"],
        criterion_ids=tuple(each.criterion_id for each in given),
    )
    record = recorded(work, fact, subject=subject_of("projects", project_id))
    after = {f"score of {model[each.criterion_id].name}": each.value for each in given}
    await announcements.announce(work.connection, [{**record, "after": after}])
    return await get_scores(work, project_id)


async def get_scores(work: Work, project_id: UUID, asof: datetime | None = None) -> ScoredProject:
    """The scores in force at a moment (None: now), and their total by the model of today."""
    row = await projects.get_row(work.connection, project_id)
    model = await criteria.list_model(work.connection, row["portfolio_id"])
    found = await scores.list_scores(work.connection, project_id, asof)
    values = {each["criterion_id"]: each["value"] for each in found}
    revision = await scores.count_scores(work.connection, project_id)
    return ScoredProject(project_id, revision, found, total_score(model, values))


async def rank_projects(work: Work, portfolio_id: UUID, asof: datetime | None = None) -> list[RankedProject]:
    """The portfolio's central projects, best first; those without any score last."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    model = await criteria.list_model(work.connection, portfolio_id)
    rows = await scores.list_scored_projects(work.connection, portfolio_id, asof)
    ranked = [
        RankedProject(
            project_id=row["id"],
            name=row["name"],
            status=row["status"],
            is_statutory=row["is_statutory"],
            total=total_score(model, dict(zip(row["criterion_ids"], row["values"], strict=True))),
        )
        for row in rows
    ]
    return sorted(ranked, key=_best_first)


def _best_first(project: RankedProject) -> tuple[bool, float, UUID]:
    points = project.total.points
    return (points is None, -(points or 0.0), project.project_id)


def _refuse_odd_scores(model: Mapping[UUID, Criterion], given: Sequence[GivenScore]) -> None:
    if len({each.criterion_id for each in given}) != len(given):
        raise ScoredTwice(pointer="/body/scores")
    for each in given:
        if each.criterion_id not in model:
            raise Unknown(pointer="/body/scores")
        refuse_outside_scale(model[each.criterion_id], each.value)


def _score_row(work: Work, project_id: UUID, given: GivenScore) -> dict[str, Any]:
    return {
        "organisation_id": work.organisation,
        "id": new_id(),
        "project_id": project_id,
        "criterion_id": given.criterion_id,
        "value": given.value,
        "reason": given.reason,
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


def _criterion_record(
    work: Work, criterion_id: UUID, portfolio_id: UUID, members: Mapping[str, Any]
) -> dict[str, Any]:
    fact = CriterionChanged(
        criterion_id=criterion_id,
        portfolio_id=portfolio_id,
        name=members["name"],
        weight=members["weight"],
        better=members["better"],
    )
    return recorded(work, fact, subject=subject_of("criteria", criterion_id))
