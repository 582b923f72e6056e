"""Who would get what and why, and why somebody did not (N4)."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.explanations import refuse_odd_span
from gevinst_notifications.domain.permissions import EXPLAIN
from gevinst_notifications.schemas.explanations import (
    ComingOut,
    ComingPageOut,
    DryRunOut,
    DutyExplanationOut,
    EventExplanationOut,
    FactIn,
    HearingOut,
)
from gevinst_notifications.schemas.wired import wired
from gevinst_notifications.store import duty_steps
from gevinst_notifications.usecases import explaining, explaining_events
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import OddCursor
from gevinst_shared.web.pages import CursorText, read_cursor, write_cursor
from gevinst_shared.web.session import JSON, reads
from gevinst_shared.web.shapes import Moment

router = APIRouter(tags=["Explanations"])
_A_WEEK = timedelta(days=7)
_YEAR = timedelta(days=366)


@router.post("/dry-runs", summary="Who would get what of a fact", response_model=DryRunOut)
async def dry_run(body: FactIn, work: Annotated[Work, reads(EXPLAIN)]) -> Response:
    """Whom the fact would tell, if it happened now, what each would get and why, and of what people would
    be reminded in the year after. Nothing is written, and nobody is told."""
    event = Event(new_id(), work.organisation, body.type, body.subject, work.now, body.data)
    found = await explaining.dry_run(work, event, until=work.now + _YEAR)
    return Response(DryRunOut.of(found).model_dump_json(exclude_none=True), media_type=JSON)


@router.get("/dry-runs/coming", summary="Who would get what in a time", response_model=ComingPageOut)
async def list_coming(
    work: Annotated[Work, reads(EXPLAIN)],
    cursor: CursorText = None,
    limit: Annotated[int, Query(ge=1, le=50, description="How many duties at a time.")] = 20,
    until: Annotated[Moment | None, Query(description="In a week when it is not said.")] = None,
    project: Annotated[UUID | None, Query(description="Only of this project.")] = None,
    kind: Annotated[DutyKind | None, Query(description="Only duties of this kind.")] = None,
) -> Response:
    """The reminders and steps up the line from now on, if nothing is done meanwhile, with what each person
    would get. In the order of the duties, so that it can be read a page at a time."""
    ends = work.now + _A_WEEK if until is None else until
    refuse_odd_span(work.now, ends)
    coming, following = await explaining.list_coming(
        work, until=ends, after=_after(cursor), project_id=project, kind=kind, limit=limit
    )
    next_cursor = None if following is None else write_cursor([str(following)])
    page = ComingPageOut(items=ComingOut.each(coming), next_cursor=next_cursor)
    return Response(page.model_dump_json(exclude_none=True), media_type=JSON)


@router.get("/duties/{duty_id}/explanation", summary="Why a duty is told", response_model=DutyExplanationOut)
async def explain_duty(duty_id: UUID, work: Annotated[Work, reads(EXPLAIN)]) -> Response:
    """Who was reminded of it and when, who comes next, or why nothing is said."""
    found = await explaining.explain_duty(work, duty_id, until=work.now + _YEAR)
    steps = await duty_steps.list_steps(work.connection, duty_id)
    return Response(DutyExplanationOut.of(found, steps).model_dump_json(exclude_none=True), media_type=JSON)


@router.get("/explanations/{event_id}", summary="Why of a fact", response_model=EventExplanationOut)
async def explain_event(
    event_id: UUID,
    work: Annotated[Work, reads(EXPLAIN)],
    person: Annotated[UUID | None, Query(description="Only what this person got, and why.")] = None,
) -> Response:
    """Who was told of a fact and why, and who was concerned and was not, as it was decided then. A fact
    that nobody was told of is known for thirty days."""
    found = await explaining_events.explain_event(work, event_id)
    asked = [one for one in found.hearings if person is None or person in one.people]
    shown = wired(
        EventExplanationOut,
        event_id=event_id,
        type=found.event.type,
        kind=found.kind,
        items=HearingOut.each(asked),
        silent_because=found.cause,
        roles=found.roles,
    )
    return Response(shown.model_dump_json(exclude_none=True), media_type=JSON)


def _after(cursor: str | None) -> UUID | None:
    """The duty that the page before ended with."""
    place = read_cursor(cursor, length=1)
    try:
        return None if place is None else UUID(place[0])
    except ValueError as error:
        raise OddCursor from error
