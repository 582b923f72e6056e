"""Project storms on the wire: what a start plan asks for beside what there is (P3, P4)."""

from collections.abc import Callable
from typing import Any

from pydantic import Field

from gevinst_portfolio.domain.capacity import Load, Resource, ResourceKind
from gevinst_portfolio.domain.projects import CostKind, ProjectStatus
from gevinst_portfolio.domain.storms import Storm, YearOfSpending
from gevinst_portfolio.schemas.resources import Quantity
from gevinst_portfolio.schemas.scenarios import QuarterText
from gevinst_portfolio.usecases.foreseeing import Outlook
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import Id, Maybe, MoneyOut, Name, Out, Year

MOST = 100_000
Say = Callable[..., str]


class TakerOut(Out):
    """What one project takes in the quarter."""

    project_id: Id
    project_name: Name
    status: ProjectStatus
    amount: Quantity


class LoadOfQuarterOut(Out):
    """A resource in one quarter."""

    quarter: QuarterText
    capacity: Maybe[Quantity] = Field(None, description="Absent when no limit was stated.")
    load: Quantity
    decided_load: Quantity = Field(description="Of approved and running projects alone.")
    overload: Maybe[Quantity] = Field(None, description="P3: how much more is asked than there is.")
    projects: list[TakerOut] = Field(max_length=10_000, description="Who takes of it, the most first.")


class LoadedResourceOut(Out):
    """A shared role, or a unit's capacity for change, quarter by quarter."""

    resource_id: Id
    resource_name: Name
    kind: ResourceKind
    unit_id: Maybe[Id] = None
    measure: Name = Field(examples=["person-months"])
    quarters: list[LoadOfQuarterOut] = Field(max_length=1500)


class SpenderOut(Out):
    """What one project spends in the year."""

    project_id: Id
    project_name: Name
    status: ProjectStatus
    amount: MoneyOut


class LoadedYearOut(Out):
    """One year and kind of money."""

    year: Year
    kind: CostKind
    budget: Maybe[MoneyOut] = Field(None, description="Absent when no limit was stated.")
    carried: Maybe[MoneyOut] = Field(None, description="What rolled on from the year before.")
    load: MoneyOut
    decided_load: MoneyOut = Field(description="Of approved and running projects alone.")
    overload: Maybe[MoneyOut] = None
    projects: list[SpenderOut] = Field(max_length=10_000, description="Who spends, the most first.")


class StormOut(Out):
    """One overload that is coming; of a resource in a quarter, or of money in a year."""

    text: str = Field(max_length=1000, description="In the language that you asked for.")
    is_decided: bool = Field(description="Decided work alone is too much; no proposal is needed for it.")
    resource_id: Maybe[Id] = None
    quarter: Maybe[QuarterText] = None
    overload: Maybe[Quantity] = None
    year: Maybe[Year] = None
    kind: Maybe[CostKind] = None
    overload_money: Maybe[MoneyOut] = None
    causes: list[Name] = Field(max_length=10, description="The projects that take the most.")


class UnplacedOut(Out):
    """A project without a start."""

    project_id: Id
    project_name: Name


class UnstatedChangeOut(Out):
    """A project that changes a unit's work, and does not say how much of its capacity that takes."""

    project_id: Id
    project_name: Name
    unit_id: Id
    resource_id: Id
    resource_name: Name


class OutlookOut(Out):
    """What a start plan asks for, beside what there is."""

    portfolio_id: Id
    scenario_id: Maybe[Id] = Field(None, description="Absent for today's plan.")
    since: QuarterText = Field(description="Storms are told from this quarter on.")
    storms: list[StormOut] = Field(max_length=MOST, description="What is coming, the soonest first.")
    resources: list[LoadedResourceOut] = Field(max_length=10_000)
    money: list[LoadedYearOut] = Field(max_length=1000)
    unplaced: list[UnplacedOut] = Field(
        max_length=MOST, description="Without a start, what they take falls nowhere yet."
    )
    unstated_changes: list[UnstatedChangeOut] = Field(max_length=MOST)


def outlook_members(outlook: Outlook, say: Say) -> dict[str, Any]:
    """The members of `OutlookOut`; `say` makes sentences in the reader's language."""
    portfolio = outlook.portfolio

    def money(minor: int) -> Money:
        return Money.from_minor(minor, portfolio.currency, portfolio.price_year)

    return {
        "portfolio_id": portfolio.id,
        "scenario_id": None if outlook.scenario is None else outlook.scenario.id,
        "since": str(outlook.since),
        "storms": [_storm(storm, money, say) for storm in outlook.storms],
        "resources": [_resource(resource, loads) for resource, loads in outlook.resources],
        "money": [_year(year, money) for year in outlook.years],
        "unplaced": [{"project_id": one.id, "project_name": one.name} for one in outlook.unplaced],
        "unstated_changes": [
            {
                "project_id": one.project.id,
                "project_name": one.project.name,
                "unit_id": one.resource.unit_id,
                "resource_id": one.resource.id,
                "resource_name": one.resource.name,
            }
            for one in outlook.unstated
        ],
    }


def _resource(resource: Resource, loads: Any) -> dict[str, Any]:  # noqa: ANN401 - a sequence of loads
    return {
        "resource_id": resource.id,
        "resource_name": resource.name,
        "kind": resource.kind,
        "unit_id": resource.unit_id,
        "measure": resource.measure,
        "quarters": [_quarter(load) for load in loads],
    }


def _quarter(load: Load) -> dict[str, Any]:
    return {
        "quarter": str(load.quarter),
        "capacity": load.capacity,
        "load": load.taken,
        "decided_load": load.decided,
        "overload": load.overload if load.is_overloaded else None,
        "projects": [
            {
                "project_id": share.project_id,
                "project_name": share.name,
                "status": share.status,
                "amount": share.amount,
            }
            for share in load.shares
        ],
    }


def _year(year: YearOfSpending, money: Callable[[int], Money]) -> dict[str, Any]:
    return {
        "year": year.year,
        "kind": year.kind,
        "budget": None if year.budget is None else money(year.budget),
        "carried": money(year.carried) if year.carried else None,
        "load": money(year.load),
        "decided_load": money(year.decided_load),
        "overload": money(year.overload) if year.overload else None,
        "projects": [
            {
                "project_id": share.project_id,
                "project_name": share.name,
                "status": share.status,
                "amount": money(share.minor),
            }
            for share in year.shares
        ],
    }


def _storm(storm: Storm, money: Callable[[int], Money], say: Say) -> dict[str, Any]:
    causes = ", ".join(storm.causes)
    found: dict[str, Any] = {"is_decided": storm.is_decided, "causes": list(storm.causes)}
    if storm.resource is None:
        lacking = money(int(storm.overload))
        text = say(
            "storm-of-money",
            year=storm.begins.year,
            kind=say(f"kind-{storm.kind}"),
            amount=f"{lacking.amount:.2f}",
            currency=lacking.currency,
            causes=causes,
        )
        return found | {
            "text": text,
            "year": storm.begins.year,
            "kind": storm.kind,
            "overload_money": lacking,
        }
    text = say(
        "storm-of-resource",
        name=storm.resource.name,
        quarter=storm.begins,
        amount=f"{storm.overload:g}",
        measure=storm.resource.measure,
        causes=causes,
    )
    return found | {
        "text": text,
        "resource_id": storm.resource.id,
        "quarter": str(storm.begins),
        "overload": storm.overload,
    }
