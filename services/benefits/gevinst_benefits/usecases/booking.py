"""Booking what was agreed to a unit's budget, and reversing it (M1). Entries are only added."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.money.budget_adjustments import (
    EntryKind,
    IndexNotNeeded,
    Limit,
    LineKey,
    NoSuchLine,
    NotAgreed,
    NotReversible,
    Practice,
    PriceStep,
    amount_to_book,
    net_by_line,
    refuse_beyond,
    reversal_of,
    reversed_amount,
)
from gevinst_benefits.domain.permissions import BOOK_ADJUSTMENT
from gevinst_benefits.domain.plan.benefits import Benefit, BenefitEnded, BenefitState, bookable_amount
from gevinst_benefits.domain.plan.planned_money import ours
from gevinst_benefits.events.adjustments import BudgetEntryBooked, BudgetEntryReversed
from gevinst_benefits.store import benefits, budget_entries, budget_phasings
from gevinst_benefits.store.agreements import own_share
from gevinst_benefits.store.budget_entries import YearBooked
from gevinst_benefits.store.verifications import list_in_force
from gevinst_benefits.usecases.phasing import planned_for, refuse_other_money
from gevinst_benefits.usecases.planning import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class LineToBook:
    """A line of the phasing, and how much of it in the benefit's money; all that is left when not given."""

    key: LineKey
    amount: int | None = None


@dataclass(slots=True)
class _Ledger:
    """What is known of a benefit's entries while its row is held."""

    benefit: Benefit
    money: Money
    agreement: dict[str, Any]
    practice: Practice
    booked: dict[LineKey, int]
    limits: dict[int, tuple[int, UUID | None]]
    years: dict[int, YearBooked] = field(default_factory=dict)


async def book(
    work: Work, phasing_id: UUID, lines: Sequence[LineToBook], step: PriceStep | None, *, reason: str | None
) -> list[Stored]:
    """Book lines of the phasing in force, all of them or none; their entries.

    Refuses what goes beyond what was agreed, beyond what the benefit gives in the year, or, where that is
    the practice, beyond what the controller has verified.
    """
    ledger = await _held(work, phasing_id)
    if step is not None and step.price_year == ledger.money.price_year:
        raise IndexNotNeeded(price_year=step.price_year, pointer="/body/index")
    agreed = {line.key: line.amount for line in budget_phasings.lines_from(ledger.agreement["lines"])}
    made = []
    for line in lines:
        if line.key not in agreed:
            raise NoSuchLine(account=line.key.account, year=line.key.year)
        amount = amount_to_book(agreed[line.key], ledger.booked.get(line.key, 0), line.amount, line.key)
        made.append(await _book_line(work, ledger, line.key, amount, step, reason))
        ledger.booked[line.key] = ledger.booked.get(line.key, 0) + amount
    return made


async def reverse(work: Work, entry_id: UUID, *, amount: int | None, reason: str) -> tuple[UUID, Stored]:
    """Take a booked entry back, wholly or in part, by a new entry that names it; its id and record."""
    seen = await budget_entries.RECORDS.row(work.connection, entry_id)
    known = benefits.benefit_from(
        await benefits.get_row(work.connection, seen["benefit_id"], for_change=True)
    )
    await require_at(work, BOOK_ADJUSTMENT, known.project_id, seen["unit_id"])
    if seen["kind"] == EntryKind.REVERSAL:
        raise NotReversible
    taken = await budget_entries.taken_of(work.connection, entry_id)
    base = reversal_of(seen["base_minor"], taken.minor, amount)
    step = budget_entries.step_of(seen)
    at = await budget_entries.year_booked(work.connection, known.id, seen["year"])
    reversal_id = new_id()
    values = {
        **_written(work, reversal_id, EntryKind.REVERSAL, reason),
        **{name: seen[name] for name in _SAME},
        **_chained(at, base, is_saving=base > 0),
        "base_minor": base,
        "amount_minor": reversed_amount(step, seen["base_minor"], taken.minor, base),
        "limit_minor": seen["limit_minor"],
        "reverses_id": entry_id,
        "reverses_kind": seen["kind"],
        "reverses_minor": seen["base_minor"],
        "reversal_number": taken.number + 1,
        "previous_reversal": taken.number or None,
        "reversed_before": taken.minor,
        "reversed_after": taken.minor + abs(base),
    }
    fact = BudgetEntryReversed(**_told(values, known), reverses_id=entry_id)
    return reversal_id, await _added(work, values, fact)


