"""Portfolios."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ARRANGE, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.portfolios import (
    PortfolioChangeIn,
    PortfolioIn,
    PortfolioOut,
    PortfolioPageOut,
)
from gevinst_portfolio.store import portfolios
from gevinst_portfolio.usecases import arranging
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Portfolios"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/portfolios", summary="Your portfolios", response_model=PortfolioPageOut)
async def list_portfolios(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
) -> Response:
    """The organisation's portfolios, a page at a time."""
    page = await portfolios.LISTING.page(
        work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/portfolios", summary="Make a portfolio", status_code=201, response_model=PortfolioOut)
async def arrange_portfolio(body: PortfolioIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Make a portfolio with its entry threshold (P2)."""
    portfolio_id, stored = await arranging.arrange_portfolio(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/portfolios/{portfolio_id}")


@router.get("/portfolios/{portfolio_id}", summary="One portfolio", response_model=PortfolioOut)
async def get_portfolio(portfolio_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The portfolio with its entry threshold."""
    return shown(await portfolios.RECORDS.get(work.connection, portfolio_id))


@router.put("/portfolios/{portfolio_id}", summary="Change a portfolio", response_model=PortfolioOut)
async def change_portfolio(
    portfolio_id: UUID,
    body: PortfolioChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Rename the portfolio or set its entry threshold anew: a project that now is above it is prioritised
    centrally, one that is not any more is reported lightly (P2)."""
    change = arranging.PortfolioChange(**body.model_dump())
    stored = await arranging.change_portfolio(work, portfolio_id, change, expected=expected)
    return changed(work, stored)
