"""`GET /events`: the service's feed, the same route in every service (A5)."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from gevinst_shared.feed.reader import Cursor, FeedReader
from gevinst_shared.values.actor import Actor, Permission
from gevinst_shared.web.actor import actor_of, admit
from gevinst_shared.web.house import House, house_of
from gevinst_shared.web.pages import CursorText, refuse_unknown_parameters
from gevinst_shared.web.shapes import Moment, Out


class EventOut(Out):
    """A CloudEvents 1.0 envelope."""

    specversion: str = Field(max_length=5, examples=["1.0"])
    id: str = Field(max_length=36, examples=["0198b6a4-7c1e-7000-8000-000000000001"])
    source: str = Field(max_length=100, examples=["urn:gevinst:organisation:0192:958935420"])
    type: str = Field(max_length=100, examples=["gevinst.portfolio.project-proposed.v1"])
    subject: str = Field(max_length=100, examples=["projects/0198b6a4-7c1e-7000-8000-000000000002"])
    time: Moment
    datacontenttype: str = Field(max_length=50, examples=["application/json"])
    data: dict[str, Any] = Field(description="What happened; members depend on the type.")


class EventPageOut(Out):
    """Events in the order of their commits."""

    items: list[EventOut] = Field(max_length=100)
    next_cursor: str = Field(max_length=100, description="Where to go on; always there.")


def events_router(reader: FeedReader, permission: Permission) -> APIRouter:
    """The feed's route. One of our own services reads every organisation's events, others their own."""
    router = APIRouter(tags=["Events"])

    @router.get(
        "/events",
        summary="What happened, in order",
        response_model=EventPageOut,
    )
    async def list_events(
        request: Request,
        cursor: CursorText = None,
        limit: Annotated[int, Query(ge=1, le=100, description="How many at most.")] = 20,
        wait: Annotated[int, Query(ge=0, le=25, description="Seconds to wait when there are none yet.")] = 0,
    ) -> Response:
        """Events after `cursor`; with `wait`, as soon as there are some. Nothing is ever skipped: an
        event shows only when no earlier one can still appear."""
        house = house_of(request)
        actor = await actor_of(request)
        refuse_unknown_parameters(request)
        place = Cursor.read(cursor)
        clock = asyncio.get_running_loop().time
        until = clock() + wait
        while True:
            items, following = await _page(request, house, actor, place, limit)
            left = until - clock()
            if following != place or left <= 0 or house.doorbell.is_over:
                body = f'{{"items":{items},"next_cursor":"{following}"}}'
                return Response(body, media_type="application/json")
            await house.doorbell.wait(left)

    async def _page(
        request: Request, house: House, actor: Actor, place: Cursor, limit: int
    ) -> tuple[str, Cursor]:
        if actor.is_service:
            async with house.database.queue() as connection:
                return await reader.page(connection, place, limit=limit)
        async with house.database.transaction(actor.organisation, read_only=True) as connection:
            await admit(request, connection, actor, permission, house.now())
            return await reader.page(connection, place, limit=limit)

    list_events.permission = permission  # type: ignore[attr-defined]
    return router
