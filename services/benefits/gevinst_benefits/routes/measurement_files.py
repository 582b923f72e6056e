"""Files of measurements of many indicators, Excel or CSV: previewed, and recorded as they were seen."""

import asyncio
from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.measurement_files.reading import Sheet, read_sheet
from gevinst_benefits.domain.measurement_files.rows import CellFault
from gevinst_benefits.domain.measurement_files.uploads import Preview
from gevinst_benefits.domain.permissions import MEASURE
from gevinst_benefits.schemas.measurement_files import MOST_FAULTS, CellFaultOut, MeasurementFileOut
from gevinst_benefits.usecases import uploading
from gevinst_shared.web.body_limit import takes
from gevinst_shared.web.languages import language_of, read_texts
from gevinst_shared.web.refusals import WrongMediaType
from gevinst_shared.web.session import JSON, Writing, writes

router = APIRouter(tags=["Measurements"])
MOST_BYTES = 4_000_000
CSV, BYTES = "text/csv", "application/octet-stream"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FILE = {
    "requestBody": {
        "required": True,
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in (CSV, BYTES)},
    }
}
ProjectFilter = Annotated[UUID | None, Query(description="Only indicators of this project are taken.")]
Seen = Annotated[
    str,
    Query(
        pattern="^[0-9a-f]{64}$",
        max_length=64,
        description="The `digest` of the preview.",
        examples=["0" * 64],
    ),
]


@router.post(
    "/measurement-previews",
    summary="Preview a file of measurements",
    response_model=MeasurementFileOut,
    openapi_extra=_FILE,
)
@takes(MOST_BYTES)
async def preview_file(
    request: Request, work: Annotated[Writing, writes(MEASURE)], project: ProjectFilter = None
) -> Response:
    """Read a workbook (.xlsx, first sheet) or CSV file of at most 10,000 rows and say what it would record,
    and which cells cannot be taken. The first row names the columns, in English or a Nordic language:
    indicator (id), day, value, and where needed unit (id), weight, source, reason. Nothing is changed."""
    preview = await uploading.preview_of(work, await _sheet(request), project_id=project)
    work.response = Response(_told(request, preview), media_type=JSON)
    return work.response


@router.post(
    "/measurement-uploads",
    summary="Record a file of measurements",
    status_code=201,
    response_model=MeasurementFileOut,
    openapi_extra=_FILE,
)
@takes(MOST_BYTES)
async def record_file(
    request: Request,
    work: Annotated[Writing, writes(MEASURE)],
    seen: Seen,
    project: ProjectFilter = None,
) -> Response:
    """Record the file that was previewed: all of it, or nothing when a cell cannot be taken or it would
    record other things than the preview showed. Sent again, it records nothing a second time."""
    preview = await uploading.record_file(work, await _sheet(request), project_id=project, seen=seen)
    return work.created(_told(request, preview), 1, "/measurements-due")


async def _sheet(request: Request) -> Sheet:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (XLSX, CSV, BYTES):
        raise WrongMediaType(expected=f"{XLSX}, {BYTES} or {CSV}")
    content = await request.body()
    # Bounded in rows, cells and bytes; off the loop all the same.
    return await asyncio.to_thread(read_sheet, content, is_csv=media == CSV)


def _told(request: Request, preview: Preview) -> str:
    texts = read_texts("gevinst_benefits", language_of(request.headers.get("accept-language")))
    return MeasurementFileOut(
        rows_read=preview.rows_read,
        recorded_count=preview.new_count,
        corrected_count=preview.corrected_count,
        unchanged_count=preview.unchanged_count,
        fault_count=len(preview.faults),
        faults=[_fault(one, texts.get(one.refusal.code, {})) for one in preview.faults[:MOST_FAULTS]],
        digest=preview.digest,
    ).model_dump_json()


def _fault(fault: CellFault, text: Mapping[str, str]) -> CellFaultOut:
    refusal = fault.refusal
    detail = text.get("detail", refusal.detail).format(**refusal.values)
    return CellFaultOut(
        cell=fault.cell, code=refusal.code, title=text.get("title", refusal.title), detail=detail[:2000]
    )
