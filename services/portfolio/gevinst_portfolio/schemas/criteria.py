"""Criteria on the wire (P6)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.scoring import Better
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Prose

Weight = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False, examples=[30])]
Level = Annotated[float, Field(ge=-1_000_000_000, le=1_000_000_000, allow_inf_nan=False)]


class CriterionIn(In):
    """What projects are scored on."""

    name: Name = Field(examples=["Benefit to citizens"])
    description: Maybe[Prose] = None
    weight: Weight = Field(strict=True, description="Any positive number; counts in proportion to the sum.")
    scale_min: Level = Field(strict=True, examples=[1])
    scale_max: Level = Field(strict=True, examples=[5])
    better: Better = Field(Better.HIGHER, description="Which end of the scale is the good one.")


class CriterionOut(Out):
    """A criterion of a portfolio's model."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    name: Name
    description: Maybe[Prose] = None
    weight: Weight
    scale_min: Level = Field(examples=[1])
    scale_max: Level = Field(examples=[5])
    better: Better
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class CriterionPageOut(Out):
    """Criteria, a page at a time."""

    items: list[CriterionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
