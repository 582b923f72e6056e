"""Groups of people that hold roles together (P10)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.boards import GroupIn, GroupOut, GroupPageOut
from gevinst_portfolio.store import boards
from gevinst_portfolio.usecases import seating
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["People"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/groups", summary="Groups of people", response_model=GroupPageOut)
async def list_groups(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
) -> Response:
    """Groups that can hold a role in a project's board, with their members."""
    page = await boards.GROUP_LISTING.page(
        work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/groups", summary="Form a group", status_code=201, response_model=GroupOut)
async def form_group(body: GroupIn, work: Annotated[Writing, writes(ADMINISTER)]) -> Response:
    """Register people who hold roles together, such as a region's chief executives."""
    group_id, stored = await seating.form_group(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/groups/{group_id}")


@router.get("/groups/{group_id}", summary="One group", response_model=GroupOut)
async def get_group(group_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The group with its members."""
    return shown(await boards.GROUPS.get(work.connection, group_id))


@router.put("/groups/{group_id}", summary="Change a group", response_model=GroupOut)
async def change_group(
    group_id: UUID, body: GroupIn, expected: ExpectedRevision, work: Annotated[Writing, writes(ADMINISTER)]
) -> Response:
    """Replace the group's name and members. What a group without members holds is vacant."""
    stored = await seating.change_group(work, group_id, **body.model_dump(), expected=expected)
    return changed(work, stored)
