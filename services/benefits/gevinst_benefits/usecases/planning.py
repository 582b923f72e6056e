"""Planning benefits: who owns them, what they are expected to give, and who stands for it (B1, B2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates.gates import ProjectState
from gevinst_benefits.domain.gates.journeys import TakesNoBenefits
from gevinst_benefits.domain.money.budget_adjustments import FrameBooked
from gevinst_benefits.domain.permissions import CONFIRM, PLAN, VERIFY
from gevinst_benefits.domain.plan import benefits as domain
from gevinst_benefits.domain.plan.benefits import (
    Benefit,
    BenefitEnded,
    BenefitState,
    Estimate,
    Owner,
    RealisationMode,
)
from gevinst_benefits.domain.plan.timing import AT_PROJECT_END, DeliveryNotKnown, Timing, refuse_odd_timing
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.benefits import (
    BenefitChanged,
    BenefitConfirmed,
    BenefitPlanned,
    BenefitRealised,
    OfBenefit,
)
from gevinst_benefits.store import benefits
from gevinst_benefits.store.budget_entries import is_booked
from gevinst_benefits.store.deliveries import deliveries_of
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project, holders, known_units, unit_path
from gevinst_benefits.usecases.promising import keep_promise
from gevinst_benefits.usecases.verifications_due import await_year
from gevinst_benefits.usecases.watching_owners import look_for_vacancies, remember
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Permission
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class BenefitDraft:
    """What a planner says of a benefit; who confirmed it and its state follow."""

    name: str
    mode: RealisationMode
    kind: str
    owner: Owner
    estimate: Estimate
    description: str | None = None
    timing: Timing = AT_PROJECT_END
    budget_line: str | None = None
    effort: str | None = None


async def plan(work: Work, project_id: UUID, draft: BenefitDraft) -> tuple[UUID, Stored]:
    """Add a benefit to the project's plan; its id and record."""
    await require_at(work, PLAN, project_id, draft.owner.unit_id)
    await _refuse_odd_draft(work, project_id, draft)
    # G6: held, so that a stop under way does not miss a benefit that is planned at the same time.
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is not None and kept.progress.state is ProjectState.STOPPED:
        raise TakesNoBenefits(project=project_id)
    planned = Benefit(
        id=new_id(),
        project_id=project_id,
        name=draft.name,
        mode=draft.mode,
        kind=draft.kind,
        owner=draft.owner,
        estimate=draft.estimate,
        timing=draft.timing,
        budget_line=draft.budget_line,
        effort=draft.effort,
    )
    stored = await add(work, planned, description=draft.description)
    if not await _holders(work, draft.owner):
        await look_for_vacancies(work, role=draft.owner.role)
    return planned.id, stored


async def add(
    work: Work, planned: Benefit, *, description: str | None, continues_id: UUID | None = None
) -> Stored:
    """Insert a benefit that is new to its project."""
    fact = BenefitPlanned(**facts_of(planned), continues_id=continues_id)
    values = benefits.columns_of(planned) | {
        "description": description,
        "verified_by": None,
        "moved_to": None,
        "continues_id": continues_id,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("benefits", planned.id))
    return await benefits.add_benefit(work.connection, values, record)


async def change(work: Work, benefit_id: UUID, draft: BenefitDraft, *, expected: int) -> Stored | None:
    """Change what the plan says of the benefit; None when it is not at revision `expected` any more.

    B2: another estimate or another owner waits to be confirmed again.
    """
    row = await benefits.get_row(work.connection, benefit_id, for_change=True)
    known = benefits.benefit_from(row)
    await require_at(work, PLAN, known.project_id, known.owner.unit_id)
    await _refuse_odd_draft(work, known.project_id, draft)
    revised = domain.change_owner(domain.revise_estimate(known, draft.estimate), draft.owner)
    revised = domain.rename(
        domain.retime(revised, draft.timing), name=draft.name, mode=draft.mode, kind=draft.kind
    )
    revised = replace(revised, budget_line=draft.budget_line, effort=draft.effort)
    values = {**row, **benefits.columns_of(revised), "description": draft.description}
    await _refuse_booked_frame(work, row, values)
    fact = BenefitChanged(**facts_of(revised))
    record = recorded(work, fact, subject=subject_of("benefits", benefit_id))
    stored = await benefits.change_benefit(work.connection, values, record, expected=expected)
    if stored is not None and revised.owner != known.owner:
        await remember(work, known, revised.owner)
        await look_for_vacancies(work)
    return stored


