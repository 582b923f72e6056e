"""Benefits that fall with another body: offered by us, and offered to us (B11)."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.domain.plan.agreements import AgreementState
from gevinst_benefits.schemas.agreement_halves import (
    AcceptIn,
    AgreementListOut,
    AgreementOut,
    OfferIn,
    OfferStepIn,
    PlanAgainIn,
    ReplyStepIn,
)
from gevinst_benefits.store.agreement_halves import LISTINGS, OFFER, RECORDS, REPLY
from gevinst_benefits.usecases import answering_offers, offering
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Agreements"])
InState = Annotated[AgreementState | None, Query(description="Only those in this state.")]
WithPartner = Annotated[UUID | None, Query(description="Only those with this partner.")]


@router.post(
    "/benefits/{benefit_id}/agreement-offers",
    summary="Offer a benefit to another body",
    status_code=201,
    response_model=AgreementOut,
)
async def offer_benefit(benefit_id: UUID, body: OfferIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Offer the benefit with its figures as they are now. We count it until we confirm what the other body
    answers; it counts it from when it has seen that."""
    offer_id, stored = await offering.offer(work, benefit_id, body.partner_id)
    return work.created(stored.document, stored.revision, f"/agreement-offers/{offer_id}")


@router.get("/agreement-offers", summary="Benefits that we offer", response_model=AgreementListOut)
async def list_agreement_offers(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: InState = None,
    partner: WithPartner = None,
) -> Response:
    """Our benefits that are or were offered to other bodies, oldest first."""
    return await _page(request, work, OFFER, cursor, limit, {"state": state, "partner": partner})


@router.get("/agreement-offers/{offer_id}", summary="One benefit that we offer", response_model=AgreementOut)
async def get_agreement_offer(offer_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """How far the agreement is, and what the other body answered."""
    return await _one(work, OFFER, offer_id)


@router.post(
    "/agreement-offers/{offer_id}/steps", summary="Take the giver's next step", response_model=AgreementOut
)
async def take_offer_step(
    offer_id: UUID, body: OfferStepIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Offer the figures of today again, which voids what was answered on others; confirm what was accepted,
    if the figures are still those; withdraw what is not confirmed; or release, and count again, what the
    other body disputes after it was confirmed."""
    stored = await offering.take_offer_step(work, offer_id, body.step, note=body.note, read=body.revision)
    return work.changed(stored.document, stored.revision)


@router.get("/agreement-replies", summary="Benefits offered to us", response_model=AgreementListOut)
async def list_agreement_replies(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: InState = None,
    partner: WithPartner = None,
    missing: Annotated[
        bool | None, Query(description="Only those that were accepted and are missing here, or only others.")
    ] = None,
) -> Response:
    """Benefits that other bodies offer us, with our replies, oldest first."""
    filters = {"state": state, "partner": partner, "missing": missing}
    return await _page(request, work, REPLY, cursor, limit, filters)


@router.get("/agreement-replies/{reply_id}", summary="One benefit offered to us", response_model=AgreementOut)
async def get_agreement_reply(reply_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What is offered, what we replied, and whether that is confirmed."""
    return await _one(work, REPLY, reply_id)


@router.post("/agreement-replies/{reply_id}/steps", summary="Answer an offer", response_model=AgreementOut)
async def answer_offer(reply_id: UUID, body: ReplyStepIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Accept the benefit, which plans it here, with a part that the giver keeps if there is one; or dispute
    it. It counts here from when the giver's confirmation has arrived, and not from a dispute on. What was
    accepted and is missing here since a restore is planned again."""
    if isinstance(body, AcceptIn):
        stored = await answering_offers.accept(
            work, reply_id, body.at(), share_kept=body.kept(), note=body.note, read=body.revision
        )
    elif isinstance(body, PlanAgainIn):
        stored = await answering_offers.plan_again(work, reply_id, body.at(), note=body.note)
    else:
        stored = await answering_offers.dispute(work, reply_id, body.reason)
    return work.changed(stored.document, stored.revision)


async def _one(work: Work, side: str, record_id: UUID) -> Response:
    stored = await RECORDS[side].get(work.connection, record_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


async def _page(
    request: Request, work: Work, side: str, cursor: str | None, limit: int, filters: Mapping[str, object]
) -> Response:
    page = await LISTINGS[side].page(
        work.connection, sort="id", limit=limit, after=read_cursor(cursor, length=2), filters=filters
    )
    return page_response(request, page.items, page.next_place)
