"""Indicators and their measurements (B5, B6)."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import MEASURE, PLAN, VIEW
from gevinst_benefits.schemas.indicators import (
    IndicatorIn,
    IndicatorOut,
    IndicatorPageOut,
    MeasurementIn,
    MeasurementOut,
    MeasurementPageOut,
)
from gevinst_benefits.store import benefits, indicators
from gevinst_benefits.usecases import measuring
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Indicators"])
MeasurementSort = Annotated[Literal["day", "-day"], Query(description="`-` turns the order.")]


@router.get("/indicators/{indicator_id}", summary="One indicator", response_model=IndicatorOut)
async def get_indicator(indicator_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The indicator with its newest measurement and its state today."""
    members = measuring.with_state(work, await indicators.get_document(work.connection, indicator_id))
    return Response(_text(members), headers={"ETag": etag(members["revision"])}, media_type=JSON)


@router.get(
    "/benefits/{benefit_id}/indicators", summary="A benefit's indicators", response_model=IndicatorPageOut
)
async def list_indicators(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """The benefit's indicators, each with its state today."""
    await benefits.get_row(work.connection, benefit_id)
    page = await indicators.INDICATORS.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"benefit": benefit_id},
    )
    return page_response(request, measuring.with_states(work, page.items), page.next_place)


@router.post(
    "/benefits/{benefit_id}/indicators",
    summary="Add an indicator",
    status_code=201,
    response_model=IndicatorOut,
)
async def add_indicator(
    benefit_id: UUID, body: IndicatorIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Give the benefit an indicator that its owner will act on. A fourth one asks for a reason (B5)."""
    members = await measuring.add_indicator(work, benefit_id, body.draft())
    return work.created(_text(members), members["revision"], f"/indicators/{members['id']}")


@router.put("/indicators/{indicator_id}", summary="Change an indicator", response_model=IndicatorOut)
async def change_indicator(
    indicator_id: UUID,
    body: IndicatorIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
) -> Response:
    """Change what is measured, such as the baseline once it has been taken. The reason goes to the audit
    trail; the measurements stay."""
    members = await measuring.change_indicator(work, indicator_id, body.draft(), expected=expected)
    if members is None:
        raise ChangedMeanwhile
    return work.changed(_text(members), members["revision"])


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
    page = await indicators.MEASUREMENTS.page(
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
    """Record what was measured. A correction is a new entry that names the one it replaces, and why."""
    _, stored = await measuring.measure(work, indicator_id, body.reading())
    return work.created(stored.document, stored.revision, f"/indicators/{indicator_id}/measurements")


def _text(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False)
