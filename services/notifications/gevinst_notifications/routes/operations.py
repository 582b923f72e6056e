"""Running the house: how full the queues are, and what is stopped."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.permissions import PAUSE_DELIVERIES, VIEW_DELIVERIES
from gevinst_notifications.schemas.queues import PauseIn, PauseOut, PausePageOut, QueuesOut
from gevinst_notifications.store import pauses, queues
from gevinst_notifications.store.pauses import PAUSES
from gevinst_notifications.usecases import pausing
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Operations"])
Sort = Annotated[Literal["id", "-id"], Query(description="The order in which they were paused.")]


@router.get("/queues", summary="How full the queues are", response_model=QueuesOut)
async def list_queues(work: Annotated[Work, reads(VIEW_DELIVERIES)]) -> Response:
    """Each destination of the organisation's deliveries: what waits for it and since when, what was given
    up, how the last hour's attempts went, and whether it is paused or rests after failures."""
    items = await queues.list_queues(work.connection, now=work.now)
    return Response(f'{{"items": {items}}}', media_type=JSON)


@router.get("/pauses", summary="What is stopped", response_model=PausePageOut)
async def list_pauses(
    request: Request,
    work: Annotated[Work, reads(VIEW_DELIVERIES)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    channel: Annotated[str | None, Query(max_length=30, description="Only on this channel.")] = None,
) -> Response:
    """The channels and destinations that nothing goes out to at present, a page at a time."""
    page = await pauses.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"channel": channel},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/pauses", summary="Stop a channel or a destination", status_code=201, response_model=PauseOut)
async def pause_deliveries(body: PauseIn, work: Annotated[Writing, writes(PAUSE_DELIVERIES)]) -> Response:
    """Send nothing more on the channel, or to the one destination. What comes meanwhile waits, and goes out
    when the pause is deleted; messages that a worker has in hand still go."""
    pause_id, stored = await pausing.pause(work, body.channel, body.destination, reason=body.reason)
    return work.created(stored.document, stored.revision, f"/pauses/{pause_id}")


@router.get("/pauses/{pause_id}", summary="One pause", response_model=PauseOut)
async def get_pause(pause_id: UUID, work: Annotated[Work, reads(VIEW_DELIVERIES)]) -> Response:
    """Who stopped what, when and why."""
    stored = await PAUSES.get(work.connection, pause_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.delete("/pauses/{pause_id}", summary="Resume", status_code=204, response_model=None)
async def resume_deliveries(
    pause_id: UUID, work: Annotated[Writing, writes(PAUSE_DELIVERIES)], expected: ExpectedRevision
) -> Response:
    """Let what waits go out, oldest first."""
    if not await pausing.resume(work, pause_id, expected=expected):
        raise ChangedMeanwhile
    return work.done()
