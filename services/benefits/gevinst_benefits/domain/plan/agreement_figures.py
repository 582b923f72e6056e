"""B11: what is offered to another body of a benefit: all that its years follow from, and a hash of it."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.benefits import Benefit, Estimate, Ledger
from gevinst_benefits.domain.plan.planned_years import starts_on
from gevinst_benefits.domain.plan.timing import HangsOn, Ramp, RampKind, Timing
from gevinst_benefits.domain.projects import Project
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class NotDated(Refusal):
    code = "agreement-not-dated"
    title = "Nobody knows when the benefit comes"
    detail = "The other body has to know the years that it agrees to. Give the benefit a date first."


@dataclass(frozen=True, slots=True)
class Figures:
    """A benefit's figures. `amount` is per year at full size: money of `price_year`, or `unit_of_measure`."""

    name: str
    mode: str
    kind: str
    ledger: str
    amount: str
    unit_of_measure: str
    starts_on: date
    duration_months: int
    ramp: str
    ramp_months: int
    ramp_shares: tuple[str, ...]
    erosion_per_year: str
    currency: str | None = None
    price_year: int | None = None
    ends_on: date | None = None

    @property
    def estimate(self) -> Estimate:
        if self.currency is None or self.price_year is None:
            return Estimate(Ledger(self.ledger), None, Decimal(self.amount), self.unit_of_measure)
        return Estimate(Ledger.MONEY, Money(Decimal(self.amount), self.currency, self.price_year))

    @property
    def timing(self) -> Timing:
        """The same years, hanging on nothing: the giver's project is not one of the receiver's."""
        return Timing(
            hangs_on=HangsOn.NONE,
            starts_on=self.starts_on,
            ramp=Ramp(RampKind(self.ramp), self.ramp_months, tuple(map(Decimal, self.ramp_shares))),
            duration_months=self.duration_months,
            ends_on=self.ends_on,
            erosion_per_year=Decimal(self.erosion_per_year),
        )


def figures_of(benefit: Benefit, project: Project) -> Figures:
    """The benefit's figures as its project's dates are now; refuses one that has no date."""
    begins = starts_on(benefit, project)
    if begins is None:
        raise NotDated
    money, timing = benefit.estimate.money_per_year, benefit.timing
    amount = benefit.estimate.amount_per_year if money is None else money.amount
    assert amount is not None  # an estimate is money or an amount
    return Figures(
        name=benefit.name,
        mode=benefit.mode.value,
        kind=benefit.kind,
        ledger=benefit.estimate.ledger.value,
        amount=decimal_text(amount),
        unit_of_measure=benefit.estimate.unit_of_measure,
        starts_on=begins,
        duration_months=timing.duration_months,
        ramp=timing.ramp.kind.value,
        ramp_months=timing.ramp.months,
        ramp_shares=tuple(decimal_text(share) for share in timing.ramp.shares),
        erosion_per_year=decimal_text(timing.erosion_per_year),
        currency=None if money is None else money.currency,
        price_year=None if money is None else money.price_year,
        ends_on=timing.ends_on,
    )


def written(figures: Figures) -> str:
    """The figures as one text, the same for the same figures."""
    members = {name: value for name, value in asdict(figures).items() if value is not None}
    return json.dumps(members, default=str, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(figures: Figures) -> str:
    """SHA-256 of what is written, as 64 hexadecimal digits."""
    return sha256(written(figures).encode()).hexdigest()
