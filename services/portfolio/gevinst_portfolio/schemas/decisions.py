"""The board's decisions on the wire."""

from typing import Literal

from pydantic import Field

from gevinst_portfolio.domain.decisions import DecisionKind, Effect
from gevinst_portfolio.domain.project_decisions import Ruling
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.schemas.profiles import PlannedDay
from gevinst_portfolio.usecases.recording import Basis
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, MoneyOut, Name, Organisation, Out, Prose

MOST_PROJECTS = 100_000


class DecisionIn(In):
    """Who decided, why, and under which case number."""

    case_number: Name = Field(max_length=100, examples=["2026/4711"])
    deciders: list[Name] = Field(min_length=1, max_length=100, examples=[["Kari Nordmann", "Ola Nordmann"]])
    reasons: Prose = Field(min_length=1, examples=["Best use of what two years' money can carry."])
    meeting_id: Maybe[Id] = Field(None, description="The meeting that decides, when it was called.")
    agenda_item_id: Maybe[Id] = Field(None, description="The item of its agenda that this decides on.")

    def basis(self) -> Basis:
        return Basis(self.case_number, self.deciders, self.reasons, self.meeting_id, self.agenda_item_id)


RulingKind = Literal["approve", "pause", "stop", "resume", "close", "reject", "postpone"]


class RulingIn(DecisionIn):
    """What the board decides about one project."""

    project_id: Id
    kind: RulingKind = Field(examples=["approve"])
    start: Maybe[PlannedDay] = Field(None, description="For an approval: another first day than proposed.")
    until: Maybe[PlannedDay] = Field(
        None, description="For a pause: the day on which it ends. For a postponement: to which day."
    )
    condition: Maybe[Name] = Field(None, description="For a pause: what must have happened before it ends.")
    end: Maybe[PlannedDay] = Field(None, description="For work that goes on: another last day.")

    def ruling(self) -> Ruling:
        return Ruling(DecisionKind(self.kind), self.start, self.until, self.condition, self.end)


class DecidedProjectOut(Out):
    """What the decision did to a project; `cost` and `benefit` as they were known when it was decided."""

    project_id: Id
    project_name: Name
    effect: Effect
    status_before: ProjectStatus
    status: ProjectStatus
    start_before: Maybe[Day] = None
    start: Maybe[Day] = None
    end_before: Maybe[Day] = None
    end: Maybe[Day] = None
    cost: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None
    freed: Maybe[MoneyOut] = Field(None, description="Money that is free again; its release tells the rest.")


class DecisionOut(Out):
    """A decision: never changed, only followed by another (P8)."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    kind: DecisionKind
    scenario_id: Maybe[Id] = Field(None, description="The scenario that was decided from.")
    follows_id: Maybe[Id] = Field(None, description="The portfolio's decision before this one.")
    followed_by_id: Maybe[Id] = Field(None, description="The portfolio's decision after this one.")
    meeting_id: Maybe[Id] = None
    agenda_item_id: Maybe[Id] = None
    case_number: Name
    deciders: list[Name] = Field(max_length=100)
    reasons: Prose
    decided_by: str = Field(max_length=300, description="Who recorded it, a member of the board.")
    decided_on: Day
    until: Maybe[Day] = None
    condition: Maybe[Name] = None
    projects: list[DecidedProjectOut] = Field(max_length=MOST_PROJECTS)
    left_out: list[Id] = Field(max_length=MOST_PROJECTS)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class DecisionPageOut(Out):
    """Decisions, a page at a time."""

    items: list[DecisionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
