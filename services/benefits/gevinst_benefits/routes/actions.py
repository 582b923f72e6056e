"""Realisation actions: who does what by when so that a benefit appears (B8)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.domain.plan.actions import ActionState
from gevinst_benefits.schemas.actions import ActionIn, ActionOut, ActionPageOut, ActionStepIn
from gevinst_benefits.store import actions
from gevinst_benefits.usecases import acting
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Actions"])
ActionSort = Annotated[
    Literal["due", "id", "-due", "-id"],
    Query(description="`due` shows what is due first; without a day comes last. `-` turns the order."),
]


@router.get("/actions", summary="Actions", response_model=ActionPageOut)
async def list_actions(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: ActionSort = "due",
    project: Annotated[UUID | None, Query(description="Only of this project's plan.")] = None,
    benefit: Annotated[UUID | None, Query(description="Only of this benefit.")] = None,
    owner: Annotated[UUID | None, Query(description="Only those that this person owns.")] = None,
    unit: Annotated[UUID | None, Query(description="Only of roles in this unit and below it.")] = None,
    state: Annotated[ActionState | None, Query(description="Only in this state.")] = None,
    due: Annotated[
        Day | None, Query(description="Only what is neither done nor dropped, and due by this day.")
    ] = None,
) -> Response:
    """What is to be done in the organisation's plans, each with whether it is overdue today."""
    named = {"project": project, "benefit": benefit, "owner": owner, "unit": unit, "state": state, "due": due}
    after = read_cursor(cursor, length=2)
    page = await actions.LISTING.page(work.connection, sort=sort, limit=limit, after=after, filters=named)
    return page_response(request, acting.all_with_overdue(work, page.items), page.next_place)


@router.post(
    "/benefits/{benefit_id}/actions", summary="Plan an action", status_code=201, response_model=ActionOut
)
async def add_action(benefit_id: UUID, body: ActionIn, work: Annotated[Writing, writes(PLAN)]) -> Response:
    """Give the benefit an action, with somebody who does it by a day."""
    action_id, stored = await acting.add_action(work, benefit_id, body.draft())
    return work.created(stored.document, stored.revision, f"/actions/{action_id}")


@router.get("/actions/{action_id}", summary="One action", response_model=ActionOut)
async def get_action(action_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The action as it is today; `ETag` is its revision."""
    stored = await acting.get_action(work, action_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.put("/actions/{action_id}", summary="Change an action", response_model=ActionOut)
async def change_action(
    action_id: UUID, body: ActionIn, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Change what is to be done, by whom or when. What has become of it stays."""
    stored = await acting.change_action(work, action_id, body.draft(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.post("/actions/{action_id}/steps", summary="Say what became of an action", response_model=ActionOut)
async def take_action_step(
    action_id: UUID, body: ActionStepIn, expected: ExpectedRevision, work: Annotated[Writing, writes(PLAN)]
) -> Response:
    """Start it, finish it, drop it with a reason, or take it up again with one."""
    stored = await acting.take_step(work, action_id, body.step(), expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
