"""General cases on the wire: published, brought in, taken over, followed (C3)."""

from typing import Any

from pydantic import Field, model_validator

from gevinst_benefits.domain.case.assumptions import Loading, Spread
from gevinst_benefits.domain.case.general_cases import FORMAT, Driver, Follows, WithdrawalCode
from gevinst_benefits.domain.formulas.parsing import parse_formula
from gevinst_benefits.domain.formulas.units import parse_measure
from gevinst_benefits.schemas.business_cases import (
    AlternativeOfCase,
    PriceIndexIn,
    RiskPoolOfCase,
    own_index,
)
from gevinst_benefits.schemas.case_assumptions import (
    MOST_ASSUMPTIONS,
    MOST_FACTORS,
    AssumptionName,
    AssumptionOut,
    FactorOfCase,
    LoadingsOfAssumption,
    SpreadOfAssumption,
)
from gevinst_benefits.schemas.case_lines import MOST_LINES, MOST_YEARS, CaseLineOut, FormulaText, UnitText
from gevinst_benefits.schemas.case_results import MOST_ALTERNATIVES
from gevinst_benefits.schemas.quantities import Sha256
from gevinst_benefits.usecases.localising import Takeover
from gevinst_shared.web.shapes import (
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


class PublicationIn(In):
    """Which version is published for others to take over, and as what."""

    business_case_id: Id
    name: Name = Field(examples=["Digital post in a municipality"])
    summary: Maybe[Prose] = Field(None, description="What it is for, and what must be counted locally.")
    note: Maybe[Prose] = Field(None, description="What is new in this edition.")


_NOT_HERE = "Why, where nobody here has withdrawn it: its publisher did, or shares it no longer."


class GeneralCaseOut(Out):
    """A general case in the register: one's own, or another body's that was brought in."""

    id: Id
    organisation: Organisation
    publisher: Organisation
    published_as: Id = Field(description="Its publisher's id for it, which editions name; `id` is your own.")
    project_id: Maybe[Id] = None
    name: Name
    summary: Maybe[Prose] = None
    edition: int = Field(ge=1, le=1_000_000, description="The newest.")
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    changed_at: Moment
    withdrawn_at: Maybe[Moment] = Field(None, description="Since when nobody takes it over any more.")
    withdrawal_reason: Maybe[Name] = None
    withdrawal_code: Maybe[WithdrawalCode] = Field(None, description=_NOT_HERE)


class GeneralWithdrawalIn(In):
    """Why the general case is not to be taken over any more."""

    reason: Name = Field(examples=["The national post service ends in 2028"])


class GeneralCasePageOut(Out):
    """General cases, a page at a time."""

    items: list[GeneralCaseOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class EditionOut(Out):
    """One edition of a general case; its content is under `document`."""

    id: Id
    general_case_id: Id
    number: int = Field(ge=1, le=1_000_000)
    business_case_id: Maybe[Id] = None
    sha256: Sha256
    note: Maybe[Prose] = None
    published_by: str = Field(max_length=300)
    published_at: Moment


class EditionPageOut(Out):
    """Editions, a page at a time."""

    items: list[EditionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class GeneralCaseDocument(In):
    """An edition as it travels between bodies: the whole case, and the SHA-256 of all the rest.

    The hash is taken of the document without `sha256`, as JSON with sorted members, no spaces and no escapes
    beyond what JSON demands. The ids of units are the publisher's.
    """

    format: str = Field(pattern=f"^{FORMAT}$", max_length=40, examples=[FORMAT])
    general_case_id: Id
    publisher: Organisation
    edition: Whole = Field(ge=1, le=1_000_000, examples=[1])
    name: Name
    base_year: Year
    horizon_years: Whole = Field(ge=1, le=MOST_YEARS)
    price_year: Year
    currency: Currency
    assumptions: list[AssumptionOut] = Field(max_length=MOST_ASSUMPTIONS + 2)
    alternatives: list[AlternativeOfCase] = Field(min_length=1, max_length=MOST_ALTERNATIVES)
    recommended: Code
    lines: list[CaseLineOut] = Field(min_length=1, max_length=MOST_LINES)
    risk_pool: Maybe[RiskPoolOfCase] = None
    financing: list[str] = Field(
        max_length=0, examples=[[]], description="Always empty: who pays is everybody's own."
    )
    factors: Maybe[list[FactorOfCase]] = Field(None, max_length=MOST_FACTORS)
    sha256: Sha256

    @model_validator(mode="before")
    @classmethod
    def _numbers_are_whole(cls, value: object) -> object:
        """JSON knows no whole numbers: 2026.0 is 2026, also deep inside."""
        return _whole_numbers(value)

    def document(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)


class DriverIn(In):
    """A local figure in place of the original's; what is left away stays, but for the range."""

    name: AssumptionName
    value: FormulaText
    unit: Maybe[UnitText] = None
    spread: Maybe[SpreadOfAssumption] = None
    price_year: Maybe[Year] = None
    source: Maybe[Name] = Field(None, examples=["Own count, October 2026"])
    owner: Maybe[Name] = None
    note: Maybe[Prose] = None
    loadings: Maybe[LoadingsOfAssumption] = Field(
        None, description="Absent: the original's, if you give a range."
    )

    def value_at(self, pointer: str) -> Driver:
        spread = self.spread
        return Driver(
            self.name,
            parse_formula(self.value, pointer=f"{pointer}/value"),
            None if self.unit is None else parse_measure(self.unit, pointer=f"{pointer}/unit"),
            None if spread is None else Spread(spread.low, spread.high, spread.distribution),
            self.price_year,
            self.source,
            self.owner,
            self.note,
            None
            if self.loadings is None
            else tuple(Loading(one.factor, one.loading) for one in self.loadings),
        )


class UnitHere(In):
    """Which unit here is one of the publisher's."""

    original: Id
    unit_id: Id


class TakeoverIn(In):
    """How a general case becomes the project's own."""

    general_case_id: Id
    edition: Maybe[Whole] = Field(None, ge=1, le=1_000_000, description="Absent: the newest.")
    unit_id: Id = Field(description="The unit here on which everything falls that `units` does not name.")
    units: list[UnitHere] = Field(default=[], max_length=MOST_LINES)
    base_year: Maybe[Year] = Field(None, description="Lines move along. Absent: the original's.")
    horizon_years: Maybe[Whole] = Field(None, ge=1, le=MOST_YEARS)
    price_year: Maybe[Year] = Field(None, description="Another one than the original's needs an index.")
    price_index: Maybe[PriceIndexIn] = None
    kept_index: Maybe[Code] = Field(None, description="Or one that your organisation keeps.")
    drivers: list[DriverIn] = Field(
        default=[], max_length=MOST_ASSUMPTIONS, description="Own counts in place of the original's figures."
    )
    note: Maybe[Prose] = None

    def takeover(self) -> Takeover:
        return Takeover(
            general_case_id=self.general_case_id,
            unit_id=self.unit_id,
            edition=self.edition,
            units={one.original: one.unit_id for one in self.units},
            base_year=self.base_year,
            horizon_years=self.horizon_years,
            price_year=self.price_year,
            index=own_index(self.price_index, self.kept_index),
            kept_index=self.kept_index,
            drivers=tuple(one.value_at(f"/body/drivers/{place}") for place, one in enumerate(self.drivers)),
            note=self.note,
        )


class UpdatesIn(In):
    """What is taken from the newest edition; what is not named stays, as one's own choice from then on."""

    sha256: Sha256 = Field(description="Of the newest edition, as the comparison with it showed it.")
    assumptions: list[AssumptionName] = Field(default=[], max_length=2 * MOST_ASSUMPTIONS)
    line_ids: list[Id] = Field(default=[], max_length=2 * MOST_LINES)
    note: Maybe[Prose] = None


class AssumptionStateOut(Out):
    """An assumption here, in the edition that was taken over, and in the newest one."""

    name: AssumptionName
    state: Follows
    here: Maybe[AssumptionOut] = None
    taken: Maybe[AssumptionOut] = None
    newest: Maybe[AssumptionOut] = None


class LineStateOut(Out):
    """How a line stands to the original; its unit is one's own and no difference."""

    line_id: Id
    name: Name
    state: Follows


class OriginDifferenceOut(Out):
    """How a case that was taken over stands to its original today."""

    general_case_id: Id
    publisher: Organisation
    published_as: Id
    edition_taken: int = Field(ge=1, le=1_000_000)
    edition_newest: int = Field(ge=1, le=1_000_000)
    sha256: Sha256 = Field(description="Of the newest edition.")
    withdrawal_reason: Maybe[Name] = Field(
        None, description="Why the original is not to be taken over any more, if so."
    )
    withdrawal_code: Maybe[WithdrawalCode] = Field(None, description=_NOT_HERE)
    assumptions: list[AssumptionStateOut] = Field(max_length=3 * MOST_ASSUMPTIONS)
    lines: list[LineStateOut] = Field(max_length=3 * MOST_LINES)


def _whole_numbers(value: object) -> object:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_whole_numbers(each) for each in value]
        case dict():
            return {name: _whole_numbers(each) for name, each in value.items()}
        case _:
            return value
