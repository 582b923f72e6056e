"""What the units of a subtree must count with in a year's budget (M1, M3, E2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.money.budget_plans import (
    Cause,
    PlannedLine,
    PlannedSaving,
    planned_lines,
    planned_savings,
)
from gevinst_benefits.domain.money.delimited import amount_text, written
from gevinst_benefits.store import benefits, budget_entries, budget_phasings, kept_shares
from gevinst_benefits.store.cashable import rows_of, unit_names, units_below
from gevinst_benefits.usecases.reconciling import agreed_lines, entry_from
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown

_COLUMNS = (
    *("unit_id", "unit", "account", "year", "benefit_id", "benefit", "currency", "price_year"),
    *("agreed", "booked", "reversed", "net", "phasing_id", "entry_ids"),
)


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """The adjustments of a unit and of those below it in a year."""

    unit_id: UUID
    year: int
    lines: Sequence[PlannedLine]
    savings: Sequence[PlannedSaving]


async def budget_plan(work: Work, unit_id: UUID, year: int) -> BudgetPlan:
    """The plan of the unit's subtree, or `Unknown`."""
    if not await units_below(work.connection, unit_id):
        raise Unknown
    agreed = await budget_phasings.in_force_below(work.connection, unit_id)
    entries = await budget_entries.below(work.connection, unit_id, year)
    ids = sorted({row["benefit_id"] for row in (*agreed, *entries)})
    shares = await kept_shares.of_benefits(work.connection, ids)
    causes = []
    for row in await rows_of(work.connection, ids):
        known = benefits.benefit_from(row)
        money = known.estimate.money_per_year
        if money is None:  # re-estimated in another ledger before anything was booked
            continue
        cause = Cause(
            known.id,
            known.name,
            money,
            [line for one in agreed if one["benefit_id"] == known.id for line in agreed_lines(one)],
            [entry_from(one) for one in entries if one["benefit_id"] == known.id],
            {unit: kept for (benefit_id, unit), kept in shares.items() if benefit_id == known.id},
        )
        causes.append(cause)
    return BudgetPlan(unit_id, year, planned_lines(causes, year), planned_savings(causes, year))


async def budget_plan_as_csv(work: Work, unit_id: UUID, year: int, *, has_decimal_comma: bool) -> bytes:
    """The plan's lines as delimited text in UTF-8, with a mark by which spreadsheets know it."""
    plan = await budget_plan(work, unit_id, year)
    names = await unit_names(work.connection, [line.figures.unit_id for line in plan.lines])
    mark = "," if has_decimal_comma else "."
    rows = [_COLUMNS, *(_cells(line, names.get(line.figures.unit_id, ""), year, mark) for line in plan.lines)]
    return written(rows, separator=";" if has_decimal_comma else ",").encode("utf-8-sig")


def _cells(line: PlannedLine, unit: str, year: int, mark: str) -> Sequence[str]:
    figures, cause = line.figures, line.cause
    agreed = "" if figures.agreed is None else amount_text(figures.agreed, decimal_mark=mark)
    booked = (amount_text(one, decimal_mark=mark) for one in (figures.booked, figures.reversed, figures.net))
    return (
        *(str(figures.unit_id), unit, figures.account, str(year), str(cause.benefit_id), cause.name),
        *(cause.money.currency, str(cause.money.price_year), agreed, *booked),
        *(
            "" if figures.phasing_id is None else str(figures.phasing_id),
            " ".join(map(str, figures.entry_ids)),
        ),
    )
