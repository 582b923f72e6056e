"""Duties on the wire."""

from pydantic import Field

from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_shared.values.actor import Role
from gevinst_shared.web.shapes import LINES, Day, Id, In, Maybe, Moment, Organisation, Out, Whole


class DutyOut(Out):
    """Something that somebody must do by a day. Its owner is a person, or whoever holds a role in a unit,
    else in the project or portfolio."""

    id: Id
    organisation: Organisation
    kind: DutyKind = Field(examples=["measurement-due"])
    name: str = Field(
        max_length=10_000, pattern=LINES, examples=["Letters per month"], description="What it is about."
    )
    subject: str = Field(max_length=200, examples=["indicators/0198b6a4-7c1e-7000-8000-000000000002"])
    project_id: Maybe[Id] = None
    portfolio_id: Maybe[Id] = None
    benefit_id: Maybe[Id] = None
    owner_person_id: Maybe[Id] = None
    owner_role: Maybe[Role] = Field(None, examples=["benefit-owner"])
    owner_unit_id: Maybe[Id] = None
    due_on: Day = Field(examples=["2027-05-18"])
    due_version: Whole = Field(
        ge=1, le=1_000_000_000, description="Counts the days that it was due on, and its owners."
    )
    set_at: Moment = Field(description="Since when it is due on this day.")
    state: DutyState
    opened_at: Moment
    closed_at: Maybe[Moment] = None
    acknowledged_at: Maybe[Moment] = None
    acknowledged_by: Maybe[Id] = None
    quiet_until: Maybe[Day] = Field(None, description="Nobody is reminded before this day.")
    next_at: Maybe[Moment] = Field(None, description="When somebody may be told next.")
    revision: Whole = Field(ge=1, le=1_000_000_000)


class DutyPageOut(Out):
    """Duties, a page at a time."""

    items: list[DutyOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class OwnDutyOut(Out):
    """Something that the caller must do by a day."""

    id: Id
    kind: DutyKind
    subject: str = Field(max_length=200, examples=["indicators/0198b6a4-7c1e-7000-8000-000000000002"])
    name: str = Field(max_length=10_000, pattern=LINES, examples=["Letters per month"])
    project_id: Maybe[Id] = None
    project_name: Maybe[str] = Field(None, max_length=10_000, examples=["Digital post"])
    due_on: Day
    due_version: Whole = Field(ge=1, le=1_000_000_000)
    state: DutyState


class OwnDutyPageOut(Out):
    """What the caller must do, a page at a time."""

    items: list[OwnDutyOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class DutyAcknowledgementIn(In):
    """That somebody takes care of it."""

    until: Maybe[Day] = Field(
        None,
        examples=["2027-05-25"],
        description="Remind again from this day on, at most 60 days away; without it when the day moves.",
    )
