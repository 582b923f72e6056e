"""What a board decides, and what its decision does to the projects of a plan (P8)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gevinst_portfolio.domain.project_profiles import ProjectFigures, cost_by_year_from, first_quarter
from gevinst_portfolio.domain.projects import CostOfYear, ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenarios import PlanOutdated

# The years in which anything that is decided can lie.
FIRST_YEAR, LAST_YEAR = 1990, 2199


class DecisionKind(StrEnum):
    """What a decision is about: a scenario with all its projects, or one project."""

    SCENARIO = "scenario"
    APPROVE = "approve"
    PAUSE = "pause"
    STOP = "stop"
    RESUME = "resume"
    CLOSE = "close"
    REJECT = "reject"
    POSTPONE = "postpone"


class Effect(StrEnum):
    """What a decision did to one project."""

    APPROVED = "approved"
    RESCHEDULED = "rescheduled"
    UNCHANGED = "unchanged"
    PAUSED = "paused"
    STOPPED = "stopped"
    RESUMED = "resumed"
    CLOSED = "closed"
    REJECTED = "rejected"
    POSTPONED = "postponed"


@dataclass(frozen=True, slots=True)
class Approval:
    """A chosen project after the decision."""

    effect: Effect
    status: ProjectStatus
    start: date | None
    end: date | None
    cost_by_year: tuple[CostOfYear, ...]


def approval(project: ProjectFigures, start: Quarter, end: Quarter, *, today: date) -> Approval:
    """What being chosen with this start does to the project.

    A project that keeps its quarter keeps its own days; one that is moved starts on the first day of the new
    quarter and ends on the last of its last one, and its cost per year moves along. It is running when its
    start has come. Running work stays as it is. Raises `PlanOutdated` for work that has ended or rests.
    """
    if project.status is ProjectStatus.RUNNING:
        return Approval(Effect.UNCHANGED, project.status, project.start, project.end, project.cost_by_year)
    if project.status not in {ProjectStatus.PROPOSED, ProjectStatus.APPROVED}:
        raise PlanOutdated(name=project.name, status=project.status.value)
    stays = project.start is not None and first_quarter(project) == start
    begins = project.start if stays and project.start is not None else start.first_day
    ends = project.end if stays and project.end is not None else end.last_day
    status = ProjectStatus.RUNNING if begins <= today else ProjectStatus.APPROVED
    if project.status is ProjectStatus.PROPOSED:
        effect = Effect.APPROVED
    else:
        effect = Effect.UNCHANGED if begins == project.start else Effect.RESCHEDULED
    return Approval(effect, status, begins, ends, cost_by_year_from(project, start))
