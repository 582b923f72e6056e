"""Meetings of the board, from the plan to the approved minutes (P8)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.meetings import MeetingState
from gevinst_portfolio.domain.permissions import ARRANGE, VIEW_MEETING
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.meetings import (
    MeetingHeldIn,
    MeetingIn,
    MeetingOut,
    MeetingPageOut,
    MinutesIn,
)
from gevinst_portfolio.store import meetings, portfolios
from gevinst_portfolio.usecases import convening
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Meetings"])
Sort = Annotated[Literal["start", "id", "-start", "-id"], Query(description="`-` turns the order.")]


@router.get(
    "/portfolios/{portfolio_id}/meetings", summary="The board's meetings", response_model=MeetingPageOut
)
async def list_meetings(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW_MEETING)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-start",
    state: Annotated[MeetingState | None, Query(description="Only those that far.")] = None,
) -> Response:
    """Meetings of the portfolio's board, the last one first."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    page = await meetings.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"portfolio": portfolio_id, "state": state},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/portfolios/{portfolio_id}/meetings",
    summary="Plan a meeting",
    status_code=201,
    response_model=MeetingOut,
)
async def plan_meeting(
    portfolio_id: UUID, body: MeetingIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Plan a meeting. Put items on its agenda, then call its members."""
    meeting_id, stored = await convening.plan_meeting(work, portfolio_id, body.model_dump())
    return work.created(stored.document, stored.revision, f"/meetings/{meeting_id}")


@router.get("/meetings/{meeting_id}", summary="One meeting", response_model=MeetingOut)
async def get_meeting(meeting_id: UUID, work: Annotated[Work, reads(VIEW_MEETING)]) -> Response:
    """When and where, who was called, who attended, and the minutes."""
    return shown(await meetings.MEETINGS.get(work.connection, meeting_id))


@router.put("/meetings/{meeting_id}", summary="Change a meeting", response_model=MeetingOut)
async def change_meeting(
    meeting_id: UUID,
    body: MeetingIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Change when, where and with whom, as long as the meeting was not held."""
    stored = await convening.change_meeting(work, meeting_id, body.model_dump(), expected=expected)
    return changed(work, stored)


@router.post("/meetings/{meeting_id}/call", summary="Call the members", response_model=MeetingOut)
async def call_meeting(
    meeting_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Send the agenda. From now on it only changes with a reason, and late items are marked."""
    return changed(work, await convening.call_meeting(work, meeting_id, expected=expected))


@router.post("/meetings/{meeting_id}/attendance", summary="Say who attended", response_model=MeetingOut)
async def hold_meeting(
    meeting_id: UUID,
    body: MeetingHeldIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """The meeting was held. Its draft minutes can be sent along, and again until they are approved."""
    stored = await convening.hold_meeting(work, meeting_id, **body.model_dump(), expected=expected)
    return changed(work, stored)


@router.post("/meetings/{meeting_id}/minutes", summary="Approve the minutes", response_model=MeetingOut)
async def approve_minutes(
    meeting_id: UUID,
    body: MinutesIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Keep the minutes as they were approved. From then on nothing of the meeting changes."""
    stored = await convening.approve_minutes(work, meeting_id, minutes=body.minutes, expected=expected)
    return changed(work, stored)
