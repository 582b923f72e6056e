"""Realisation actions on the wire (B8)."""

from typing import Literal

from pydantic import Field

from gevinst_benefits.domain.plan.actions import ActionKind, ActionState
from gevinst_benefits.domain.plan.timing import HangsOn
from gevinst_benefits.schemas.plan_owners import PlanOwnerShape
from gevinst_benefits.schemas.timing import OffsetMonths
from gevinst_benefits.usecases.acting import ActionDraft, Deadline, Step
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose


class DeadlineShape(In):
    """A day of its own (`none`), or some months after the project's start, end or a delivery (B9)."""

    hangs_on: HangsOn = Field(examples=["end"])
    offset_months: OffsetMonths = 0
    day: Maybe[Day] = Field(None, description="Only when it hangs on nothing.", examples=["2027-06-01"])
    delivery_id: Maybe[Id] = Field(None, description="Only when it hangs on a delivery (`milestone`).")

    def value(self) -> Deadline:
        return Deadline(self.hangs_on, self.offset_months, self.day, self.delivery_id)


class ActionIn(In):
    """What somebody must do so that the benefit appears."""

    kind: ActionKind = Field(examples=["work-process"])
    other_kind: Maybe[Name] = Field(None, description="Which kind it is, when it is `other`.")
    name: Name = Field(examples=["Close the counter on Wednesdays"])
    description: Maybe[Prose] = None
    owner: PlanOwnerShape
    deadline: DeadlineShape

    def draft(self) -> ActionDraft:
        shaped = {"owner": self.owner.value(), "deadline": self.deadline.value()}
        return ActionDraft(**{**dict(self), **shaped})


class ActionStepIn(In):
    """What became of the action."""

    state: ActionState = Field(examples=["done"])
    on: Maybe[Day] = Field(None, description="When it was done; today when absent.")
    reason: Maybe[Prose] = Field(None, description="Needed to drop it, or to take it up again.")
    follow_up: Maybe[Prose] = Field(None, description="What is to be watched after it is done.")

    def step(self) -> Step:
        return Step(**dict(self))


class PlanOwnerOut(Out):
    """A person, or a role in a unit."""

    person_id: Maybe[Id] = None
    role: Maybe[Literal["benefit-owner", "unit-leader"]] = None
    unit_id: Maybe[Id] = None


class ActionOut(Out):
    """An action, with the day that it is due as the dates it hangs on are now."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    kind: ActionKind
    other_kind: Maybe[Name] = None
    name: Name
    description: Maybe[Prose] = None
    owner: PlanOwnerOut
    deadline: DeadlineShape
    due_on: Maybe[Day] = Field(None, description="Absent when nobody knows the date that it hangs on.")
    is_overdue: bool
    state: ActionState
    reason: Maybe[Prose] = None
    done_on: Maybe[Day] = None
    done_by: Maybe[str] = Field(None, max_length=300)
    follow_up: Maybe[Prose] = None
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ActionPageOut(Out):
    """Actions, a page at a time."""

    items: list[ActionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
