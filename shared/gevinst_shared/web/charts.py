"""Charts as answers: one address, and `Accept` says whether specification, picture or table."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from starlette.types import Receive, Scope, Send

from gevinst_shared.charts.chart import Chart, Grammar
from gevinst_shared.charts.page import CONTENT_SECURITY_POLICY, page
from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.charts.specification import NARROWEST, USUAL, WIDEST, View
from gevinst_shared.charts.themes import Theme
from gevinst_shared.charts.words import read_words
from gevinst_shared.web.etag import KnownTags, is_known
from gevinst_shared.web.house import house_of
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage, chosen_media
from gevinst_shared.web.within import Drawing, Within, within_of

JSON, SVG, PNG, HTML = "application/json", "image/svg+xml", "image/png", "text/html"
GRAMMARS = {
    Grammar.VEGA: "application/vnd.vega.v6+json",
    Grammar.VEGA_LITE: "application/vnd.vegalite.v6+json",
}
# A picture brings its logo along as data.
_POLICIES = {
    HTML: CONTENT_SECURITY_POLICY,
    SVG: "default-src 'none'; img-src data:; frame-ancestors 'none'",
}
_TEXT = {"schema": {"type": "string", "maxLength": 20_000_000}}
_BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 20_000_000}}
_SPECIFICATION = {
    "schema": {
        "type": "object",
        "description": "A Vega or Vega-Lite 6 specification that holds its data; `$schema` says which.",
        "required": ["$schema"],
        "properties": {"$schema": {"type": "string", "format": "uri", "maxLength": 200}},
        "additionalProperties": True,
        "maxProperties": 100,
    },
    "example": {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "mark": "bar"},
}
CHART_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The chart in the form that `Accept` asks for; the specification by default.",
        "content": {
            JSON: _SPECIFICATION,
            **dict.fromkeys(GRAMMARS.values(), _SPECIFICATION),
            SVG: _TEXT,
            PNG: _BINARY,
            HTML: _TEXT,
        },
    },
    304: {"description": "The chart that you have is the latest."},
    406: {"description": "Not available in that form."},
    503: {"description": "Too many pictures at once."},
}


@dataclass(frozen=True, slots=True)
class ChartRequest:
    """What a caller asks of any chart."""

    accept: str | None
    known: str | None
    language: str
    is_dark: bool
    width: int
    pictures: Pictures
    within: Within | None = None

    def view(self, package: str, theme: Theme) -> View:
        """How this reader sees the charts of a package."""
        return View(read_words(package, self.language), theme, self.is_dark, self.width)

    def answer(self, chart: Chart, view: View) -> Response:
        """The chart in the form that was asked for; `NotOffered` where it has no such form."""
        if self.within is not None:
            self.within.seen.append(Drawing(chart, view.theme))
            return Response()
        offered = (JSON, GRAMMARS[chart.grammar], SVG, PNG, HTML)
        return ChartResponse(chart, view.theme, chosen_media(self.accept, offered), self)


async def _chart_request(
    request: Request,
    *,
    scheme: Annotated[
        Literal["light", "dark"], Query(description="For a light or for a dark surface.")
    ] = "light",
    width: Annotated[
        int, Query(ge=NARROWEST, le=WIDEST, description="Of the picture, in pixels; its height follows.")
    ] = USUAL,
    accept_language: AcceptLanguage = None,
    known: KnownTags = None,
) -> ChartRequest:
    return ChartRequest(
        accept=request.headers.get("accept"),
        known=known,
        language=language_of(accept_language),
        is_dark=scheme == "dark",
        width=width,
        pictures=house_of(request).pictures,
        within=within_of(request),
    )


Asked = Annotated[ChartRequest, Depends(_chart_request)]


def picture_answer(request: Request, chart: Chart, theme: Theme) -> Response:
    """A chart as SVG, where an operation has that among its forms."""
    asked = ChartRequest(
        accept=SVG,
        known=None,
        language=chart.language,
        is_dark=False,
        width=USUAL,
        pictures=house_of(request).pictures,
    )
    return ChartResponse(chart, theme, SVG, asked)


class ChartResponse(Response):
    """Draws while it answers, so that no transaction stays open meanwhile.

    A caller who has the chart already gets 304, and nothing is drawn.
    """

    def __init__(self, chart: Chart, theme: Theme, media: str, asked: ChartRequest) -> None:
        self._chart, self._theme, self._pictures = chart, theme, asked.pictures
        tag = f'"{chart.fingerprint(media, theme.stamp)}"'
        headers = {
            "ETag": tag,
            "Vary": "Accept, Accept-Language, Authorization",
            "Content-Language": chart.language,
            # Kept by the reader's own browser, and asked about each time.
            "Cache-Control": "private, no-cache",
        }
        if media in _POLICIES:
            headers["Content-Security-Policy"] = _POLICIES[media]
        if is_known(asked.known, tag):
            super().__init__(None, 304, headers=headers)
        else:
            super().__init__(None, 200, headers=headers, media_type=media)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.media_type is not None:
            self.body = await self._content(self.media_type)
            self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)

    async def _content(self, media: str) -> bytes:
        match media:
            case "image/svg+xml":
                return await self._pictures.svg(self._chart, self._theme)
            case "image/png":
                return await self._pictures.png(self._chart, self._theme)
            case "text/html":
                return page(self._chart).encode()
            case _:
                return self._chart.document().encode()
