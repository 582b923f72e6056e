"""The tree of units."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import ADMINISTER, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.units import UnitIn, UnitOut, UnitPageOut
from gevinst_portfolio.store import units
from gevinst_portfolio.usecases import organising
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Organisation"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/units", summary="The units", response_model=UnitPageOut)
async def list_units(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    parent: Annotated[UUID | None, Query(description="Only those right below this unit.")] = None,
) -> Response:
    """The nodes of the organisation's tree, a page at a time."""
    after = read_cursor(cursor, length=2)
    page = await units.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"parent": parent}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/units", summary="Make a unit", status_code=201, response_model=UnitOut)
async def make_unit(body: UnitIn, work: Annotated[Writing, writes(ADMINISTER)]) -> Response:
    """Make a unit, at the top of the tree or below another one."""
    unit_id, stored = await organising.make_unit(work, **body.model_dump())
    return work.created(stored.document, stored.revision, f"/units/{unit_id}")


@router.get("/units/{unit_id}", summary="One unit", response_model=UnitOut)
async def get_unit(unit_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The unit with its path from the root."""
    return shown(await units.RECORDS.get(work.connection, unit_id))


@router.put("/units/{unit_id}", summary="Rename or move a unit", response_model=UnitOut)
async def change_unit(
    unit_id: UUID, body: UnitIn, expected: ExpectedRevision, work: Annotated[Writing, writes(ADMINISTER)]
) -> Response:
    """Rename the unit, or move it with everything below it. It cannot stand below itself."""
    stored = await organising.change_unit(work, unit_id, **body.model_dump(), expected=expected)
    return changed(work, stored)
