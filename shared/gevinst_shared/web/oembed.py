"""oEmbed 1.0: what a published embed is and how it is put on a page, for consumers that are given its
address (https://oembed.com)."""

import json
import re
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from gevinst_shared.embeds.page import NARROW, WIDE
from gevinst_shared.embeds.published import Publications
from gevinst_shared.embeds.refusals import OnlyJson, OnlyPublished
from gevinst_shared.embeds.status_page import StatusPage
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web import embed_addresses as addresses
from gevinst_shared.web.embedded import EVERYBODY, Shown, published_shown
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import refuse_unknown_parameters
from gevinst_shared.web.session import JSON
from gevinst_shared.web.shapes import ONE_LINE, Out

_PAGE = re.compile(r"/embedded/([0-9]{4}:[0-9]{8,10})/([0-9a-f-]{36})/page")
_LINE_BELOW = 56  # the line that opens the table
_KEPT_SECONDS = 60
Most = Annotated[int | None, Query(ge=1, le=10_000, description="In pixels.")]


class OembedOut(Out):
    """An embed as oEmbed describes it: always `rich`, and `html` is an iframe in which nothing may run."""

    version: str = Field(max_length=10, examples=["1.0"])
    type: str = Field(max_length=10, examples=["rich"])
    title: str = Field(max_length=500, examples=["Planned against realised"])
    provider_name: str = Field(max_length=100, examples=["Gevinst"])
    provider_url: str = Field(max_length=300, examples=["https://gevinst.example"])
    cache_age: int = Field(ge=0, le=100_000, examples=[60])
    width: int = Field(ge=1, le=10_000, examples=[720])
    height: int = Field(ge=1, le=10_000, examples=[520])
    html: str = Field(max_length=20_000, examples=["<iframe …>"])


def oembed_router(publications: Publications) -> APIRouter:
    """The endpoint that published pages name."""
    router = APIRouter(tags=["Embeds"])

    @router.get(
        "/oembed",
        summary="A published embed by oEmbed",
        response_model=OembedOut,
        responses={404: {"description": "Not a published embed."}, 501: {"description": "Only as JSON."}},
        openapi_extra=EVERYBODY,
    )
    async def describe_embed(
        request: Request,
        url: Annotated[
            str, Query(min_length=1, max_length=1000, pattern=ONE_LINE, description="An embed's `page`.")
        ],
        maxwidth: Most = None,
        maxheight: Most = None,
        format: Annotated[  # noqa: A002 - oEmbed's own name
            # The other one that oEmbed knows is answered with 501, as it asks.
            Literal["json", "xml"],
            Query(description="json, the only one there is.", json_schema_extra={"enum": ["json"]}),
        ] = "json",
        # WordPress says it to every provider.
        dnt: Annotated[
            Literal["0", "1"] | None, Query(description="Do not track: nothing here ever does.")
        ] = None,
    ) -> Response:
        """For the address of a published embed: its title, size and iframe. An embed that needs a ticket has
        none, for whoever asks brings no ticket."""
        refuse_unknown_parameters(request)
        if format == "xml":
            raise OnlyJson
        found = _PAGE.fullmatch(url.removeprefix(addresses.service_url(request)))
        if found is None or not url.startswith(addresses.service_url(request)):
            raise OnlyPublished
        try:
            shown, _ = await published_shown(request, publications, found[1], UUID(found[2]))
        except (Refusal, ValueError):
            raise OnlyPublished from None
        width = min(WIDE, maxwidth or WIDE)
        height = min(await _height(request, shown, width), maxheight or 10_000)
        text = json.dumps(_described(request, shown, url, width, height), ensure_ascii=False)
        headers = {
            "Cache-Control": f"public, max-age={_KEPT_SECONDS}",
            "Content-Language": shown.language,
            "Vary": "Accept-Language",
        }
        return Response(text, media_type=JSON, headers=headers)

    return router


def _described(request: Request, shown: Shown, url: str, width: int, height: int) -> dict[str, Any]:
    return {
        "version": "1.0",
        "type": "rich",
        "title": shown.title,
        "provider_name": "Gevinst",
        "provider_url": house_of(request).public_url,
        "cache_age": _KEPT_SECONDS,
        "width": width,
        "height": height,
        "html": addresses.frame(url, shown.title, width=width, height=height),
    }


async def _height(request: Request, shown: Shown, width: int) -> int:
    """What the frame needs so that the picture stands in it whole."""
    wanted = "narrow" if width < 480 else "wide"
    seen = next((one for one, _, size in shown.seen if size in {None, wanted}), shown.seen[0][0])
    if isinstance(seen, StatusPage):
        return addresses.FRAME_HEIGHT
    svg = await house_of(request).pictures.svg(seen.chart, seen.theme)
    size = re.search(rb'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    if size is None:
        return addresses.FRAME_HEIGHT
    drawn, high = float(size[1]), float(size[2])
    return round(high * min(1.0, max(width, NARROW) / drawn)) + _LINE_BELOW
