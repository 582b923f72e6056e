"""Scenarios on the wire."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from gevinst_portfolio.domain.optimiser.result import Goal
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.scenario_rules import CapacityChange
from gevinst_portfolio.domain.scenario_worth import ValueChoice
from gevinst_portfolio.schemas.budgets import RollOverOfYear
from gevinst_portfolio.schemas.runs import PlanSummaryOut
from gevinst_portfolio.schemas.scenario_values import Percentile, ValueMixIn, ValueMixOut
from gevinst_shared.web.shapes import (
    Amount,
    Id,
    In,
    Maybe,
    Moment,
    Name,
    Organisation,
    Out,
    Whole,
    Year,
)

QuarterText = Annotated[
    str, Field(pattern=r"^(19|20|21)[0-9]{2}-Q[1-4]$", min_length=7, max_length=7, examples=["2027-Q1"])
]
_RATE = r"^0(\.[0-9]{1,4})?$"


def _rate(value: object) -> object:
    if not isinstance(value, str):
        raise PydanticCustomError("text_such_as", "must be text such as {example}", {"example": "0.04"})
    return value


Rate = Annotated[
    Decimal,
    BeforeValidator(_rate),
    Field(ge=0, lt=1, decimal_places=4),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _RATE, "maxLength": 6}),
]


class MoneyOfYear(In):
    """Money of one calendar year, in the portfolio's currency and price year."""

    year: Year = Field(examples=[2027])
    kind: CostKind
    amount: Amount = Field(examples=["40000000.00"])


class GroupOfProjects(In):
    """Projects that hang together."""

    project_ids: list[Id] = Field(min_length=2, max_length=100)


class CategoryLimit(In):
    """Floor and ceiling of a category; shares are of the whole cost of what is chosen (P5)."""

    category: Name = Field(examples=["Experiments"])
    min_share: Maybe[Rate] = Field(None, examples=["0.05"])
    max_share: Maybe[Rate] = Field(None, examples=["0.4"])
    max_spend: Maybe[Amount] = Field(None, examples=["20000000.00"])


class ChosenStart(In):
    """A project that must start in a quarter."""

    project_id: Id
    quarter: QuarterText


class CapacityOfResource(In):
    """Another capacity in a quarter: `amount` more (or less, below zero), or `amount` in its place."""

    resource_id: Id
    quarter: QuarterText
    change: CapacityChange
    amount: Annotated[float, Field(ge=-1_000_000_000, le=1_000_000_000, allow_inf_nan=False, strict=True)] = (
        Field(examples=[-2])
    )


class AssumptionsIn(In):
    """What the scenario supposes: its changes over the portfolio."""

    budgets: list[MoneyOfYear] = Field(
        default=[], max_length=200, description="In place of the portfolio's budget of that year and kind."
    )
    roll_over: Maybe[RollOverOfYear] = Field(None, description="In place of the budget's.")
    capacity: list[CapacityOfResource] = Field(
        default=[], max_length=1000, description="Changes to the capacity of shared roles and units."
    )
    forced_in: list[Id] = Field(
        default=[],
        max_length=500,
        description="Projects that must be in, by whichever concept, or concepts that must be (P9).",
    )
    forced_out: list[Id] = Field(
        default=[], max_length=500, description="Projects that must not be in, or concepts that must not."
    )
    pinned: list[ChosenStart] = Field(
        default=[], max_length=500, description="Projects that must be in, and start in that quarter."
    )
    all_or_none: list[GroupOfProjects] = Field(
        default=[], max_length=100, description="Groups of which all are chosen, or none."
    )
    exclusive: list[GroupOfProjects] = Field(
        default=[], max_length=100, description="Groups of which at most one is chosen."
    )
    categories: list[CategoryLimit] = Field(
        default=[], max_length=100, description="P5: such as a share for experiments."
    )
    most_starts: Maybe[Whole] = Field(
        None, ge=0, le=1000, description="Most projects that start in a quarter."
    )
    second_goals: list[Goal] = Field(
        default=[],
        max_length=2,
        description="Minded in this order once the value is settled: spread the load on people and units; "
        "keep the starts of the scenario's last plan, or else those that are decided.",
        examples=[["spread"]],
    )
    given_up: Rate = Field(
        Decimal(0), description="How much of the value the second goals may cost.", examples=["0.01"]
    )
    value: ValueChoice = Field(
        ValueChoice.NET_BENEFIT,
        description="What is made as large as possible: the weighted score, benefit less cost, the net "
        "present value of business cases, or a mix.",
    )
    value_percentile: Maybe[Percentile] = Field(
        None, description="Of the net present value, such as 50 for P50; absent: the case's own figure."
    )
    value_mix: Maybe[ValueMixIn] = Field(
        None, description="For `mix`; absent: half score, half benefit less cost."
    )
    delay_rate: Rate = Field(
        Decimal("0.04"),
        description="How much of its value a year's delay costs a project.",
        examples=["0.04"],
    )


