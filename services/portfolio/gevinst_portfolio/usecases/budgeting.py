"""Setting a portfolio's budget, and what is free of it (P4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.capacity import NamedTwice, RollOver, YearOfMoney, years_of_money
from gevinst_portfolio.domain.permissions import SET_MONEY
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import CostOfYear
from gevinst_portfolio.events.capacity import BudgetSet
from gevinst_portfolio.store import announcements, budgets, portfolios
from gevinst_portfolio.store.budgets import BudgetVersion
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class BudgetPosition:
    """The budget in force beside what approved and running projects plan to spend."""

    portfolio: Portfolio
    budget: BudgetVersion
    years: Sequence[YearOfMoney]
    unprofiled: Sequence[UUID]


async def get_budget(work: Work, portfolio_id: UUID) -> BudgetPosition:
    """Where the portfolio's money stands now."""
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    budget = await budgets.get_last(work.connection, portfolio_id)
    planned = await budgets.sum_planned(work.connection, portfolio_id)
    unprofiled = await budgets.list_unprofiled(work.connection, portfolio_id)
    return BudgetPosition(portfolio, budget, years_of_money(budget.years, planned), unprofiled)


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole budget as somebody sets it."""

    years: Sequence[CostOfYear]
    roll_over: RollOver
    reason: str | None


async def set_budget(work: Work, portfolio_id: UUID, frame: Frame, *, expected: int) -> BudgetPosition | None:
    """Put a new version of the whole budget in force; None when somebody else did meanwhile."""
    await portfolios.hold(work.connection, portfolio_id)
    work.require(SET_MONEY, Place(portfolios=frozenset({portfolio_id})))
    _refuse_repeated(frame.years)
    last = await budgets.get_last(work.connection, portfolio_id)
    if last.version != expected:
        return None
    version = last.version + 1
    lines = _lines(((each.year, each.kind), each.amount) for each in frame.years)
    values = {"id": new_id(), "portfolio_id": portfolio_id, "version": version, "years": lines}
    rolls = _rolls(frame.roll_over)
    who = {"organisation_id": work.organisation, "set_by": work.actor.subject, "set_at": work.now}
    await budgets.add_version(work.connection, {**values, **rolls, **who, "reason": frame.reason})
    fact = BudgetSet(portfolio_id=portfolio_id, version=version)
    record = recorded(work, fact, subject=subject_of("portfolios", portfolio_id), reason=frame.reason)
    before = {"budget": _lines(last.years.items()), **_rolls(last.roll_over)} if last.version else None
    after = {"budget": lines, **rolls}
    await announcements.announce(work.connection, [{**record, "before": before, "after": after}])
    return await get_budget(work, portfolio_id)


def _lines(years: Iterable[tuple[tuple[int, str], Decimal]]) -> list[dict[str, Any]]:
    return [{"year": year, "kind": kind, "amount": f"{amount:.2f}"} for (year, kind), amount in years]


def _rolls(roll_over: RollOver) -> dict[str, Any]:
    return {"carry": roll_over.carry, "carry_cap_minor": roll_over.cap_minor}


def _refuse_repeated(years: Sequence[CostOfYear]) -> None:
    seen: set[tuple[int, str]] = set()
    for each in years:
        if (each.year, each.kind) in seen:
            raise NamedTwice(what=f"{each.year} ({each.kind})", pointer="/body/years")
        seen.add((each.year, each.kind))
