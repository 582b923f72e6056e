"""Assumptions of a business case on the wire (C2)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.case.assumptions import Distribution
from gevinst_benefits.domain.simulation.simulation_factors import MOST_FACTORS as MOST_LOADINGS
from gevinst_benefits.schemas.case_lines import FormulaText, UnitText
from gevinst_benefits.schemas.quantities import Correlation, Quantity
from gevinst_shared.web.shapes import Code, In, Maybe, Name, Out, Prose, Year

MOST_ASSUMPTIONS = 100
MOST_FACTORS = 20
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


class FactorOfCase(In):
    """What several assumptions hang on; the same code is the same factor in every case of an organisation."""

    code: Code = Field(examples=["wage-growth"])
    name: Name = Field(examples=["General wage growth"])
    note: Maybe[Prose] = None


class LoadingOfAssumption(In):
    """How far an assumption rises and falls with a factor of the case."""

    factor: Code = Field(examples=["wage-growth"])
    loading: Correlation = Field(
        description="Their correlation, on the scale of the normal distribution; below 0 they go apart.",
        examples=["0.6"],
    )


LoadingsOfAssumption = Annotated[
    list[LoadingOfAssumption],
    Field(
        max_length=MOST_LOADINGS,
        description="The factors that it hangs on: the squares of its loadings add up to at most 1. "
        "Absent: it varies alone.",
    ),
]


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
    loadings: Maybe[LoadingsOfAssumption] = None


class AssumptionOut(Out):
    """An assumption of the version, as it was written."""

    name: AssumptionName
    value: FormulaText
    unit: UnitText
    spread: Maybe[SpreadOfAssumption] = None
    price_year: Maybe[Year] = None
    source: Maybe[Name] = None
    owner: Maybe[Name] = None
    note: Maybe[Prose] = None
    loadings: Maybe[LoadingsOfAssumption] = None
