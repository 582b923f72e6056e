"""Tolerances of traffic lights on the wire (B7)."""

from collections.abc import Mapping
from datetime import date

from pydantic import Field

from gevinst_benefits.domain.measuring.tolerances import Bound, Measure, Tolerance
from gevinst_benefits.schemas.quantities import Share
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Currency,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    Name,
    Organisation,
    Out,
)


class BoundShape(In):
    """Where a colour begins: past any one of the limits that are stated."""

    share: Maybe[Share] = Field(None, description="Of the baseline.", examples=["0.1"])
    amount: Maybe[Amount] = Field(None, description="Over the baseline.", examples=["6000000.00"])
    currency: Maybe[Currency] = Field(None, description="Of the amount.")
    months: Maybe[int] = Field(None, strict=True, ge=0, le=600, description="After the baseline.")
    is_inclusive: bool = Field(default=False, description="Whether the colour begins at the limit itself.")

    def value(self) -> Bound:
        return Bound(self.share, self.amount, self.currency, self.months, self.is_inclusive)

    @classmethod
    def of(cls, bound: Bound) -> "BoundShape":
        return cls.model_construct(
            share=bound.share,
            amount=bound.amount,
            currency=bound.currency,
            months=bound.months,
            is_inclusive=bound.is_inclusive,
        )


class ToleranceIn(In):
    """A tolerance of your own. Time is counted in months, cost by share or amount, a benefit by share."""

    measure: Measure
    yellow: BoundShape
    red: BoundShape
    reason: Name = Field(examples=["The council's rules of 2026"])
    valid_from: Day

    def value(self) -> Tolerance:
        return Tolerance(
            "own", self.measure, self.yellow.value(), self.red.value(), self.reason, self.valid_from
        )


class OwnToleranceOut(Out):
    """A tolerance of your own, as it was entered."""

    id: Id
    organisation: Organisation
    measure: Measure
    yellow: BoundShape
    red: BoundShape
    reason: Name
    valid_from: Day
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ToleranceOut(Out):
    """The tolerance that holds for a measure."""

    code: Code = Field(examples=["dk-it-cost"])
    measure: Measure
    yellow: BoundShape
    red: BoundShape
    source: str = Field(max_length=500)
    valid_from: Day
    valid_until: Maybe[Day] = None

    @classmethod
    def of(cls, tolerance: Tolerance) -> "ToleranceOut":
        return cls.model_construct(
            code=tolerance.code,
            measure=tolerance.measure,
            yellow=BoundShape.of(tolerance.yellow),
            red=BoundShape.of(tolerance.red),
            source=tolerance.source,
            valid_from=tolerance.valid_from,
            valid_until=tolerance.valid_until,
        )


class TolerancesOut(Out):
    """What holds on a day, for each measure."""

    on: Day
    items: list[ToleranceOut] = Field(max_length=3)

    @classmethod
    def holding(cls, on: date, found: Mapping[Measure, Tolerance]) -> "TolerancesOut":
        return cls.model_construct(on=on, items=[ToleranceOut.of(one) for one in found.values()])
