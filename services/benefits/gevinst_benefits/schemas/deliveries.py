"""Deliveries of a project on the wire (B9)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.usecases.delivering import DeliveryDraft
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose

GateCode = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        pattern=r"^[A-Za-z0-9]+(-[A-Za-z0-9]+)*$",
        description="A go at this gate of the phase model means that it is there.",
        examples=["BP4"],
    ),
]


class DeliveryIn(In):
    """Something the project delivers, which benefits and actions can hang on."""

    name: Name = Field(examples=["Pilot in two units"])
    due_on: Day = Field(description="When it is expected; write a later day here when it slips.")
    gate: Maybe[GateCode] = None
    delivered_on: Maybe[Day] = Field(None, description="When it was there.")
    reason: Maybe[Prose] = Field(None, description="Why it slips; goes to the audit trail.")

    def draft(self) -> DeliveryDraft:
        return DeliveryDraft(**dict(self))


class DeliveryOut(Out):
    """A delivery of a project."""

    id: Id
    organisation: Organisation
    project_id: Id
    name: Name
    due_on: Day
    gate: Maybe[GateCode] = None
    delivered_on: Maybe[Day] = None
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class DeliveryPageOut(Out):
    """Deliveries, a page at a time."""

    items: list[DeliveryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
