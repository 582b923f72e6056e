"""Scores on the wire (P6)."""

from datetime import date
from typing import Annotated, Any

import asyncpg
from fastapi import Query
from pydantic import Field

from gevinst_portfolio.domain.criteria_models import MOST_CRITERIA, Middle
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.scorers import CriterionScore
from gevinst_portfolio.domain.scoring import TotalScore
from gevinst_portfolio.schemas.criteria import ScaleValue, Version, Weight
from gevinst_portfolio.usecases.scoring import RankedProject, ScoredProject
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Out, Prose

Share = Annotated[float, Field(ge=0, le=1, examples=[0.75])]
Points = Annotated[float, Field(ge=0, le=100, examples=[62.5])]
AsOfDay = Annotated[
    Annotated[Day, Field(ge=date(1990, 1, 1), le=date(2200, 12, 31))] | None,
    Query(
        description="As it was when this day ended at the organisation's place (Norway, Denmark and Sweden: "
        "Central European time; Finland: an hour ahead); absent: now.",
        examples=["2026-11-21"],
    ),
]
"""A day of the organisation, for "as scored on day X"."""


class ScoreIn(In):
    """How the project does on one criterion."""

    criterion_id: Id
    value: ScaleValue = Field(strict=True, examples=[4])
    reason: Maybe[Prose] = Field(None, description="Why.")


class ScoresIn(In):
    """Scores on several criteria at once."""

    scores: list[ScoreIn] = Field(min_length=1, max_length=100)


class GivenScoreOut(Out):
    """A score: who gave it, when and why, and by which version of the model."""

    id: Id
    criterion_id: Id
    value: ScaleValue
    reason: Maybe[Prose] = None
    scored_by: str = Field(max_length=200, examples=["kari"])
    scored_at: Moment
    model_version: Version


class GivenScorePageOut(Out):
    """Every score that was ever given, a page at a time."""

    items: list[GivenScoreOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class ScoreOut(GivenScoreOut):
    """A score in force: the last one of its scorer on its criterion."""

    level: Maybe[Name] = Field(None, description="The level that the score is.")
    is_counted: bool = Field(
        description="False where the criterion has left the model or its scale has changed since."
    )


class SpreadOut(Out):
    """How far the scorers are apart."""

    count: int = Field(ge=1, le=1_000_000, description="How many scored.")
    lowest: ScaleValue
    highest: ScaleValue
    standard_deviation: Maybe[float] = Field(
        None, ge=0, le=2_000_000_000, description="Of a sample; absent for one scorer."
    )
    disagreement: Share = Field(description="From the lowest to the highest, as a share of the scale.")


class CriterionScoreOut(Out):
    """What the project scores on one criterion: the mean or median of its scorers."""

    criterion_id: Id
    name: Name
    weight: Weight
    value: Maybe[ScaleValue] = Field(None, description="Absent when nobody has scored: missing is not zero.")
    share: Maybe[Share] = Field(None, description="How good that is: 0 at the bad end, 1 at the good one.")
    spread: Maybe[SpreadOut] = None


class TotalOut(Out):
    """What the scores add up to. Missing is not zero: `missing` names what the total leaves out."""

    points: Maybe[Points] = Field(None, description="0 to 100; absent when nothing is scored.")
    coverage: Share = Field(description="The share of all weight that is scored.")
    is_partial: bool = Field(description="Something that has weight is not scored.")
    missing: list[Id] = Field(max_length=MOST_CRITERIA, description="Criteria without a score.")


class ProjectScoresOut(Out):
    """A project's scores in force, at most one per criterion and scorer, and what they come to."""

    project_id: Id
    model_version: Version
    middle: Middle
    criteria: list[CriterionScoreOut] = Field(max_length=MOST_CRITERIA)
    most_disputed: Maybe[Id] = Field(None, description="The criterion on which the scorers differ most.")
    scores: list[ScoreOut] = Field(max_length=10_000)
    total: TotalOut


class RankedProjectOut(Out):
    """A project's place in the ranking."""

    rank: Maybe[int] = Field(
        None,
        ge=1,
        le=1_000_000,
        description="Equal totals share a rank; absent for a partial total, which compares with no other.",
    )
    project_id: Id
    name: Name
    status: ProjectStatus
    is_statutory: bool
    total: TotalOut
    most_disputed: Maybe[Id] = None
    disagreement: Share = Field(description="On the most disputed criterion; 0 when nobody differs.")


class RankingPageOut(Out):
    """The ranking, a page at a time, best first."""

    items: list[RankedProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


def project_scores(scored: ScoredProject) -> dict[str, Any]:
    """The members of `ProjectScoresOut`."""
    disputed = scored.found.most_disputed
    return {
        "project_id": scored.project_id,
        "model_version": scored.model.version,
        "middle": scored.model.middle,
        "criteria": [
            {
                "criterion_id": one.id,
                "name": one.name,
                "weight": one.weight,
                **_middle(scored.found.criteria.get(one.id)),
            }
            for one in scored.model.criteria
        ],
        "most_disputed": None if disputed is None else disputed.criterion.id,
        "scores": [_score(scored, row) for row in scored.scores],
        "total": _total(scored.found.total),
    }


def ranking(projects: list[RankedProject]) -> list[dict[str, Any]]:
    """The members of `RankedProjectOut` for the whole ranking; ranks are 1, 2, 2, 4."""
    found: list[dict[str, Any]] = []
    for place, project in enumerate(projects, start=1):
        total, disputed = _total(project.found.total), project.found.most_disputed
        is_equal = bool(found) and found[-1]["total"]["points"] == total["points"]
        found.append(
            {
                "rank": None if total["is_partial"] else found[-1]["rank"] if is_equal else place,
                "project_id": project.project_id,
                "name": project.name,
                "status": project.status,
                "is_statutory": project.is_statutory,
                "total": total,
                "most_disputed": None if disputed is None else disputed.criterion.id,
                "disagreement": 0 if disputed is None else disputed.spread.disagreement,
            }
        )
    return found


def _score(scored: ScoredProject, row: asyncpg.Record) -> dict[str, Any]:
    names = ("id", "criterion_id", "value", "reason", "scored_by", "scored_at", "model_version")
    criterion = scored.model.find(row["criterion_id"])
    is_counted = row["id"] in scored.found.counted
    levels = criterion.levels if criterion is not None and is_counted else ()
    level = next((level.name for level in levels if level.value == row["value"]), None)
    return {**{name: row[name] for name in names}, "level": level, "is_counted": is_counted}


def _middle(one: CriterionScore | None) -> dict[str, Any]:
    if one is None:
        return {}
    spread = one.spread
    return {
        "value": one.value,
        "share": min(1.0, max(0.0, one.share)),
        "spread": {
            "count": spread.count,
            "lowest": spread.lowest,
            "highest": spread.highest,
            "standard_deviation": spread.standard_deviation,
            "disagreement": min(1.0, spread.disagreement),
        },
    }


def _total(total: TotalScore) -> dict[str, Any]:
    return {
        # Rounded for the reader; the sum of rounded shares may pass its end by less than that.
        "points": None if total.points is None else round(total.points, 4),
        "coverage": round(total.coverage, 6),
        "is_partial": total.is_partial,
        "missing": list(total.missing),
    }
