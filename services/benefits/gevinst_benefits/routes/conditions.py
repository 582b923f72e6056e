"""Conditions: what decisions ask for, of whom and until when (G7)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.gates.conditions import ConditionState
from gevinst_benefits.domain.permissions import CONFIRM_CONDITION, DECIDE_GATE, REPORT_CONDITION, VIEW
from gevinst_benefits.schemas.conditions import (
    ConditionOut,
    ConditionPageOut,
    ConfirmationIn,
    ReportIn,
    WaiverIn,
)
from gevinst_benefits.store import conditions
from gevinst_benefits.usecases import conditioning
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Conditions"])
Sort = Annotated[
    Literal["deadline", "-deadline", "id", "-id"], Query(description="By deadline or by entry; `-` turns it.")
]
Mine = Annotated[bool, Query(description="Only those that you own.")]
Due = Annotated[Day | None, Query(description="Only those whose deadline is this day or before it.")]


@router.get("/conditions", summary="Conditions", response_model=ConditionPageOut)
async def list_conditions(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "deadline",
    project: Annotated[UUID | None, Query(description="Only of this project.")] = None,
    gate: Annotated[UUID | None, Query(description="Only of this gate's decision.")] = None,
    state: Annotated[ConditionState | None, Query(description="Only in this state.")] = None,
    mine: Mine = False,  # noqa: FBT002 - a query parameter
    due: Due = None,
) -> Response:
    """What decisions have asked for, the next deadline first. `mine=true&state=open` is what you have to
    do; `due=` what is due by a day."""
    filters = {
        "project": project,
        "gate": gate,
        "state": state,
        "subject": work.actor.subject if mine else None,
        "due": due,
    }
    after = read_cursor(cursor, length=2)
    page = await conditions.LISTING.page(
        work.connection, sort=sort, limit=limit, after=after, filters=filters
    )
    return page_response(request, page.items, page.next_place)


@router.get("/conditions/{condition_id}", summary="One condition", response_model=ConditionOut)
async def get_condition(condition_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The condition as it is now."""
    stored = await conditions.RECORDS.get(work.connection, condition_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.post(
    "/conditions/{condition_id}/report", summary="Report a condition as met", response_model=ConditionOut
)
async def report_condition(
    condition_id: UUID,
    body: ReportIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(REPORT_CONDITION)],
) -> Response:
    """Say, as its owner, that the condition is met and what shows it. It is met at once, unless the
    decision asked for somebody else's confirmation."""
    stored = await conditioning.report(work, condition_id, evidence=body.evidence, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.post(
    "/conditions/{condition_id}/confirmation",
    summary="Confirm that a condition is met",
    response_model=ConditionOut,
)
async def confirm_condition(
    condition_id: UUID,
    body: ConfirmationIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(CONFIRM_CONDITION)],
) -> Response:
    """Confirm, as somebody other than its owner, that the condition is met; or open it again."""
    stored = await conditioning.confirm(
        work, condition_id, is_met=body.is_met, reason=body.reason, expected=expected
    )
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.post("/conditions/{condition_id}/waiver", summary="Waive a condition", response_model=ConditionOut)
async def waive_condition(
    condition_id: UUID,
    body: WaiverIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(DECIDE_GATE)],
) -> Response:
    """Let the condition go, as somebody who decides the project's gates and does not own it."""
    stored = await conditioning.waive(work, condition_id, reason=body.reason, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)
