"""Prerequisites and risks on the wire."""

from pydantic import Field

from gevinst_benefits.domain.plan.prerequisites import Level, PrerequisiteState, RiskState
from gevinst_benefits.schemas.actions import PlanOwnerOut
from gevinst_benefits.schemas.plan_owners import PlanOwnerShape
from gevinst_benefits.usecases.preparing import PrerequisiteDraft, RiskDraft
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class PrerequisiteIn(In):
    """What must be in place for the benefit."""

    name: Name = Field(examples=["All staff have a tablet"])
    owner: PlanOwnerShape
    state: PrerequisiteState = PrerequisiteState.OPEN
    measure: Maybe[Prose] = Field(None, description="What is done about it.")

    def draft(self) -> PrerequisiteDraft:
        return PrerequisiteDraft(**{**dict(self), "owner": self.owner.value()})


class RiskIn(In):
    """What can keep the benefit away."""

    name: Name = Field(examples=["Citizens keep calling"])
    owner: PlanOwnerShape
    probability: Level = Field(examples=["moderate"])
    consequence: Level = Field(examples=["high"])
    state: RiskState = RiskState.OPEN
    measure: Maybe[Prose] = Field(None, description="What is done about it.")

    def draft(self) -> RiskDraft:
        return RiskDraft(**{**dict(self), "owner": self.owner.value()})


class PrerequisiteOut(Out):
    """A prerequisite of a benefit."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    name: Name
    measure: Maybe[Prose] = None
    owner: PlanOwnerOut
    state: PrerequisiteState
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class RiskOut(Out):
    """A risk of a benefit; `level` follows from probability and consequence."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    name: Name
    probability: Level
    consequence: Level
    level: Level
    measure: Maybe[Prose] = None
    owner: PlanOwnerOut
    state: RiskState
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class PrerequisitePageOut(Out):
    """Prerequisites, a page at a time."""

    items: list[PrerequisiteOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class RiskPageOut(Out):
    """Risks, a page at a time."""

    items: list[RiskOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
