"""What happened to a project."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.schemas.histories import HistoryPageOut
from gevinst_portfolio.store import histories, projects
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import subject_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Projects"])
Sort = Annotated[Literal["id", "-id"], Query(description="Oldest first; `-` turns the order.")]


@router.get(
    "/projects/{project_id}/history", summary="What happened to a project", response_model=HistoryPageOut
)
async def list_project_history(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
) -> Response:
    """E1: who changed which members of the project, when and why."""
    await projects.get_row(work.connection, project_id)
    page = await histories.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"subject": subject_of("projects", project_id)},
    )
    return page_response(request, page.items, page.next_place)
