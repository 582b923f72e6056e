"""The criteria model that a portfolio owns (P6)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ARRANGE, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.criteria import CriterionIn, CriterionOut, CriterionPageOut
from gevinst_portfolio.store import criteria, portfolios
from gevinst_portfolio.usecases import scoring
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Scores"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get(
    "/portfolios/{portfolio_id}/criteria", summary="A portfolio's criteria", response_model=CriterionPageOut
)
async def list_criteria(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
) -> Response:
    """What the portfolio's projects are scored on, with weights and scales."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    after = read_cursor(cursor, length=2)
    page = await criteria.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"portfolio": portfolio_id}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/portfolios/{portfolio_id}/criteria",
    summary="Add a criterion",
    status_code=201,
    response_model=CriterionOut,
)
async def add_criterion(
    portfolio_id: UUID, body: CriterionIn, work: Annotated[Writing, writes(ARRANGE)]
) -> Response:
    """Add a criterion to the portfolio's model. Totals are partial until projects are scored on it."""
    criterion_id, stored = await scoring.add_criterion(work, portfolio_id, body.model_dump())
    return work.created(stored.document, stored.revision, f"/criteria/{criterion_id}")


@router.get("/criteria/{criterion_id}", summary="One criterion", response_model=CriterionOut)
async def get_criterion(criterion_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The criterion as it is now."""
    return shown(await criteria.RECORDS.get(work.connection, criterion_id))


@router.put("/criteria/{criterion_id}", summary="Change a criterion", response_model=CriterionOut)
async def change_criterion(
    criterion_id: UUID,
    body: CriterionIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Replace what the criterion says. Its scale must hold every score that was given."""
    stored = await scoring.change_criterion(work, criterion_id, body.model_dump(), expected=expected)
    return changed(work, stored)
