"""What other bodies call: their feed, and the hint that there is something to read. The same in every service
that shares (X2, X3)."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.db.engine import Connection
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.pages import Page, page_text
from gevinst_shared.sync.part import Part
from gevinst_shared.sync.reading import Here
from gevinst_shared.sync.refusals import FeedBegunAnew, FeedPaused, PartnerStopped
from gevinst_shared.sync.revisions import LONGEST_REVISION
from gevinst_shared.sync.sealing import LONGEST_CURSOR
from gevinst_shared.sync.serving import Asked, NoPage
from gevinst_shared.sync.signing_keys import KeyNotOpenedError
from gevinst_shared.sync.telling import heard
from gevinst_shared.values.actor import Actor, Permission, Role
from gevinst_shared.values.refusal import NotAllowed, Refusal, Unknown
from gevinst_shared.web.actor import actor_of
from gevinst_shared.web.house import House, house_of
from gevinst_shared.web.pages import refuse_unknown_parameters
from gevinst_shared.web.session import JSON
from gevinst_shared.web.shapes import Out, Whole

READ_FEED = Permission("sync:read-feed", frozenset({Role.SYNC_PARTNER}))
_REFUSALS: dict[NoPage, type[Refusal]] = {
    NoPage.STRANGER: Unknown,
    NoPage.STOPPED: PartnerStopped,
    NoPage.PAUSED: FeedPaused,
    NoPage.GONE: FeedBegunAnew,
    NoPage.BEHIND: FeedPaused,
}
_GONE: dict[int | str, dict[str, Any]] = {
    410: {"description": "The exchange was ended, or the cursor leads nowhere any more: read from the start."}
}
_GAP = 0.25
Owner = Annotated[
    str,
    Query(
        pattern="^[0-9]{4}:[0-9]{8,10}$",
        min_length=13,
        max_length=15,
        description="The body that is asked.",
        examples=["0192:958935420"],
    ),
]
PageCursor = Annotated[
    str | None,
    Query(
        max_length=LONGEST_CURSOR,
        description="`cursor` of the page before; without it everything is read.",
    ),
]


class SyncPageOut(Out):
    """Records as their owner gives them to you, each signed; what is told anew replaces what was told."""

    epoch: str = Field(max_length=36, examples=["0198b6a4-7c1e-7000-8000-000000000001"])
    cursor: str = Field(max_length=LONGEST_CURSOR, description="Where to go on; always there.")
    has_more: bool = Field(description="Whether there is more to read at once.")
    grants_number: Whole = Field(ge=0, le=2**53, description="How often grants to you were changed.")
    revisions: list[Annotated[str, Field(max_length=LONGEST_REVISION)]] = Field(
        max_length=200, description="Each a compact JWS of type `gevinst-revision+jws`."
    )


async def _partner(request: Request) -> Actor:
    """The body that calls; nobody else, whatever they may do here."""
    actor = await actor_of(request)
    refuse_unknown_parameters(request)
    if not actor.is_partner:
        raise NotAllowed(permission=READ_FEED.name, roles=", ".join(sorted(READ_FEED.roles)))
    return actor


Partner = Annotated[Actor, Depends(_partner)]


async def _asked(
    actor: Partner,
    cursor: PageCursor = None,
    limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 100,
    grants_number: Annotated[
        int, Query(ge=0, le=2**53, description="What another service's feed said last.")
    ] = 0,
) -> Asked:
    return Asked(actor.organisation, cursor, limit, grants_number)


def sync_router(part: Part) -> APIRouter:
    """The two operations of one service's part in the exchange."""
    router = APIRouter(tags=["Exchange"])

    @router.get("/sync-feed", summary="A partner's feed", response_model=SyncPageOut, responses=_GONE)
    async def read_sync_feed(
        request: Request,
        owner: Owner,
        asked: Annotated[Asked, Depends(_asked)],
        wait: Annotated[
            int, Query(ge=0, le=25, description="Seconds to wait when there is nothing yet.")
        ] = 0,
    ) -> Response:
        """What `owner` shares with the body that the token stands for, from `cursor` on. A body that does not
        know you is answered like one that is not here."""
        house = house_of(request)
        clock = asyncio.get_running_loop().time
        until = clock() + wait
        while True:
            page = await _page(part, house, owner, asked)
            left = until - clock()
            if page.cursor != asked.cursor or left <= 0 or house.doorbell.is_over:
                return Response(page_text(page), media_type=JSON)
            await _news(part, house, owner, asked, until)

    @router.post(
        "/sync-hints", summary="A partner has news", status_code=204, response_model=None, responses=_GONE
    )
    async def give_sync_hint(request: Request, actor: Partner, owner: Owner) -> Response:
        """Tell `owner` that you have something for it to read. It reads you next instead of within some
        minutes; hints in between are one. Nothing is sent along."""
        house = house_of(request)
        here = Here(house.database, part, _exchange(house), house.now)
        refused = await heard(here, owner, actor.organisation)
        if refused is not None:
            raise _REFUSALS[refused]
        return Response(status_code=204)

    read_sync_feed.permission = READ_FEED  # type: ignore[attr-defined]
    give_sync_hint.permission = READ_FEED  # type: ignore[attr-defined]
    return router


async def _page(part: Part, house: House, owner: str, asked: Asked) -> Page:
    exchange = _exchange(house)
    async with house.database.transaction(owner, read_only=True) as connection:
        key = await _key(part, connection, owner, exchange)
    serving = part.serving(exchange)
    found = await serving.answer(house.database, owner, asked, key=key, now=house.now())
    if isinstance(found, NoPage):
        raise _REFUSALS[found]
    return found


async def _news(part: Part, house: House, owner: str, asked: Asked, until: float) -> None:
    """Until the bell rings and there is something for the partner, or its time is over.

    However many wait and whatever is written: each looks a few times a second, and few of them at once.
    """
    clock = asyncio.get_running_loop().time
    serving = part.serving(_exchange(house))
    while (left := until - clock()) > 0 and not house.doorbell.is_over:
        await house.doorbell.wait(left)
        async with house.doorbell.room, house.database.transaction(owner) as connection:
            if await serving.has_news(connection, owner, asked.owner, now=house.now()):
                return
        await asyncio.sleep(_GAP)


async def _key(part: Part, connection: Connection, owner: str, exchange: Exchange) -> SigningKey:
    try:
        key = await part.find_key(connection, owner, exchange)
    except KeyNotOpenedError as error:
        raise FeedPaused from error
    if key is None:
        raise Unknown
    return key


def _exchange(house: House) -> Exchange:
    """Where nothing is exchanged, everybody is a stranger."""
    if house.exchange is None:
        raise Unknown
    return house.exchange
