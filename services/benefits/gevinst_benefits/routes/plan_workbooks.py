"""A benefit plan as a workbook of the tables A to G: downloaded, filled in, previewed and applied."""

import asyncio
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.domain.plan_workbooks.filling import workbook_words
from gevinst_benefits.domain.plan_workbooks.xlsx import write_plan_workbook
from gevinst_benefits.routes.measurement_files import BYTES, MOST_BYTES, XLSX, Seen
from gevinst_benefits.routes.plan_changes import told
from gevinst_benefits.schemas.plan_workbooks import PlanUploadOut, drafted
from gevinst_benefits.usecases import exchanging_plans
from gevinst_shared.db.work import Work
from gevinst_shared.sheets.reading import Table, read_workbook
from gevinst_shared.web.body_limit import takes
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.paper_responses import disposition
from gevinst_shared.web.refusals import WrongMediaType
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Plan workbooks"])
_BINARY: Mapping[str, object] = {"schema": {"type": "string", "format": "binary"}}
# Bytes in the document: client generators know no Excel files, and send the same bytes.
_FILE = {"requestBody": {"required": True, "content": {BYTES: _BINARY}}}


@router.get(
    "/projects/{project_id}/plan-workbook",
    summary="A benefit plan as a workbook",
    response_class=Response,
    responses={
        200: {"description": "An Excel workbook (.xlsx).", "content": {XLSX: _BINARY, BYTES: _BINARY}}
    },
)
async def get_plan_workbook(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], accept_language: AcceptLanguage = None
) -> Response:
    """The plan in seven sheets, in your language: A benefits, B our part by year with live sums, C use of
    what is freed, D agreements with other bodies, E actions, F risks and prerequisites, G measurement plan.
    Coloured cells can be changed and new rows written below; the file is sent back as a preview first."""
    records = await exchanging_plans.plan_records(work, project_id)
    language = language_of(accept_language)
    words = workbook_words(language)
    content = await asyncio.to_thread(write_plan_workbook, records, words)
    name = f"{words['title']} {records.project_name}.xlsx"
    headers = {
        "Content-Disposition": disposition(name),
        "Content-Language": language,
        "Vary": "Accept-Language",
    }
    return Response(content, media_type=XLSX, headers=headers)


@router.post(
    "/projects/{project_id}/plan-workbook-previews",
    summary="Preview a filled-in plan workbook",
    response_model=PlanUploadOut,
    openapi_extra=_FILE,
)
@takes(MOST_BYTES)
async def preview_plan_workbook(
    request: Request, project_id: UUID, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Read a workbook that was downloaded here and filled in, and say what it would change, cell by cell,
    and which cells cannot be taken. Rows that are not in it stay as they are. Nothing is changed."""
    await exchanging_plans.require_planner(work, project_id)
    sheets = await _sheets(request)
    reviewed = await exchanging_plans.preview_workbook(work, project_id, sheets, drafted)
    work.response = Response(told(request, reviewed), media_type=JSON)
    return work.response


@router.post(
    "/projects/{project_id}/plan-workbook-uploads",
    summary="Apply a filled-in plan workbook",
    status_code=201,
    response_model=PlanUploadOut,
    openapi_extra=_FILE,
)
@takes(MOST_BYTES)
async def apply_plan_workbook(
    request: Request, project_id: UUID, work: Annotated[Writing, writes(PLAN)], seen: Seen
) -> Response:
    """Change the plan as the previewed workbook says: all of it, or nothing when a cell cannot be taken or
    it would change other things than the preview showed. Sent again, it changes nothing a second time."""
    await exchanging_plans.require_planner(work, project_id)
    sheets = await _sheets(request)
    reviewed = await exchanging_plans.apply_workbook(work, project_id, sheets, drafted, seen=seen)
    return work.created(told(request, reviewed), 1, f"/projects/{project_id}/benefit-plan")


async def _sheets(request: Request) -> list[Table]:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (XLSX, BYTES):
        raise WrongMediaType(expected=f"{XLSX} or {BYTES}")
    content = await request.body()
    # Bounded in sheets, cells and bytes; off the loop all the same.
    return await asyncio.to_thread(read_workbook, content)
