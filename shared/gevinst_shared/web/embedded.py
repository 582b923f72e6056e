"""What stands on another's page: pages for frames, pictures for `<img>`, and oEmbed. Needs no token: a ticket
in the address is the key, or that the embed is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_shared import logs
from gevinst_shared.charts.renderer import PictureNotDrawn, PicturesBusy
from gevinst_shared.db.work import Work
from gevinst_shared.embeds.page import (
    NARROW,
    WIDE,
    Picture,
    SchemeName,
    chart_page,
    policy,
    refused_page,
    status_markup,
)
from gevinst_shared.embeds.published import Publications, reader_of
from gevinst_shared.embeds.refusals import NotShown
from gevinst_shared.embeds.resources import LONGEST_RESOURCE, Resource, resource_of
from gevinst_shared.embeds.status_page import StatusPage
from gevinst_shared.embeds.tickets import LONGEST_TICKET, Ticket
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web import embed_addresses as addresses
from gevinst_shared.web.etag import is_known
from gevinst_shared.web.house import house_of
from gevinst_shared.web.languages import language_of, read_texts
from gevinst_shared.web.pages import refuse_unknown_parameters
from gevinst_shared.web.shapes import ONE_LINE, Organisation
from gevinst_shared.web.within import Drawing, Seen, look

Form = Literal["page", "svg", "png"]
Width = Literal["narrow", "wide"]
_HTML = "text/html; charset=utf-8"
_MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
EVERYBODY: dict[str, Any] = {"security": []}
# So that a page of another origin may show it at all; which may, the origins say.
_CROSS = {"Cross-Origin-Resource-Policy": "cross-origin"}
_NOT_KEPT = "private, no-store"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A complete page for a frame, or a picture.",
        "content": {
            "text/html": {"schema": {"type": "string", "maxLength": 20_000_000}},
            **{
                media: {"schema": {"type": "string", "format": "binary", "maxLength": 20_000_000}}
                for media in _MEDIA.values()
            },
        },
    },
    404: {
        "description": "It is not shown: expired, made for something else, taken back, or never shared.",
        "content": {
            "text/html": {"schema": {"type": "string", "maxLength": 100_000}},
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}},
        },
    },
    503: {"description": "Too many pictures at once."},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A resource as its reader sees it; several drawings of a chart, for the schemes and widths there are."""

    resource: Resource
    language: str
    seen: Sequence[tuple[Seen, SchemeName | None, Width | None]]

    @property
    def scheme(self) -> SchemeName | None:
        found = self.resource.parameter("scheme")
        return None if found not in {"light", "dark"} else ("dark" if found == "dark" else "light")

    @property
    def title(self) -> str:
        first = self.seen[0][0]
        return first.title if isinstance(first, StatusPage) else first.chart.title

    def fingerprint(self) -> str:
        return "-".join(
            dict.fromkeys(
                one.fingerprint() if isinstance(one, StatusPage) else one.chart.fingerprint(one.theme.stamp)
                for one, _, _ in self.seen
            )
        )


def ticketed_router() -> APIRouter:
    """What a ticket shows."""
    router = APIRouter(tags=["Embeds"])

    @router.get(
        "/embedded/{form}",
        summary="An embed with a ticket",
        response_class=Response,
        responses=_ANSWERS,
        openapi_extra=EVERYBODY,
    )
    async def show_ticketed_embed(
        request: Request,
        form: Form,
        resource: Annotated[
            str, Query(min_length=1, max_length=LONGEST_RESOURCE, description="As the ticket names it.")
        ],
        ticket: Annotated[
            str,
            Query(
                min_length=1,
                max_length=LONGEST_TICKET,
                pattern=ONE_LINE,
                description="From `POST /embed-tickets`.",
            ),
        ],
    ) -> Response:
        """The page for a frame, or the picture, on pages of the ticket's origins. Sets no cookie and runs no
        script. A ticket that is over, for something else or not ours is answered as if nothing was there."""
        refuse_unknown_parameters(request)
        box = house_of(request).tickets
        found = None if box is None else box.opened(ticket)
        try:
            return await _ticketed(request, form, resource, found)
        except (PicturesBusy, PictureNotDrawn):
            raise
        except Refusal:
            return _refused(request, form, () if found is None else found.origins)

    return router


def published_router(publications: Publications) -> APIRouter:
    """What is published, and its oEmbed description."""
    router = APIRouter(tags=["Embeds"])

    @router.get(
        "/embedded/{organisation}/{embed_id}/{form}",
        summary="A published embed",
        response_class=Response,
        responses=_ANSWERS | {304: {"description": "What you have is the latest."}},
        openapi_extra=EVERYBODY,
    )
    async def show_published_embed(
        request: Request, organisation: Organisation, embed_id: UUID, form: Form
    ) -> Response:
        """The page for a frame, or the picture, on pages of the embed's origins. It sets no cookie and runs
        no script; it can be kept for a minute."""
        refuse_unknown_parameters(request)
        origins: tuple[str, ...] = ()
        try:
            shown, origins = await published_shown(request, publications, organisation, embed_id)
            _require_place(request, form, shown, origins)
            kept = _kept(shown, form)
            if is_known(request.headers.get("if-none-match"), kept["ETag"]):
                return Response(status_code=304, headers=kept | _told(shown, form, origins))
            page = addresses.published(request, organisation, str(embed_id))["page"]
            answer = await _answer(request, form, shown, origins, oembed=addresses.oembed_url(request, page))
        except (PicturesBusy, PictureNotDrawn):
            raise
        except Refusal:
            return _refused(request, form, origins)
        answer.headers.update(kept)
        return answer

    return router


