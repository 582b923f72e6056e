"""Discount regimes on the wire (C4)."""

from pydantic import Field

from gevinst_benefits.schemas.quantities import Share
from gevinst_shared.web.shapes import Code, Day, Maybe, Out


class RateBandOut(Out):
    """A real rate for a span of years counted from the base year, both included."""

    first_year: int = Field(ge=0, le=1000)
    last_year: Maybe[int] = Field(None, ge=0, le=1000, description="Absent: for ever.")
    rate_per_year: Share = Field(examples=["0.04"])


class DiscountRegimeOut(Out):
    """One authority's rates, from a day until (not including) another."""

    id: Code = Field(examples=["no-r109-2021"])
    country: str = Field(pattern="^[A-Z]{2}$", max_length=2, examples=["NO"])
    authority: str = Field(max_length=200)
    source: str = Field(max_length=500)
    valid_from: Day
    valid_until: Maybe[Day] = None
    bands: list[RateBandOut] = Field(max_length=20)
    tax_financing_rate: Maybe[Share] = Field(
        None, description="The cost of raising one unit of public money by tax.", examples=["0.2"]
    )


class DiscountRegimeListOut(Out):
    """Every known regime, also those that are no longer in force."""

    items: list[DiscountRegimeOut] = Field(max_length=100)
