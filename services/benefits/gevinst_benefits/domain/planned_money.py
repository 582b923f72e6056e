"""What a money benefit is planned to give in each year (M1)."""

from collections.abc import Mapping

from gevinst_benefits.domain.benefits import Benefit
from gevinst_benefits.domain.projects import Project
from gevinst_shared.values.money import Money


def planned_money(benefit: Benefit, project: Project) -> Mapping[int, Money]:
    """The benefit's planned money by calendar year; empty for a benefit in another ledger."""
    money = benefit.estimate.money_per_year
    return {} if money is None else dict.fromkeys(range(2026, 2036), money)