async def published_shown(
    request: Request, publications: Publications, organisation: str, embed_id: UUID
) -> tuple[Shown, tuple[str, ...]]:
    """What a published embed shows and on which origins; `Unknown` when it is gone."""
    async with house_of(request).database.transaction(organisation, read_only=True) as connection:
        work = Work(connection, reader_of(organisation, embed_id), house_of(request).now(), _request_id())
        found = await publications.get(connection, embed_id)
        return await _shown(request, work, resource_of(found.resource)), found.origins


async def _ticketed(request: Request, form: Form, resource: str, ticket: Ticket | None) -> Response:
    house = house_of(request)
    asked, now = resource_of(resource), house.now()
    if ticket is None or not ticket.is_valid(str(asked), now):
        raise NotShown
    shown = await _looked(request, ticket.actor, asked)
    _require_place(request, form, shown, ticket.origins)
    answer = await _answer(request, form, shown, ticket.origins, oembed=None)
    answer.headers["Cache-Control"] = _NOT_KEPT
    return answer


async def _looked(request: Request, actor: Actor, resource: Resource) -> Shown:
    house = house_of(request)
    async with house.database.transaction(actor.organisation, read_only=True) as connection:
        return await _shown(request, Work(connection, actor, house.now(), _request_id()), resource)


async def _shown(request: Request, work: Work, resource: Resource) -> Shown:
    """Every drawing that a reader may need: two schemes and two widths, unless the resource chooses."""
    language = resource.language or language_of(request.headers.get("accept-language"))
    scheme, width = resource.parameter("scheme"), resource.parameter("width")
    is_page = resource.is_status_page
    schemes: tuple[SchemeName | None, ...] = (None,) if scheme or is_page else ("light", "dark")
    widths: tuple[Width | None, ...] = (None,) if width or is_page else ("wide", "narrow")
    seen: list[tuple[Seen, SchemeName | None, Width | None]] = []
    for one_scheme, one_width in product(schemes, widths):
        instead: dict[str, str] = {} if one_scheme is None else {"scheme": one_scheme}
        if one_width is not None:
            instead["width"] = str(NARROW if one_width == "narrow" else WIDE)
        found = await look(request, work, resource, language, **instead)
        seen.append((found, one_scheme, one_width))
    return Shown(resource, language, seen)


async def _answer(
    request: Request, form: Form, shown: Shown, origins: Sequence[str], *, oembed: str | None
) -> Response:
    first = shown.seen[0][0]
    if form == "page":
        if isinstance(first, StatusPage):
            text = status_markup(first, scheme=shown.scheme, oembed=oembed)
        else:
            pictures = await _pictures(request, shown)
            text = chart_page(first.chart, pictures, scheme=shown.scheme, oembed=oembed)
        return Response(text, headers=_told(shown, form, origins), media_type=_HTML)
    if isinstance(first, StatusPage):
        raise NotShown
    drawn = house_of(request).pictures
    draw = drawn.svg if form == "svg" else drawn.png
    picture = await draw(first.chart, first.theme)
    return Response(picture, headers=_told(shown, form, origins), media_type=_MEDIA[form])


async def _pictures(request: Request, shown: Shown) -> list[Picture]:
    drawn = house_of(request).pictures
    drawings = [(one, scheme, width) for one, scheme, width in shown.seen if isinstance(one, Drawing)]
    return [
        Picture((await drawn.svg(one.chart, one.theme)).decode(), scheme, width)
        for one, scheme, width in drawings
    ]


def _require_place(request: Request, form: Form, shown: Shown, origins: Sequence[str]) -> None:
    """Refuse a picture of what is none, or where the browser says that it stands elsewhere; some do not say.

    Before anything is told, also that what somebody has is the latest.
    """
    if form == "page":
        return
    said = addresses.page_origin(request.headers.get("origin"), request.headers.get("referer"))
    if shown.resource.is_status_page or (said is not None and said not in origins):
        raise NotShown


def _told(shown: Shown, form: Form, origins: Sequence[str]) -> dict[str, str]:
    """Also with 304: a browser takes over its headers, and who may frame the page is one of them."""
    depends_on = [] if shown.resource.language else ["Accept-Language"]
    if form != "page":
        depends_on += ["Origin", "Referer"]
    vary = {"Vary": ", ".join(depends_on)} if depends_on else {}
    frames = {"Content-Security-Policy": policy(shown.scheme, origins)} if form == "page" else {}
    return {"Content-Language": shown.language, **vary, **frames, **_CROSS}


def _kept(shown: Shown, form: Form) -> dict[str, str]:
    """Its tag, and a minute; pictures only in the reader's browser, as they depend on where they stand."""
    who = "public" if form == "page" else "private"
    return {"ETag": f'"{shown.fingerprint()}-{form}"', "Cache-Control": f"{who}, max-age=60"}


def _refused(request: Request, form: Form, origins: Sequence[str]) -> Response:
    """One and the same for whatever the reason is; a page in the frame, a problem for pictures."""
    if form != "page":
        raise NotShown
    language = language_of(request.headers.get("accept-language"))
    texts = read_texts("gevinst_shared", language).get(NotShown.code, {})
    text = refused_page(language, texts.get("title", NotShown.title), texts.get("detail", NotShown.detail))
    headers = {
        "Content-Security-Policy": policy(None, origins),
        "Cache-Control": _NOT_KEPT,
        "Content-Language": language,
        **_CROSS,
    }
    return Response(text, 404, headers=headers, media_type=_HTML)


def _request_id() -> UUID:
    return UUID(logs.request_id.get())
