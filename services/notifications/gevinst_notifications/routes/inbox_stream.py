"""The inbox as server-sent events: told as it happens, and nothing missed after a break."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from gevinst_notifications.domain.permissions import USE_INBOX
from gevinst_notifications.domain.refusals import TooManyStreams
from gevinst_notifications.routes.inbox import read_in, shown
from gevinst_notifications.store import inbox, people
from gevinst_shared.values.actor import Actor
from gevinst_shared.web.actor import actor_of, admit
from gevinst_shared.web.house import House, house_of
from gevinst_shared.web.pages import refuse_unknown_parameters

router = APIRouter(tags=["Inbox"])
LEASE_SECONDS = 300.0
_PER_PERSON = 5
_PER_PROCESS = 2_000
_AT_A_TIME = 100
# A busy database rings often; a reader does not notice a fifth of a second.
_LOOK_AT_MOST_EVERY = 0.2
_COME_BACK_AFTER = 1000

LastEventId = Annotated[
    int | None,
    Header(
        alias="Last-Event-ID",
        ge=0,
        le=2**53 - 1,
        description="`seq` of the last item that you have, or `last_seq` of the list. Without it the "
        "stream begins now.",
        examples=[17],
    ),
]
# What an event carries, for those who generate clients.
_EVENT = {
    "data": {
        "description": "The item as JSON.",
        "maxLength": 100_000,
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": "#/components/schemas/InboxItemOut"},
    },
    "event": {"description": "`inbox-item`.", "maxLength": 20},
    "id": {"description": "The item's `seq`.", "maxLength": 20},
}
_DOCUMENTED = {
    "responses": {"200": {"content": {"text/event-stream": {"itemSchema": {"properties": _EVENT}}}}}
}


@dataclass(slots=True)
class Streams:
    """The streams that this process has open, per person, and how long each may last."""

    lease_seconds: float = LEASE_SECONDS
    open: dict[tuple[str, str], int] = field(default_factory=dict)

    def enter(self, actor: Actor) -> None:
        """Count one more, or refuse with `TooManyStreams`."""
        key = (actor.organisation, actor.subject)
        if self.open.get(key, 0) >= _PER_PERSON or sum(self.open.values()) >= _PER_PROCESS:
            raise TooManyStreams(limit=_PER_PERSON)
        self.open[key] = self.open.get(key, 0) + 1

    def leave(self, actor: Actor) -> None:
        key = (actor.organisation, actor.subject)
        self.open[key] -= 1
        if not self.open[key]:
            del self.open[key]


@dataclass(frozen=True, slots=True)
class Listener:
    """Who listens, until when (the loop's clock), and from where."""

    actor: Actor
    until: float


async def open_stream(request: Request) -> AsyncIterator[Listener]:
    """Admit the caller before the stream begins: what is refused later can no longer be answered."""
    house = house_of(request)
    actor = await actor_of(request)
    refuse_unknown_parameters(request)
    async with house.database.transaction(actor.organisation, read_only=True) as connection:
        actor = await admit(request, connection, actor, USE_INBOX, house.now())
    streams: Streams = request.app.state.streams
    streams.enter(actor)
    try:
        yield Listener(actor, asyncio.get_running_loop().time() + streams.lease_seconds)
    finally:
        streams.leave(actor)


open_stream.permission = USE_INBOX  # type: ignore[attr-defined]


@router.get(
    "/inbox/stream",
    summary="What you are told, as it happens",
    response_class=EventSourceResponse,
    openapi_extra=_DOCUMENTED,
)
async def stream_inbox(
    request: Request,
    listener: Annotated[Listener, Depends(open_stream)],
    last_event_id: LastEventId = None,
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: one `inbox-item` per new item, its `id` the item's `seq`. Send the last one
    that you have as `Last-Event-ID` and nothing is missed. Ends after five minutes, so that a token that
    was taken back does not listen for ever; connect again then."""
    house = house_of(request)
    seen = await _begin(house, listener.actor, last_event_id)
    clock = asyncio.get_running_loop().time
    yield ServerSentEvent(comment="welcome", retry=_COME_BACK_AFTER)
    while (left := listener.until - clock()) > 0 and not house.doorbell.is_over:
        reader, items = await _next(house, listener.actor, seen)
        for item in items:
            seen = item["seq"]
            document = shown(item, listener.actor.organisation, read_in(request, reader))
            yield ServerSentEvent(raw_data=document, event="inbox-item", id=str(seen))
        if not items:
            await house.doorbell.wait(left)
            await asyncio.sleep(min(left, _LOOK_AT_MOST_EVERY))


async def _begin(house: House, actor: Actor, last: int | None) -> int:
    """After which number the stream begins: at the newest when none was said, or one that is yet to come.

    A client can have that from before a backup was restored; it would miss what is told until then.
    """
    async with house.database.transaction(actor.organisation, read_only=True) as connection:
        reader = await people.find_reader(connection, actor.subject)
        # Not announced yet: whatever they are told first is new.
        newest = 0 if reader is None else await inbox.last_seq(connection, reader.person_id)
        return newest if last is None else min(last, newest)


async def _next(house: House, actor: Actor, seen: int) -> tuple[str | None, list[dict[str, Any]]]:
    """The reader's language, and the items after `seen`; no transaction stays open."""
    async with house.database.transaction(actor.organisation, read_only=True) as connection:
        reader = await people.find_reader(connection, actor.subject)
        if reader is None:
            return None, []
        items = await inbox.list_after(connection, reader.person_id, seen, limit=_AT_A_TIME)
        return reader.language, items
