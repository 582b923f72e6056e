"""Programmes."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ARRANGE, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.programmes import (
    ProgrammeChangeIn,
    ProgrammeIn,
    ProgrammeOut,
    ProgrammePageOut,
)
from gevinst_portfolio.store import programmes
from gevinst_portfolio.usecases import arranging
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Portfolios"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/programmes", summary="The programmes", response_model=ProgrammePageOut)
async def list_programmes(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
) -> Response:
    """Programmes, a page at a time."""
    after = read_cursor(cursor, length=2)
    page = await programmes.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"portfolio": portfolio}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/programmes", summary="Make a programme", status_code=201, response_model=ProgrammeOut)
async def make_programme(body: ProgrammeIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Make a programme in a portfolio."""
    programme_id, stored = await arranging.make_programme(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/programmes/{programme_id}")


@router.get("/programmes/{programme_id}", summary="One programme", response_model=ProgrammeOut)
async def get_programme(programme_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The programme as it is now."""
    return shown(await programmes.RECORDS.get(work.connection, programme_id))


@router.put("/programmes/{programme_id}", summary="Change a programme", response_model=ProgrammeOut)
async def change_programme(
    programme_id: UUID,
    body: ProgrammeChangeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Rename the programme."""
    stored = await arranging.change_programme(work, programme_id, name=body.name, expected=expected)
    return changed(work, stored)
