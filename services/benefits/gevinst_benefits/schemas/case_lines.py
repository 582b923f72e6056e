"""Lines of a business case on the wire (C1, C2, C7)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gevinst_benefits.domain.case.case_model import Side
from gevinst_benefits.domain.formulas.parsing import LONGEST_FORMULA
from gevinst_benefits.domain.formulas.units import LONGEST_UNIT
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.schemas.quantities import Part, Share
from gevinst_shared.web.shapes import ONE_LINE, Code, Id, In, Maybe, Name, Out, Prose, Whole, Year

MOST_LINES = 200
MOST_YEARS = 150

# A number such as "1250000.00", or a formula over the case's assumptions.
FormulaText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_FORMULA,
        pattern=ONE_LINE,
        examples=["letters * postage", "1250000.00"],
        json_schema_extra={"format": "formula"},
        description="A number, or a formula over assumptions: + - * / ^, parentheses, min, max, round, if.",
    ),
    AfterValidator(str.strip),
]
UnitText = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_UNIT,
        pattern=ONE_LINE,
        examples=["NOK/letter", "minutes/case", "percent", "1"],
        json_schema_extra={"format": "unit"},
    ),
]


class GrowingRamp(In):
    """Linear over 4 years is 0.25, 0.5, 0.75, 1; the S-curve is 3x² - 2x³ of the same."""

    shape: Literal["linear", "s-curve"] = Field(examples=["linear"])
    years: Whole = Field(ge=1, le=MOST_YEARS, examples=[3])


class TableRamp(In):
    """The shares of the first years as you say them: 0.5 is half."""

    shape: Literal["table"]
    shares: list[Share] = Field(min_length=1, max_length=MOST_YEARS, examples=[["0.5"]])


RampOfLine = Annotated[GrowingRamp | TableRamp, Field(discriminator="shape")]


class OneOff(In):
    """One amount, in the line's first year."""

    pattern: Literal["one-off"]
    amount: FormulaText


class YearlyAmounts(In):
    """One amount for each year from the line's first year."""

    pattern: Literal["yearly"]
    amounts: list[FormulaText] = Field(min_length=1, max_length=MOST_YEARS, examples=[["1250000.00"]])


class RecurringAmount(In):
    """The same amount every year, after a ramp."""

    pattern: Literal["recurring"]
    amount_per_year: FormulaText
    ramp: Maybe[RampOfLine] = None
    years: Maybe[Whole] = Field(None, ge=1, le=MOST_YEARS, description="Absent: as long as the case lasts.")


Amounts = Annotated[YearlyAmounts | OneOff | RecurringAmount, Field(discriminator="pattern")]


class StartDelayOfLine(In):
    """One way in which the line may start late."""

    years: Whole = Field(ge=0, le=30, examples=[1])
    probability: Part = Field(examples=["0.3"])


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
    alternative: Maybe[Code] = Field(
        None, description="The code of its alternative. Absent: the recommended one.", examples=["main"]
    )
    ledger: Ledger = Field(
        default=Ledger.MONEY, description="Money, time or quality: three sums that never meet (C7)."
    )
    unit_of_measure: Maybe[UnitText] = Field(
        None, description="Of time (`hours` or `FTE`) and quality; money is in the case's currency."
    )
    first_year: Year = Field(examples=[2027])
    price_year: Maybe[Year] = Field(
        None, description="Of an amount that is a number. Absent: the case's.", examples=[2026]
    )
    amounts: Amounts
    start_delays: list[StartDelayOfLine] = Field(
        default=[],
        max_length=10,
        description="How late it may start, with what probability; they add up to 1. For the simulation.",
    )
    is_disbenefit: bool = Field(
        default=False, strict=True, description="A benefit that is a loss to somebody: it counts against."
    )
    is_public_money: bool = Field(
        default=True, strict=True, description="Paid from, or relieving, a public budget (tax financing)."
    )
    use: Maybe[Name] = Field(
        None,
        description="What freed time is used for; needed where time becomes money (C7).",
        examples=["Two posts are not refilled"],
    )
    note: Maybe[Prose] = None


class CaseLineOut(Out):
    """A line of the version, as it was written."""

    id: Id
    name: Name
    side: Side
    kind: Code
    unit_id: Id
    alternative: Code
    ledger: Ledger
    unit_of_measure: Maybe[UnitText] = None
    first_year: Year
    price_year: Year
    amounts: Amounts
    start_delays: list[StartDelayOfLine] = Field(max_length=10)
    is_disbenefit: bool
    is_public_money: bool
    use: Maybe[Name] = None
    note: Maybe[Prose] = None