async def _held(work: Work, phasing_id: UUID) -> _Ledger:
    """The ledger of the phasing's benefit, to which nobody else books before this transaction ends."""
    phasing = await budget_phasings.RECORDS.row(work.connection, phasing_id)
    row = await benefits.get_row(work.connection, phasing["benefit_id"], for_change=True)
    known = benefits.benefit_from(row)
    await require_at(work, BOOK_ADJUSTMENT, known.project_id, phasing["unit_id"])
    if known.state in {BenefitState.CLOSED, BenefitState.MOVED}:
        raise BenefitEnded(state=known.state.value)
    money = bookable_amount(known)
    in_force = await budget_phasings.in_force(work.connection, [known.id])
    agreement = next((dict(one) for one in in_force if one["id"] == phasing_id), None)
    if agreement is None:
        raise NotAgreed(state="replaced" if phasing["state"] == "agreed" else phasing["state"])
    refuse_other_money(money, agreement["currency"], agreement["price_year"])
    organisations = await budget_phasings.find_practice(work.connection)
    practice = Practice(agreement["practice"] or organisations or Practice.AT_ONCE)
    entries = await budget_entries.of_benefits(work.connection, [known.id])
    net = net_by_line(
        (LineKey(entry["account"], entry["year"]), entry["base_minor"])
        for entry in entries
        if entry["unit_id"] == phasing["unit_id"]
    )
    return _Ledger(known, money, agreement, practice, net, await _limits(work, known, money, practice))


async def _limits(
    work: Work, known: Benefit, money: Money, practice: Practice
) -> dict[int, tuple[int, UUID | None]]:
    """What may be saved by year, and the verification that it rests on."""
    if practice is Practice.AT_ONCE:
        planned = await planned_for(work, known)
        return {year: (max(0, amount.minor), None) for year, amount in planned.items()}
    found = await list_in_force(work.connection, [known.id])
    for row in found:
        refuse_other_money(money, row["currency"], row["price_year"])
    share = await own_share(work.connection, known.id)
    return {row["year"]: (max(0, ours(row["money_minor"], share)), row["id"]) for row in found}


async def _book_line(
    work: Work, ledger: _Ledger, key: LineKey, amount: int, step: PriceStep | None, reason: str | None
) -> Stored:
    at = ledger.years.get(key.year)
    if at is None:
        at = await budget_entries.year_booked(work.connection, ledger.benefit.id, key.year)
    limit, verification_id = ledger.limits.get(key.year, (0, None))
    refuse_beyond(Limit(ledger.practice, limit), saved=at.saved, amount=amount, year=key.year)
    values = {
        **_written(work, new_id(), EntryKind.BOOKING, reason),
        **_chained(at, amount, is_saving=amount < 0),
        "benefit_id": ledger.benefit.id,
        "benefit_mode": ledger.benefit.mode.value,
        "currency": ledger.money.currency,
        "benefit_price_year": ledger.money.price_year,
        "agreement_id": ledger.agreement["id"],
        "unit_id": ledger.agreement["unit_id"],
        "account": key.account,
        "year": key.year,
        "practice": ledger.practice.value,
        "base_minor": amount,
        "limit_minor": limit,
        "verification_id": verification_id,
        **_priced(amount, ledger.money.price_year, step),
        **dict.fromkeys(_OF_REVERSALS),
    }
    ledger.years[key.year] = YearBooked(values["number"], values["saved_after"])
    return await _added(work, values, BudgetEntryBooked(**_told(values, ledger.benefit)))


async def _added(work: Work, values: dict[str, Any], fact: BudgetEntryBooked | BudgetEntryReversed) -> Stored:
    subject = subject_of("budget-entries", values["id"])
    record = recorded(work, fact, subject=subject, reason=values["reason"])
    return await budget_entries.RECORDS.add(work.connection, values, record)


def _written(work: Work, entry_id: UUID, kind: EntryKind, reason: str | None) -> dict[str, Any]:
    return {
        "id": entry_id,
        "kind": kind.value,
        "reason": reason,
        "booked_by": work.actor.subject,
        "booked_at": work.now,
    }


def _chained(at: YearBooked, amount: int, *, is_saving: bool) -> dict[str, Any]:
    """The next place in the benefit's year."""
    return {
        "is_saving": is_saving,
        "number": at.number + 1,
        "previous_number": at.number or None,
        "saved_before": at.saved,
        "saved_after": at.saved - (amount if is_saving else 0),
    }


def _priced(base: int, price_year: int, step: PriceStep | None) -> dict[str, Any]:
    """C1: as it is booked, with the index when the price year is another one."""
    if step is None:
        none = dict.fromkeys(("index_from", "index_to", "index_source"))
        return {"amount_minor": base, "price_year": price_year, **none}
    return {
        "amount_minor": step.amount(base),
        "price_year": step.price_year,
        "index_from": step.from_value,
        "index_to": step.to_value,
        "index_source": step.source,
    }


def _told(values: dict[str, Any], known: Benefit) -> dict[str, Any]:
    return {
        "entry_id": values["id"],
        "benefit_id": known.id,
        "benefit_name": known.name,
        "unit_id": values["unit_id"],
        "account": values["account"],
        "year": values["year"],
        "amount": Money.from_minor(values["amount_minor"], values["currency"], values["price_year"]),
    }


_SAME = (
    *("benefit_id", "benefit_mode", "currency", "benefit_price_year", "agreement_id", "unit_id", "account"),
    *("year", "practice", "price_year", "index_from", "index_to", "index_source", "verification_id"),
)
_OF_REVERSALS = (
    *("reverses_id", "reverses_kind", "reverses_minor", "reversal_number", "previous_reversal"),
    *("reversed_before", "reversed_after"),
)
