"""What a money benefit is planned to give in each year (M1)."""

from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Decimal

from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.planned_years import planned_years
from gevinst_benefits.domain.projects import Project
from gevinst_shared.values.money import Money


def planned_money(benefit: Benefit, project: Project, share: Decimal) -> Mapping[int, Money]:
    """Our share of the benefit's planned money by calendar year; empty in another ledger (C7).

    Empty as well when nothing of it is ours: what falls with another body is in no budget of ours (B11).
    """
    money = benefit.estimate.money_per_year
    if money is None or not share:
        return {}
    planned = planned_years(benefit, project)
    return {
        year: Money.from_minor(ours(int(amount.scaleb(2)), share), money.currency, money.price_year)
        for year, amount in planned.items()
    }


def ours(minor: int, share: Decimal) -> int:
    """Our share of an amount in hundredths, rounded half-even.   Check: half of 25 is 12."""
    return int((minor * share).quantize(Decimal(1), ROUND_HALF_EVEN))
