"""Reconciling what was planned with what became of budgets (M1, M3, E2). Computed on each read."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.money.reconciliation import (
    AgreedLine,
    BenefitFigures,
    Entry,
    Verified,
    YearFigures,
    reconciled,
)
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.planned_money import ours, planned_money
from gevinst_benefits.store import benefits, budget_entries, budget_phasings, kept_shares
from gevinst_benefits.store.agreements import own_shares
from gevinst_benefits.store.cashable import FIRST, Which, page, units_below
from gevinst_benefits.store.planned import projects_with_deliveries
from gevinst_benefits.store.verifications import list_in_force
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A benefit and its years."""

    benefit: Benefit
    years: tuple[YearFigures, ...]


async def reconcile(
    work: Work, which: Which, *, year: int | None, after: UUID | None, limit: int
) -> tuple[list[Reconciled], UUID | None]:
    """The next benefits that have anything in `year` (None: in any year), and where the next page begins.

    With a unit, budget lines and savings are those of it and of the units below; planned, agreed, booked and
    verified are always the whole benefit's.
    """
    rows = await page(work.connection, which, after=after or FIRST, limit=limit + 1)
    found = await _reconciled(work.connection, rows[:limit], year)
    if which.unit_id is not None:
        below = await units_below(work.connection, which.unit_id)
        found = [_only(one, below) for one in found]
    return [one for one in found if one.years], rows[limit - 1]["id"] if len(rows) > limit else None


async def all_reconciled(work: Work, which: Which, *, year: int | None) -> AsyncIterator[Reconciled]:
    """Every benefit that is asked for, a batch at a time."""
    after = FIRST
    while True:
        rows = await page(work.connection, which, after=after, limit=_BATCH)
        for one in await _reconciled(work.connection, rows, year):
            yield one
        if len(rows) < _BATCH:
            return
        after = rows[-1]["id"]


async def figures_of(connection: Connection, found: Sequence[Benefit]) -> dict[UUID, BenefitFigures]:
    """What is reconciled of each benefit; seven statements however many they are. Planned and verified are
    our part of it, where it is shared with another body (B11)."""
    ids = [one.id for one in found]
    projects = await projects_with_deliveries(connection, [one.project_id for one in found])
    agreed = _by_benefit(await budget_phasings.in_force(connection, ids))
    entries = _by_benefit(await budget_entries.of_benefits(connection, ids))
    verified = _by_benefit(await list_in_force(connection, ids))
    own = await own_shares(connection, ids)
    shares = await kept_shares.of_benefits(connection, ids)
    return {
        one.id: BenefitFigures(
            planned={
                year: money.minor
                for year, money in planned_money(one, projects[one.project_id], own[one.id]).items()
            },
            agreed=[line for row in agreed.get(one.id, ()) for line in agreed_lines(row)],
            entries=[entry_from(row) for row in entries.get(one.id, ())],
            verified=_verified(one, verified.get(one.id, ()), own[one.id]),
            shares={unit_id: kept for (benefit_id, unit_id), kept in shares.items() if benefit_id == one.id},
        )
        for one in found
    }


def agreed_lines(row: Mapping[str, Any]) -> list[AgreedLine]:
    """The lines of an agreement."""
    return [
        AgreedLine(row["id"], row["unit_id"], line.account, line.year, line.amount)
        for line in budget_phasings.lines_from(row["lines"])
    ]


def entry_from(row: Mapping[str, Any]) -> Entry:
    """The domain's entry of a row, in the benefit's money."""
    return Entry(
        id=row["id"],
        unit_id=row["unit_id"],
        account=row["account"],
        year=row["year"],
        amount=row["base_minor"],
        is_reversal=row["kind"] == "reversal",
        is_saving=row["is_saving"],
    )


async def _reconciled(
    connection: Connection, rows: Sequence[Mapping[str, Any]], year: int | None
) -> list[Reconciled]:
    found = [benefits.benefit_from(row) for row in rows]
    figures = await figures_of(connection, found)
    years = None if year is None else [year]
    return [Reconciled(one, reconciled(figures[one.id], years)) for one in found]


def _only(one: Reconciled, units: frozenset[UUID]) -> Reconciled:
    years = tuple(
        replace(
            year,
            lines=tuple(line for line in year.lines if line.unit_id in units),
            units=tuple(saving for saving in year.units if saving.unit_id in units),
        )
        for year in one.years
    )
    return Reconciled(one.benefit, years)


def _verified(one: Benefit, rows: Iterable[Mapping[str, Any]], share: Decimal) -> dict[int, Verified]:
    """What was found in the benefit's own money; another price year cannot be compared (C1)."""
    money = one.estimate.money_per_year
    assert money is not None
    return {
        row["year"]: Verified(row["id"], ours(row["money_minor"], share))
        for row in rows
        if (row["currency"], row["price_year"]) == (money.currency, money.price_year)
    }


def _by_benefit(rows: Iterable[Mapping[str, Any]]) -> dict[UUID, list[Mapping[str, Any]]]:
    found: dict[UUID, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["benefit_id"], []).append(row)
    return found
