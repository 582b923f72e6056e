"""Versions of business cases on the wire (C1, C2, C4)."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from gevinst_benefits.domain.case.business_case import PriceIndex
from gevinst_benefits.domain.case.case_model import MAIN, ZERO, FinancingKind
from gevinst_benefits.domain.case.price_indexes import TwoIndexes, refuse_year_twice
from gevinst_benefits.schemas.case_assumptions import (
    MOST_ASSUMPTIONS,
    MOST_FACTORS,
    AssumptionIn,
    AssumptionOut,
    FactorOfCase,
)
from gevinst_benefits.schemas.case_lines import MOST_LINES, MOST_YEARS, CaseLineIn, CaseLineOut
from gevinst_benefits.schemas.case_results import MOST_ALTERNATIVES, MOST_SOURCES, CaseResultOut
from gevinst_benefits.schemas.discount_regimes import DiscountRegimeOut
from gevinst_benefits.schemas.quantities import Figure, IndexValue, PositiveAmount, Sha256, Share
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


class IndexYear(In):
    """The value of a price index in one year."""

    year: Year = Field(examples=[2025])
    value: IndexValue = Field(examples=["104.2"])


IndexYears = Annotated[list[IndexYear], Field(min_length=1, max_length=250, description="Each year once.")]


def index_of(name: str, source: str, values: Sequence[IndexYear], pointer: str) -> PriceIndex:
    """The index, or `IndexYearTwice` at the pointer."""
    refuse_year_twice([point.year for point in values], pointer)
    return PriceIndex(name, source, {point.year: point.value for point in values})


class PriceIndexIn(In):
    """A price index of your own, so that several price years are brought together openly (C1)."""

    name: Name = Field(examples=["Consumer prices"])
    source: Name = Field(examples=["Statistics Norway, table 08184"])
    values: IndexYears

    def value(self) -> PriceIndex:
        return index_of(self.name, self.source, self.values, "/body/price_index/values")


def own_index(own: PriceIndexIn | None, kept: str | None) -> PriceIndex | None:
    """C1: whatever is written is indexed by one index, its own or one that is kept; or `TwoIndexes`."""
    if own is not None and kept is not None:
        raise TwoIndexes(index=kept, pointer="/body/kept_index")
    return None if own is None else own.value()


class PriceIndexOut(Out):
    """The price index of the version."""

    name: Name
    source: Name
    values: list[IndexYear] = Field(max_length=250)


class AlternativeOfCase(In):
    """One way to meet the need. The zero alternative has the code `zero` and is always there (P9)."""

    code: Code = Field(examples=["self-service"])
    name: Name = Field(examples=["Self-service for all applications"])
    note: Maybe[Prose] = None


class FinancingOfCase(In):
    """Who pays, by year from the first; it moves money and is no effect of the case."""

    name: Name = Field(examples=["Investment pool, spring round"])
    kind: FinancingKind
    first_year: Year = Field(examples=[2027])
    price_year: Year = Field(examples=[2026])
    amounts: list[Amount] = Field(min_length=1, max_length=MOST_YEARS, examples=[["1000000.00"]])


class RiskPoolOfCase(In):
    """Money set aside for what may go wrong; a line of its own in the result."""

    unit_id: Id = Field(description="The unit that sets it aside.")
    share: Maybe[Share] = Field(None, description="Of each year's own costs.", examples=["0.15"])
    amount: Maybe[PositiveAmount] = Field(None, description="In one year, in the case's prices.")
    year: Maybe[Year] = Field(None, description="The amount's year. Absent: the first.")


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
    tax_financing_rate: Maybe[Share] = Field(
        None, description="In place of the regime's; 0 leaves tax financing out.", examples=["0"]
    )
    price_index: Maybe[PriceIndexIn] = None
    kept_index: Maybe[Code] = Field(
        None,
        description="In place of a price index of its own: the code of one that your organisation keeps.",
        examples=["consumer-prices"],
    )
    assumptions: list[AssumptionIn] = Field(default=[], max_length=MOST_ASSUMPTIONS)
    factors: list[FactorOfCase] = Field(
        default=[], max_length=MOST_FACTORS, description="What assumptions hang on together (C5)."
    )
    alternatives: list[AlternativeOfCase] = Field(
        default=[], max_length=MOST_ALTERNATIVES - 1, description="Absent: one, with the code `main`."
    )
    recommended: Maybe[Code] = Field(
        None,
        description="The code of the alternative that is recommended. Absent: the first that is not zero.",
    )
    lines: list[CaseLineIn] = Field(min_length=1, max_length=MOST_LINES)
    risk_pool: Maybe[RiskPoolOfCase] = None
    financing: list[FinancingOfCase] = Field(default=[], max_length=MOST_SOURCES)
    note: Maybe[Prose] = Field(None, description="What is new in this version, and why.")

    def draft(self) -> CaseDraft:
        return CaseDraft(
            base_year=self.base_year,
            horizon_years=self.horizon_years,
            price_year=self.price_year,
            currency=self.currency,
            regime_id=self.regime,
            tax_financing_rate=self.tax_financing_rate,
            index=own_index(self.price_index, self.kept_index),
            kept_index=self.kept_index,
            document=self._document(),
            note=self.note,
        )

    def _document(self) -> dict[str, Any]:
        """The model's document: what was left away filled in."""
        members = {"assumptions", "alternatives", "lines", "risk_pool", "financing", "factors"}
        document = self.model_dump(mode="json", exclude_none=True, include=members)
        alternatives = document["alternatives"] or [{"code": MAIN, "name": "Main"}]
        if all(one["code"] != ZERO for one in alternatives):
            alternatives = [{"code": ZERO, "name": "Zero alternative"}, *alternatives]
        first = next((one["code"] for one in alternatives if one["code"] != ZERO), ZERO)
        recommended = self.recommended or first
        absent = {"price_year": self.price_year, "alternative": recommended}
        lines = [{"id": str(new_id()), **absent, **line} for line in document["lines"]]
        return {**document, "alternatives": alternatives, "recommended": recommended, "lines": lines}


class OriginOut(Out):
    """The edition of a general case that the version was taken over from (C3)."""

    general_case_id: Id
    publisher: Organisation
    published_as: Id = Field(description="The publisher's id for it; `general_case_id` is your register's.")
    edition: int = Field(ge=1, le=1_000_000)
    sha256: Sha256


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
    recommended: Code
    net_present_value: Figure
    origin: Maybe[OriginOut] = None
    note: Maybe[Prose] = None
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class BusinessCaseOut(BusinessCaseSummaryOut):
    """A version of a project's business case with what it assumes, its lines and results."""

    regime: DiscountRegimeOut
    price_index: Maybe[PriceIndexOut] = None
    assumptions: list[AssumptionOut] = Field(max_length=MOST_ASSUMPTIONS + 2)
    alternatives: list[AlternativeOfCase] = Field(max_length=MOST_ALTERNATIVES)
    lines: list[CaseLineOut] = Field(max_length=MOST_LINES)
    risk_pool: Maybe[RiskPoolOfCase] = None
    financing: list[FinancingOfCase] = Field(max_length=MOST_SOURCES)
    factors: list[FactorOfCase] = Field(max_length=MOST_FACTORS)
    results: CaseResultOut


class BusinessCasePageOut(Out):
    """Versions, a page at a time."""

    items: list[BusinessCaseSummaryOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
