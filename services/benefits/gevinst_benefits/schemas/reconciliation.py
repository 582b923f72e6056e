"""Planned against agreed, booked, verified and realised, on the wire (M1, M3, E2)."""

from typing import Any
from uuid import UUID

from pydantic import Field

from gevinst_benefits.domain.money.budget_adjustments import spoken
from gevinst_benefits.domain.money.budget_plans import MOST_LINES
from gevinst_benefits.domain.money.reconciliation import Gap, LineFigures, UnitSaving, YearFigures
from gevinst_benefits.domain.plan.benefits import Benefit, BenefitState
from gevinst_benefits.schemas.budget_adjustments import Count
from gevinst_benefits.usecases.budget_planning import BudgetPlan
from gevinst_benefits.usecases.reconciling import Reconciled
from gevinst_shared.values.money import Money
from gevinst_shared.web.shapes import Id, Maybe, MoneyOut, Name, Out, Year

Json = dict[str, Any]
_MOST = 100_000


class BudgetLineOut(Out):
    """One budget line of one unit; below zero the budget shrinks."""

    unit_id: Id
    account: Name
    agreed: Maybe[MoneyOut] = None
    booked: MoneyOut
    reversed: MoneyOut
    net: MoneyOut = Field(description="What the budget has changed by: booked and reversed.")
    phasing_id: Maybe[Id] = None
    entry_ids: list[Id] = Field(max_length=_MOST, description="The entries that it is the sum of (E2).")


class UnitSavingOut(Out):
    """What a unit has saved: `gross` is what it keeps and what goes to the common purse (M3)."""

    unit_id: Id
    gross: MoneyOut
    kept: MoneyOut
    to_common_purse: MoneyOut
    share_number: Maybe[Count] = Field(None, description="The version of the kept share; absent for none.")


class DifferenceOut(Out):
    """Why two neighbouring figures differ, and by how much; no amount where one is missing."""

    reason: Gap
    amount: Maybe[MoneyOut] = Field(None, description="What the later one lacks; below zero: is beyond.")


class YearFiguresOut(Out):
    """A benefit's year, savings above zero; what is absent is not there yet, which is not zero (B6)."""

    year: Year
    planned: Maybe[MoneyOut] = None
    agreed: Maybe[MoneyOut] = None
    booked: Maybe[MoneyOut] = Field(None, description="Net of reversals.")
    reversed: MoneyOut
    verified: Maybe[MoneyOut] = None
    realised: Maybe[MoneyOut] = Field(
        None, description="Out of the budget and found there: the smaller of booked and verified."
    )
    cost: MoneyOut = Field(description="What budgets grew by because of the benefit.")
    verification_id: Maybe[Id] = None
    differences: list[DifferenceOut] = Field(max_length=3)
    lines: list[BudgetLineOut] = Field(max_length=_MOST)
    units: list[UnitSavingOut] = Field(max_length=_MOST)


class ReconciledOut(Out):
    """A benefit and its years."""

    benefit_id: Id
    project_id: Id
    name: Name
    state: BenefitState
    owner_unit_id: Id
    years: list[YearFiguresOut] = Field(max_length=500)


class ReconciliationOut(Out):
    """Benefits that are taken out of budgets, a page at a time."""

    items: list[ReconciledOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class PlannedLineOut(BudgetLineOut):
    """What one benefit changes on one budget line of one unit in the year."""

    benefit_id: Id
    benefit_name: Name


class PlannedSavingOut(UnitSavingOut):
    """What one benefit has saved in one unit in the year."""

    benefit_id: Id


class BudgetPlanOut(Out):
    """A year of a unit and of those below it."""

    unit_id: Id
    year: Year
    lines: list[PlannedLineOut] = Field(max_length=MOST_LINES)
    savings: list[PlannedSavingOut] = Field(max_length=_MOST)


def shown(one: Reconciled) -> Json:
    """`ReconciledOut` of a benefit."""
    known = one.benefit
    return {
        "benefit_id": str(known.id),
        "project_id": str(known.project_id),
        "name": known.name,
        "state": known.state.value,
        "owner_unit_id": str(known.owner.unit_id),
        "years": [_year(_money(known), year) for year in one.years],
    }


def plan_shown(plan: BudgetPlan) -> Json:
    """`BudgetPlanOut` of a plan."""
    return {
        "unit_id": str(plan.unit_id),
        "year": plan.year,
        "lines": [
            _line(one.cause.money, one.figures)
            | {"benefit_id": str(one.cause.benefit_id), "benefit_name": one.cause.name}
            for one in plan.lines
        ],
        "savings": [
            _saving(one.cause.money, one.saving) | {"benefit_id": str(one.cause.benefit_id)}
            for one in plan.savings
        ],
    }


def _money(known: Benefit) -> Money:
    assert known.estimate.money_per_year is not None  # only money is reconciled
    return known.estimate.money_per_year


def _amount(money: Money, minor: int | None) -> Json | None:
    """Hundredths as money of the same currency and price year; None where there are none."""
    if minor is None:
        return None
    return {"amount": spoken(minor), "currency": money.currency, "price_year": money.price_year}


def _there(**members: object) -> Json:
    """The members that are there: absent, never null."""
    return {name: value for name, value in members.items() if value is not None}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _year(money: Money, year: YearFigures) -> Json:
    return _there(
        year=year.year,
        planned=_amount(money, year.planned),
        agreed=_amount(money, year.agreed),
        booked=_amount(money, year.booked),
        reversed=_amount(money, year.reversed),
        verified=_amount(money, year.verified),
        realised=_amount(money, year.realised),
        cost=_amount(money, year.cost),
        verification_id=_text(year.verification_id),
        differences=[
            _there(reason=one.reason.value, amount=_amount(money, one.amount)) for one in year.differences
        ],
        lines=[_line(money, line) for line in year.lines],
        units=[_saving(money, saving) for saving in year.units],
    )


def _line(money: Money, line: LineFigures) -> Json:
    return _there(
        unit_id=str(line.unit_id),
        account=line.account,
        agreed=_amount(money, line.agreed),
        booked=_amount(money, line.booked),
        reversed=_amount(money, line.reversed),
        net=_amount(money, line.net),
        phasing_id=_text(line.phasing_id),
        entry_ids=[str(one) for one in line.entry_ids],
    )


def _saving(money: Money, saving: UnitSaving) -> Json:
    return _there(
        unit_id=str(saving.unit_id),
        gross=_amount(money, saving.division.gross),
        kept=_amount(money, saving.division.kept),
        to_common_purse=_amount(money, saving.division.net),
        share_number=saving.share_number,
    )
