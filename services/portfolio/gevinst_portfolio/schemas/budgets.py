"""Budgets on the wire: money per year and kind (P4)."""

from decimal import Decimal
from typing import Any

from pydantic import Field

from gevinst_portfolio.domain.capacity import CarryChoice, RollOver, roll_over
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.schemas.profiles import CostOfYear
from gevinst_portfolio.usecases.budgeting import BudgetPosition
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import Amount, Id, In, Maybe, Moment, MoneyOut, Out, Prose, Year


class RollOverOfYear(In):
    """What becomes of investment money that a year leaves: it lapses (none), all of it is there in the
    years that follow (pool), or at most `cap` of it (capped). Money for operation lapses with its year."""

    carry: CarryChoice = Field(examples=["capped"])
    cap: Maybe[Amount] = Field(None, examples=["5000000.00"])

    def value(self, *, pointer: str) -> RollOver:
        return roll_over(self.carry, self.cap, pointer=pointer)


class BudgetIn(In):
    """The whole budget, in the portfolio's currency and price year."""

    years: list[CostOfYear] = Field(max_length=200, description="One amount per year and kind.")
    roll_over: RollOverOfYear = Field(
        RollOverOfYear(carry=CarryChoice.NONE),
        description="What becomes of investment money that a year leaves.",
    )
    reason: Maybe[Prose] = Field(None, description="Why it is set anew.")


class YearOfMoneyOut(Out):
    """One year and kind. Missing is not zero: without a budget nothing is said of what is free."""

    year: Year = Field(examples=[2027])
    kind: CostKind
    budget: Maybe[MoneyOut] = None
    planned: MoneyOut = Field(description="What approved and running projects cost.")
    free: Maybe[MoneyOut] = Field(None, description="Below zero when more is planned than there is.")


class BudgetOut(Out):
    """The budget in force beside what is planned; `version` 0 is the one before any was set."""

    portfolio_id: Id
    version: int = Field(ge=0, le=1_000_000_000)
    years: list[YearOfMoneyOut] = Field(max_length=500)
    roll_over: RollOverOfYear
    unprofiled_project_ids: list[Id] = Field(
        max_length=1000, description="Approved and running projects without cost per year: not in the sums."
    )
    reason: Maybe[Prose] = None
    set_by: Maybe[str] = Field(None, max_length=200)
    set_at: Maybe[Moment] = None


def roll_over_members(found: RollOver) -> dict[str, Any]:
    """The members of `RollOverOfYear`."""
    cap = None if found.cap_minor is None else f"{Decimal(found.cap_minor).scaleb(-2):.2f}"
    return {"carry": found.carry, "cap": cap}


def budget_position(position: BudgetPosition) -> dict[str, Any]:
    """The members of `BudgetOut`."""
    portfolio, budget = position.portfolio, position.budget

    def money(amount: Decimal | None) -> Money | None:
        return None if amount is None else Money(amount, portfolio.currency, portfolio.price_year)

    return {
        "portfolio_id": portfolio.id,
        "version": budget.version,
        "years": [
            {
                "year": each.year,
                "kind": each.kind,
                "budget": money(each.budget),
                "planned": money(each.planned),
                "free": money(each.free),
            }
            for each in position.years
        ],
        "roll_over": roll_over_members(budget.roll_over),
        "unprofiled_project_ids": list(position.unprofiled),
        "reason": budget.reason,
        "set_by": budget.set_by,
        "set_at": budget.set_at,
    }
