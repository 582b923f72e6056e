"""What stopped projects left to others."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import VIEW
from gevinst_portfolio.schemas.releases import ReleasePageOut
from gevinst_portfolio.store import portfolios, releases
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Releases"])


@router.get(
    "/portfolios/{portfolio_id}/releases", summary="What stops have freed", response_model=ReleasePageOut
)
async def list_releases(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    project: Annotated[UUID | None, Query(description="Only by this project.")] = None,
) -> Response:
    """Money, people and change load that gates have freed by stopping projects (G6), the newest first."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    page = await releases.LISTING.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"portfolio": portfolio_id, "project": project},
    )
    return page_response(request, page.items, page.next_place)
