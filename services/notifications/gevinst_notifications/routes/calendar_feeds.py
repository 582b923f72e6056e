"""The caller's own calendars, and the one address that needs no token: its ticket is the secret."""

import json
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.calendar_feed import calendar_text, read_ticket, ticket, version_of
from gevinst_notifications.domain.permissions import USE_CALENDARS
from gevinst_notifications.routes.endpoints import safe_of
from gevinst_notifications.schemas.calendar_feeds import (
    CalendarFeedIn,
    CalendarFeedOut,
    CalendarFeedPageOut,
)
from gevinst_notifications.store import calendar_feeds
from gevinst_notifications.usecases import reading, subscribing_calendars
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.etag import ExpectedRevision, KnownTags, etag, is_known
from gevinst_shared.web.house import house_of
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.pages import (
    PAGE_LIMIT,
    CursorText,
    Limit,
    page_response,
    read_cursor,
    refuse_unknown_parameters,
)
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Calendars"])
Sort = Annotated[Literal["id", "-id"], Query(description="The order in which they were opened.")]
_CALENDAR = "text/calendar"
_TEXT = {"type": "string", "maxLength": 2_000_000, "examples": ["BEGIN:VCALENDAR"]}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The calendar.", "content": {_CALENDAR: {"schema": _TEXT}}},
    304: {"description": "Nothing has changed since."},
    404: {"description": "No such calendar."},
}


@router.get(
    "/calendar-feeds", summary="Your calendars", response_model=CalendarFeedPageOut, responses=SAYS_NO
)
async def list_calendar_feeds(
    request: Request,
    work: Annotated[Work, reads(USE_CALENDARS)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
) -> Response:
    """The calendars of your duties that you have opened, each with its address."""
    reader = await reading.get_reader(work)
    page = await calendar_feeds.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"person": reader.person_id},
    )
    items = [_with_address(request, work, item) for item in json.loads(page.items)]
    return page_response(request, json.dumps(items, ensure_ascii=False), page.next_place)


@router.post("/calendar-feeds", summary="Open a calendar", status_code=201, response_model=CalendarFeedOut)
async def open_calendar_feed(
    request: Request, body: CalendarFeedIn, work: Annotated[Writing, writes(USE_CALENDARS)]
) -> Response:
    """Open a calendar of what you must do by a day: gates, measurements, reports, conditions. Read it
    afterwards for its address, which any calendar program can subscribe to."""
    safe_of(request)
    feed_id, stored = await subscribing_calendars.open_feed(work, body.name)
    return work.created(stored.document, stored.revision, f"/calendar-feeds/{feed_id}")


@router.get(
    "/calendar-feeds/{feed_id}", summary="One calendar", response_model=CalendarFeedOut, responses=SAYS_NO
)
async def get_calendar_feed(
    request: Request, feed_id: UUID, work: Annotated[Work, reads(USE_CALENDARS)]
) -> Response:
    """Your calendar with its address."""
    stored = await subscribing_calendars.get_feed(work, feed_id)
    document = json.dumps(_with_address(request, work, json.loads(stored.document)), ensure_ascii=False)
    return Response(document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.delete(
    "/calendar-feeds/{feed_id}", summary="Take a calendar back", status_code=204, response_model=None
)
async def revoke_calendar_feed(
    feed_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(USE_CALENDARS)]
) -> Response:
    """Its address leads nowhere any more, for whoever has it."""
    if not await subscribing_calendars.revoke_feed(work, feed_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()


@router.get(
    "/calendar",
    summary="A calendar for calendar programs",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={"security": []},
)
async def read_calendar(
    request: Request,
    ticket: Annotated[str, Query(min_length=1, max_length=200, description="From the calendar's address.")],
    known: KnownTags = None,
) -> Response:
    """iCalendar (RFC 5545): a whole day per duty, updated in place when it is moved. Needs no token: the
    ticket is the secret. Whoever took the calendar back, or left, has none any more."""
    refuse_unknown_parameters(request)
    house, app = house_of(request), request.app
    found = None if app.state.safe is None else read_ticket(ticket, keys=app.state.safe.ticket_keys)
    if found is None:
        raise Unknown
    organisation, feed_id = found
    async with house.database.transaction(organisation, read_only=True) as connection:
        now = house.now()
        calendar = await subscribing_calendars.find_calendar(
            connection, organisation, feed_id, app.state.surroundings, now=now
        )
    if calendar is None:
        raise Unknown
    headers = {"ETag": f'"{version_of(calendar)}"', "Cache-Control": "private, max-age=900"}
    if is_known(known, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="gevinst.ics"'
    return Response(calendar_text(calendar, written_at=now), headers=headers, media_type=_CALENDAR)


def _with_address(request: Request, work: Work, feed: dict[str, Any]) -> dict[str, Any]:
    """The calendar with the address that is made anew each time and stored nowhere."""
    made = ticket(work.organisation, UUID(feed["id"]), key=safe_of(request).ticket_keys[0])
    base = f"{request.app.state.surroundings.public_url}{request.scope['root_path']}"
    return {**feed, "address": f"{base}/calendar?ticket={made}"}
