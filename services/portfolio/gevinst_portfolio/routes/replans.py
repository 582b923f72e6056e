"""Offers to plan again when a stop has freed capacity (G6)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import PLAN, VIEW_SCENARIO
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.replans import (
    ReplanAcceptedIn,
    ReplanDismissedIn,
    ReplanOut,
    ReplanPageOut,
    ReplanState,
)
from gevinst_portfolio.store import portfolios, replans
from gevinst_portfolio.usecases import replanning
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Releases"])


@router.get(
    "/portfolios/{portfolio_id}/replans", summary="Offers to plan again", response_model=ReplanPageOut
)
async def list_replans(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW_SCENARIO)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: Annotated[ReplanState | None, Query(description="Only open ones, say.")] = None,
) -> Response:
    """What stops and pauses have freed, and whether somebody has planned with it; the newest first."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    page = await replans.LISTING.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"portfolio": portfolio_id, "state": state},
    )
    return page_response(request, page.items, page.next_place)


@router.get("/replans/{replan_id}", summary="One offer to plan again", response_model=ReplanOut)
async def get_replan(replan_id: UUID, work: Annotated[Work, reads(VIEW_SCENARIO)]) -> Response:
    """What is free since when, and what came of the offer."""
    return shown(await replans.RECORDS.get(work.connection, replan_id))


@router.post("/replans/{replan_id}/acceptance", summary="Plan again", response_model=ReplanOut)
async def accept_replan(
    replan_id: UUID,
    body: ReplanAcceptedIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
) -> Response:
    """Copy the last decided scenario from the next quarter on, as the register is now, and have it solved.
    What stopped work has spent of the year's money stays spent."""
    stored = await replanning.accept_replan(work, replan_id, name=body.name, expected=expected)
    return changed(work, stored)


@router.post("/replans/{replan_id}/dismissal", summary="Do not plan again", response_model=ReplanOut)
async def dismiss_replan(
    replan_id: UUID,
    body: ReplanDismissedIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
) -> Response:
    """Leave the capacity free, and say why."""
    stored = await replanning.dismiss_replan(work, replan_id, reason=body.reason, expected=expected)
    return changed(work, stored)
