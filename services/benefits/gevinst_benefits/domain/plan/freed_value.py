"""B14, C7: what the freed time or money is used for, against what is freed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from gevinst_benefits.domain.plan.benefits import Estimate
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

# What people write for hours; only hours become money by an hourly cost.
HOURS = frozenset({"h", "hour", "hours", "time", "timer", "timar", "timmar", "timme"})
FULL_TIME = frozenset({"fte", "ftes", "årsverk", "årsværk", "årsarbetskraft", "årsarbetskrafter"})
_HUNDREDTH = Decimal("0.01")


class NotCorrectable(Refusal):
    code = "use-not-correctable"
    title = "The entry cannot be corrected"
    detail = "{use} is not an entry of this benefit that stands. Correct the newest one of its row."


class CorrectionUnexplained(Refusal):
    code = "correction-unexplained"
    title = "Why is the entry corrected"
    detail = "Write the reason of the correction. The entry before it stays beside it."


class OtherLedger(Refusal):
    code = "use-in-other-ledger"
    title = "The use belongs to another ledger"
    detail = (
        "The benefit is counted in {ledger}. State the use in the same, in {unit}; the three are never added."
    )


class HourlyCostWithoutSource(Refusal):
    code = "hourly-cost-without-source"
    title = "An hourly cost goes with its source"
    detail = "Say what a freed hour is worth and where that comes from, or leave both out."


class NegativeUse(Refusal):
    code = "use-negative"
    title = "What is used is not negative"
    detail = "Write the amount without a minus. To take an entry back, correct it to 0 and say why."


class HourlyCostWithoutHours(Refusal):
    code = "hourly-cost-without-hours"
    title = "An hourly cost needs hours"
    detail = (
        "Only freed time in hours becomes money, by a stated use and an hourly cost. This benefit is "
        "counted in {unit}."
    )


class Purpose(StrEnum):
    NEW_ROUTINES = "new-routines"
    SAVINGS = "savings"
    PAYS_FOR = "pays-for"
    BETTER_QUALITY = "better-quality"
    CHANGED_TASKS = "changed-tasks"


@dataclass(frozen=True, slots=True)
class Use:
    """What is used in a year, in the benefit's own unit; `hourly_cost` values freed hours (C7)."""

    year: int
    amount: Decimal
    hourly_cost: Money | None = None


@dataclass(frozen=True, slots=True)
class FreedYear:
    """A year's account. `worth` is what the used hours come to in money, beside the hours and never added.

    `is_exceeded`: more is used than is freed.
    """

    year: int
    freed: Decimal
    used: Decimal
    worth: tuple[Money, ...]

    @property
    def left(self) -> Decimal:
        return self.freed - self.used

    @property
    def is_exceeded(self) -> bool:
        return self.used > max(self.freed, Decimal(0))


def freed_amounts(
    planned: Mapping[int, Decimal], verified: Mapping[int, Decimal | None]
) -> Mapping[int, Decimal]:
    """What is freed in each year: what a controller found of it, else what is planned; both in one unit.

    None in `verified` cannot be compared (C1), and leaves the plan. Check: 100 and 100 planned, 60 verified
    for the first: 60 and 100.
    """
    found = {year: amount for year, amount in verified.items() if amount is not None}
    return {**planned, **found}


def freed_years(freed: Mapping[int, Decimal], uses: Iterable[Use]) -> tuple[FreedYear, ...]:
    """The account of each year in which something is freed or used; `freed` and `uses` in one unit.

    Check: 100 hours freed, 60 used at 500 an hour: 40 left, worth 30,000.
    """
    by_year: dict[int, list[Use]] = {year: [] for year in freed}
    for use in uses:
        by_year.setdefault(use.year, []).append(use)
    return tuple(
        FreedYear(
            year,
            freed.get(year, Decimal(0)),
            sum((use.amount for use in by_year[year]), Decimal(0)),
            _worth(by_year[year]),
        )
        for year in sorted(by_year)
    )


def refuse_odd_use(
    estimate: Estimate, *, money: Money | None, amount: Decimal | None, hourly_cost: Money | None
) -> None:
    """Refuse a use in another ledger, currency or price level than the benefit's, or a cost without hours."""
    promised = estimate.money_per_year
    if promised is None:
        fits = amount is not None and money is None
        unit = estimate.unit_of_measure
    else:
        kind = (promised.currency, promised.price_year)
        fits = amount is None and money is not None and (money.currency, money.price_year) == kind
        unit = f"{promised.currency} ({promised.price_year} prices)"
    if not fits:
        raise OtherLedger(ledger=estimate.ledger.value, unit=unit, pointer="/body")
    if hourly_cost is not None and not is_hours(estimate.unit_of_measure):
        raise HourlyCostWithoutHours(unit=unit, pointer="/body/hourly_cost")


def is_hours(unit_of_measure: str) -> bool:
    return unit_of_measure.strip().casefold() in HOURS


def is_full_time(unit_of_measure: str) -> bool:
    return unit_of_measure.strip().casefold() in FULL_TIME


def _worth(uses: Iterable[Use]) -> tuple[Money, ...]:
    """The used hours in money, a sum per currency and price year: they are never mixed (C1)."""
    sums: dict[tuple[str, int], Decimal] = {}
    for use in uses:
        if use.hourly_cost is not None:
            kind = (use.hourly_cost.currency, use.hourly_cost.price_year)
            sums[kind] = sums.get(kind, Decimal(0)) + use.amount * use.hourly_cost.amount
    return tuple(Money(sums[kind].quantize(_HUNDREDTH, ROUND_HALF_EVEN), *kind) for kind in sorted(sums))
