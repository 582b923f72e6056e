"""Gates on the wire: proposal, difference to the gate before, decision (G2–G6)."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.gates.checklists import Answer, AnswerValue
from gevinst_benefits.domain.gates.conditions import Condition
from gevinst_benefits.domain.gates.gate_papers import BasisPart
from gevinst_benefits.domain.gates.gates import Outcome, ProjectState, Ruling
from gevinst_benefits.domain.gates.journeys import MovedTwice
from gevinst_benefits.domain.gates.reviews import Panel
from gevinst_benefits.schemas.case_differences import CaseDifferenceOut
from gevinst_benefits.schemas.phase_models import GateCode, PhaseCode
from gevinst_benefits.schemas.quantities import Figure, Sha256
from gevinst_benefits.schemas.reviews import ReviewOut, WithdrawalOut
from gevinst_benefits.usecases.deciding import DecisionDraft
from gevinst_benefits.usecases.proposing import GateDraft
from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose

ItemCode = Annotated[Code, Field(examples=["risks-accepted"])]


class ConditionShape(In):
    """What must be done, by whom, before which day (G7)."""

    text: Name = Field(examples=["Train the counter staff"])
    owner_id: Id = Field(description="A person.")
    deadline: Day
    needs_confirmation: bool = Field(
        default=False, description="Somebody other than its owner confirms that it is met."
    )

    def value(self) -> Condition:
        return Condition(
            self.text, str(self.owner_id), self.deadline, needs_confirmation=self.needs_confirmation
        )


class AnswerShape(In):
    """The answer to an item of the checklist; *not-relevant* needs a reason (G5)."""

    item: ItemCode
    value: AnswerValue
    reason: Maybe[Name] = None


class RulingIn(In):
    """One of the six outcomes, and why."""

    outcome: Outcome
    reason: Prose = Field(examples=["The pilot confirmed the saving."])
    conditions: list[ConditionShape] = Field(default=[], max_length=50)
    step_back_to: Maybe[PhaseCode] = Field(None, description="The earlier phase, for step-back.")

    def ruling(self) -> Ruling:
        conditions = tuple(one.value() for one in self.conditions)
        return Ruling(self.outcome, self.reason, conditions, self.step_back_to)


class GateIn(RulingIn):
    """A gate put before its deciders, with the recommended outcome."""

    gate: GateCode
    answers: list[AnswerShape] = Field(default=[], max_length=200)
    decide_by: Maybe[Day] = None
    reviewer_ids: list[Id] = Field(
        default=[], max_length=20, description="Persons whose advice the decision waits for."
    )
    review_by: Maybe[Day] = Field(None, description="The last day on which it waits for them.")

    def draft(self) -> GateDraft:
        answers = tuple(Answer(one.item, one.value, one.reason or "") for one in self.answers)
        panel = Panel(tuple(self.reviewer_ids), self.review_by)
        return GateDraft(self.gate, self.ruling(), answers, self.decide_by, panel)


class MovedBenefit(In):
    """A benefit that another project takes over when this one stops."""

    benefit_id: Id
    project_id: Id


class DecisionIn(RulingIn):
    """The decision on a gate."""

    case_number: Maybe[Name] = Field(None, examples=["2026/1234"])
    pause_until: Maybe[Day] = Field(None, description="For a pause: the day on which its leaders are told.")
    moved_benefits: list[MovedBenefit] = Field(
        default=[], max_length=500, description="On a stop; benefits that are not named are closed (G6)."
    )

    def draft(self) -> DecisionDraft:
        moves = {one.benefit_id: one.project_id for one in self.moved_benefits}
        if len(moves) != len(self.moved_benefits):
            ids = [one.benefit_id for one in self.moved_benefits]
            raise MovedTwice(benefit=next(i for i in ids if ids.count(i) > 1), pointer="/body/moved_benefits")
        ruling = replace(self.ruling(), pause_until=self.pause_until)
        return DecisionDraft(ruling, self.case_number, moves)


class RulingOut(Out):
    """What was recommended."""

    outcome: Outcome
    reason: Prose
    conditions: list[ConditionShape] = Field(max_length=50)
    step_back_to: Maybe[PhaseCode] = None


class EndedBenefitOut(Out):
    """What a stop made of a benefit."""

    benefit_id: Id
    state: Literal["closed", "moved"]
    moved_to: Maybe[Id] = Field(None, description="The project that took it over.")
    continued_by: Maybe[Id] = Field(None, description="The benefit that it is there.")


class DecisionOut(RulingOut):
    """The decision, with where the project is after it."""

    gate_id: Id
    pause_until: Maybe[Day] = None
    case_number: Maybe[Name] = None
    phase: PhaseCode
    round: int = Field(ge=1, le=1000)
    project_state: ProjectState
    benefits: list[EndedBenefitOut] = Field(max_length=10_000)
    decided_by: str = Field(max_length=300)
    decided_at: Moment


class MovedFigureOut(Out):
    """A figure at the gate before and at this one."""

    before: Figure
    after: Figure


class BasisChangeOut(Out):
    """One place where the two frozen copies differ, and the JSON on either side."""

    pointer: str = Field(max_length=1000)
    before: Maybe[str] = Field(None, max_length=20_000)
    after: Maybe[str] = Field(None, max_length=20_000)


class PartChangesOut(Out):
    """How much changed in a part of what the gate stands on."""

    part: BasisPart
    change_count: int = Field(ge=1, le=1_000_000)


class PapersDifferenceOut(Out):
    """What changed since the gate that was decided before (G4)."""

    gate_id: Id = Field(description="The gate before.")
    case: Maybe[CaseDifferenceOut] = None
    present_cost: Maybe[MovedFigureOut] = None
    present_benefit: Maybe[MovedFigureOut] = None
    not_comparable: Maybe[Code] = Field(
        None, description="Why the two business cases cannot be compared.", examples=["mixed-price-years"]
    )
    change_count: int = Field(ge=0, le=1_000_000)
    parts: list[PartChangesOut] = Field(
        max_length=20, description="All changes, those beyond the shown ones too, by what they are about."
    )
    changes: list[BasisChangeOut] = Field(max_length=500)


class GateSummaryOut(Out):
    """A gate of a project."""

    id: Id
    organisation: Organisation
    project_id: Id
    gate: GateCode
    gate_name: Name = Field(description="In the phase model's own language.")
    phase: PhaseCode
    round: int = Field(ge=1, le=1000)
    recommended: RulingOut
    decide_by: Maybe[Day] = None
    reviewer_ids: list[Id] = Field(max_length=20)
    review_by: Maybe[Day] = None
    follows_id: Maybe[Id] = Field(None, description="The decided gate whose place this decision takes.")
    followed_by: Maybe[Id] = Field(None, description="The gate whose decision took the place of this one.")
    basis_sha256: Sha256
    is_decided: bool
    decision: Maybe[DecisionOut] = None
    is_withdrawn: bool
    withdrawal: Maybe[WithdrawalOut] = None
    proposed_by: str = Field(max_length=300)
    proposed_at: Moment
    revision: int = Field(ge=1, le=1_000_000_000)


class GateOut(GateSummaryOut):
    """A gate with its answers and what changed since the gate before."""

    business_case_id: Maybe[Id] = None
    answers: list[AnswerShape] = Field(max_length=200)
    reviews: list[ReviewOut] = Field(max_length=20)
    difference: Maybe[PapersDifferenceOut] = None


class GatePageOut(Out):
    """Gates, a page at a time."""

    items: list[GateSummaryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class BasisOut(Out):
    """The frozen copy of what the gate stands on: canonical JSON and the SHA-256 of its bytes (G4)."""

    gate_id: Id
    canonical: str = Field(max_length=50_000_000)
    sha256: Sha256
