"""What a benefit is planned to give in each year, on the wire (B9)."""

from typing import Literal

from pydantic import Field

from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.domain.plan.timing import HangsOn
from gevinst_benefits.schemas.quantities import Part, Total
from gevinst_shared.web.shapes import Currency, Day, Id, Maybe, Name, Out, Year


class PlannedYearOut(Out):
    """A calendar year of the benefit's life, or one that was verified outside it."""

    year: int = Field(ge=1, le=9999, examples=[2027])
    amount: Total = Field(examples=["600"], description="Planned.")
    is_verified: bool = Field(description="A controller has said what came of the year (G3).")
    verified: Maybe[Total] = Field(
        None,
        description="What came of it; absent when nobody has verified it, which is not zero, or did so at "
        "other prices or in another unit.",
    )


class PlannedYearsOut(Out):
    """The planned amount of each calendar year, in the benefit's own unit; computed as it is asked for.

    `undated`: nobody knows the day that it hangs on. `ended`: it was closed or moved, or its project will
    not deliver. Neither is the same as nothing.
    """

    benefit_id: Id
    state: Literal["dated", "undated", "ended"]
    hangs_on: HangsOn
    starts_on: Maybe[Day] = None
    ledger: Ledger
    currency: Maybe[Currency] = None
    price_year: Maybe[Year] = None
    unit_of_measure: Maybe[Name] = None
    is_confirmed: bool = Field(description="Only a confirmed estimate counts (B2).")
    own_share: Part = Field(description="0 when it falls with another body, which counts it (B11).")
    years: list[PlannedYearOut] = Field(max_length=300)
    total: Total = Field(description="Planned over all years, in one ledger and one price level.")
