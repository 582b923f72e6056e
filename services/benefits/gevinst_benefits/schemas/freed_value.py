"""What freed value is used for, on the wire (B14, C7)."""

from typing import Annotated

from pydantic import ConfigDict, Field, JsonValue

from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_benefits.domain.plan.freed_value import HourlyCostWithoutSource, NegativeUse, Purpose
from gevinst_benefits.schemas.quantities import Quantity, Total, UnsignedQuantity
from gevinst_benefits.usecases.using_freed_value import UseDraft
from gevinst_shared.web.shapes import (
    Currency,
    Id,
    In,
    Maybe,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Year,
)

_EXAMPLE: dict[str, JsonValue] = {
    "purpose": "better-quality",
    "name": "More time with each resident",
    "unit_id": "0198b6a4-7c1e-7000-8000-000000000001",
    "year": 2027,
    "amount": "400",
    "hourly_cost": {"amount": "520.00", "currency": "NOK", "price_year": 2026},
    "hourly_cost_source": "Payroll 2026",
}
UsedAmount = Annotated[UnsignedQuantity, Field(examples=["400"])]


class FreedValueUseIn(In):
    """What freed money or time is used for; in the benefit's own ledger, so either `money` or `amount`."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    purpose: Purpose = Field(examples=["better-quality"])
    name: Name = Field(examples=["More time with each resident"])
    unit_id: Id
    year: Year = Field(examples=[2027])
    money: Maybe[MoneyIn] = None
    amount: Maybe[UsedAmount] = None
    hourly_cost: Maybe[MoneyIn] = Field(None, description="What a freed hour is worth, for this use (C7).")
    hourly_cost_source: Maybe[Name] = Field(
        None, description="Where the hourly cost comes from; goes with it.", examples=["Payroll 2026"]
    )
    corrects_id: Maybe[Id] = Field(None, description="The entry that this one replaces.")
    reason: Maybe[Prose] = Field(None, description="Why it is corrected; needed then.")

    def draft(self) -> UseDraft:
        if (self.hourly_cost is None) != (self.hourly_cost_source is None):
            raise HourlyCostWithoutSource(pointer="/body/hourly_cost_source")
        if any(one is not None and one.amount < 0 for one in (self.money, self.hourly_cost)):
            raise NegativeUse(pointer="/body")
        shaped = {
            "money": None if self.money is None else self.money.value(),
            "hourly_cost": None if self.hourly_cost is None else self.hourly_cost.value(),
        }
        return UseDraft(**{**dict(self), **shaped})


class FreedValueUseOut(Out):
    """A use of freed value, as it was recorded."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    purpose: Purpose
    name: Name
    unit_id: Id
    year: Year
    money: Maybe[MoneyOut] = None
    amount: Maybe[Quantity] = None
    hourly_cost: Maybe[MoneyOut] = None
    hourly_cost_source: Maybe[Name] = None
    corrects_id: Maybe[Id] = None
    reason: Maybe[Prose] = None
    is_corrected: bool
    recorded_by: str = Field(max_length=300)
    created_at: Moment


class FreedValueUsePageOut(Out):
    """Uses of freed value, a page at a time."""

    items: list[FreedValueUseOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class FreedYearOut(Out):
    """What is freed and used in a year, in the benefit's own unit."""

    year: int = Field(ge=1, le=9999, examples=[2027])
    freed: Total = Field(description="As verified, else as planned.")
    is_verified: bool = Field(description="What is freed is what a controller found.")
    used: Total
    left: Total
    is_exceeded: bool = Field(description="More is used than is freed.")
    worth: list[MoneyOut] = Field(
        max_length=100,
        description="The used hours in money, where a use says so; never added to money freed.",
    )


class FreedValueOut(Out):
    """What a benefit frees, as far as it is verified and else as planned, and what of it has a use."""

    benefit_id: Id
    ledger: Ledger
    currency: Maybe[Currency] = None
    price_year: Maybe[Year] = None
    unit_of_measure: Maybe[Name] = None
    years: list[FreedYearOut] = Field(max_length=400)
    is_exceeded: bool
