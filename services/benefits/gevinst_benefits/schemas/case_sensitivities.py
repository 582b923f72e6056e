"""Which assumptions of a case matter most, and what it may come to, on the wire (C5)."""

from pydantic import Field

from gevinst_benefits.domain.case.assumptions import Distribution
from gevinst_benefits.schemas.case_assumptions import MOST_ASSUMPTIONS, MOST_FACTORS, AssumptionName
from gevinst_benefits.schemas.case_lines import MOST_LINES
from gevinst_benefits.schemas.quantities import Figure, Quantity, Ratio
from gevinst_benefits.usecases.evaluating import LARGEST_SEED
from gevinst_shared.web.shapes import Code, Currency, Id, Maybe, Name, Out, Year


class AssumptionSensitivityOut(Out):
    """The net present value with one assumption at its low and its high value, the others as they are.

    A figure is absent when a line cannot be computed there, such as at a divisor of zero.
    """

    name: AssumptionName
    low: Quantity
    high: Quantity
    distribution: Distribution
    npv_at_low: Maybe[Figure] = None
    npv_at_high: Maybe[Figure] = None
    swing: Maybe[Figure] = Field(None, description="The distance between the two.")
    line_ids: list[Id] = Field(max_length=MOST_LINES, description="The lines that it stands behind.")


class FactorSensitivityOut(Out):
    """The net present value with one factor at its tenth and its ninetieth percentile.

    All assumptions that hang on it have moved along, each within its range; the others are as they are.
    """

    factor: Code
    name: Name
    npv_at_p10: Maybe[Figure] = None
    npv_at_p90: Maybe[Figure] = None
    swing: Maybe[Figure] = Field(None, description="The distance between the two.")
    assumptions: list[AssumptionName] = Field(
        max_length=MOST_ASSUMPTIONS, description="Those that hang on it."
    )
    line_ids: list[Id] = Field(max_length=MOST_LINES, description="The lines that it stands behind.")


class SensitivityOut(Out):
    """The tornado over the assumptions that have a range, the widest swing first, and over the factors."""

    business_case_id: Id
    currency: Currency
    price_year: Year
    net_present_value: Figure
    assumptions: list[AssumptionSensitivityOut] = Field(max_length=MOST_ASSUMPTIONS)
    factors: list[FactorSensitivityOut] = Field(max_length=MOST_FACTORS)


class DrawnOut(Out):
    """A figure from draws, and its standard error: digits below it say nothing."""

    value: Figure
    standard_error: Figure


class ProbabilityOut(Out):
    """A probability from draws, and its standard error."""

    value: Ratio
    standard_error: Ratio


class SimulationOut(Out):
    """What the case may come to when its assumptions vary within their ranges and lines may start late.

    `computed` of the draws have a value; in the others a divisor is zero, and they are in no figure.
    """

    business_case_id: Id
    currency: Currency
    price_year: Year
    seed: int = Field(ge=0, le=LARGEST_SEED)
    draws: int = Field(ge=1, le=1_000_000)
    computed: int = Field(ge=1, le=1_000_000)
    mean: DrawnOut
    standard_deviation: Figure
    p10: DrawnOut
    p50: DrawnOut
    p90: DrawnOut
    probability_above_zero: ProbabilityOut
