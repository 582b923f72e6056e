"""B11, the receiver's half: saying yes to a benefit that another body offers, to a part of it, or no."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan import agreement_halves as domain
from gevinst_benefits.domain.plan.benefits import Owner, RealisationMode
from gevinst_benefits.store import agreement_halves, benefits
from gevinst_benefits.store.agreement_halves import REPLY
from gevinst_benefits.usecases import planning
from gevinst_benefits.usecases.keeping_agreements import Kept, keep, kept_from
from gevinst_benefits.usecases.planning import BenefitDraft, require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class PlannedAt:
    """Where the benefit is planned here, and whose it is."""

    project_id: UUID
    owner: Owner


async def accept(
    work: Work,
    reply_id: UUID,
    at: PlannedAt,
    *,
    share_kept: Decimal = Decimal(0),
    note: str | None = None,
    read: int | None = None,
) -> Stored:
    """Accept the figures as they were offered last, and at revision `read` if that is given. The benefit is
    planned here as one of our own, which counts from when the giver's confirmation is seen. `share_kept` is
    the giver's part."""
    kept, body = await _held(work, reply_id, read=read)
    await require_at(work, PLAN, at.project_id, at.owner.unit_id)
    half: Any = kept.half
    domain.accept(half, "", body=body, share_kept=share_kept)  # Refused before anything is planned.
    benefit_id = await _planned(work, kept, at)
    accepted = domain.accept(
        half, str(new_id()), body=body, share_kept=share_kept, benefit_id=str(benefit_id)
    )
    stored = await keep(work, kept, replace(kept, half=accepted, benefit_id=benefit_id), note=note)
    return stored or await agreement_halves.RECORDS[REPLY].get(work.connection, reply_id)


async def plan_again(work: Work, reply_id: UUID, at: PlannedAt, *, note: str | None = None) -> Stored:
    """Plan a benefit anew that was accepted and is missing since a restore; what was agreed stays agreed."""
    kept, body = await _held(work, reply_id)
    await require_at(work, PLAN, at.project_id, at.owner.unit_id)
    half: Any = kept.half
    if kept.benefit_id is not None:
        raise domain.NothingToPlanAgain(body=body)
    domain.plan_again(half, "", body=body)  # Refused before anything is planned.
    benefit_id = await _planned(work, kept, at)
    named = replace(kept, half=domain.plan_again(half, str(benefit_id), body=body), benefit_id=benefit_id)
    stored = await keep(work, kept, named, note=note)
    return stored or await agreement_halves.RECORDS[REPLY].get(work.connection, reply_id)


async def dispute(work: Work, reply_id: UUID, reason: str) -> Stored:
    """Say no, with a reason that the giver reads; from now on it is not counted here."""
    kept, body = await _held(work, reply_id)
    if kept.benefit_id is None:
        work.require(PLAN, Place())
    else:
        row = await benefits.get_row(work.connection, kept.benefit_id)
        await require_at(work, PLAN, row["project_id"], row["owner_unit_id"])
    half: Any = kept.half
    disputed = replace(kept, half=domain.dispute(half, reason, body=body))
    stored = await keep(work, kept, disputed, note=reason)
    return stored or await agreement_halves.RECORDS[REPLY].get(work.connection, reply_id)


async def _held(work: Work, reply_id: UUID, *, read: int | None = None) -> tuple[Kept, str]:
    row = await agreement_halves.find(work.connection, REPLY, reply_id)
    if row is None:
        raise Unknown
    partner = await agreement_halves.get_partner(work.connection, row["partner_id"])
    if read is not None and read != row["revision"]:
        raise domain.AgreementMovedOn(body=partner["name"], pointer="/body/revision")
    return kept_from(REPLY, row), partner["name"]


async def _planned(work: Work, kept: Kept, at: PlannedAt) -> UUID:
    """Our benefit with the figures that were offered: a new one, or the one that was accepted before."""
    figures = kept.figures
    draft = BenefitDraft(
        name=figures.name,
        mode=RealisationMode(figures.mode),
        kind=figures.kind,
        owner=at.owner,
        estimate=figures.estimate,
        timing=figures.timing,
    )
    if kept.benefit_id is None:
        benefit_id, _ = await planning.plan(work, at.project_id, draft)
        return benefit_id
    row = await benefits.get_row(work.connection, kept.benefit_id, for_change=True)
    await planning.change(work, kept.benefit_id, draft, expected=row["revision"])
    return kept.benefit_id
