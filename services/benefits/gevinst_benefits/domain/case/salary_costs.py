"""What an FTE costs and works in a year, as the organisation has set it; cases assume it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumption
from gevinst_benefits.domain.case.case_model import CaseModel
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.formulas.parsing import parse_formula
from gevinst_benefits.domain.formulas.units import parse_measure
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

SALARY, HOURS_WORKED = "salary_per_fte", "hours_per_fte"


class OddSalaryCost(Refusal):
    code = "salary-cost-not-above-zero"
    title = "An FTE costs something"
    detail = "What an FTE costs in a year must be above zero."


@dataclass(frozen=True, slots=True)
class SalaryCost:
    """In force from a day until the next one of its currency: cost and working hours of an FTE, per year."""

    id: UUID
    valid_from: date
    cost: Money
    hours_per_year: Decimal
    source: str

    def assumptions(self, names: Collection[str]) -> tuple[Assumption, ...]:
        """Those of `salary_per_fte` and `hours_per_fte` that are asked for."""
        source = f"{self.source} ({self.valid_from.isoformat()})"
        salary = Assumption(
            SALARY,
            parse_formula(f"{self.cost.amount:.2f}"),
            parse_measure(f"{self.cost.currency}/FTE/year"),
            price_year=self.cost.price_year,
            source=source,
        )
        hours = Assumption(
            HOURS_WORKED,
            parse_formula(decimal_text(self.hours_per_year)),
            parse_measure("hours/FTE/year"),
            source=source,
        )
        return tuple(one for one in (salary, hours) if one.name in names)


def missing_salary_names(model: CaseModel) -> frozenset[str]:
    """The organisation's names that the model's formulas use and its own assumptions do not give."""
    formulas = [one.value for one in model.assumptions]
    formulas += [formula for line in model.lines for formula in line.formulas]
    used = frozenset[str]().union(*(formula.names for formula in formulas))
    return (used & {SALARY, HOURS_WORKED}) - model.assumptions_by_name.keys()
