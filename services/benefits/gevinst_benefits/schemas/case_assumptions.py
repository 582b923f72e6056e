"""Assumptions of a business case on the wire (C2)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.assumptions import Distribution
from gevinst_benefits.schemas.case_lines import FormulaText, UnitText
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_shared.web.shapes import In, Maybe, Name, Prose, Year

MOST_ASSUMPTIONS = 100
_LETTER = "A-Za-zÀ-ÖØ-öø-ÿ"
AssumptionName = Annotated[
    str,
    Field(
        min_length=1,
        max_length=60,
        pattern=f"^[{_LETTER}][{_LETTER}0-9_]*$",
        examples=["letters", "postage"],
        description="What formulas call it: letters, digits and underscores.",
    ),
]


class SpreadOfAssumption(In):
    """The lowest and the highest value that are thought possible; the value itself is the likeliest."""

    low: Quantity = Field(examples=["80000"])
    high: Quantity = Field(examples=["110000"])
    distribution: Distribution = Distribution.PERT


class AssumptionIn(In):
    """A figure that lines are computed from: volume, minutes per case, wage, postage."""

    name: AssumptionName
    value: FormulaText
    unit: UnitText
    spread: Maybe[SpreadOfAssumption] = Field(
        None, description="Of a plain number. Absent: the value is taken as certain."
    )
    price_year: Maybe[Year] = Field(
        None, description="Of an amount of money that is a number. Absent: the case's."
    )
    source: Maybe[Name] = Field(None, examples=["Count in the citizens' office, October 2026"])
    owner: Maybe[Name] = Field(
        None, description="Who answers for it: a person or a role.", examples=["Head of the citizens' office"]
    )
    note: Maybe[Prose] = None


class AssumptionOut(In):
    """An assumption of the version, as it was written; also read, in another body's document."""

    name: AssumptionName
    value: FormulaText
    unit: UnitText
    spread: Maybe[SpreadOfAssumption] = None
    price_year: Maybe[Year] = None
    source: Maybe[Name] = None
    owner: Maybe[Name] = None
    note: Maybe[Prose] = None