class AssumptionsOut(Out):
    """What the scenario supposes: its changes over the portfolio."""

    budgets: list[MoneyOfYear] = Field(max_length=200)
    roll_over: Maybe[RollOverOfYear] = None
    capacity: list[CapacityOfResource] = Field(max_length=1000)
    forced_in: list[Id] = Field(max_length=500)
    forced_out: list[Id] = Field(max_length=500)
    pinned: list[ChosenStart] = Field(max_length=500)
    all_or_none: list[GroupOfProjects] = Field(max_length=100)
    exclusive: list[GroupOfProjects] = Field(max_length=100)
    categories: list[CategoryLimit] = Field(max_length=100)
    most_starts: Maybe[int] = Field(None, ge=0, le=1000)
    second_goals: list[Goal] = Field(max_length=2)
    given_up: Rate = Field(examples=["0.01"])
    value: ValueChoice
    value_percentile: Maybe[int] = Field(None, ge=1, le=99)
    value_mix: Maybe[ValueMixOut] = None
    delay_rate: Rate = Field(examples=["0.04"])


class ScenarioIn(In):
    """A scenario: which quarters, and what is supposed."""

    name: Name = Field(examples=["Half the money"])
    first_quarter: QuarterText
    quarters: Whole = Field(12, ge=1, le=40, description="How many quarters it covers.")
    seed: Whole = Field(1, ge=1, le=1_000_000, description="The same seed and limit give the same plan.")
    work_limit: Whole = Field(2_000_000, ge=1, le=1_000_000_000, description="Most simplex iterations.")
    assumptions: AssumptionsIn = AssumptionsIn()

    def said(self) -> dict[str, Any]:
        """The members as JSON; absent ones are absent."""
        return self.model_dump(mode="json", exclude_none=True)


class CopyIn(In):
    """What the new scenario is called."""

    name: Name = Field(examples=["Half the money, later"])


class ScenarioOut(Out):
    """A scenario, and what its last solve came to."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    name: Name
    first_quarter: QuarterText
    quarters: int = Field(ge=1, le=80)
    seed: int = Field(ge=1, le=1_000_000)
    work_limit: int = Field(ge=1, le=1_000_000_000)
    assumptions: AssumptionsOut
    author: str = Field(max_length=300)
    plan_summary: Maybe[PlanSummaryOut] = None
    plan_run_id: Maybe[Id] = None
    solved_at: Maybe[Moment] = None
    inputs_changed: Maybe[bool] = Field(
        None,
        description=(
            "What the plan was made from has changed since: `/scenarios/{scenario_id}/changed-inputs` says "
            "what. Not in lists."
        ),
    )
    published_at: Maybe[Moment] = None
    published_by: Maybe[str] = Field(None, max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ScenarioPageOut(Out):
    """Scenarios, a page at a time."""

    items: list[ScenarioOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