async def confirm(work: Work, benefit_id: UUID) -> Stored:
    """B2: the owner, who will have to take the benefit out, stands for the estimate."""
    row = await benefits.get_row(work.connection, benefit_id, for_change=True)
    known = benefits.benefit_from(row)
    await require_at(work, CONFIRM, known.project_id, known.owner.unit_id)
    confirmed = domain.confirm(
        known, by=work.actor.subject, holders=await _holders(work, known.owner), at=work.now
    )
    await keep_promise(work, confirmed)
    values = {**row, **benefits.columns_of(confirmed)}
    await await_year(work, benefit_id)
    return await _state_changed(work, values, BenefitConfirmed(**facts_of(confirmed)))


async def verify(work: Work, benefit_id: UUID) -> Stored:
    """G3: a controller who is not the owner finds the benefit realised."""
    row = await benefits.get_row(work.connection, benefit_id, for_change=True)
    known = benefits.benefit_from(row)
    await require_at(work, VERIFY, known.project_id, known.owner.unit_id)
    realised = domain.verify(known, by=work.actor.subject, holders=await _holders(work, known.owner))
    values = {**row, **benefits.columns_of(realised), "verified_by": work.actor.subject}
    return await _state_changed(work, values, BenefitRealised(**facts_of(realised)))


async def require_at(work: Work, permission: Permission, project_id: UUID, unit_id: UUID) -> None:
    """Refuse unless a role is held at the project or in the unit that owns the benefit."""
    project = await get_project(work.connection, project_id)
    path = () if permission.roles & work.actor.roles else await unit_path(work.connection, unit_id)
    work.require(permission, project.place(*path))


async def require_followed(work: Work, permission: Permission, benefit_id: UUID) -> Benefit:
    """The benefit, held, if the actor may act on its plan and it was neither closed nor moved (B10)."""
    known = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id, for_change=True))
    await require_at(work, permission, known.project_id, known.owner.unit_id)
    if known.state in (BenefitState.CLOSED, BenefitState.MOVED):
        raise BenefitEnded(state=known.state.value)
    return known


def facts_of(benefit: Benefit) -> dict[str, Any]:
    """What every fact of a benefit tells of it."""
    return {
        "project_id": benefit.project_id,
        "benefit_id": benefit.id,
        "name": benefit.name,
        "state": benefit.state.value,
        "owner_role": benefit.owner.role,
        "owner_unit_id": benefit.owner.unit_id,
    }


async def _refuse_booked_frame(work: Work, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """M1: a benefit that budgets were adjusted for keeps its mode and its money."""
    frame = ("mode", "currency", "price_year")
    if all(row[name] == values[name] for name in frame):
        return
    if await is_booked(work.connection, row["id"]):
        raise FrameBooked(currency=row["currency"], price_year=row["price_year"])


async def _refuse_odd_draft(work: Work, project_id: UUID, draft: BenefitDraft) -> None:
    refuse_odd_timing(draft.timing)
    owner = draft.owner.unit_id
    refuse_unknown_units([owner], await known_units(work.connection, [owner]))
    await refuse_other_delivery(work, project_id, draft.timing.delivery_id)


async def refuse_other_delivery(work: Work, project_id: UUID, delivery_id: UUID | None) -> None:
    """B9: a date hangs on a delivery of its own project."""
    if delivery_id is None:
        return
    if delivery_id not in {one.id for one in await deliveries_of(work.connection, project_id)}:
        raise DeliveryNotKnown(delivery=delivery_id)


async def _holders(work: Work, owner: Owner) -> frozenset[str]:
    return await holders(work.connection, owner.role, owner.unit_id, today=work.today)


async def _state_changed(work: Work, values: dict[str, Any], fact: OfBenefit) -> Stored:
    record = recorded(work, fact, subject=subject_of("benefits", fact.benefit_id))
    stored = await benefits.change_benefit(work.connection, values, record, expected=None)
    assert stored is not None  # the row is held
    return stored
