"""Phasing a benefit over a unit's budget: drafted by finance, agreed by the unit (M1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.money.budget_adjustments import (
    DrafterAgrees,
    NotTheUnits,
    OtherMoney,
    PhasingLine,
    PhasingSettled,
    PhasingState,
    Practice,
    prefilled,
    refuse_odd_lines,
)
from gevinst_benefits.domain.permissions import AGREE_ADJUSTMENT, BOOK_ADJUSTMENT, DRAFT_ADJUSTMENT
from gevinst_benefits.domain.plan.benefits import Benefit, BenefitEnded, BenefitState, bookable_amount
from gevinst_benefits.domain.plan.planned_money import planned_money
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.adjustments import (
    BudgetPhasingAgreed,
    BudgetPhasingChanged,
    BudgetPhasingDrafted,
    BudgetPhasingWithdrawn,
    BudgetPracticeSet,
    OfPhasing,
)
from gevinst_benefits.store import benefits, budget_phasings
from gevinst_benefits.store.agreements import own_share
from gevinst_benefits.store.projects import holders, known_units
from gevinst_benefits.usecases.curves import dated_project
from gevinst_benefits.usecases.planning import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place, Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class PhasingDraft:
    """What is proposed for a unit's budget; without `lines`, one a year as the benefit is planned."""

    unit_id: UUID
    currency: str
    price_year: int
    account: str
    lines: tuple[PhasingLine, ...] | None = None
    practice: Practice | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class PhasingChange:
    """What a draft becomes."""

    lines: tuple[PhasingLine, ...]
    practice: Practice | None = None
    note: str | None = None


async def set_practice(work: Work, practice: Practice) -> Stored:
    """Say when the organisation books: at once, or when the controller has verified."""
    work.require(BOOK_ADJUSTMENT, Place())
    record = recorded(work, BudgetPracticeSet(practice=practice.value), subject="budget-practice")
    return await budget_phasings.set_practice(work.connection, practice.value, work.now, record)


async def draft(work: Work, benefit_id: UUID, said: PhasingDraft) -> tuple[UUID, Stored]:
    """Propose what becomes of a unit's budget (B1: for a confirmed budget reduction); its id and record."""
    known = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id))
    refuse_unknown_units([said.unit_id], await known_units(work.connection, [said.unit_id]))
    await require_at(work, DRAFT_ADJUSTMENT, known.project_id, said.unit_id)
    refuse_other_money(_cashable(known), said.currency, said.price_year)
    lines = said.lines
    if lines is None:
        lines = prefilled(await planned_for(work, known), said.account)
    refuse_odd_lines(lines)
    phasing_id = new_id()
    values = {
        "id": phasing_id,
        "benefit_id": benefit_id,
        "unit_id": said.unit_id,
        "currency": said.currency,
        "price_year": said.price_year,
        "drafted_by": work.actor.subject,
        "created_at": work.now,
        **_drafted(lines, said.practice, said.note),
    }
    fact = BudgetPhasingDrafted(phasing_id, benefit_id, said.unit_id, known.name)
    record = recorded(work, fact, subject=subject_of("budget-phasings", phasing_id), reason=said.note)
    return phasing_id, await budget_phasings.RECORDS.add(work.connection, values, record)


async def change(work: Work, phasing_id: UUID, said: PhasingChange, *, expected: int) -> Stored | None:
    """Change a draft; None when it is not at revision `expected` any more."""
    row = await budget_phasings.RECORDS.row(work.connection, phasing_id, for_change=True)
    known = await _allowed_to_draft(work, row)
    refuse_odd_lines(said.lines)
    values = {**row, **_drafted(said.lines, said.practice, said.note)}
    fact = BudgetPhasingChanged(phasing_id, known.id, row["unit_id"], known.name)
    record = recorded(work, fact, subject=subject_of("budget-phasings", phasing_id), reason=said.note)
    return await budget_phasings.RECORDS.change(work.connection, values, record, expected=expected)


