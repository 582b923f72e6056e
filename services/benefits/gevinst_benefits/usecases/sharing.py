"""Recording how much of a saving a unit keeps (M3)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.money.kept_shares import (
    AgreedLater,
    ChangeWithoutReason,
    NobodyOfTheUnit,
    refuse_odd_share,
)
from gevinst_benefits.domain.permissions import DRAFT_ADJUSTMENT
from gevinst_benefits.domain.plan.benefits import bookable_amount
from gevinst_benefits.domain.projects import PersonNotKnown, refuse_unknown_units
from gevinst_benefits.events.adjustments import KeptShareAgreed
from gevinst_benefits.store import benefits, kept_shares
from gevinst_benefits.store.projects import holders, known_units
from gevinst_benefits.usecases.phasing import refuse_other_money
from gevinst_benefits.usecases.planning import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class ShareAgreed:
    """What was agreed: a share (0.5 is half) or an amount a year, from which year, what for, and by whom."""

    unit_id: UUID
    from_year: int
    purpose: str
    agreed_by_id: UUID
    agreed_on: date
    share: Decimal | None = None
    amount_per_year: Money | None = None
    reason: str | None = None


async def record_share(work: Work, benefit_id: UUID, said: ShareAgreed) -> tuple[UUID, Stored]:
    """Record a version of the unit's share; its id and record. The earlier versions stay."""
    known = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id, for_change=True))
    refuse_unknown_units([said.unit_id], await known_units(work.connection, [said.unit_id]))
    await require_at(work, DRAFT_ADJUSTMENT, known.project_id, said.unit_id)
    money, amount = bookable_amount(known), said.amount_per_year
    refuse_odd_share(said.share, None if amount is None else amount.amount)
    if amount is not None:
        refuse_other_money(money, amount.currency, amount.price_year)
    await _refuse_odd_agreement(work, said)
    last = await kept_shares.last_number(work.connection, benefit_id, said.unit_id)
    if last and said.reason is None:
        raise ChangeWithoutReason(pointer="/body/reason")
    share_id = new_id()
    values = {
        "id": share_id,
        "benefit_id": benefit_id,
        "unit_id": said.unit_id,
        "number": last + 1,
        "from_year": said.from_year,
        "share": said.share,
        "amount_minor": None if amount is None else amount.minor,
        "currency": None if amount is None else amount.currency,
        "price_year": None if amount is None else amount.price_year,
        "purpose": said.purpose,
        "agreed_by_id": said.agreed_by_id,
        "agreed_on": said.agreed_on,
        "reason": said.reason,
        "recorded_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = KeptShareAgreed(share_id, benefit_id, said.unit_id, said.from_year)
    record = recorded(work, fact, subject=subject_of("kept-shares", share_id), reason=said.reason)
    return share_id, await kept_shares.RECORDS.add(work.connection, values, record)


async def _refuse_odd_agreement(work: Work, said: ShareAgreed) -> None:
    """It was made by somebody who led the unit on the day, which has come."""
    if said.agreed_on > work.today:
        raise AgreedLater(day=said.agreed_on, pointer="/body/agreed_on")
    subject = await kept_shares.subject_of_person(work.connection, said.agreed_by_id)
    if subject is None:
        raise PersonNotKnown(person=said.agreed_by_id, pointer="/body/agreed_by_id")
    leaders = await holders(work.connection, Role.UNIT_LEADER.value, said.unit_id, today=said.agreed_on)
    if subject not in leaders:
        raise NobodyOfTheUnit(person=said.agreed_by_id, unit=said.unit_id, pointer="/body/agreed_by_id")
