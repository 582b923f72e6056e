"""When a benefit comes, on the wire (B9)."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.plan.timing import (
    DEFAULT_MONTHS,
    FARTHEST_OFFSET_MONTHS,
    LONGEST_MONTHS,
    HangsOn,
    Ramp,
    RampKind,
    Timing,
)
from gevinst_benefits.schemas.quantities import Part
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Out, Whole

Months = Annotated[Whole, Field(ge=1, le=LONGEST_MONTHS, examples=[12])]
OffsetMonths = Annotated[Whole, Field(ge=-FARTHEST_OFFSET_MONTHS, le=FARTHEST_OFFSET_MONTHS, examples=[3])]
Shares = Annotated[list[Part], Field(min_length=1, max_length=50, examples=[["0.1", "0.6", "1"]])]
AnchorDay = Annotated[Day, Field(examples=["2027-01-01"])]


class AtOnce(In):
    """In full from the first day."""

    kind: Literal["immediate"]

    def value(self) -> Ramp:
        return Ramp()


class Growing(In):
    """Growing to its full size over some months, evenly or slow – fast – slow."""

    kind: Literal["linear", "s-curve"]
    months: Months

    def value(self) -> Ramp:
        return Ramp(RampKind(self.kind), self.months)


class ByYear(In):
    """The share of the full size in each year from its start; the last one holds from then on."""

    kind: Literal["table"]
    shares: Shares

    def value(self) -> Ramp:
        return Ramp(RampKind.TABLE, shares=tuple(self.shares))


RampShape = Annotated[AtOnce | Growing | ByYear, Field(discriminator="kind")]


class TimingIn(In):
    """What the benefit's dates hang on, how it grows, and how long it lasts.

    `starts_on` only when it hangs on nothing (`none`), `delivery_id` only when on a delivery (`milestone`).
    """

    hangs_on: HangsOn = Field(description="When that day moves, the benefit moves with it.", examples=["end"])
    offset_months: OffsetMonths = Field(0, description="From that day on; negative: before it (B10).")
    starts_on: Maybe[AnchorDay] = None
    delivery_id: Maybe[Id] = None
    ramp: Maybe[RampShape] = Field(None, description="Absent: in full from the first day.")
    duration_months: Months = DEFAULT_MONTHS
    ends_on: Maybe[Day] = Field(None, description="Not on this day or after it.", examples=["2037-01-01"])
    erosion_per_year: Part = Field(
        Decimal(0), description="What a full year takes of what is left.", examples=["0.05"]
    )

    def value(self) -> Timing:
        ramp = Ramp() if self.ramp is None else self.ramp.value()
        return Timing(**{**dict(self), "ramp": ramp})


class RampOut(Out):
    """How a benefit grows."""

    kind: RampKind
    months: Maybe[Months] = None
    shares: Maybe[Shares] = None


class TimingOut(Out):
    """What the benefit's dates hang on, how it grows, and how long it lasts."""

    hangs_on: HangsOn
    offset_months: OffsetMonths
    starts_on: Maybe[AnchorDay] = None
    delivery_id: Maybe[Id] = None
    ramp: RampOut
    duration_months: Months
    ends_on: Maybe[Day] = None
    erosion_per_year: Part