async def withdraw(work: Work, phasing_id: UUID) -> Stored:
    """Take a draft back."""
    row = await budget_phasings.RECORDS.row(work.connection, phasing_id, for_change=True)
    known = await _allowed_to_draft(work, row)
    fact = BudgetPhasingWithdrawn(phasing_id, known.id, row["unit_id"], known.name)
    return await _settled(work, row, fact, {"state": PhasingState.WITHDRAWN.value})


async def agree(work: Work, phasing_id: UUID) -> Stored:
    """Agree to what becomes of the unit's budget, as its leader or the benefit's owner; in force from now.

    G3: not as the one who drafted it. It takes the place of what was agreed before for benefit and unit.
    """
    seen = await budget_phasings.RECORDS.row(work.connection, phasing_id)
    # Held, so that nothing is booked on what is about to be replaced.
    known = benefits.benefit_from(
        await benefits.get_row(work.connection, seen["benefit_id"], for_change=True)
    )
    row = await budget_phasings.RECORDS.row(work.connection, phasing_id, for_change=True)
    await require_at(work, AGREE_ADJUSTMENT, known.project_id, row["unit_id"])
    _refuse_settled(row)
    await _refuse_others(work, known, row)
    refuse_other_money(_cashable(known), row["currency"], row["price_year"])
    by = work.actor.subject
    await budget_phasings.add_agreement(work.connection, row, agreed_by=by, agreed_at=work.now)
    fact = BudgetPhasingAgreed(phasing_id, known.id, row["unit_id"], known.name)
    return await _settled(
        work,
        row,
        fact,
        {
            "state": PhasingState.AGREED.value,
            "agreed_by": by,
            "agreed_at": work.now,
        },
    )


async def planned_for(work: Work, known: Benefit) -> Mapping[int, Money]:
    """What the benefit is planned to give us by year, moved by the dates it hangs on (B9, B11)."""
    share = await own_share(work.connection, known.id)
    return planned_money(known, await dated_project(work, known.project_id), share)


def refuse_other_money(money: Money, currency: str, price_year: int) -> None:
    """C1: what is phased is in the benefit's own money."""
    if (money.currency, money.price_year) != (currency, price_year):
        raise OtherMoney(currency=money.currency, price_year=money.price_year)


def _cashable(known: Benefit) -> Money:
    if known.state in {BenefitState.CLOSED, BenefitState.MOVED}:
        raise BenefitEnded(state=known.state.value)
    return bookable_amount(known)


async def _allowed_to_draft(work: Work, row: dict[str, Any]) -> Benefit:
    known = benefits.benefit_from(await benefits.get_row(work.connection, row["benefit_id"]))
    await require_at(work, DRAFT_ADJUSTMENT, known.project_id, row["unit_id"])
    _refuse_settled(row)
    return known


def _refuse_settled(row: dict[str, Any]) -> None:
    if row["state"] != PhasingState.DRAFT:
        raise PhasingSettled(state=row["state"])


async def _refuse_others(work: Work, known: Benefit, row: dict[str, Any]) -> None:
    """Only a leader of the unit or an owner of the benefit, and not who drafted it."""
    leaders = await holders(work.connection, Role.UNIT_LEADER.value, row["unit_id"], today=work.today)
    owner = known.owner
    owners = await holders(work.connection, owner.role, owner.unit_id, today=work.today)
    if work.actor.subject not in leaders | owners:
        raise NotTheUnits
    if work.actor.subject == row["drafted_by"]:
        raise DrafterAgrees


async def _settled(work: Work, row: dict[str, Any], fact: OfPhasing, new: dict[str, Any]) -> Stored:
    values = {**row, **new, "lines": budget_phasings.written_lines(budget_phasings.lines_from(row["lines"]))}
    record = recorded(work, fact, subject=subject_of("budget-phasings", fact.phasing_id))
    stored = await budget_phasings.RECORDS.change(work.connection, values, record, expected=None)
    assert stored is not None  # the row is held
    return stored


def _drafted(lines: Sequence[PhasingLine], practice: Practice | None, note: str | None) -> dict[str, Any]:
    return {
        "lines": budget_phasings.written_lines(lines),
        "practice": None if practice is None else practice.value,
        "note": note,
        "state": PhasingState.DRAFT.value,
        "agreed_by": None,
        "agreed_at": None,
    }
