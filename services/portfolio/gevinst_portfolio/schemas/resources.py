"""Shared resources and their load on the wire (P3, P4)."""

from typing import Annotated, Any

from pydantic import Field

from gevinst_portfolio.domain.capacity import Load, ResourceKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.usecases.resourcing import Offer, PortfolioLoad
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


class ShareOut(Out):
    """What one project takes in the quarter."""

    project_id: Id
    name: Name
    amount: Quantity


class LoadOfQuarterOut(Out):
    """A resource in one quarter."""

    year: int = Field(ge=1990, le=2300, examples=[2027])
    quarter: int = Field(ge=1, le=4)
    capacity: Maybe[Quantity] = Field(None, description="Absent when no limit was stated.")
    taken: Quantity
    is_overloaded: bool = Field(description="P3: more is taken than there is.")
    projects: list[ShareOut] = Field(max_length=10_000, description="Who takes of it, the most first.")


class LoadedResourceOut(Out):
    """A resource, quarter by quarter."""

    resource_id: Id
    name: Name
    kind: ResourceKind
    measure: Name
    is_overloaded: bool = Field(description="In at least one quarter.")
    quarters: list[LoadOfQuarterOut] = Field(max_length=1500)


class UnplacedOut(Out):
    """A project that takes of a resource, but has no start."""

    project_id: Id
    name: Name


class PortfolioLoadOut(Out):
    """The load on every resource that the portfolio's approved and running projects take of."""

    portfolio_id: Id
    resources: list[LoadedResourceOut] = Field(max_length=10_000)
    unplaced: list[UnplacedOut] = Field(
        max_length=10_000, description="Without a start their needs fall in no quarter yet."
    )


def portfolio_load(portfolio_id: object, load: PortfolioLoad) -> dict[str, Any]:
    """The members of `PortfolioLoadOut`."""
    return {
        "portfolio_id": portfolio_id,
        "resources": [
            {
                "resource_id": each.resource.id,
                "name": each.resource.name,
                "kind": each.resource.kind,
                "measure": each.resource.measure,
                "is_overloaded": any(quarter.is_overloaded for quarter in each.loads),
                "quarters": [_quarter(quarter) for quarter in each.loads],
            }
            for each in load.resources
        ],
        "unplaced": [{"project_id": taker.id, "name": taker.name} for taker in load.unplaced],
    }


def _quarter(load: Load) -> dict[str, Any]:
    return {
        "year": load.quarter.year,
        "quarter": load.quarter.number,
        "capacity": load.capacity,
        "taken": load.taken,
        "is_overloaded": load.is_overloaded,
        "projects": [
            {"project_id": share.project_id, "name": share.name, "amount": share.amount}
            for share in load.shares
        ],
    }
