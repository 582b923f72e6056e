"""Benefits: what a project's plan promises, and who stands for it (B1, B2)."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import CONFIRM, PLAN, VERIFY, VIEW
from gevinst_benefits.domain.plan.benefits import BenefitState
from gevinst_benefits.schemas.benefits import BenefitIn, BenefitOut, BenefitPageOut
from gevinst_benefits.schemas.planned_years import PlannedYearsOut
from gevinst_benefits.store import benefits
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import curves, planning
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Benefits"])
Sort = Annotated[
    Literal["attention", "id", "-attention", "-id"],
    Query(description="`attention` shows benefits without an indicator first; `-` turns the order."),
]


@router.get("/benefits/{benefit_id}", summary="One benefit", response_model=BenefitOut)
async def get_benefit(benefit_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The benefit as it is now; `ETag` is its revision."""
    stored = await benefits.get_document(work.connection, benefit_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get("/projects/{project_id}/benefits", summary="A project's benefits", response_model=BenefitPageOut)
async def list_benefits(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "attention",
    state: Annotated[BenefitState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """The project's benefit plan. Benefits without an indicator come first (B6)."""
    await get_project(work.connection, project_id)
    page = await benefits.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id, "state": state},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/benefits", summary="Plan a benefit", status_code=201, response_model=BenefitOut
)
async def plan_benefit(project_id: UUID, body: BenefitIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Add a benefit to the project's plan, with its owner in the line."""
    benefit_id, stored = await planning.plan(work, project_id, body.draft())
    return work.created(stored.document, stored.revision, f"/benefits/{benefit_id}")


@router.put("/benefits/{benefit_id}", summary="Change a benefit", response_model=BenefitOut)
async def change_benefit(
    benefit_id: UUID, body: BenefitIn, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Change what the plan says. Another estimate, owner or mode waits to be confirmed again (B2)."""
    stored = await planning.change(work, benefit_id, body.draft(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.get(
    "/benefits/{benefit_id}/planned-years",
    summary="A benefit's planned years",
    response_model=PlannedYearsOut,
)
async def get_planned_years(benefit_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """What the benefit is planned to give in each calendar year, in its own unit, as the dates it hangs on
    are now (B9)."""
    members = await curves.curve(work, benefit_id)
    return Response(json.dumps(members, ensure_ascii=False), media_type=JSON)


@router.post("/benefits/{benefit_id}/confirmation", summary="Confirm a benefit", response_model=BenefitOut)
async def confirm_benefit(benefit_id: UUID, work: Annotated[Writing, writes(CONFIRM)]) -> Response:
    """Stand for the estimate, as someone who holds the owner's role in its unit (B2)."""
    stored = await planning.confirm(work, benefit_id)
    return work.changed(stored.document, stored.revision)


@router.post("/benefits/{benefit_id}/verification", summary="Verify a benefit", response_model=BenefitOut)
async def verify_benefit(benefit_id: UUID, work: Annotated[Writing, writes(VERIFY)]) -> Response:
    """Find a confirmed benefit realised, as a controller who is not its owner (G3)."""
    stored = await planning.verify(work, benefit_id)
    return work.changed(stored.document, stored.revision)
