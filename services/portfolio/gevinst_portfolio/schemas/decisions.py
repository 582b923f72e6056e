"""The board's decisions on the wire."""

from pydantic import Field

from gevinst_portfolio.domain.decisions import Effect
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose

MOST_PROJECTS = 100_000


class DecisionIn(In):
    """Who decided, why, and under which case number."""

    case_number: Name = Field(max_length=100, examples=["2026/4711"])
    deciders: list[Name] = Field(min_length=1, max_length=100, examples=[["Kari Nordmann", "Ola Nordmann"]])
    reasons: Prose = Field(min_length=1, examples=["Best use of what two years' money can carry."])


class DecidedProjectOut(Out):
    """What the decision did to a chosen project."""

    project_id: Id
    project_name: Name
    effect: Effect
    status: ProjectStatus
    start: Maybe[Day] = None
    end: Maybe[Day] = None


class DecisionOut(Out):
    """A decision: never changed, only followed by another (P8)."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    scenario_id: Id
    follows_id: Maybe[Id] = Field(None, description="The portfolio's decision before this one.")
    case_number: Name
    deciders: list[Name] = Field(max_length=100)
    reasons: Prose
    decided_by: str = Field(max_length=300, description="Who recorded it, a member of the board.")
    decided_on: Day
    projects: list[DecidedProjectOut] = Field(max_length=MOST_PROJECTS)
    left_out: list[Id] = Field(max_length=MOST_PROJECTS)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class DecisionPageOut(Out):
    """Decisions, a page at a time."""

    items: list[DecisionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
