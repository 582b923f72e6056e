"""What an FTE costs, on the wire."""

from pydantic import Field

from gevinst_benefits.domain.case.salary_costs import SalaryCost
from gevinst_benefits.schemas.quantities import IndexValue
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.shapes import Day, Id, In, Maybe, Moment, MoneyIn, MoneyOut, Name, Organisation, Out


class SalaryCostIn(In):
    """What an FTE costs and works in a year, from a day until the next one of its currency."""

    valid_from: Day = Field(examples=["2026-01-01"])
    cost_per_year: MoneyIn = Field(description="Salary with everything that comes on top.")
    hours_per_year: IndexValue = Field(examples=["1700"])
    source: Name = Field(examples=["Accounts 2025, salaries with social costs"])

    def value(self) -> SalaryCost:
        return SalaryCost(
            new_id(), self.valid_from, self.cost_per_year.value(), self.hours_per_year, self.source
        )


class SalaryCostOut(Out):
    """What an FTE costs and works in a year; formulas call it `salary_per_fte` and `hours_per_fte`."""

    id: Id
    organisation: Organisation
    valid_from: Day
    cost_per_year: MoneyOut
    hours_per_year: IndexValue
    source: Name
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class SalaryCostPageOut(Out):
    """Settings, a page at a time."""

    items: list[SalaryCostOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
