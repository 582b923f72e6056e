"""M1: a cashable benefit becomes dated adjustments of a unit's budget: phased, agreed, booked, reversed.

Amounts are whole hundredths in the benefit's own money. Above zero the unit's budget grows, because it
carries a cost; below zero it shrinks by what is saved.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum

from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

_DIGITS = 60


class OtherMoney(Refusal):
    """C1: sums never mix price years silently."""

    code = "not-the-benefits-money"
    title = "Not the benefit's money"
    detail = (
        "The benefit is estimated in {currency} at {price_year} prices. Write the amounts in that; what is "
        "booked in other prices states its index."
    )


class LineOfYearTwice(Refusal):
    code = "line-of-year-twice"
    title = "A year has two amounts on one account"
    detail = "{account} has more than one amount in {year}. Write their sum."


class EmptyAmount(Refusal):
    code = "empty-amount"
    title = "The amount is zero"
    detail = "An adjustment is above or below zero. Leave the line away where nothing changes."


class NothingToPhase(Refusal):
    code = "nothing-to-phase"
    title = "Nothing is planned that could be phased"
    detail = "The benefit has no planned years. Give the lines of the phasing yourself."


class PhasingSettled(Refusal):
    code = "phasing-settled"
    title = "The phasing is no longer a draft"
    detail = "The phasing is {state}. Draft another one; when it is agreed it takes this one's place."


class DrafterAgrees(Refusal):
    """G3."""

    code = "drafter-agrees"
    title = "Whoever drafted it cannot agree to it"
    detail = "You drafted this phasing. The unit's leader or the benefit's owner agrees to it."


class NotTheUnits(Refusal):
    code = "not-the-units-leader"
    title = "Only the unit agrees to its budget"
    detail = (
        "Only a leader of the unit, or an owner of the benefit, agrees to what becomes of the unit's budget."
    )


class NotAgreed(Refusal):
    code = "phasing-not-agreed"
    title = "The phasing is not in force"
    detail = "Only the phasing that the unit agreed to last is booked. This one is {state}."


class NoSuchLine(Refusal):
    code = "no-such-line"
    title = "The phasing has no such line"
    detail = "Nothing is agreed for {account} in {year}."


class BeyondAgreed(Refusal):
    code = "beyond-agreed"
    title = "More than was agreed"
    detail = "{asked} is to be booked to {account} in {year} and {left} of what was agreed is left."


class BeyondBenefit(Refusal):
    code = "beyond-benefit"
    title = "More than the benefit gives"
    detail = (
        "{asked} more would be saved in {year} and {left} is left of what the benefit is planned to give."
    )


class BeyondVerification(Refusal):
    code = "beyond-verification"
    title = "More than the controller has verified"
    detail = (
        "{asked} more would be saved in {year} and {left} is left of what the controller has verified in "
        "that year. Where nothing is verified yet, nothing can be booked."
    )


class BeyondBooked(Refusal):
    code = "beyond-booked"
    title = "More than is left of the entry"
    detail = "{asked} is to be reversed and {left} of the entry has not been reversed."


class NotReversible(Refusal):
    code = "not-reversible"
    title = "A reversal is not reversed"
    detail = "This entry is a reversal. Book the amount again instead."


class IndexNotNeeded(Refusal):
    code = "index-not-needed"
    title = "The index changes nothing"
    detail = "The benefit is in {price_year} prices already. Leave the index away."


class FrameBooked(Refusal):
    code = "frame-booked"
    title = "The benefit is booked"
    detail = (
        "Budgets were adjusted because of this benefit, as a budget reduction in {currency} at {price_year} "
        "prices. It keeps that mode and money. Reverse the entries and plan another benefit."
    )


class Practice(StrEnum):
    """When a saving may be booked: as soon as it is agreed, or as far as the controller has verified it."""

    AT_ONCE = "at-once"
    WHEN_VERIFIED = "when-verified"


class PhasingState(StrEnum):
    DRAFT = "draft"
    AGREED = "agreed"
    WITHDRAWN = "withdrawn"


class EntryKind(StrEnum):
    BOOKING = "booking"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True, order=True)
class LineKey:
    account: str
    year: int


@dataclass(frozen=True, slots=True)
class PhasingLine:
    """What changes on one budget line in one year."""

    account: str
    year: int
    amount: int

    @property
    def key(self) -> LineKey:
        return LineKey(self.account, self.year)


@dataclass(frozen=True, slots=True)
class PriceStep:
    """An open index from the benefit's price year to another: its two values and where they are from."""

    price_year: int
    from_value: Decimal
    to_value: Decimal
    source: str

    def amount(self, base: int) -> int:
        """`base` at the other price level, rounded half-even.   Check: 1000 from 100 to 104.2 is 1042."""
        with localcontext(prec=_DIGITS):
            exact = Decimal(base) * self.to_value / self.from_value
            return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Limit:
    """The most that may be saved in a year, and by which practice; 0 where nothing is planned or verified."""

    practice: Practice
    minor: int


