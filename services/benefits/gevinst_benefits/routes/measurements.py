"""Measurements of indicators: appended one by one or many at once, and read as they were recorded."""

import json
from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import MEASURE, VIEW
from gevinst_benefits.schemas.measurements import (
    MeasurementBatchIn,
    MeasurementBatchOut,
    MeasurementIn,
    MeasurementOut,
    MeasurementPageOut,
)
from gevinst_benefits.store import indicators, measurements
from gevinst_benefits.usecases import measuring
from gevinst_shared.db.work import Work
from gevinst_shared.web.body_limit import takes
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Measurements"])
MOST_BYTES = 4_000_000
MeasurementSort = Annotated[Literal["day", "-day"], Query(description="`-` turns the order.")]


@router.get(
    "/indicators/{indicator_id}/measurements", summary="Measurements", response_model=MeasurementPageOut
)
async def list_measurements(
    request: Request,
    indicator_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: MeasurementSort = "-day",
) -> Response:
    """Everything that was recorded on the indicator, corrected entries included."""
    await indicators.get_row(work.connection, indicator_id)
    page = await measurements.MEASUREMENTS.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"indicator": indicator_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/indicators/{indicator_id}/measurements",
    summary="Record a measurement",
    status_code=201,
    response_model=MeasurementOut,
)
async def record_measurement(
    indicator_id: UUID, body: MeasurementIn, work: Annotated[Writing, writes(MEASURE)]
) -> Response:
    """Record what was measured. A day, unit and source is measured once; a correction is a new entry that
    names the one it replaces, and why."""
    _, stored = await measuring.measure(work, indicator_id, body.reading())
    return work.created(stored.document, stored.revision, f"/indicators/{indicator_id}/measurements")


@router.post(
    "/indicators/{indicator_id}/measurements/batch",
    summary="Record many measurements",
    status_code=201,
    response_model=MeasurementBatchOut,
)
@takes(MOST_BYTES)
async def record_measurements(
    indicator_id: UUID, body: MeasurementBatchIn, work: Annotated[Writing, writes(MEASURE)]
) -> Response:
    """Record all rows, or none when one cannot be taken. Rows that are on record already are recognised, so
    that the same rows may be sent again; another value for a day is a correction when it says why."""
    found = await measuring.measure_many(work, indicator_id, body.readings())
    return work.created(json.dumps(asdict(found)), 1, f"/indicators/{indicator_id}/measurements")
