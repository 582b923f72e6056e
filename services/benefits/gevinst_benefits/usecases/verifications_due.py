"""Telling the controllers when a year has ended of which nobody has verified what a benefit gave (G3)."""

from datetime import date
from uuid import UUID

from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.events.verifications import VerificationDue
from gevinst_benefits.store import benefits
from gevinst_benefits.store.alarms import set_alarm_once
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.verification_queue import is_waiting
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.organisation import day_ends

_VERIFIED = frozenset({BenefitState.CONFIRMED, BenefitState.REALISED})


async def await_year(work: Work, benefit_id: UUID) -> None:
    """Have a worker look at the benefit when this year has ended."""
    year_ends = day_ends(work.organisation, date(work.today.year, 12, 31))
    await set_alarm_once(work, "year-ended", benefit_id, rings_at=year_ends)


async def tell_of_year(work: Work, benefit_id: UUID) -> None:
    """A year has ended: tell when it waits to be verified, and look again in a year (B10)."""
    row = await benefits.get_row(work.connection, benefit_id)
    if row["state"] in {BenefitState.CLOSED, BenefitState.MOVED}:
        return
    await await_year(work, benefit_id)
    year = work.today.year - 1
    if row["state"] not in _VERIFIED or not await is_waiting(work.connection, benefit_id, year):
        return
    fact = VerificationDue(
        project_id=row["project_id"],
        benefit_id=benefit_id,
        name=row["name"],
        year=year,
        owner_role=row["owner_role"],
        owner_unit_id=row["owner_unit_id"],
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit_id))
    await announce(work.connection, [record | {"before": None, "after": {"year": year}}])
