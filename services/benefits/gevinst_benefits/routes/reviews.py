"""Reviews: advice on a proposed gate, comments, and taking the proposal back (G2, G3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.permissions import COMMENT, PROPOSE_GATE, REVIEW, VIEW
from gevinst_benefits.schemas.gates import GateOut
from gevinst_benefits.schemas.reviews import (
    CommentIn,
    CommentOut,
    CommentPageOut,
    ReviewIn,
    ReviewOut,
    WithdrawalIn,
)
from gevinst_benefits.store import gates, reviews
from gevinst_benefits.usecases import proposing, reviewing
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Gates"])


@router.post(
    "/gates/{gate_id}/reviews", summary="Advise on a gate", status_code=201, response_model=ReviewOut
)
async def review_gate(gate_id: UUID, body: ReviewIn, work: Annotated[Writing, writes(REVIEW)]) -> Response:
    """Agree, disagree or abstain, once, as one of the reviewers whom the proposal names."""
    stored = await reviewing.review(work, gate_id, body.advice, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/gates/{gate_id}")


@router.get("/gates/{gate_id}/comments", summary="Comments on a gate", response_model=CommentPageOut)
async def list_gate_comments(
    request: Request,
    gate_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """What was said about the proposal, in order."""
    await gates.get_proposal(work.connection, gate_id)
    after = read_cursor(cursor, length=2)
    page = await reviews.COMMENTS.page(
        work.connection, sort="id", limit=limit, after=after, filters={"gate": gate_id}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/gates/{gate_id}/comments", summary="Comment on a gate", status_code=201, response_model=CommentOut
)
async def comment_on_gate(
    gate_id: UUID, body: CommentIn, work: Annotated[Writing, writes(COMMENT)]
) -> Response:
    """Say something about the proposal, while it awaits its decision. Nothing that is said is changed."""
    stored = await reviewing.comment(work, gate_id, body.text)
    return work.created(stored.document, stored.revision, f"/gates/{gate_id}/comments")


@router.post(
    "/gates/{gate_id}/withdrawal", summary="Withdraw a proposal", status_code=201, response_model=GateOut
)
async def withdraw_gate(
    gate_id: UUID, body: WithdrawalIn, work: Annotated[Writing, writes(PROPOSE_GATE)]
) -> Response:
    """Take a proposal back, as its proposer, before it is decided. The gate can then be proposed anew."""
    stored = await proposing.withdraw(work, gate_id, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/gates/{gate_id}")
