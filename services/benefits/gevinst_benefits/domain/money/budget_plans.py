"""A unit's budget plan for a year: every adjustment of it and of the units below, with its sources (E2)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.money.kept_shares import KeptShare
from gevinst_benefits.domain.money.reconciliation import (
    AgreedLine,
    Entry,
    LineFigures,
    UnitSaving,
    lines_of,
    savings_of,
)
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

MOST_LINES = 10_000


class PlanTooLarge(Refusal):
    code = "budget-plan-too-large"
    title = "Too many budget lines at once"
    detail = "More than {most} budget lines of the unit are adjusted in {year}. Ask for a unit below it."


@dataclass(frozen=True, slots=True)
class Cause:
    """A benefit with its agreed lines and entries in the units of the plan, in its own money."""

    benefit_id: UUID
    name: str
    money: Money
    agreed: Sequence[AgreedLine]
    entries: Sequence[Entry]
    shares: dict[UUID, Sequence[KeptShare]]


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """What one benefit changes on one budget line of one unit."""

    cause: Cause
    figures: LineFigures


@dataclass(frozen=True, slots=True)
class PlannedSaving:
    cause: Cause
    saving: UnitSaving


def planned_lines(causes: Iterable[Cause], year: int) -> tuple[PlannedLine, ...]:
    """The lines of the year by unit, account and benefit; costs and savings alike."""
    found = [
        PlannedLine(cause, figures)
        for cause in causes
        for figures in lines_of(
            (line for line in cause.agreed if line.year == year),
            (entry for entry in cause.entries if entry.year == year),
        )
    ]
    if len(found) > MOST_LINES:
        raise PlanTooLarge(most=MOST_LINES, year=year)
    return tuple(
        sorted(
            found,
            key=lambda one: (str(one.figures.unit_id), one.figures.account, str(one.cause.benefit_id)),
        )
    )


def planned_savings(causes: Iterable[Cause], year: int) -> tuple[PlannedSaving, ...]:
    """M3: what each unit has saved by each benefit in the year, and what of it it keeps."""
    return tuple(
        PlannedSaving(cause, saving)
        for cause in causes
        for saving in savings_of((e for e in cause.entries if e.year == year), cause.shares, year)
    )
