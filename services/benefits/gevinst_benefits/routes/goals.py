"""Goals: what units have committed to reach, whatever becomes of the projects (G8)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import COMMIT, PLAN, VIEW
from gevinst_benefits.domain.plan.goals import GoalState
from gevinst_benefits.schemas.goals import GoalIn, GoalOut, GoalPageOut, GoalStateIn, MeansIn
from gevinst_benefits.store import goals
from gevinst_benefits.usecases import committing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Goals"])
Sort = Annotated[
    Literal["id", "-id", "due", "-due"], Query(description="By entry, or by the year due; `-` turns it.")
]


@router.get("/goals", summary="Goals of the units", response_model=GoalPageOut)
async def list_goals(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "due",
    unit: Annotated[UUID | None, Query(description="Only this unit's own.")] = None,
    state: Annotated[GoalState | None, Query(description="Only in this state.")] = None,
    means: Annotated[bool | None, Query(description="Only those with, or without, a benefit.")] = None,
) -> Response:
    """What the units have committed to. With `means=false` those that nothing delivers any more (G8)."""
    page = await goals.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"unit": unit, "state": state, "means": means},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/goals", summary="Set a goal", status_code=201, response_model=GoalOut)
async def set_goal(body: GoalIn, work: Annotated[Writing, writes(COMMIT)]) -> Response:
    """Commit a unit to a savings frame or a service goal."""
    goal_id, stored = await committing.commit(work, body.draft())
    return work.created(stored.document, stored.revision, f"/goals/{goal_id}")


@router.get("/goals/{goal_id}", summary="One goal", response_model=GoalOut)
async def get_goal(goal_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The goal with the benefits that are to meet it."""
    stored = await goals.RECORDS.get(work.connection, goal_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/goals/{goal_id}", summary="Change a goal", response_model=GoalOut)
async def change_goal(
    goal_id: UUID, body: GoalIn, expected: ExpectedRevision, work: Annotated[Writing, writes(COMMIT)]
) -> Response:
    """Change what an open goal says."""
    stored = await committing.change(work, goal_id, body.draft(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.put("/goals/{goal_id}/state", summary="Settle a goal", response_model=GoalOut)
async def settle_goal(
    goal_id: UUID, body: GoalStateIn, expected: ExpectedRevision, work: Annotated[Writing, writes(COMMIT)]
) -> Response:
    """Find the goal met, withdraw it, or open it again; always with the reason."""
    stored = await committing.settle(work, goal_id, body.state, reason=body.reason, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.post(
    "/goals/{goal_id}/means", summary="Link a benefit to a goal", status_code=201, response_model=GoalOut
)
async def link_goal_means(goal_id: UUID, body: MeansIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Name a benefit, of whatever project, by which the goal is to be met."""
    stored = await committing.link(work, goal_id, body.benefit_id)
    return work.created(stored.document, stored.revision, f"/goals/{goal_id}")


@router.delete(
    "/goals/{goal_id}/means/{benefit_id}", summary="Unlink a benefit", status_code=204, response_model=None
)
async def unlink_goal_means(
    goal_id: UUID,
    benefit_id: UUID,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
) -> Response:
    """Take a benefit off what the goal is to be met by. The goal stays."""
    if not await committing.unlink(work, goal_id, benefit_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()
