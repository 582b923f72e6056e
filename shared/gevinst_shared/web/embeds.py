"""Tickets and published embeds: what lets a chart or status page stand on another's page."""

import json
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from gevinst_shared.db.savepoint import savepoint
from gevinst_shared.db.work import Work
from gevinst_shared.embeds.origins import LONGEST_ORIGIN, origin_of
from gevinst_shared.embeds.published import Publications, reader_of
from gevinst_shared.embeds.refusals import EmbedsNotSetUp, OddOrigin
from gevinst_shared.embeds.resources import LONGEST_RESOURCE, Resource, resource_of
from gevinst_shared.embeds.status_page import StatusPage
from gevinst_shared.embeds.tickets import (
    LONGEST_SECONDS,
    MOST_ORIGINS,
    USUAL_SECONDS,
    Ticket,
)
from gevinst_shared.values.actor import EVERYONE, Permission, Place, Role
from gevinst_shared.web import embed_addresses as addresses
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.house import house_of
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import ONE_LINE, Id, In, Maybe, Moment, Organisation, Out, Whole
from gevinst_shared.web.within import look

# Whoever may read the resource may show it; which that is, its own operation says.
SHOW = Permission("embeds:show", EVERYONE)
PUBLISH = Permission("embeds:publish", frozenset({Role.ADMINISTRATOR, Role.PORTFOLIO_OFFICE}))
Origins = Annotated[
    list[Annotated[str, Field(min_length=8, max_length=LONGEST_ORIGIN, pattern=ONE_LINE)]],
    Field(
        min_length=1,
        max_length=MOST_ORIGINS,
        examples=[["https://intranet.example"]],
        description="On whose pages it may stand: `https://host[:port]`; http for localhost only.",
    ),
]
ResourcePath = Annotated[
    str,
    Field(
        min_length=1,
        max_length=LONGEST_RESOURCE,
        pattern=ONE_LINE,
        examples=["/projects/0198b6a4-7c1e-7000-8000-000000000002/charts/gate-strip?language=nb"],
        description="A chart or status page of this service: its path after the version, and its query. "
        "`language`, `scheme` and `width` choose for the reader; without them the reader's own count.",
    ),
]
Address = Annotated[
    str, Field(max_length=10_000, examples=["https://gevinst.example/benefits/v1/embedded/page"])
]


class EmbedTicketIn(In):
    """What is to be shown, where, and for how long."""

    resource: ResourcePath
    origins: Origins
    seconds: Whole = Field(
        USUAL_SECONDS, ge=10, le=LONGEST_SECONDS, examples=[600], description="How long it can be loaded."
    )


class EmbedTicketOut(Out):
    """A ticket, with the addresses that carry it. Keep it out of logs: it is a key while it lasts."""

    ticket: str = Field(max_length=10_000, examples=["kD1u0s…"])
    expires_at: Moment
    title: str = Field(max_length=500, examples=["Planned against realised"])
    page: Address = Field(description="For an iframe.")
    svg: Maybe[Address] = Field(None, description="For `<img>`; charts only.")
    png: Maybe[Address] = Field(None, description="For `<img>`; charts only.")
    frame: str = Field(max_length=20_000, examples=["<iframe …>"], description="The iframe, to copy.")
    image: Maybe[str] = Field(
        None, max_length=20_000, examples=["<img …>"], description="The picture with its text, to copy."
    )


class EmbedIn(In):
    """What is to be published, and where it may stand."""

    resource: ResourcePath
    origins: Origins


class EmbedOut(Out):
    """What is shown without a ticket, by whom it was published and since when."""

    id: Id
    organisation: Organisation
    resource: str = Field(max_length=LONGEST_RESOURCE)
    title: str = Field(max_length=500, examples=["Planned against realised"])
    origins: list[Annotated[str, Field(max_length=LONGEST_ORIGIN)]] = Field(max_length=MOST_ORIGINS)
    published_by: str = Field(max_length=500, examples=["kari"])
    published_at: Moment
    revision: int = Field(ge=1, le=1_000_000_000)
    page: Address = Field(description="For an iframe, or to give to an oEmbed consumer.")
    svg: Address = Field(description="For `<img>`; charts only.")
    png: Address = Field(description="For `<img>`; charts only.")
    frame: str = Field(max_length=20_000, examples=["<iframe …>"], description="The iframe, to copy.")


