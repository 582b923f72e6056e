"""B11, the giver's half: offering a benefit to another body, and giving it away once it is accepted."""

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan import agreement_halves as domain
from gevinst_benefits.domain.plan.agreement_figures import Figures, figures_of, hash_of
from gevinst_benefits.domain.plan.agreement_halves import Giving, Life
from gevinst_benefits.domain.plan.agreements import (
    AgreementState,
    PartnerNotConfirmed,
    refuse_beside_exchanged,
    refuse_offer_of,
)
from gevinst_benefits.events.agreements import AgreementOffered
from gevinst_benefits.store import agreement_halves, agreements, benefits
from gevinst_benefits.store.agreement_halves import OFFER
from gevinst_benefits.usecases.curves import dated_project
from gevinst_benefits.usecases.keeping_agreements import Kept, begin, keep, kept_from
from gevinst_benefits.usecases.planning import require_at, require_followed
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown


class OfferStep(StrEnum):
    """What the giver can do next."""

    OFFER_AGAIN = "offer-again"
    CONFIRM = "confirm"
    RELEASE = "release"
    WITHDRAW = "withdraw"


async def offer(work: Work, benefit_id: UUID, partner_id: UUID) -> tuple[UUID, Stored]:
    """Offer the benefit as it is planned now to a partner; the agreement's id and record."""
    benefit = await require_followed(work, PLAN, benefit_id)
    partner = await agreement_halves.get_partner(work.connection, partner_id)
    if partner["state"] != "confirmed":
        raise PartnerNotConfirmed(body=partner["name"], pointer="/body/partner_id")
    newest = await agreements.newest_row(work.connection, benefit_id)
    if newest is not None and newest["agreement_id"] is not None:
        refuse_beside_exchanged(AgreementState(newest["state"]), body=newest["body_name"])
    elif newest is not None:
        refuse_offer_of(AgreementState(newest["state"]), body=newest["body_name"])
    figures = figures_of(benefit, await dated_project(work, benefit.project_id))
    half = domain.offer(Life(1, str(new_id())), hash_of(figures), benefit_id=str(benefit_id))
    kept = Kept(OFFER, new_id(), partner_id, half, figures, benefit_id)
    return kept.id, await begin(work, kept, AgreementOffered)


async def take_offer_step(
    work: Work, offer_id: UUID, step: OfferStep, *, note: str | None = None, read: int | None = None
) -> Stored:
    """Offer again, confirm, release or withdraw, as far as both halves allow it now, and at revision `read`
    if that is given."""
    row = await agreement_halves.find(work.connection, OFFER, offer_id)
    if row is None:
        raise Unknown
    before = kept_from(OFFER, row)
    figures = await _figures_now(work, before)
    partner = await agreement_halves.get_partner(work.connection, before.partner_id)
    if read is not None and read != row["revision"]:
        raise domain.AgreementMovedOn(body=partner["name"], pointer="/body/revision")
    taken = _STEPS[step](before.half, figures, partner["name"])
    now = figures if step is OfferStep.OFFER_AGAIN else before.figures
    stored = await keep(work, before, replace(before, half=taken, figures=now), note=note)
    return stored or await agreement_halves.RECORDS[OFFER].get(work.connection, offer_id)


async def _figures_now(work: Work, kept: Kept) -> Figures:
    """What is planned today; what was offered, when the benefit is not planned any more."""
    assert kept.benefit_id is not None  # an offer is of a benefit
    row = await benefits.get_row(work.connection, kept.benefit_id, for_change=True)
    benefit = benefits.benefit_from(row)
    await require_at(work, PLAN, benefit.project_id, benefit.owner.unit_id)
    project = await dated_project(work, benefit.project_id)
    return figures_of(benefit, project) if benefit.is_open else kept.figures


_STEPS: dict[OfferStep, Callable[[Any, Figures, str], Giving]] = {
    OfferStep.OFFER_AGAIN: lambda half, now, body: domain.offer_again(half, hash_of(now), body=body),
    OfferStep.CONFIRM: lambda half, now, body: domain.confirm(half, hash_of(now), body=body),
    OfferStep.RELEASE: lambda half, _, body: domain.release(half, body=body),
    OfferStep.WITHDRAW: lambda half, _, body: domain.withdraw(half, body=body),
}
