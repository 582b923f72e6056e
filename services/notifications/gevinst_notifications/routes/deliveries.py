"""Deliveries: what was sent, what waits, and what was given up."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.deliveries import DeliveryState
from gevinst_notifications.domain.permissions import REPLAY_DELIVERIES, VIEW_DELIVERIES
from gevinst_notifications.schemas.deliveries import (
    AttemptPageOut,
    DeliveryOut,
    DeliveryPageOut,
    ReplayIn,
    ReplayOut,
)
from gevinst_notifications.store import deliveries
from gevinst_notifications.usecases import replaying
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Deliveries"])
Sort = Annotated[
    Literal["id", "due", "-id", "-due"],
    Query(description="`id` is the order in which they were made; `-` turns the order."),
]


@router.get("/deliveries", summary="What was sent and what waits", response_model=DeliveryPageOut)
async def list_deliveries(
    request: Request,
    work: Annotated[Work, reads(VIEW_DELIVERIES)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-id",
    state: Annotated[DeliveryState | None, Query(description="Only in this state.")] = None,
    channel: Annotated[str | None, Query(max_length=30, description="Only on this channel.")] = None,
    person: Annotated[UUID | None, Query(description="Only to this person.")] = None,
) -> Response:
    """The organisation's deliveries, a page at a time."""
    page = await deliveries.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"state": state, "channel": channel, "person": person},
    )
    return page_response(request, page.items, page.next_place)


@router.get("/deliveries/{delivery_id:uuid}", summary="One delivery", response_model=DeliveryOut)
async def get_delivery(delivery_id: UUID, work: Annotated[Work, reads(VIEW_DELIVERIES)]) -> Response:
    """The delivery as it is now; `ETag` is its revision."""
    stored = await deliveries.get_document(work.connection, delivery_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.post("/deliveries/{delivery_id}/replay", summary="Send it after all", response_model=DeliveryOut)
async def replay_delivery(
    delivery_id: UUID, work: Annotated[Writing, writes(REPLAY_DELIVERIES)], expected: ExpectedRevision
) -> Response:
    """Send a delivery that was given up, with all its attempts again. It is the same message, so a
    receiver that has it already can tell."""
    stored = await replaying.replay_delivery(work, delivery_id, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.changed(stored.document, stored.revision)


@router.get(
    "/deliveries/{delivery_id}/attempts", summary="Every attempt at it", response_model=AttemptPageOut
)
async def list_delivery_attempts(
    request: Request,
    delivery_id: UUID,
    work: Annotated[Work, reads(VIEW_DELIVERIES)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Annotated[Literal["id", "-id"], Query(description="The order of the attempts.")] = "-id",
) -> Response:
    """When the delivery was tried, how that ended, and what the receiver said; also before a replay."""
    await deliveries.get_document(work.connection, delivery_id)
    page = await deliveries.ATTEMPTS.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"delivery": delivery_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/deliveries/replay", summary="Send what was given up after all", response_model=ReplayOut)
async def replay_deliveries(body: ReplayIn, work: Annotated[Writing, writes(REPLAY_DELIVERIES)]) -> Response:
    """Send again every delivery that was given up and fits, a thousand at a time, those made first before
    the others. They are the same messages, so a receiver that has one already can tell."""
    wanted = body.model_dump(exclude_unset=True)
    replayed, left = await replaying.replay_many(work, wanted)
    return work.answered(ReplayOut(replayed=replayed, left=left).model_dump_json())
