"""Versions of business cases on the wire (C1, C4)."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.business_case import CaseLine, PriceIndex, Recurring, Side, Yearly
from gevinst_benefits.domain.case_difference import Change
from gevinst_benefits.schemas.discount_regimes import DiscountRegimeOut
from gevinst_benefits.schemas.quantities import Figure, IndexValue, Share
from gevinst_benefits.usecases.evaluating import CaseDraft
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Currency,
    Id,
    In,
    Maybe,
    Moment,
    Name,
    Organisation,
    Out,
    Prose,
    Whole,
    Year,
)

MOST_LINES = 200
MOST_YEARS = 150


class YearlyAmounts(In):
    """One amount for each year from the line's first year; a one-off is a single amount."""

    pattern: Literal["yearly"]
    amounts: list[Amount] = Field(min_length=1, max_length=MOST_YEARS, examples=[["1250000.00"]])

    def value(self) -> Yearly:
        return Yearly(tuple(self.amounts))


class RecurringAmount(In):
    """The same amount every year, after a ramp that holds the shares of the first years."""

    pattern: Literal["recurring"]
    amount_per_year: Amount = Field(examples=["400000.00"])
    ramp: list[Share] = Field(default=[], max_length=MOST_YEARS, examples=[["0.5"]])
    years: Maybe[Whole] = Field(None, ge=1, le=MOST_YEARS, description="Absent: as long as the case lasts.")

    def value(self) -> Recurring:
        return Recurring(self.amount_per_year, tuple(self.ramp), self.years)


Amounts = Annotated[YearlyAmounts | RecurringAmount, Field(discriminator="pattern")]


class CaseLineIn(In):
    """A cost or a benefit that falls on one unit; amounts are positive on both sides."""

    id: Maybe[Id] = Field(
        None, description="Of the same line in the version before, so that the two are compared."
    )
    name: Name = Field(examples=["Licences"])
    side: Side
    kind: Code = Field(
        description="`investment` or `operation` for a cost, the benefit's kind for a benefit.",
        examples=["investment"],
    )
    unit_id: Id = Field(description="The unit that pays or receives.")
    first_year: Year = Field(examples=[2027])
    price_year: Year = Field(examples=[2026])
    amounts: Amounts
    is_public_money: bool = Field(
        default=True, strict=True, description="Paid from, or relieving, a public budget (tax financing)."
    )

    def value(self) -> CaseLine:
        return CaseLine(
            id=self.id or new_id(),
            name=self.name,
            side=self.side,
            kind=self.kind,
            unit_id=self.unit_id,
            first_year=self.first_year,
            price_year=self.price_year,
            amounts=self.amounts.value(),
            is_public_money=self.is_public_money,
        )


class CaseLineOut(Out):
    """A line of the version."""

    id: Id
    name: Name
    side: Side
    kind: Code
    unit_id: Id
    first_year: Year
    price_year: Year
    amounts: Amounts
    is_public_money: bool


class IndexYear(In):
    """The value of a price index in one year."""

    year: Year = Field(examples=[2025])
    value: IndexValue = Field(examples=["104.2"])


class PriceIndexIn(In):
    """A price index of your own, so that several price years are brought together openly (C1)."""

    name: Name = Field(examples=["Consumer prices"])
    source: Name = Field(examples=["Statistics Norway, table 08184"])
    values: list[IndexYear] = Field(min_length=1, max_length=250)

    def value(self) -> PriceIndex:
        return PriceIndex(self.name, self.source, {point.year: point.value for point in self.values})


class PriceIndexOut(Out):
    """The price index of the version."""

    name: Name
    source: Name
    values: list[IndexYear] = Field(max_length=250)


