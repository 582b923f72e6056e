"""What people must do by a day, and that somebody takes care of it."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_notifications.domain.permissions import USE_INBOX, VIEW_DUTIES
from gevinst_notifications.schemas.duties import (
    DutyAcknowledgementIn,
    DutyOut,
    DutyPageOut,
    OwnDutyPageOut,
)
from gevinst_notifications.store import duties, people
from gevinst_notifications.usecases import acknowledging
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Duties"])
Sort = Annotated[
    Literal["due", "id", "-due", "-id"],
    Query(description="By the day that it is due on; `-` turns the order."),
]


@router.get("/duties", summary="What people must do", response_model=DutyPageOut)
async def list_duties(
    request: Request,
    work: Annotated[Work, reads(VIEW_DUTIES)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "due",
    state: Annotated[DutyState | None, Query(description="Only in this state.")] = None,
    kind: Annotated[DutyKind | None, Query(description="Only of this kind.")] = None,
    project: Annotated[UUID | None, Query(description="Only of this project.")] = None,
    benefit: Annotated[UUID | None, Query(description="Only of this benefit.")] = None,
    person: Annotated[UUID | None, Query(description="Only those that this person is named for.")] = None,
    due_before: Annotated[Day | None, Query(description="Only what is due before this day.")] = None,
) -> Response:
    """The organisation's duties, a page at a time."""
    page = await duties.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "state": state,
            "kind": kind,
            "project": project,
            "benefit": benefit,
            "person": person,
            "due_before": due_before,
        },
    )
    return page_response(request, page.items, page.next_place)


@router.get("/inbox/duties", summary="What you must do", response_model=OwnDutyPageOut)
async def list_own_duties(
    request: Request,
    work: Annotated[Work, reads(USE_INBOX)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "due",
    state: Annotated[DutyState, Query(description="In this state.")] = DutyState.OPEN,
    kind: Annotated[DutyKind | None, Query(description="Only of this kind.")] = None,
    project: Annotated[UUID | None, Query(description="Only of this project.")] = None,
    due_before: Annotated[Day | None, Query(description="Only what is due before this day.")] = None,
) -> Response:
    """What you must do yourself, or hold the role for today, a page at a time."""
    reader = await people.find_reader(work.connection, work.actor.subject)
    if reader is None:
        return page_response(request, "[]", None)
    page = await duties.OWN.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "person": reader.person_id,
            "today": work.today,
            "state": state,
            "kind": kind,
            "project": project,
            "due_before": due_before,
        },
    )
    return page_response(request, page.items, page.next_place)


@router.get("/duties/{duty_id}", summary="One duty", response_model=DutyOut)
async def get_duty(duty_id: UUID, work: Annotated[Work, reads(VIEW_DUTIES)]) -> Response:
    """The duty as it is now."""
    stored = await duties.get_document(work.connection, duty_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.post(
    "/duties/{duty_id}/acknowledgement",
    summary="Take care of it",
    response_model=DutyOut,
)
async def acknowledge_duty(
    duty_id: UUID,
    body: DutyAcknowledgementIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(USE_INBOX)],
) -> Response:
    """Say that you take care of it: nobody is reminded, and it does not go up the line, until the day that
    you name or until its deadline moves. For its owner, and for whoever was told of it."""
    if not await acknowledging.acknowledge_duty(work, duty_id, until=body.until, expected=expected):
        raise ChangedMeanwhile
    stored = await duties.get_document(work.connection, duty_id)
    return work.changed(stored.document, stored.revision)
