"""What a pool will have: in, out and balance per period, from its plans and its entries (M2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from gevinst_portfolio.domain.pools import Instalment, PlannedDrawdown
from gevinst_portfolio.domain.quarters import Quarter


@dataclass(frozen=True, slots=True)
class OpenAward:
    """What is ahead of an award, in whole hundredths.

    `drawn` is by phase; `passed` are the phases that the project may be in; `unused` are verified
    benefits that can repay. Money that was returned is no longer `committed`.
    """

    drawdowns: tuple[PlannedDrawdown, ...]
    instalments: tuple[Instalment, ...]
    committed: int
    drawn: dict[str, int]
    passed: frozenset[str]
    owed: int
    unused: int

    @property
    def settled(self) -> int:
        """What was drawn and is no longer owed: repaid, or written off."""
        return sum(self.drawn.values()) - self.owed if self.instalments else 0


@dataclass(frozen=True, slots=True)
class Flow:
    """Money on a day: in above zero, out below. Uncertain is what nobody has verified or let through yet."""

    day: date
    amount: int
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Period:
    """One quarter. `balance` if all goes by the plan, `cautious_balance` if only what is certain comes in."""

    quarter: Quarter
    certain_in: int = 0
    uncertain_in: int = 0
    certain_out: int = 0
    uncertain_out: int = 0
    balance: int = 0
    cautious_balance: int = 0


def flows(award: OpenAward, today: date) -> list[Flow]:
    """What is still to come, none before today: what is late is expected now.

    A drawdown is certain when its gate has said go. An instalment is certain as far as verified benefits
    cover it. An instalment of money that is not drawn yet is counted too, as uncertain: the loan must first
    be paid out.
    """
    found: list[Flow] = []
    left = award.committed
    for each in sorted(award.drawdowns, key=lambda one: one.planned_on):
        amount = min(left, max(0, each.amount - award.drawn.get(each.phase, 0)))
        left -= amount
        if amount:
            found.append(Flow(max(today, each.planned_on), -amount, each.phase in award.passed))
    repaid, verified, to_come = award.settled, min(award.unused, award.owed), award.owed + award.committed
    for instalment in sorted(award.instalments, key=lambda one: one.due_on):
        covered = min(repaid, instalment.amount)
        repaid -= covered
        unpaid = min(instalment.amount - covered, to_come)
        to_come -= unpaid
        certain = min(unpaid, verified)
        verified -= certain
        day = max(today, instalment.due_on)
        found += [Flow(day, certain, is_certain=True), Flow(day, unpaid - certain, is_certain=False)]
    return [flow for flow in found if flow.amount]


def forecast(cash: int, coming: Sequence[Flow], first: Quarter, quarters: int) -> tuple[Period, ...]:
    """The quarters from `first` on; `cash` is what the pool has now, free and committed.

    What lies beyond the last quarter is left out. Balances are those at the end of the quarter; the cautious
    one counts every outflow, and of the inflows the certain ones only.
    Check: 100 in cash, 40 out in the first quarter and 10 uncertain in the second: 60 and 70, cautiously 60.
    """
    periods = [Period(first.plus(at)) for at in range(quarters)]
    for flow in coming:
        at = Quarter.of(flow.day).index - first.index
        if 0 <= at < quarters:
            periods[at] = _with(periods[at], flow)
    balance = cautious = cash
    shown: list[Period] = []
    for period in periods:
        out = period.certain_out + period.uncertain_out
        balance += period.certain_in + period.uncertain_in - out
        cautious += period.certain_in - out
        shown.append(replace(period, balance=balance, cautious_balance=cautious))
    return tuple(shown)


def yearly(periods: Sequence[Period]) -> tuple[Period, ...]:
    """The same by calendar year: flows added up, balances those of the year's last quarter."""
    years: dict[int, Period] = {}
    for period in periods:
        before = years.get(period.quarter.year)
        years[period.quarter.year] = period if before is None else _joined(before, period)
    return tuple(years.values())


def _joined(before: Period, after: Period) -> Period:
    return Period(
        before.quarter,
        before.certain_in + after.certain_in,
        before.uncertain_in + after.uncertain_in,
        before.certain_out + after.certain_out,
        before.uncertain_out + after.uncertain_out,
        after.balance,
        after.cautious_balance,
    )


def _with(period: Period, flow: Flow) -> Period:
    amount = abs(flow.amount)
    match flow.amount > 0, flow.is_certain:
        case True, True:
            return replace(period, certain_in=period.certain_in + amount)
        case True, False:
            return replace(period, uncertain_in=period.uncertain_in + amount)
        case False, True:
            return replace(period, certain_out=period.certain_out + amount)
        case _:
            return replace(period, uncertain_out=period.uncertain_out + amount)
