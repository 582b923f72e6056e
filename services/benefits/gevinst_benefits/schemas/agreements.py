"""Agreements with other bodies on the wire (B11)."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.plan.agreements import AgreementState
from gevinst_benefits.schemas.quantities import Part
from gevinst_benefits.usecases.agreeing import AgreementDraft
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, Name, Organisation, Out, Prose

Body = Annotated[
    str,
    Field(
        min_length=6,
        max_length=30,
        pattern=r"^[0-9]{4}:[0-9][0-9 -]*$",
        description="Scheme and number of the body that the benefit falls with.",
        examples=["0192:991825827"],
    ),
]


# The others are steps of agreements that both bodies keep.
StepByHand = Literal["proposed", "accepted", "disputed", "shared"]


class AgreementEntryIn(In):
    """A step of the agreement with the body that a benefit falls with."""

    body: Body
    body_name: Name = Field(examples=["Digitaliseringsdirektoratet"])
    state: StepByHand = Field(description="The first step is proposed.")
    happened_on: Day
    share_kept: Maybe[Part] = Field(None, description="Our part of it, when it is shared.")
    reference: Maybe[Name] = Field(None, description="Letter or case number.", examples=["2026/417"])
    note: Maybe[Prose] = None

    def draft(self) -> AgreementDraft:
        return AgreementDraft(**dict(self) | {"state": AgreementState(self.state)})


class AgreementEntryOut(Out):
    """A step of an agreement, as it was recorded."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    body: Organisation
    body_name: Name
    state: AgreementState
    happened_on: Day
    share_kept: Maybe[Part] = None
    counted: Part = Field(description="What we count of the benefit from this step on.")
    in_transit: Part = Field(description="What nobody counts: it is between the other body and us.")
    agreement_id: Maybe[Id] = Field(
        None, description="The exchanged agreement; absent when recorded by hand."
    )
    reference: Maybe[Name] = None
    note: Maybe[Prose] = None
    recorded_by: str = Field(max_length=300)
    created_at: Moment


class AgreementPageOut(Out):
    """Steps of an agreement, a page at a time."""

    items: list[AgreementEntryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
