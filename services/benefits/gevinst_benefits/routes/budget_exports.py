"""What is booked, as files for the economy system."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.money.budget_exports import ExportState
from gevinst_benefits.domain.permissions import EXPORT_BUDGET, MAP_EXPORT, VIEW
from gevinst_benefits.schemas.budget_exports import (
    BudgetExportOut,
    BudgetExportPageOut,
    ExportMappingIn,
    ExportMappingOut,
    ExportMappingPageOut,
    ReceiptIn,
)
from gevinst_benefits.store import budget_exports
from gevinst_benefits.usecases import exporting
from gevinst_benefits.usecases.exporting import Answer
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Budget exports"])
CSV = "text/csv"
_FILE = {"schema": {"type": "string", "format": "binary", "maxLength": 1_000_000_000}}


@router.get("/budget-export-mappings", summary="Export mappings", response_model=ExportMappingPageOut)
async def list_export_mappings(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every version of how the economy system wants its file; the first is in force."""
    after = read_cursor(cursor, length=2)
    page = await budget_exports.MAPPINGS.page(
        work.connection, sort="-number", limit=limit, after=after, filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/budget-export-mappings", summary="Map the export", status_code=201, response_model=ExportMappingOut
)
async def add_export_mapping(body: ExportMappingIn, work: Annotated[Writing, writes(MAP_EXPORT)]) -> Response:
    """Say which columns the file has and what the economy system calls units and accounts. Files that were
    made before keep the mapping that they were made with."""
    written = body.model_dump(mode="json", exclude_none=True)
    mapping_id, stored = await exporting.add_mapping(work, written)
    return work.created(stored.document, stored.revision, f"/budget-export-mappings/{mapping_id}")


@router.get(
    "/budget-export-mappings/{export_mapping_id}",
    summary="One export mapping",
    response_model=ExportMappingOut,
)
async def get_export_mapping(export_mapping_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The mapping as it was sent."""
    stored = await budget_exports.MAPPING_RECORDS.get(work.connection, export_mapping_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get("/budget-exports", summary="Files that were made", response_model=BudgetExportPageOut)
async def list_budget_exports(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every file and what became of it, the newest first."""
    after = read_cursor(cursor, length=2)
    page = await budget_exports.EXPORTS.page(
        work.connection, sort="-number", limit=limit, after=after, filters={}
    )
    return page_response(request, page.items, page.next_place)


@router.post("/budget-exports", summary="Make a file", status_code=201, response_model=BudgetExportOut)
async def export_budget(work: Annotated[Writing, writes(EXPORT_BUDGET)]) -> Response:
    """Make the next file of everything that is booked and in no file yet. Each entry is in exactly one."""
    export_id, stored = await exporting.export(work)
    return work.created(stored.document, stored.revision, f"/budget-exports/{export_id}")


@router.get("/budget-exports/{export_id}", summary="One file's record", response_model=BudgetExportOut)
async def get_budget_export(export_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Its number, how many entries it has, its SHA-256, and what became of it."""
    stored = (await budget_exports.get_export(work.connection, export_id)).stored
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get(
    "/budget-exports/{export_id}/file",
    summary="The file itself",
    response_class=Response,
    responses={200: {"description": "Delimited text, as the mapping says.", "content": {CSV: _FILE}}},
)
async def get_budget_export_file(export_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The file, byte by byte as it was made."""
    content, number = await budget_exports.get_file(work.connection, export_id)
    headers = {"Content-Disposition": f'attachment; filename="budget-export-{number}.csv"'}
    return Response(content, headers=headers, media_type=CSV)


@router.post(
    "/budget-exports/{export_id}/receipt", summary="Received or rejected", response_model=BudgetExportOut
)
async def answer_budget_export(
    export_id: UUID, body: ReceiptIn, work: Annotated[Writing, writes(EXPORT_BUDGET)]
) -> Response:
    """Note what the economy system says of the file, with its reference. Received is final."""
    stored = await exporting.answer(work, export_id, body.answer())
    return work.changed(stored.document, stored.revision)


@router.post("/budget-exports/{export_id}/resending", summary="Send it again", response_model=BudgetExportOut)
async def resend_budget_export(export_id: UUID, work: Annotated[Writing, writes(EXPORT_BUDGET)]) -> Response:
    """Note that a rejected file was sent again; it is the same file."""
    stored = await exporting.answer(work, export_id, Answer(ExportState.SENT))
    return work.changed(stored.document, stored.revision)
