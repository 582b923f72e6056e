"""Installations on the wire (B15)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.plan.installations import Installation
from gevinst_benefits.usecases.installing import InstallationDraft
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import (
    Code,
    Day,
    Id,
    In,
    Maybe,
    MoneyIn,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Whole,
)

Count = Annotated[Whole, Field(ge=1, le=1_000_000, examples=[25])]
Lifetime = Annotated[Whole, Field(ge=1, le=600, examples=[60])]


class InstallationIn(In):
    """Installations of one kind at one unit, with what each costs and gives."""

    code: Code = Field(description="Your own name for them; the same code again changes them.")
    name: Name = Field(examples=["Digital supervision at night"])
    unit_id: Id
    installed_on: Day
    count: Count
    lifetime_months: Lifetime
    one_off_cost: MoneyIn = Field(description="Of each.")
    cost_per_year: MoneyIn = Field(description="Of each.")
    benefit_per_year: MoneyIn = Field(description="Of each.")
    shared_cost_per_year: Maybe[MoneyIn] = Field(
        None, description="What they cost together however many there are, such as a response centre."
    )

    def draft(self) -> InstallationDraft:
        one_off = self.one_off_cost.value()
        nothing = Money(one_off.amount * 0, one_off.currency, one_off.price_year)
        shared = self.shared_cost_per_year
        installation = Installation(
            count=self.count,
            one_off_cost=one_off,
            cost_per_year=self.cost_per_year.value(),
            benefit_per_year=self.benefit_per_year.value(),
            shared_cost_per_year=nothing if shared is None else shared.value(),
            lifetime_months=self.lifetime_months,
        )
        return InstallationDraft(self.code, self.name, self.unit_id, self.installed_on, installation)


class InstallationsIn(In):
    """Up to five hundred at a time."""

    installations: list[InstallationIn] = Field(min_length=1, max_length=500)


class InstallationsOut(Out):
    """What the benefit's installations are after the change."""

    benefit_id: Id
    changed: int = Field(ge=0, le=500)
    count: int = Field(ge=0, le=10_000_000_000, description="Of all installations of the benefit.")
    not_carrying: int = Field(ge=0, le=10_000_000_000, description="Those that do not carry their cost.")


class InstallationOut(Out):
    """Installations of one kind at one unit, and whether they carry their cost."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    code: Code
    name: Name
    unit_id: Id
    count: Count
    installed_on: Day
    lifetime_months: Lifetime
    one_off_cost: MoneyOut
    cost_per_year: MoneyOut
    benefit_per_year: MoneyOut
    shared_cost_per_year: MoneyOut
    net_per_year: MoneyOut = Field(description="Benefit less cost of each, a year.")
    carries: bool = Field(description="Whether they have paid for themselves before they wear out.")
    break_even_count: Maybe[int] = Field(
        None,
        ge=1,
        le=1_000_000_000,
        description="How many it takes to carry what they share; absent when no number does.",
    )
    break_even_months: Maybe[int] = Field(
        None,
        ge=0,
        le=1_000_000_000,
        description="After how long these have paid for themselves; absent when never.",
    )


class InstallationPageOut(Out):
    """Installations, a page at a time."""

    items: list[InstallationOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
