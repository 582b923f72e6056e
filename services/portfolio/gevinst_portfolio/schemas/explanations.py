"""Explanations on the wire (P7)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.elastic import Lever
from gevinst_portfolio.domain.optimiser.explanation import Doubt
from gevinst_portfolio.domain.optimiser.result import Status
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.schemas.plans import (
    MOST_PROJECTS,
    NamedProjectOut,
    ObstacleOut,
    PartName,
    Quantity,
)
from gevinst_portfolio.schemas.runs import PlanValue
from gevinst_portfolio.schemas.scenario_comparisons import ChosenOut, MovedOut
from gevinst_portfolio.schemas.scenarios import QuarterText
from gevinst_shared.web.shapes import Id, Maybe, MoneyOut, Name, Out, Year

Sentence = Annotated[str, Field(max_length=5000, description="In the language that you asked for.")]


class MoreMoneyOut(Out):
    """Money by which the budget of a whole year would have to rise."""

    kind: CostKind
    year: Year
    amount: MoneyOut = Field(description="Of the whole year, also when the scenario ends within it.")
    quarters_within: Maybe[int] = Field(
        None, ge=1, le=3, description="How many of the year's quarters the scenario reaches; absent for all."
    )
    amount_within: Maybe[MoneyOut] = Field(
        None, description="What of it the scenario then gets; absent when that is all of it."
    )


class MoreCapacityOut(Out):
    """People, or capacity for change, that would have to be added in a quarter."""

    resource_id: Id
    resource_name: Name
    lever: Lever
    quarter: QuarterText
    amount: Quantity


class RelaxedOut(Out):
    """A rule that would no longer count for the project."""

    rule: Rule
    names: list[PartName] = Field(max_length=1000)


class RemedyOut(Out):
    """A change that brings the project in."""

    levers: list[Lever] = Field(max_length=5, description="The kinds of change that it has.")
    money: list[MoreMoneyOut] = Field(max_length=1000)
    capacity: list[MoreCapacityOut] = Field(max_length=10_000)
    leaving_out: list[NamedProjectOut] = Field(max_length=MOST_PROJECTS)
    relaxed: list[RelaxedOut] = Field(max_length=100)
    start: Maybe[QuarterText] = Field(None, description="When the project then starts.")
    cost_share: float = Field(
        ge=0,
        le=1e12,
        description="The measure of cheap: each amount as a share of all there is of it in the scenario, "
        "added up; 0 where no amount is added.",
    )
    value_gain: PlanValue = Field(description="What the best plan is then worth more than today's.")
    is_enough: bool = Field(
        description="Proved: after the change, no plan without the project is worth more than one with it."
    )
    is_least: bool = Field(
        description="Proved: with any amount one step smaller, or one project fewer left out, it is not in."
    )
    is_cheapest: bool = Field(description="Proved: nothing of these kinds that costs less is enough.")
    sentence: Sentence


class WhyOutOut(NamedProjectOut):
    """Why a project is out, and what would bring it in."""

    price: Maybe[PlanValue] = Field(
        None, description="What the plan loses when the project is held in; absent when nothing can hold it."
    )
    is_tied: bool = Field(description="A plan that has the project is worth as much.")
    is_proved: bool = Field(description="The price and every change are proved by further solves.")
    doubt: Maybe[Doubt] = Field(None, description="Why it is not proved.")
    least_blocked_start: Maybe[QuarterText] = None
    obstacles: list[ObstacleOut] = Field(max_length=10_000)
    remedies: list[RemedyOut] = Field(max_length=200)
    sentences: list[Sentence] = Field(max_length=20)


class MoneyDifferenceOut(Out):
    kind: CostKind
    difference: MoneyOut


class DisplacementOut(NamedProjectOut):
    """What would be different without a forced project (P5)."""

    is_needed: bool = Field(description="Other forced projects cannot do without it.")
    is_proved: bool
    enters: list[ChosenOut] = Field(max_length=MOST_PROJECTS)
    leaves: list[NamedProjectOut] = Field(max_length=MOST_PROJECTS)
    moves: list[MovedOut] = Field(max_length=MOST_PROJECTS)
    value_gain: Maybe[PlanValue] = None
    money: list[MoneyDifferenceOut] = Field(max_length=10)
    sentences: list[Sentence] = Field(max_length=20)


class ExplanationOut(Out):
    """Why projects are out, and what the forced ones displace."""

    status: Status = Field(description="Of the plan that is explained.")
    value: Maybe[PlanValue] = None
    gap: Maybe[float] = Field(None, ge=0, le=1e9)
    left_out: list[WhyOutOut] = Field(max_length=MOST_PROJECTS)
    forced: list[DisplacementOut] = Field(max_length=MOST_PROJECTS)