class EmbedPageOut(Out):
    """Published embeds, a page at a time."""

    items: list[EmbedOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


def ticket_router() -> APIRouter:
    """Making tickets."""
    router = APIRouter(tags=["Embeds"])

    @router.post("/embed-tickets", summary="Get a ticket for an embed", response_model=EmbedTicketOut)
    async def make_embed_ticket(
        request: Request, body: EmbedTicketIn, work: Annotated[Work, reads(SHOW)]
    ) -> Response:
        """Get a ticket for one chart or status page that you may read, to be shown on pages of the origins.
        It is meant for the server of the page that shows it: ask for one each time the page is made. Your
        rights are checked again whenever it is used. Nothing is stored, and it cannot be renewed."""
        ticket, title, description = await _ticket(request, work, body)
        return Response(_ticket_answer(request, ticket, title, description), media_type=JSON)

    return router


def embeds_router(publications: Publications) -> APIRouter:
    """Publishing embeds and taking them back."""
    router = APIRouter(tags=["Embeds"])

    @router.post("/embeds", summary="Publish an embed", status_code=201, response_model=EmbedOut)
    async def publish_embed(
        request: Request, body: EmbedIn, work: Annotated[Writing, writes(PUBLISH)]
    ) -> Response:
        """Publish a chart or status page that every reader of your organisation may see: it can then be seen
        by everybody, without a ticket, on pages of the origins, until you take it back."""
        work.require(PUBLISH, Place())
        resource, origins = resource_of(body.resource), _origins(body.origins)
        reader = Work(work.connection, reader_of(work.organisation, "new"), work.now, work.request_id)
        # A read of one statement makes its transaction a read-only one, until it is taken back.
        async with savepoint(work.connection, "look", keeps=False):
            title, _ = await _said(request, reader, resource)
        embed_id, stored = await publications.publish(
            work, resource=str(resource), title=title, origins=origins
        )
        document = json.dumps(_addressed(request, json.loads(stored.document)), ensure_ascii=False)
        return work.created(document, stored.revision, f"/embeds/{embed_id}")

    @router.get("/embeds", summary="Published embeds", response_model=EmbedPageOut)
    async def list_embeds(
        request: Request,
        work: Annotated[Work, reads(PUBLISH)],
        cursor: CursorText = None,
        limit: Limit = PAGE_LIMIT,
        sort: Annotated[Literal["id", "-id"], Query(description="The order of publishing.")] = "-id",
    ) -> Response:
        """What is shown without a ticket: what, where, by whom and since when."""
        page = await publications.listing.page(
            work.connection, sort=sort, limit=limit, after=read_cursor(cursor, length=2), filters={}
        )
        items = [_addressed(request, item) for item in json.loads(page.items)]
        return page_response(request, json.dumps(items, ensure_ascii=False), page.next_place)

    @router.get("/embeds/{embed_id}", summary="One published embed", response_model=EmbedOut)
    async def get_embed(request: Request, embed_id: UUID, work: Annotated[Work, reads(PUBLISH)]) -> Response:
        """A published embed with its addresses."""
        stored = await publications.records.get(work.connection, embed_id)
        document = json.dumps(_addressed(request, json.loads(stored.document)), ensure_ascii=False)
        return Response(document, headers={"ETag": etag(stored.revision)}, media_type=JSON)

    @router.delete("/embeds/{embed_id}", summary="Take an embed back", status_code=204, response_model=None)
    async def revoke_embed(
        embed_id: UUID, expected: ExpectedRevision, work: Annotated[Writing, writes(PUBLISH)]
    ) -> Response:
        """Its addresses lead nowhere any more; what a browser has kept is gone after a minute."""
        work.require(PUBLISH, Place())
        if not await publications.revoke(work, embed_id, expected=expected):
            raise ChangedMeanwhile
        return work.done()

    return router


async def _ticket(request: Request, work: Work, body: EmbedTicketIn) -> tuple[Ticket, str, str]:
    """The ticket, and the title and description of what it shows to the caller."""
    resource, origins = resource_of(body.resource), _origins(body.origins)
    title, description = await _said(request, work, resource)
    expires_at = work.now + timedelta(seconds=body.seconds)
    return Ticket(work.actor, str(resource), origins, expires_at), title, description


async def _said(request: Request, work: Work, resource: Resource) -> tuple[str, str]:
    language = resource.language or language_of(request.headers.get("accept-language"))
    seen = await look(request, work, resource, language)
    if isinstance(seen, StatusPage):
        return seen.title, ""
    return seen.chart.title, seen.chart.spoken


def _ticket_answer(request: Request, ticket: Ticket, title: str, description: str) -> str:
    box = house_of(request).tickets
    if box is None:
        raise EmbedsNotSetUp
    sealed = box.sealed(ticket)
    found = addresses.ticketed(request, ticket.resource, sealed)
    answer: dict[str, Any] = {
        "ticket": sealed,
        "expires_at": f"{ticket.expires_at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "title": title,
        "page": found["page"],
        "frame": addresses.frame(found["page"], title),
    }
    if description:
        answer |= {"svg": found["svg"], "png": found["png"]}
        answer["image"] = addresses.image(found["svg"], description)
    return json.dumps(answer, ensure_ascii=False)


def _origins(texts: list[str]) -> tuple[str, ...]:
    found = []
    for place, text in enumerate(texts):
        try:
            found.append(origin_of(text))
        except OddOrigin as refusal:
            raise OddOrigin(**refusal.values, pointer=f"/body/origins/{place}") from None
    return tuple(dict.fromkeys(found))


def _addressed(request: Request, embed: dict[str, Any]) -> dict[str, Any]:
    found = addresses.published(request, embed["organisation"], embed["id"])
    return {**embed, **found, "frame": addresses.frame(found["page"], embed["title"])}
