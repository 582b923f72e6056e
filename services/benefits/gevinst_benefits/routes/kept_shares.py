"""How much of a saving the unit keeps (M3)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.permissions import DRAFT_ADJUSTMENT, VIEW
from gevinst_benefits.schemas.kept_shares import KeptShareIn, KeptShareOut, KeptSharePageOut
from gevinst_benefits.store import benefits, kept_shares
from gevinst_benefits.usecases import sharing
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Budget adjustments"])


@router.get("/benefits/{benefit_id}/kept-shares", summary="What units keep", response_model=KeptSharePageOut)
async def list_kept_shares(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every version of what units keep of this benefit's savings, the newest first."""
    await benefits.get_row(work.connection, benefit_id)
    after, filters = read_cursor(cursor, length=2), {"benefit": benefit_id}
    page = await kept_shares.LISTING.page(
        work.connection, sort="-id", limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/benefits/{benefit_id}/kept-shares",
    summary="Record what a unit keeps",
    status_code=201,
    response_model=KeptShareOut,
)
async def record_kept_share(
    benefit_id: UUID, body: KeptShareIn, work: Annotated[Writing, writes(DRAFT_ADJUSTMENT)]
) -> Response:
    """Record what was agreed with a leader of the unit: how much, from which year and what for. A change is a
    new version with its reason."""
    _, stored = await sharing.record_share(work, benefit_id, body.agreed())
    return work.created(stored.document, stored.revision, f"/benefits/{benefit_id}/kept-shares")
