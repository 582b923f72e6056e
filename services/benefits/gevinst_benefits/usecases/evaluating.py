"""Writing versions of a business case and comparing them (C1, C4, G4)."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.business_case import BusinessCase, CaseFrame, CaseLine, PriceIndex
from gevinst_benefits.domain.case_difference import CaseDifference, difference
from gevinst_benefits.domain.case_results import evaluate
from gevinst_benefits.domain.discounting import DiscountRegime, find_regime, regime_on
from gevinst_benefits.domain.permissions import WRITE_CASE
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.business_cases import CaseEvaluated
from gevinst_benefits.store import business_cases
from gevinst_benefits.store.business_cases import Version
from gevinst_benefits.store.projects import get_project, known_units
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import country


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What a writer says of a version; its number follows."""

    base_year: int
    horizon_years: int
    price_year: int
    currency: str
    lines: tuple[CaseLine, ...]
    regime_id: str | None = None
    index: PriceIndex | None = None
    note: str | None = None


async def evaluate_case(work: Work, project_id: UUID, draft: CaseDraft) -> tuple[UUID, Stored]:
    """Write the project's next version and its results; its id and record."""
    project = await get_project(work.connection, project_id)
    work.require(WRITE_CASE, project.place())
    units = {line.unit_id for line in draft.lines}
    refuse_unknown_units(units, await known_units(work.connection, units))
    frame = CaseFrame(
        base_year=draft.base_year,
        horizon_years=draft.horizon_years,
        price_year=draft.price_year,
        currency=draft.currency,
        regime=_regime(work, draft),
        index=draft.index,
    )
    number = await business_cases.next_number(work.connection, project_id)
    version = Version(new_id(), BusinessCase(project_id, number, frame, draft.lines))
    # The largest case takes a third of a second: others are answered meanwhile.
    result = await asyncio.to_thread(evaluate, version.case)
    fact = CaseEvaluated(
        project_id=project_id,
        business_case_id=version.id,
        number=number,
        currency=frame.currency,
        price_year=frame.price_year,
        regime=frame.regime.id,
        net_present_value=result.net_present_value,
        present_cost=result.present_cost,
        present_benefit=result.present_benefit,
    )
    record = recorded(work, fact, subject=subject_of("business-cases", version.id))
    written = {"note": draft.note, "created_by": work.actor.subject, "created_at": work.now}
    return version.id, await business_cases.add_version(work.connection, version, result, written, record)


async def compare(work: Work, case_id: UUID, *, earlier_id: UUID) -> CaseDifference:
    """What changed from the earlier version to this one."""
    after = await business_cases.get_version(work.connection, case_id)
    before = await business_cases.get_version(work.connection, earlier_id)
    return await asyncio.to_thread(difference, before.case, after.case)


def _regime(work: Work, draft: CaseDraft) -> DiscountRegime:
    if draft.regime_id is not None:
        return find_regime(draft.regime_id)
    return regime_on(country(work.organisation), work.today)
