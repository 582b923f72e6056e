"""C1: a version of a business case: lines of costs and benefits over years, in one open frame."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from uuid import UUID

from gevinst_benefits.domain.case.case_model import CaseModel, Side
from gevinst_benefits.domain.case.discounting import DIGITS, DiscountRegime
from gevinst_shared.values.refusal import Refusal

# `Side` is a word of the lines here as much as of the model that they come from.
__all__ = [
    "BusinessCase",
    "CaseFrame",
    "CaseLine",
    "LineTwice",
    "MixedPriceYears",
    "OutsideHorizon",
    "PriceIndex",
    "Recurring",
    "Side",
    "Yearly",
    "line_flows",
    "price_factor",
]


class MixedPriceYears(Refusal):
    code = "mixed-price-years"
    title = "Price years cannot be added"
    detail = (
        "{line} is in {line_year} prices and the case in {case_year} prices. "
        "Give the case a price index with both years, or write the line in {case_year} prices."
    )


class OutsideHorizon(Refusal):
    code = "outside-horizon"
    title = "The line reaches outside the case's years"
    detail = "{line} has amounts outside {first_year}–{last_year}. Move the line, or change the case's years."


class LineTwice(Refusal):
    code = "line-twice"
    title = "Two lines have the same id"
    detail = "The line id {line} is used more than once. Give every line an id of its own."


@dataclass(frozen=True, slots=True)
class Yearly:
    """One amount for each year from the line's first year; a one-off is a single amount."""

    amounts: tuple[Decimal, ...]

    @property
    def years(self) -> int:
        return len(self.amounts)

    def amount(self, year: int) -> Decimal:
        """The amount in `year`, counted from the line's first year."""
        return self.amounts[year]


@dataclass(frozen=True, slots=True)
class Recurring:
    """The same amount every year, for `years` years or, with none, as long as the case lasts.

    `ramp` holds the shares of the first years (0.5 is half); after it the amount is whole.
    """

    amount_per_year: Decimal
    ramp: tuple[Decimal, ...] = ()
    years: int | None = None

    def amount(self, year: int) -> Decimal:
        """The amount in `year`, counted from the line's first year."""
        return self.amount_per_year * (self.ramp[year] if year < len(self.ramp) else 1)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A cost or a benefit that falls on one unit.

    Amounts are positive on both sides; a negative benefit is a disbenefit, a negative cost a refund.
    `kind` is `investment` or `operation` for a cost and the benefit's kind for a benefit. `first_year` is a
    calendar year. `is_public_money` says that it is paid from, or relieves, a public budget: only such lines
    carry the cost of tax financing.
    """

    id: UUID
    name: str
    side: Side
    kind: str
    unit_id: UUID
    first_year: int
    price_year: int
    amounts: Yearly | Recurring
    is_public_money: bool = True


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """Positive index values by year, so that amounts of several price years are brought together openly."""

    name: str
    source: str
    values: Mapping[int, Decimal]

    def factor(self, from_year: int, to_year: int) -> Decimal | None:
        """What an amount of `from_year` prices is multiplied by, or nothing when a year is missing."""
        if from_year not in self.values or to_year not in self.values:
            return None
        with localcontext(prec=DIGITS):
            return self.values[to_year] / self.values[from_year]


@dataclass(frozen=True, slots=True)
class CaseFrame:
    """What all lines of a case are computed in: the years `base_year` to `base_year + horizon_years - 1`.

    At least one year. `regime` is the whole regime, so that a frozen case holds the rates it was
    computed with.
    """

    base_year: int
    horizon_years: int
    price_year: int
    currency: str
    regime: DiscountRegime
    index: PriceIndex | None = None

    @property
    def years(self) -> range:
        return range(self.base_year, self.base_year + self.horizon_years)


@dataclass(frozen=True, slots=True)
class BusinessCase:
    """One version of a project's case. It is never changed, only followed by the next number.

    `lines` are what is computed: the recommended alternative's costs and benefits in money, the risk pool,
    and the zero alternative's lines with the opposite sign. `model` is what they were written as, if it was.

    Raises `LineTwice`, `OutsideHorizon` and `MixedPriceYears`: a case that exists can be computed.
    """

    project_id: UUID
    number: int
    frame: CaseFrame
    lines: tuple[CaseLine, ...]
    model: CaseModel | None = None

    def __post_init__(self) -> None:
        seen: set[UUID] = set()
        for line in self.lines:
            if line.id in seen:
                raise LineTwice(line=line.id)
            seen.add(line.id)
            _refuse_outside_horizon(line, self.frame)
            price_factor(line, self.frame)


def price_factor(line: CaseLine, frame: CaseFrame) -> Decimal:
    """What brings the line's amounts to the frame's price year, or `MixedPriceYears`."""
    if line.price_year == frame.price_year:
        return Decimal(1)
    factor = frame.index.factor(line.price_year, frame.price_year) if frame.index else None
    if factor is None:
        raise MixedPriceYears(line=line.name, line_year=line.price_year, case_year=frame.price_year)
    return factor


def line_flows(line: CaseLine, frame: CaseFrame) -> tuple[Decimal, ...]:
    """The line's amount in each year of the frame, in the frame's prices; years outside it do not count."""
    factor = price_factor(line, frame)
    with localcontext(prec=DIGITS):
        return tuple(_amount_in(line, year) * factor for year in frame.years)


def _amount_in(line: CaseLine, calendar_year: int) -> Decimal:
    year = calendar_year - line.first_year
    is_running = year >= 0 and (line.amounts.years is None or year < line.amounts.years)
    return line.amounts.amount(year) if is_running else Decimal(0)


def _refuse_outside_horizon(line: CaseLine, frame: CaseFrame) -> None:
    first, last = frame.years[0], frame.years[-1]
    ends = last if line.amounts.years is None else line.first_year + line.amounts.years - 1
    if line.first_year < first or line.first_year > last or ends > last:
        raise OutsideHorizon(line=line.name, first_year=first, last_year=last)
