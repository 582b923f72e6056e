"""Shared resources and their load on the wire (P3, P4)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.capacity import ResourceKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.usecases.resourcing import Offer
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Whole, Year

Quantity = Annotated[float, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]


class CapacityOfQuarter(In):
    """What there is in one quarter of a calendar year."""

    year: Year = Field(examples=[2027])
    quarter: Whole = Field(ge=1, le=4, examples=[1])
    amount: Quantity = Field(strict=True, examples=[6])


class ResourceIn(In):
    """People with a shared role, or how much change a unit can absorb."""

    name: Name = Field(examples=["Integration developers"])
    kind: ResourceKind
    unit_id: Maybe[Id] = Field(None, description="Whose; needed for a change load.")
    measure: Name = Field("person-months", description="What the amounts count, per quarter.")
    capacity: list[CapacityOfQuarter] = Field(
        default=[], max_length=200, description="A quarter that is not named has no stated limit."
    )

    def offer(self) -> Offer:
        capacity = [(Quarter.at(each.year, each.quarter), each.amount) for each in self.capacity]
        return Offer(self.name, self.kind, self.unit_id, self.measure, capacity)


class ResourceOut(Out):
    """A resource as registered."""

    id: Id
    organisation: Organisation
    name: Name
    kind: ResourceKind
    unit_id: Maybe[Id] = None
    measure: Name = Field(examples=["person-months"])
    capacity: list[CapacityOfQuarter] = Field(max_length=200)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ResourcePageOut(Out):
    """Resources, a page at a time."""

    items: list[ResourceOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
