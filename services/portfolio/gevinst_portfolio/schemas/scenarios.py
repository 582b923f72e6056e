"""Scenarios on the wire."""

from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.scenario_worth import ValueChoice
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
        raise ValueError('must be text such as "0.04"')  # noqa: TRY004 - pydantic reports ValueError
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


class AssumptionsIn(In):
    """What the scenario supposes."""

    budgets: list[MoneyOfYear] = Field(
        default=[], max_length=200, description="In place of the portfolio's budget of that year and kind."
    )
    forced_in: list[Id] = Field(default=[], max_length=500, description="Projects that must be in.")
    forced_out: list[Id] = Field(default=[], max_length=500, description="Projects that must not.")
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
    """What the scenario supposes."""

    budgets: list[MoneyOfYear] = Field(max_length=200)
    forced_in: list[Id] = Field(max_length=500)
    forced_out: list[Id] = Field(max_length=500)
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
        None, description="The register or the money changed since the plan was made; not in lists."
    )
    published_at: Maybe[Moment] = None
    published_by: Maybe[str] = Field(None, max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ScenarioPageOut(Out):
    """Scenarios, a page at a time."""

    items: list[ScenarioOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
