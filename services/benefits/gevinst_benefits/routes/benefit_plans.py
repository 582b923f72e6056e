"""A project's benefit plan in one answer."""

import json
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gevinst_benefits.domain.permissions import VIEW
from gevinst_benefits.schemas.benefit_plans import BenefitPlanOut
from gevinst_benefits.usecases import reading_plans
from gevinst_shared.db.work import Work
from gevinst_shared.web.pages import CursorText, read_cursor, write_cursor
from gevinst_shared.web.session import JSON, reads

router = APIRouter(tags=["Benefits"])
PlanSort = Annotated[
    Literal["attention", "start", "effort"],
    Query(
        description="`attention`: benefits without an indicator first (B6); `start`: what comes first; "
        "`effort`: what takes least first (B10)."
    ),
]
PlanLimit = Annotated[int, Query(ge=1, le=200, description="How many benefits at most.")]


@router.get(
    "/projects/{project_id}/benefit-plan", summary="A project's benefit plan", response_model=BenefitPlanOut
)
async def get_benefit_plan(
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: PlanLimit = 200,
    sort: PlanSort = "attention",
) -> Response:
    """The whole plan: each benefit with its years, actions, prerequisites, risks and what somebody should
    look at, and the sums of our part by ledger, unit and year. Nothing of it is stored."""
    after = read_cursor(cursor, length=1)
    plan, following = await reading_plans.benefit_plan(work, project_id, sort=sort, limit=limit, after=after)
    members = plan if following is None else {**plan, "next_cursor": write_cursor(following)}
    return Response(json.dumps(members, ensure_ascii=False), media_type=JSON)
