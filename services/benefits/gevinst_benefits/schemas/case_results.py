"""What a business case comes to, on the wire (C5, C7, P9)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.case.case_model import FinancingKind
from gevinst_benefits.domain.case.rates_of_return import NoRate
from gevinst_benefits.schemas.case_assumptions import MOST_ASSUMPTIONS, AssumptionName
from gevinst_benefits.schemas.case_lines import MOST_LINES, MOST_YEARS, UnitText
from gevinst_benefits.schemas.quantities import Figure, Ratio
from gevinst_shared.web.shapes import Code, Id, Maybe, Name, Out

MOST_ALTERNATIVES = 20
MOST_SOURCES = 50
Series = Annotated[list[Figure], Field(max_length=MOST_YEARS)]


class UnitResultOut(Out):
    """One unit's part of the case."""

    unit_id: Id
    costs: Series
    benefits: Series
    net_present_value: Figure


class AlternativeResultOut(Out):
    """An alternative's present values: its own, and what differs from the zero alternative (P9).

    For the zero alternative the own figures are the base line.
    """

    code: Code
    own_present_cost: Figure
    own_present_benefit: Figure
    present_cost: Figure
    present_benefit: Figure
    net_present_value: Figure


class PaidOut(Out):
    """What one source of financing pays in each year."""

    name: Name
    kind: FinancingKind
    amounts: Series


class CoverOut(Out):
    """What must be paid in each year, who pays it, and the gap (negative: more than is needed)."""

    need: Series
    sources: list[PaidOut] = Field(max_length=MOST_SOURCES)
    gap: Series
    is_covered: bool


class FreedTimeOut(Out):
    """Freed hours, or FTE, by year; never added to money (C7)."""

    unit_of_measure: UnitText
    amounts: Series


class QualityOut(Out):
    """One line of quality by year; never added to anything (C7)."""

    line_id: Id
    unit_of_measure: UnitText
    amounts: Series


class LineFiguresOut(Out):
    """What a line comes to in its own unit, and the assumptions behind it (E2)."""

    line_id: Id
    total: Figure = Field(description="Over all years, not discounted.")
    net_present_value: Maybe[Figure] = Field(None, description="Absent for time and quality.")
    switching_factor: Maybe[Ratio] = Field(
        None, description="What the line's amounts must be multiplied by for the case to be worth nothing."
    )
    reads: list[AssumptionName] = Field(max_length=MOST_ASSUMPTIONS)


class PaybackOut(Out):
    """When the accumulated flows are at or above zero for good."""

    year: int = Field(ge=1990, le=2400, description="The first year that ends so.")
    years: Ratio = Field(description="From the base year, the last one by the part of it that is needed.")


class AppraisalOut(Out):
    """What the case earns. A ratio is absent where what it divides by is less than a hundredth.

    `net_present_value_per_invested` is by the present value of the lines of kind `investment`, without tax
    financing; `nnk_i` and `nnk_idu` are the Swedish ratios, with it.
    """

    payback: Maybe[PaybackOut] = None
    discounted_payback: Maybe[PaybackOut] = None
    internal_rate_of_return: Maybe[Ratio] = Field(
        None, description="Only where it is known to be the only one."
    )
    no_rate: Maybe[NoRate] = Field(None, description="Why there is no internal rate of return.")
    net_present_value_per_invested: Maybe[Ratio] = None
    nnk_i: Maybe[Ratio] = None
    nnk_idu: Maybe[Ratio] = None
    equivalent_annual_value: Maybe[Figure] = Field(
        None, description="The same amount in each year after the first that is worth as much."
    )


class CaseResultOut(Out):
    """The case computed: the recommended alternative against the zero alternative.

    Lists have a figure per year of `years`, in the case's currency and price year. `benefit_cost_ratio` is
    absent when the present value of costs is less than a hundredth, `payback_year` when the case has
    not paid back within its years, `cover` when nobody is named who pays.
    """

    years: list[Annotated[int, Field(ge=1990, le=2400)]] = Field(max_length=MOST_YEARS)
    costs: Series
    benefits: Series
    net: Series
    accumulated: Series
    tax_financing: Series
    present_cost: Figure
    present_benefit: Figure
    net_present_value: Figure
    present_tax_financing: Figure
    net_present_value_after_tax_financing: Figure
    benefit_cost_ratio: Maybe[Figure] = None
    payback_year: Maybe[int] = Field(None, ge=1990, le=2400)
    appraisal: AppraisalOut
    units: list[UnitResultOut] = Field(max_length=MOST_LINES + 1)
    alternatives: list[AlternativeResultOut] = Field(max_length=MOST_ALTERNATIVES)
    cover: Maybe[CoverOut] = None
    freed_time: list[FreedTimeOut] = Field(max_length=10)
    quality: list[QualityOut] = Field(max_length=MOST_LINES)
    lines: list[LineFiguresOut] = Field(max_length=MOST_LINES)
