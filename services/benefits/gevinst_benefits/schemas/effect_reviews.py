"""Effect reviews on the wire: decision point 6 (G10)."""

from pydantic import Field

from gevinst_benefits.domain.gates.effect_reviews import EffectOutcome, EffectReviewState, Finding
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out


class EffectReviewIn(In):
    """The day on which the effect is looked at."""

    due_on: Day = Field(description="Months or years after the project's end.")


class EffectFindingIn(In):
    """What the review comes to."""

    outcome: EffectOutcome
    reason: Name = Field(examples=["Nine of ten centres have the saving in their accounts."])
    next_due_on: Maybe[Day] = Field(None, description="When more work is needed: the day of the next look.")

    def value(self) -> Finding:
        return Finding(self.outcome, self.reason, self.next_due_on)


class ReviewedBenefitOut(Out):
    """A benefit of the plan, as it was when the review was held."""

    benefit_id: Id
    name: Name
    state: BenefitState


class EffectReviewOut(Out):
    """A look at what came of a project."""

    id: Id
    organisation: Organisation
    project_id: Id
    due_on: Day
    state: EffectReviewState
    outcome: Maybe[EffectOutcome] = None
    reason: Maybe[Name] = None
    benefits: list[ReviewedBenefitOut] = Field(max_length=100_000)
    held_by: Maybe[str] = Field(None, max_length=300)
    held_at: Maybe[Moment] = None
    follows_id: Maybe[Id] = Field(None, description="The review that asked for this one.")
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class EffectReviewPageOut(Out):
    """Effect reviews, a page at a time."""

    items: list[EffectReviewOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
