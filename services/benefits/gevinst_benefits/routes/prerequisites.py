"""Prerequisites and risks of benefits."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.domain.plan.prerequisites import Level, PrerequisiteState, RiskState
from gevinst_benefits.schemas.prerequisites import (
    PrerequisiteIn,
    PrerequisiteOut,
    PrerequisitePageOut,
    RiskIn,
    RiskOut,
    RiskPageOut,
)
from gevinst_benefits.store import benefits
from gevinst_benefits.store import prerequisites as store
from gevinst_benefits.usecases import preparing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Prerequisites and risks"])


@router.get(
    "/benefits/{benefit_id}/prerequisites",
    summary="A benefit's prerequisites",
    response_model=PrerequisitePageOut,
)
async def list_prerequisites(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: Annotated[PrerequisiteState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """What must be in place for the benefit."""
    await benefits.get_row(work.connection, benefit_id)
    named, after = {"benefit": benefit_id, "state": state}, read_cursor(cursor, length=2)
    page = await store.PREREQUISITE_LISTING.page(
        work.connection, sort="id", limit=limit, after=after, filters=named
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/benefits/{benefit_id}/prerequisites",
    summary="Add a prerequisite",
    status_code=201,
    response_model=PrerequisiteOut,
)
async def add_prerequisite(
    benefit_id: UUID, body: PrerequisiteIn, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Say what must be in place, and who sees to it."""
    prerequisite_id, stored = await preparing.add_prerequisite(work, benefit_id, body.draft())
    return work.created(stored.document, stored.revision, f"/prerequisites/{prerequisite_id}")


@router.get("/prerequisites/{prerequisite_id}", summary="One prerequisite", response_model=PrerequisiteOut)
async def get_prerequisite(prerequisite_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The prerequisite as it is now; `ETag` is its revision."""
    stored = await store.PREREQUISITES.get(work.connection, prerequisite_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put(
    "/prerequisites/{prerequisite_id}", summary="Change a prerequisite", response_model=PrerequisiteOut
)
async def change_prerequisite(
    prerequisite_id: UUID,
    body: PrerequisiteIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
) -> Response:
    """Change it, or say that it is met or has failed."""
    stored = await preparing.change_prerequisite(work, prerequisite_id, body.draft(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.get("/benefits/{benefit_id}/risks", summary="A benefit's risks", response_model=RiskPageOut)
async def list_risks(
    request: Request,
    benefit_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    state: Annotated[RiskState | None, Query(description="Only in this state.")] = None,
    level: Annotated[Level | None, Query(description="Only of this level.")] = None,
) -> Response:
    """What can keep the benefit away."""
    await benefits.get_row(work.connection, benefit_id)
    named, after = {"benefit": benefit_id, "state": state, "level": level}, read_cursor(cursor, length=2)
    page = await store.RISK_LISTING.page(work.connection, sort="id", limit=limit, after=after, filters=named)
    return page_response(request, page.items, page.next_place)


@router.post("/benefits/{benefit_id}/risks", summary="Add a risk", status_code=201, response_model=RiskOut)
async def add_risk(benefit_id: UUID, body: RiskIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Say what can keep the benefit away, how likely and how bad it is, and what is done about it."""
    risk_id, stored = await preparing.add_risk(work, benefit_id, body.draft())
    return work.created(stored.document, stored.revision, f"/risks/{risk_id}")


@router.get("/risks/{risk_id}", summary="One risk", response_model=RiskOut)
async def get_risk(risk_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The risk as it is now; `ETag` is its revision."""
    stored = await store.RISKS.get(work.connection, risk_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/risks/{risk_id}", summary="Change a risk", response_model=RiskOut)
async def change_risk(
    risk_id: UUID, body: RiskIn, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Judge it anew, or say what became of it."""
    stored = await preparing.change_risk(work, risk_id, body.draft(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
