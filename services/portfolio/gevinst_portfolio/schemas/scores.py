"""Scores on the wire (P6)."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.scoring import TotalScore
from gevinst_portfolio.schemas.criteria import Level
from gevinst_portfolio.usecases.scoring import RankedProject, ScoredProject
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Out, Prose

Share = Annotated[float, Field(ge=0, le=1, examples=[0.75])]
Points = Annotated[float, Field(ge=0, le=100, examples=[62.5])]


class ScoreIn(In):
    """How the project does on one criterion."""

    criterion_id: Id
    value: Level = Field(strict=True, examples=[4])
    reason: Maybe[Prose] = Field(None, description="Why.")


class ScoresIn(In):
    """Scores on several criteria at once."""

    scores: list[ScoreIn] = Field(min_length=1, max_length=100)


class ScoreOut(Out):
    """A score: who gave it, when and why."""

    id: Id
    criterion_id: Id
    value: Level
    reason: Maybe[Prose] = None
    scored_by: str = Field(max_length=200, examples=["kari"])
    scored_at: Moment


class TotalOut(Out):
    """What the scores add up to. Missing is not zero: `missing` names what the total leaves out."""

    points: Maybe[Points] = Field(None, description="0 to 100; absent when nothing is scored.")
    coverage: Share = Field(description="The share of all weight that is scored.")
    is_partial: bool
    missing: list[Id] = Field(max_length=1000, description="Criteria without a score.")


class ProjectScoresOut(Out):
    """A project's scores in force, at most one per criterion, and their total."""

    project_id: Id
    scores: list[ScoreOut] = Field(max_length=1000)
    total: TotalOut


class RankedProjectOut(Out):
    """A project's place in the ranking."""

    rank: Maybe[int] = Field(
        None, ge=1, le=1_000_000, description="Equal totals share a rank; absent when nothing is scored."
    )
    project_id: Id
    name: Name
    status: ProjectStatus
    is_statutory: bool
    total: TotalOut


class RankingPageOut(Out):
    """The ranking, a page at a time, best first."""

    items: list[RankedProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


def project_scores(scored: ScoredProject) -> dict[str, Any]:
    """The members of `ProjectScoresOut`."""
    names = ("id", "criterion_id", "value", "reason", "scored_by", "scored_at")
    return {
        "project_id": scored.project_id,
        "scores": [{name: row[name] for name in names} for row in scored.scores],
        "total": _total(scored.total),
    }


def ranking(projects: list[RankedProject]) -> list[dict[str, Any]]:
    """The members of `RankedProjectOut` for the whole ranking; ranks are 1, 2, 2, 4."""
    found: list[dict[str, Any]] = []
    for place, project in enumerate(projects, start=1):
        total = _total(project.total)
        is_equal = bool(found) and found[-1]["total"]["points"] == total["points"]
        found.append(
            {
                "rank": None if total["points"] is None else found[-1]["rank"] if is_equal else place,
                "project_id": project.project_id,
                "name": project.name,
                "status": project.status,
                "is_statutory": project.is_statutory,
                "total": total,
            }
        )
    return found


def _total(total: TotalScore) -> dict[str, Any]:
    return {
        # Rounded for the reader; the sum of rounded shares may pass its end by less than that.
        "points": None if total.points is None else round(total.points, 4),
        "coverage": round(total.coverage, 6),
        "is_partial": bool(total.missing),
        "missing": list(total.missing),
    }
