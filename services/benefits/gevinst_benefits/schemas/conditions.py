"""Conditions of decisions on the wire (G7)."""

from pydantic import Field

from gevinst_benefits.domain.gates.conditions import ConditionState
from gevinst_benefits.schemas.phase_models import GateCode
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class ReportIn(In):
    """What shows that a condition is met."""

    evidence: Name = Field(examples=["All 34 have passed the course; list in case 2026/1234"])


class ConfirmationIn(In):
    """Whether a condition that is reported as met is met; a no needs its reason."""

    is_met: bool
    reason: Maybe[Prose] = Field(None, max_length=2000)


class WaiverIn(In):
    """Why a condition need not be met."""

    reason: Name = Field(examples=["The service is closed instead."])


class ConditionOut(Out):
    """A condition of a decision, and what became of it."""

    id: Id
    organisation: Organisation
    project_id: Id
    gate_id: Id = Field(description="The gate whose decision asks for it.")
    gate: GateCode
    text: Name
    owner_id: Id
    deadline: Day = Field(description="It lapses when this day is over.")
    needs_confirmation: bool
    state: ConditionState
    evidence: Maybe[Name] = None
    reported_by: Maybe[str] = Field(None, max_length=300)
    reported_at: Maybe[Moment] = None
    settled_by: Maybe[str] = Field(None, max_length=300)
    settled_at: Maybe[Moment] = None
    reason: Maybe[str] = Field(None, max_length=10_000)
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ConditionPageOut(Out):
    """Conditions, a page at a time."""

    items: list[ConditionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
