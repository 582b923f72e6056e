"""Investment pools and their rounds on the wire (M2)."""

from datetime import date
from typing import Any

from pydantic import Field

from gevinst_portfolio.domain.ledger import AccountKind
from gevinst_portfolio.usecases.pool_forecasting import Forecast, LateAward, PoolPosition
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import (
    Currency,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Year,
)

MOST_AWARDS = 100_000


class PoolIn(In):
    """A pool keeps its money in one currency, told at the price level of one year."""

    name: Name = Field(examples=["Investment pool 2027"])
    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])
    portfolio_id: Maybe[Id] = Field(None, description="Absent for a pool of the whole organisation.")


class PoolOut(Out):
    """A pool as it is registered; what it has is its trial balance."""

    id: Id
    organisation: Organisation
    portfolio_id: Maybe[Id] = None
    name: Name
    currency: Currency
    price_year: Year
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class PoolPageOut(Out):
    """Pools, a page at a time."""

    items: list[PoolOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class RoundIn(In):
    """A round of applications."""

    name: Name = Field(examples=["Spring 2027"])
    opens_on: Day = Field(examples=["2026-01-01"])
    closes_on: Day = Field(description="The first day on which it is closed.", examples=["2199-01-01"])
    criteria: Prose = Field(description="What the money is for, and what counts.", examples=["Pays back."])
    ceiling: Maybe[MoneyIn] = Field(None, description="The most that the round gives.")


class RoundOut(Out):
    """A round as it is announced."""

    id: Id
    organisation: Organisation
    pool_id: Id
    name: Name
    opens_on: Day
    closes_on: Day
    criteria: Prose
    ceiling: Maybe[MoneyOut] = None
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class RoundPageOut(Out):
    """Rounds, a page at a time."""

    items: list[RoundOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class BalanceOut(Out):
    """All accounts of one kind together: debit above zero, credit below."""

    kind: AccountKind
    balance: MoneyOut


class TrialBalanceOut(Out):
    """Every balance of the ledger; `difference` is their sum, which is zero."""

    pool_id: Id
    balances: list[BalanceOut] = Field(max_length=20)
    difference: MoneyOut
    cash: MoneyOut = Field(description="Free and committed together.")
    free: MoneyOut = Field(description="What can be awarded.")
    committed: MoneyOut = Field(description="Awarded, and not drawn yet.")
    owed: MoneyOut = Field(description="Drawn as loans, and not repaid yet.")


class ArrearOut(Out):
    """An instalment that was due and is not wholly paid."""

    due_on: Day
    amount: MoneyOut
    unpaid: MoneyOut
    days: int = Field(ge=1, le=4_000_000, description="Since it fell due.")


class LateAwardOut(Out):
    award_id: Id
    project_id: Id
    project_name: Name
    unpaid: MoneyOut
    instalments: list[ArrearOut] = Field(max_length=1000)


class ArrearsOut(Out):
    """What was due before the day and is unpaid, as the ledger stands now."""

    pool_id: Id
    day: Day
    unpaid: MoneyOut
    awards: list[LateAwardOut] = Field(max_length=MOST_AWARDS)


class ForecastPeriodOut(Out):
    """A quarter or a year. Uncertain: benefits that nobody has verified, phases that no gate has opened."""

    period: str = Field(max_length=10, examples=["2027-Q1", "2027"])
    certain_in: MoneyOut
    uncertain_in: MoneyOut
    certain_out: MoneyOut
    uncertain_out: MoneyOut
    balance: MoneyOut = Field(description="Cash at the end, when all goes by the plans.")
    cautious_balance: MoneyOut = Field(description="Cash at the end, when only what is certain comes in.")


class ForecastOut(Out):
    """What the pool will have. Cash is money that is there, promised or not."""

    pool_id: Id
    day: Day
    cash: MoneyOut
    periods: list[ForecastPeriodOut] = Field(max_length=80)
    lowest: MoneyOut = Field(description="The lowest balance, of today and of every quarter's end.")
    lowest_cautious: MoneyOut


def trial_balance(position: PoolPosition) -> dict[str, Any]:
    """The members of `TrialBalanceOut`."""
    money = _in_money_of(position)
    balances = position.balances
    return {
        "pool_id": position.pool.id,
        "balances": [
            {"kind": kind, "balance": money(balances[kind])} for kind in AccountKind if kind in balances
        ],
        "difference": money(sum(balances.values())),
        "cash": money(position.cash),
        "free": money(balances[AccountKind.FREE]),
        "committed": money(balances.get(AccountKind.COMMITTED, 0)),
        "owed": money(balances.get(AccountKind.OWED, 0)),
    }


def arrears_told(position: PoolPosition, late: list[LateAward], day: date) -> dict[str, Any]:
    """The members of `ArrearsOut`."""
    money = _in_money_of(position)
    return {
        "pool_id": position.pool.id,
        "day": day,
        "unpaid": money(sum(arrear.unpaid for one in late for arrear in one.late)),
        "awards": [
            {
                "award_id": one.award.id,
                "project_id": one.award.project_id,
                "project_name": one.award.project_name,
                "unpaid": money(sum(arrear.unpaid for arrear in one.late)),
                "instalments": [
                    {
                        "due_on": arrear.due_on,
                        "amount": money(arrear.amount),
                        "unpaid": money(arrear.unpaid),
                        "days": arrear.days,
                    }
                    for arrear in one.late
                ],
            }
            for one in late
        ],
    }


def forecast_told(found: Forecast, *, by_year: bool) -> dict[str, Any]:
    """The members of `ForecastOut`."""
    money = _in_money_of(found)
    amounts = ("certain_in", "uncertain_in", "certain_out", "uncertain_out", "balance", "cautious_balance")
    return {
        "pool_id": found.pool.id,
        "day": found.today,
        "cash": money(found.cash),
        "periods": [
            {
                "period": str(period.quarter.year if by_year else period.quarter),
                **{name: money(getattr(period, name)) for name in amounts},
            }
            for period in found.periods
        ],
        "lowest": money(found.lowest),
        "lowest_cautious": money(found.lowest_cautious),
    }


def _in_money_of(found: PoolPosition | Forecast) -> Any:  # noqa: ANN401 - a function from hundredths to money
    return lambda minor: Money.from_minor(minor, found.pool.currency, found.pool.price_year)
