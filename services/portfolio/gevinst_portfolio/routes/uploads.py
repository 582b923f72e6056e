"""Uploads: files that people filled in, shown as changes before anything is changed."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_portfolio.domain.permissions import UPLOAD, VIEW
from gevinst_portfolio.domain.uploads import CellState
from gevinst_portfolio.routes.run_errors import translated
from gevinst_portfolio.routes.workbooks import BYTES, CSV, XLSX
from gevinst_portfolio.schemas.runs import RunOut
from gevinst_portfolio.schemas.uploads import UploadCellPageOut
from gevinst_portfolio.store import uploads
from gevinst_portfolio.usecases import uploading
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work
from gevinst_shared.web.body_limit import takes
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import WrongMediaType
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Workbooks"])
MOST_BYTES = 20_000_000
_FILE = {"content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (CSV, BYTES)}}
Mapping = Annotated[UUID | None, Query(description="How to read a file of others.")]
State = Annotated[CellState | None, Query(description="Only changes, or only faults.")]


@router.post(
    "/portfolios/{portfolio_id}/uploads",
    summary="Upload a filled file",
    status_code=202,
    response_model=RunOut,
    openapi_extra={"requestBody": {"required": True, **_FILE}},
)
@takes(MOST_BYTES)
async def upload_file(
    request: Request,
    portfolio_id: UUID,
    work: Annotated[Writing, writes(UPLOAD)],
    mapping: Mapping = None,
) -> Response:
    """Read a workbook or CSV file that was downloaded here and changed, or with a mapping any other. The run
    says how many cells differ and how many cannot be taken. It changes nothing: apply it when it is right."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (XLSX, CSV, BYTES):
        raise WrongMediaType(expected=f"{XLSX}, {BYTES} or {CSV}")
    language = language_of(request.headers.get("accept-language"))
    file = uploading.UploadedFile(await request.body(), media == CSV, language, mapping)
    run_id, stored = await uploading.ask_for_reading(work, portfolio_id, file)
    return work.accepted(stored.document, f"/runs/{run_id}")


@router.get("/uploads/{upload_id}/cells", summary="What an upload changes", response_model=UploadCellPageOut)
async def list_upload_cells(
    request: Request,
    upload_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: State = None,
) -> Response:
    """Every cell that differs from what is registered, and every cell that cannot be taken, with the reason.
    The id is that of the run that reads the file."""
    await uploads.get_upload(work.connection, upload_id, reader_of(work))
    page = await uploads.LISTING.page(
        work.connection,
        sort="number",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"run": upload_id, "state": state},
    )
    return page_response(request, translated(request, page.items), page.next_place)


@router.post(
    "/uploads/{upload_id}/application",
    summary="Apply an upload",
    status_code=202,
    response_model=RunOut,
)
async def apply_upload(upload_id: UUID, work: Annotated[Writing, writes(UPLOAD)]) -> Response:
    """Change what the upload has shown: all of it, or nothing when a cell cannot be taken, or when the file
    would change other things now than were shown."""
    run_id, stored = await uploading.ask_for_application(work, upload_id)
    return work.accepted(stored.document, f"/runs/{run_id}")
