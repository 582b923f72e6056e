"""Project boards: named roles, and who holds them (P10)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import CHANGE_PROJECT, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.boards import BoardSeatIn, BoardSeatOut, BoardSeatPageOut, SeatHolderIn
from gevinst_portfolio.store import boards, projects
from gevinst_portfolio.usecases import seating
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["People"])
Sort = Annotated[Literal["id", "role", "-id", "-role"], Query(description="`-` turns the order.")]
Change = Annotated[Writing, writes(CHANGE_PROJECT)]


@router.get(
    "/projects/{project_id}/board-seats", summary="The board of a project", response_model=BoardSeatPageOut
)
async def list_board_seats(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    role: Annotated[str | None, Query(max_length=60, description="Only this role.")] = None,
) -> Response:
    """The named roles of the project's board, who holds them, and which are vacant since when."""
    await projects.get_row(work.connection, project_id)
    page = await boards.SEAT_LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id, "role": role},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/board-seats",
    summary="Add a role to a board",
    status_code=201,
    response_model=BoardSeatOut,
)
async def add_board_seat(project_id: UUID, body: BoardSeatIn, work: Change) -> Response:
    """Add a named role to the project's board, held by a person or a group, or vacant. It says who answers
    for what; what somebody may do here follows from the roles that administrators assign."""
    seat_id, stored = await seating.add_seat(work, project_id, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/board-seats/{seat_id}")


@router.get("/board-seats/{seat_id}", summary="One role of a board", response_model=BoardSeatOut)
async def get_board_seat(seat_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The role and who holds it."""
    return shown(await boards.SEATS.get(work.connection, seat_id))


@router.put("/board-seats/{seat_id}", summary="Fill or vacate a role", response_model=BoardSeatOut)
async def change_board_seat(
    seat_id: UUID, body: SeatHolderIn, expected: ExpectedRevision, work: Change
) -> Response:
    """Let another person or group hold the role, or nobody: then it is announced as vacant."""
    stored = await seating.seat_holder(work, seat_id, **body.model_dump(), expected=expected)
    return changed(work, stored)


@router.post("/board-seats/{seat_id}/end", summary="Take a role out of a board", response_model=BoardSeatOut)
async def end_board_seat(seat_id: UUID, expected: ExpectedRevision, work: Change) -> Response:
    """The board has the role no more, from today; it stays to be seen."""
    stored = await seating.end_seat(work, seat_id, expected=expected)
    return changed(work, stored)
