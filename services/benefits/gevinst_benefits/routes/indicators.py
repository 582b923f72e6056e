"""Indicators and their baselines (B5, B6)."""

import json
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.schemas.indicators import (
    BaselineIn,
    BaselineOut,
    BaselinePageOut,
    IndicatorIn,
    IndicatorOut,
    IndicatorPageOut,
)
from gevinst_benefits.store import baselines, benefits, indicators
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import indicating
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Indicators"])


@router.get("/indicators/{indicator_id}", summary="One indicator", response_model=IndicatorOut)
async def get_indicator(indicator_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The indicator with its newest measurement and its state today."""
    members = indicating.with_state(work, await indicators.get_document(work.connection, indicator_id))
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
    return page_response(request, indicating.with_states(work, page.items), page.next_place)


@router.get(
    "/projects/{project_id}/indicators", summary="A project's indicators", response_model=IndicatorPageOut
)
async def list_project_indicators(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """The indicators of all benefits of the project's plan, each with its state today."""
    await get_project(work.connection, project_id)
    page = await indicators.INDICATORS.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id},
    )
    return page_response(request, indicating.with_states(work, page.items), page.next_place)


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
    members = await indicating.add_indicator(work, benefit_id, body.draft())
    return work.created(_text(members), members["revision"], f"/indicators/{members['id']}")


@router.put("/indicators/{indicator_id}", summary="Change an indicator", response_model=IndicatorOut)
async def change_indicator(
    indicator_id: UUID,
    body: IndicatorIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
) -> Response:
    """Change what is measured, when and where; the measurements stay. A baseline that is left away stays too,
    another one is a new entry and says why."""
    members = await indicating.change_indicator(work, indicator_id, body.draft(), expected=expected)
    if members is None:
        raise ChangedMeanwhile
    return work.changed(_text(members), members["revision"])


@router.get("/indicators/{indicator_id}/baselines", summary="Baselines", response_model=BaselinePageOut)
async def list_baselines(
    request: Request,
    indicator_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
) -> Response:
    """Every baseline that the indicator has had, replaced ones included."""
    await indicators.get_row(work.connection, indicator_id)
    page = await baselines.BASELINES.page(
        work.connection,
        sort="id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"indicator": indicator_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/indicators/{indicator_id}/baselines",
    summary="Set the baseline",
    status_code=201,
    response_model=BaselineOut,
)
async def set_baseline(
    indicator_id: UUID, body: BaselineIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Record what was measured before any effect (B6). Another baseline is a new entry with the reason; it
    holds from now on."""
    stored = await indicating.set_baseline(work, indicator_id, body.draft())
    return work.created(stored.document, stored.revision, f"/indicators/{indicator_id}/baselines")


def _text(members: dict[str, Any]) -> str:
    return json.dumps(members, ensure_ascii=False)
