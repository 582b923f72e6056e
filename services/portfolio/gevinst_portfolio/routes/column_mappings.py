"""Column mappings: how files of others are to be read, kept for the next time."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import UPLOAD, VIEW
from gevinst_portfolio.routes.answers import changed, shown
from gevinst_portfolio.schemas.column_mappings import ColumnMappingIn, ColumnMappingOut, ColumnMappingPageOut
from gevinst_portfolio.store import mappings
from gevinst_portfolio.usecases import mapping as keeping
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Workbooks"])
Sort = Annotated[Literal["id", "name", "-id", "-name"], Query(description="`-` turns the order.")]


@router.get("/column-mappings", summary="Column mappings", response_model=ColumnMappingPageOut)
async def list_column_mappings(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "id",
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
) -> Response:
    """How files of others are read."""
    after = read_cursor(cursor, length=2)
    page = await mappings.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters={"portfolio": portfolio}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/portfolios/{portfolio_id}/column-mappings",
    summary="Keep a column mapping",
    status_code=201,
    response_model=ColumnMappingOut,
)
async def keep_column_mapping(
    portfolio_id: UUID, body: ColumnMappingIn, work: Annotated[Writing, writes(UPLOAD)]
) -> Response:
    """Say which heading of a file gives which member of a project; uploads then name the mapping."""
    mapping_id, stored = await keeping.keep_mapping(work, portfolio_id, body.model_dump())
    return work.created(stored.document, stored.revision, f"/column-mappings/{mapping_id}")


@router.get("/column-mappings/{mapping_id}", summary="One column mapping", response_model=ColumnMappingOut)
async def get_column_mapping(mapping_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The mapping as it is now."""
    return shown(await mappings.RECORDS.get(work.connection, mapping_id))


@router.put(
    "/column-mappings/{mapping_id}", summary="Change a column mapping", response_model=ColumnMappingOut
)
async def change_column_mapping(
    mapping_id: UUID,
    body: ColumnMappingIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(UPLOAD)],
) -> Response:
    """Replace the mapping. Files that were read with it stay as they are."""
    stored = await keeping.change_mapping(work, mapping_id, body.model_dump(), expected=expected)
    return changed(work, stored)
