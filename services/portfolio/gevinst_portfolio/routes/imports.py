"""Imports: projects from files that others publish, and what was found in them."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import IMPORT, VIEW
from gevinst_portfolio.schemas.imports import ImportCellPageOut, Keep
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.store import imports, runs
from gevinst_portfolio.usecases.importing import ask_for_import
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.web.body_limit import takes
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import WrongMediaType
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Imports"])
MOST_BYTES = 20_000_000
MEDIA_TYPES = ("text/csv", "application/octet-stream")
_FILE = {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES}}
PlaceState = Annotated[
    str | None, Query(max_length=40, pattern="^[a-z]+(-[a-z]+)*$", description="Only places in this state.")
]


@router.post(
    "/portfolios/{portfolio_id}/imports",
    summary="Import a file of projects",
    status_code=202,
    response_model=RunOut,
    openapi_extra={"requestBody": {"required": True, **_FILE}},
)
@takes(MOST_BYTES)
async def import_projects(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Writing, writes(IMPORT)],
    source: Annotated[Literal["gmpp"], Query(description="gmpp: UK Government Major Projects Portfolio.")],
    year: Annotated[
        int | None, Query(ge=2000, le=2200, description="Where the file itself does not say.")
    ] = None,
    keep: Annotated[
        Keep,
        Query(description="all: nothing when a cell is not understood; valid: everything but such cells."),
    ] = "all",
) -> Response:
    """Import the file as it was published; the body is the file. The run's report says what was created,
    updated and left, and names every cell that was missing, withheld or not understood. Importing the same
    file again changes nothing, and what people changed since the last import is left to them."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise WrongMediaType(expected=" or ".join(MEDIA_TYPES))
    content = await request.body()
    run_id, stored = await ask_for_import(work, portfolio_id, content=content, year=year, keep=keep)
    return work.accepted(stored.document, f"/runs/{run_id}")


@router.get("/imports/{run_id}/cells", summary="What was found in a file", response_model=ImportCellPageOut)
async def list_import_cells(
    request: Request,
    run_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: PlaceState = None,
) -> Response:
    """Every cell without a value, every doubtful one, and what there is to say of the file, in its order."""
    await runs.get_document(work.connection, run_id, reader_of(work))
    page = await imports.LISTING.page(
        work.connection,
        sort="number",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"run": run_id, "state": state},
    )
    return page_response(request, page.items, page.next_place)
