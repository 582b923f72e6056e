"""Scores that follow from figures that are there already."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.schemas.derived_scores import DerivedScorePageOut
from gevinst_portfolio.usecases.offering_scores import offered_scores
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Scores"])


@router.get(
    "/portfolios/{portfolio_id}/derived-scores",
    summary="Scores from figures that are there",
    response_model=DerivedScorePageOut,
)
async def list_derived_scores(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """For each project what its cost, benefit and delivery confidence would give it, as a share of any
    scale. A suggestion to whoever scores; a figure that is missing suggests nothing."""
    items, place = await offered_scores(work, portfolio_id, limit=limit, after=read_cursor(cursor, length=2))
    return page_response(request, items, place)
