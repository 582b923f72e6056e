"""Effect reviews: decision point 6, months or years after the project (G10)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.gates.effect_reviews import EffectReviewState
from gevinst_benefits.domain.permissions import DECIDE_GATE, LOOK_BACK, VIEW
from gevinst_benefits.schemas.effect_reviews import (
    EffectFindingIn,
    EffectReviewIn,
    EffectReviewOut,
    EffectReviewPageOut,
)
from gevinst_benefits.store import effect_reviews
from gevinst_benefits.usecases import looking_back
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Effect reviews"])
Sort = Annotated[Literal["due", "-due", "id", "-id"], Query(description="By day or by entry; `-` turns it.")]


@router.get("/effect-reviews", summary="Effect reviews", response_model=EffectReviewPageOut)
async def list_effect_reviews(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "due",
    project: Annotated[UUID | None, Query(description="Only of this project.")] = None,
    state: Annotated[EffectReviewState | None, Query(description="Only in this state.")] = None,
    due: Annotated[Day | None, Query(description="Only those due on this day or before it.")] = None,
) -> Response:
    """The reviews of all projects, the next day first."""
    page = await effect_reviews.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project, "state": state, "due": due},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/effect-reviews",
    summary="Schedule an effect review",
    status_code=201,
    response_model=EffectReviewOut,
)
async def schedule_effect_review(
    project_id: UUID, body: EffectReviewIn, work: Annotated[Writing, writes(LOOK_BACK)]
) -> Response:
    """Plan to look at the effect on a day. Who decides the project's gates hears of it when it comes."""
    review_id, stored = await looking_back.schedule(work, project_id, body.due_on)
    return work.created(stored.document, stored.revision, f"/effect-reviews/{review_id}")


@router.get("/effect-reviews/{review_id}", summary="One effect review", response_model=EffectReviewOut)
async def get_effect_review(review_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The review, with what it came to once it is held."""
    stored = await effect_reviews.RECORDS.get(work.connection, review_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.post(
    "/effect-reviews/{review_id}/finding", summary="Hold an effect review", response_model=EffectReviewOut
)
async def hold_effect_review(
    review_id: UUID,
    body: EffectFindingIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(DECIDE_GATE)],
) -> Response:
    """Say whether the effect was reached, more benefit work is needed (then the next review is planned at
    once), or it is no longer followed up."""
    stored = await looking_back.hold(work, review_id, body.value(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
