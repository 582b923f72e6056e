"""What a money benefit is planned to give in each year (M1)."""

from collections.abc import Mapping

from gevinst_benefits.domain.benefits import Benefit
from gevinst_benefits.domain.planned_years import planned_years
from gevinst_benefits.domain.projects import Project
from gevinst_shared.values.money import Money


def planned_money(benefit: Benefit, project: Project) -> Mapping[int, Money]:
    """The benefit's planned money by calendar year; empty for a benefit in another ledger (C7)."""
    money = benefit.estimate.money_per_year
    if money is None:
        return {}
    planned = planned_years(benefit, project)
    return {year: Money(amount, money.currency, money.price_year) for year, amount in planned.items()}
