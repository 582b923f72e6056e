"""B14, C7: saying what freed value is used for, and holding it against what is freed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text, millionths
from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.freed_value import (
    CorrectionUnexplained,
    FreedYear,
    NotCorrectable,
    Purpose,
    freed_amounts,
    freed_years,
    refuse_odd_use,
)
from gevinst_benefits.domain.plan.plan_limits import refuse_too_many
from gevinst_benefits.domain.plan.planned_years import planned_years
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.freed_value import FreedValueUsed
from gevinst_benefits.store import benefits
from gevinst_benefits.store import freed_value as store
from gevinst_benefits.store.agreements import own_share
from gevinst_benefits.store.projects import known_units
from gevinst_benefits.store.verifications import verified_years
from gevinst_benefits.usecases.curves import dated_project, unit_members
from gevinst_benefits.usecases.planning import require_followed
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

Json = dict[str, Any]
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class UseDraft:
    """What is used for what, where and when; in the benefit's own ledger."""

    purpose: Purpose
    name: str
    unit_id: UUID
    year: int
    money: Money | None = None
    amount: Decimal | None = None
    hourly_cost: Money | None = None
    hourly_cost_source: str | None = None
    corrects_id: UUID | None = None
    reason: str | None = None


async def record_use(work: Work, benefit_id: UUID, draft: UseDraft) -> Stored:
    """Add an entry, or a correction of one; nothing is overwritten."""
    benefit = await require_followed(work, PLAN, benefit_id)
    refuse_odd_use(benefit.estimate, money=draft.money, amount=draft.amount, hourly_cost=draft.hourly_cost)
    refuse_unknown_units([draft.unit_id], await known_units(work.connection, [draft.unit_id]))
    await _refuse_odd_correction(work, benefit_id, draft)
    values = {**_columns(new_id(), benefit_id, draft), **_made(work)}
    fact = FreedValueUsed(
        project_id=benefit.project_id,
        benefit_id=benefit_id,
        use_id=values["id"],
        name=draft.name,
        purpose=draft.purpose.value,
        unit_id=draft.unit_id,
        year=draft.year,
        money=draft.money,
        amount=draft.amount,
        corrects_id=draft.corrects_id,
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit_id), reason=draft.reason)
    return await store.RECORDS.add(work.connection, values, record)


async def freed_value(work: Work, benefit_id: UUID) -> Json:
    """`FreedValueOut`: what the benefit frees in each year, and what of it has a use."""
    benefit = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id))
    project = await dated_project(work, benefit.project_id)
    share = await own_share(work.connection, benefit_id)
    verified = (await verified_years(work.connection, [benefit]))[benefit_id]
    amounts = freed_amounts(planned_years(benefit, project), verified)
    freed = {year: millionths(amount * share) for year, amount in amounts.items()}
    uses = [store.use_from(row) for row in await store.standing(work.connection, benefit_id)]
    years = freed_years(freed, uses)
    return {
        "benefit_id": str(benefit_id),
        "ledger": benefit.estimate.ledger.value,
        **unit_members(benefit),
        "years": [_year(one) | {"is_verified": verified.get(one.year) is not None} for one in years],
        "is_exceeded": any(one.is_exceeded for one in years),
    }


def _year(one: FreedYear) -> Json:
    return {
        "year": one.year,
        "freed": decimal_text(one.freed),
        "used": decimal_text(one.used),
        "left": decimal_text(one.left),
        "is_exceeded": one.is_exceeded,
        "worth": [wire(money) for money in one.worth],
    }


async def _refuse_odd_correction(work: Work, benefit_id: UUID, draft: UseDraft) -> None:
    rows = await store.standing(work.connection, benefit_id)
    refuse_too_many(len(rows), most=_MOST)
    if draft.corrects_id is None:
        return
    if not (draft.reason or "").strip():
        raise CorrectionUnexplained(pointer="/body/reason")
    if draft.corrects_id not in {row["id"] for row in rows}:
        raise NotCorrectable(use=draft.corrects_id, pointer="/body/corrects_id")


def _made(work: Work) -> Json:
    return {"recorded_by": work.actor.subject, "created_at": work.now}


def _columns(use_id: UUID, benefit_id: UUID, draft: UseDraft) -> Json:
    money, hourly = draft.money, draft.hourly_cost
    return {
        "id": use_id,
        "benefit_id": benefit_id,
        "purpose": draft.purpose.value,
        "name": draft.name,
        "unit_id": draft.unit_id,
        "year": draft.year,
        "money_minor": None if money is None else money.minor,
        "currency": None if money is None else money.currency,
        "price_year": None if money is None else money.price_year,
        "amount": draft.amount,
        "hourly_cost_minor": None if hourly is None else hourly.minor,
        "hourly_cost_currency": None if hourly is None else hourly.currency,
        "hourly_cost_price_year": None if hourly is None else hourly.price_year,
        "hourly_cost_source": draft.hourly_cost_source,
        "corrects_id": draft.corrects_id,
        "reason": draft.reason,
    }