class BusinessCaseIn(In):
    """A version of the project's business case; it is never changed, only followed by the next."""

    base_year: Year = Field(examples=[2026], description="The first year; amounts are discounted to it.")
    horizon_years: Whole = Field(ge=1, le=MOST_YEARS, examples=[10])
    price_year: Year = Field(examples=[2026])
    currency: Currency = Field(examples=["NOK"])
    regime: Maybe[Code] = Field(
        None,
        description="A discount regime's id; absent: the one in force in the organisation's country.",
        examples=["no-r109-2021"],
    )
    price_index: Maybe[PriceIndexIn] = None
    lines: list[CaseLineIn] = Field(min_length=1, max_length=MOST_LINES)
    note: Maybe[Prose] = Field(None, description="What is new in this version, and why.")

    def draft(self) -> CaseDraft:
        return CaseDraft(
            base_year=self.base_year,
            horizon_years=self.horizon_years,
            price_year=self.price_year,
            currency=self.currency,
            regime_id=self.regime,
            index=None if self.price_index is None else self.price_index.value(),
            lines=tuple(line.value() for line in self.lines),
            note=self.note,
        )


class UnitResultOut(Out):
    """One unit's part of the case."""

    unit_id: Id
    costs: list[Figure] = Field(max_length=MOST_YEARS)
    benefits: list[Figure] = Field(max_length=MOST_YEARS)
    net_present_value: Figure


class CaseResultOut(Out):
    """The case computed. Lists have a figure per year of `years`, in the case's currency and price year.

    `benefit_cost_ratio` is absent when the present value of costs is not positive, `payback_year` when the
    case has not paid back within its years.
    """

    years: list[Annotated[int, Field(ge=1990, le=2400)]] = Field(max_length=MOST_YEARS)
    costs: list[Figure] = Field(max_length=MOST_YEARS)
    benefits: list[Figure] = Field(max_length=MOST_YEARS)
    net: list[Figure] = Field(max_length=MOST_YEARS)
    accumulated: list[Figure] = Field(max_length=MOST_YEARS)
    tax_financing: list[Figure] = Field(max_length=MOST_YEARS)
    present_cost: Figure
    present_benefit: Figure
    net_present_value: Figure
    present_tax_financing: Figure
    net_present_value_after_tax_financing: Figure
    benefit_cost_ratio: Maybe[Figure] = None
    payback_year: Maybe[int] = Field(None, ge=1990, le=2400)
    units: list[UnitResultOut] = Field(max_length=MOST_LINES)


class BusinessCaseSummaryOut(Out):
    """A version of a project's business case, with its main figure."""

    id: Id
    organisation: Organisation
    project_id: Id
    number: int = Field(ge=1, le=1_000_000)
    currency: Currency = Field(examples=["NOK"])
    base_year: Year
    horizon_years: int = Field(ge=1, le=MOST_YEARS)
    price_year: Year
    net_present_value: Figure
    note: Maybe[Prose] = None
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class BusinessCaseOut(BusinessCaseSummaryOut):
    """A version of a project's business case with its lines and results."""

    regime: DiscountRegimeOut
    price_index: Maybe[PriceIndexOut] = None
    lines: list[CaseLineOut] = Field(max_length=MOST_LINES)
    results: CaseResultOut


class BusinessCasePageOut(Out):
    """Versions, a page at a time."""

    items: list[BusinessCaseSummaryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class LineChangeOut(Out):
    """One line's change; totals are not discounted."""

    line_id: Id
    name: Name
    change: Change
    total_before: Figure
    total_after: Figure
    effect_on_npv: Figure


class CaseDifferenceOut(Out):
    """From one version to another, in the later one's currency and prices; the parts add up exactly."""

    before_number: int = Field(ge=1, le=1_000_000)
    after_number: int = Field(ge=1, le=1_000_000)
    npv_before: Figure
    npv_after: Figure
    effect_on_npv: Figure
    frame_effect: Figure = Field(
        description="What the new years, prices and regime did to the earlier lines."
    )
    lines: list[LineChangeOut] = Field(max_length=2 * MOST_LINES)
