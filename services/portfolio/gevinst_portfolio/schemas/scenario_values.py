"""What a project's value in a scenario came from, on the wire (E2)."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gevinst_portfolio.domain.scenario_worth import ValueChoice, ValuePart, WhyUnknown
from gevinst_portfolio.schemas.criteria import Version
from gevinst_shared.web.shapes import Currency, Id, In, Maybe, Moment, Name, Out, Whole, Year

Percentile = Annotated[Whole, Field(ge=1, le=99, examples=[50])]
PartWeight = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False, examples=[50])]
AmountText = Annotated[
    str, Field(max_length=40, pattern=r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$", examples=["12500000"])
]


class ValueMixIn(In):
    """How much each part of a mixed value weighs; the weights count in proportion to their sum."""

    score: PartWeight = Field(0, strict=True)
    net_benefit: PartWeight = Field(0, strict=True)
    net_present_value: PartWeight = Field(0, strict=True)

    @model_validator(mode="after")
    def _with_weight(self) -> Self:
        if not self.score + self.net_benefit + self.net_present_value > 0:
            raise PydanticCustomError("no_weight", "give at least one part a weight above zero")
        return self


class ValueMixOut(Out):
    """How much each part of a mixed value weighs."""

    score: PartWeight
    net_benefit: PartWeight
    net_present_value: PartWeight


class RulePartOut(Out):
    """A part of the value, its share of the weight, and what a mix divides its amounts by."""

    part: ValuePart
    weight: float = Field(ge=0, le=1)
    range: Maybe[AmountText] = Field(None, description="The largest absolute amount among active projects.")


class ValuedPartOut(Out):
    """A part of one project's value, and the versions that it came from."""

    part: ValuePart
    weight: float = Field(ge=0, le=1)
    amount: Maybe[AmountText] = Field(
        None, description="A share from 0 to 1 for a score, whole money otherwise; absent when not known."
    )
    normalised: Maybe[float] = Field(None, ge=-1e6, le=1e6, description="As a mix counts it.")
    unknown: Maybe[WhyUnknown] = Field(None, description="Why it is not known: missing is not zero.")
    model_version: Maybe[Version] = Field(None, description="Of the criteria model.")
    score_ids: Maybe[list[Id]] = Field(None, max_length=100_000, description="The scores that it rests on.")
    business_case_id: Maybe[Id] = None
    case_number: Maybe[int] = Field(None, ge=0, le=1_000_000_000, description="The version of the case.")
    case_currency: Maybe[str] = Field(None, max_length=10)
    case_price_year: Maybe[int] = Field(None, ge=0, le=10_000)
    regime: Maybe[str] = Field(None, max_length=200)
    percentile: Maybe[int] = Field(None, ge=1, le=99)
    evaluated_at: Maybe[Moment] = None


class ProjectValueOut(Out):
    """What one project is worth to the scenario."""

    project_id: Id
    project_name: Name
    worth: Maybe[int] = Field(
        None, ge=-(10**18), le=10**18, description="Before delay; absent when a part is not known."
    )
    unknown: Maybe[WhyUnknown] = None
    parts: list[ValuedPartOut] = Field(max_length=10)


class ValuesOut(Out):
    """How a scenario counts value, and what each project's came from."""

    scenario_id: Id
    run_id: Maybe[Id] = Field(
        None, description="The run whose plan has these values; absent: as they are now."
    )
    value: ValueChoice
    percentile: Maybe[int] = Field(None, ge=1, le=99)
    unit: Literal["points", "money"] = Field(
        description="Of `worth`: points, or whole units of the currency."
    )
    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])
    formula: str = Field(max_length=1000, examples=["100000 x (0.5 x score + 0.5 x net-benefit / 40000000)"])
    parts: list[RulePartOut] = Field(max_length=10)
    projects: list[ProjectValueOut] = Field(max_length=100_000)