def refuse_odd_lines(lines: Sequence[PhasingLine]) -> None:
    """Each line is an amount, and a budget line has one amount in a year."""
    seen: set[LineKey] = set()
    for number, line in enumerate(lines):
        if line.amount == 0:
            raise EmptyAmount(pointer=f"/body/lines/{number}/amount")
        if line.key in seen:
            raise LineOfYearTwice(account=line.account, year=line.year, pointer=f"/body/lines/{number}")
        seen.add(line.key)


def prefilled(planned: Mapping[int, Money], account: str) -> tuple[PhasingLine, ...]:
    """One line for each year in which the benefit is planned to give something, as a saving."""
    lines = [PhasingLine(account, year, -money.minor) for year, money in sorted(planned.items())]
    found = tuple(line for line in lines if line.amount)
    if not found:
        raise NothingToPhase
    return found


def amount_to_book(agreed: int, booked: int, asked: int | None, line: LineKey) -> int:
    """What is booked of a line: what is asked, or all that is left. `booked` is net of reversals.

    Refuses what goes beyond the agreement, on either side of zero.
    """
    left = agreed - booked
    if left * agreed <= 0:
        left = 0
    wanted = left if asked is None else asked
    if wanted == 0 or abs(wanted) > abs(left) or (wanted < 0) != (left < 0):
        raise BeyondAgreed(asked=spoken(wanted), left=spoken(left), account=line.account, year=line.year)
    return wanted


def refuse_beyond(limit: Limit, *, saved: int, amount: int, year: int) -> None:
    """Refuse a saving (`amount` below zero) that goes beyond what the year gives; `saved` is net so far.

    Costs are not limited: they are agreed, and no benefit pays for them.
    """
    if amount > 0:
        return
    left = max(0, limit.minor - saved)
    if -amount > left:
        beyond = BeyondBenefit if limit.practice is Practice.AT_ONCE else BeyondVerification
        raise beyond(asked=spoken(-amount), left=spoken(left), year=year)


def reversal_of(booked: int, reversed_so_far: int, asked: int | None) -> int:
    """The amount of the entry that takes back `asked` (above zero; None: all that is left) of `booked`.

    Check: of -100 with 30 taken back, all that is left is 70.
    """
    left = abs(booked) - reversed_so_far
    wanted = left if asked is None else asked
    if wanted <= 0 or wanted > left:
        raise BeyondBooked(asked=spoken(wanted), left=spoken(left))
    return -wanted if booked > 0 else wanted


def reversed_amount(step: PriceStep | None, booked: int, so_far: int, taken: int) -> int:
    """`taken` as it is booked: with an index, so that the reversals of an entry sum to all of it."""
    if step is None:
        return taken
    sign = -1 if booked > 0 else 1
    after = step.amount(sign * (so_far + abs(taken)))
    return after - step.amount(sign * so_far)


def net_by_line(entries: Iterable[tuple[LineKey, int]]) -> dict[LineKey, int]:
    """What is booked on each line, reversals taken off."""
    net: dict[LineKey, int] = {}
    for key, amount in entries:
        net[key] = net.get(key, 0) + amount
    return net


def spoken(minor: int) -> str:
    """Hundredths as people write them: 125 is 1.25."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"
