"""Status pages as answers: a complete small page, for people and for frames."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response

from gevinst_shared.charts.words import Words
from gevinst_shared.embeds.page import SchemeName, policy, status_markup
from gevinst_shared.embeds.status_page import StatusPage
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.within import Within, within_of

STATUS_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "A complete page without scripts.",
        "content": {"text/html": {"schema": {"type": "string", "maxLength": 1_000_000}}},
    },
}


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """Who reads a status page, and how."""

    language: str
    scheme: SchemeName | None
    within: Within | None

    def words(self, package: str) -> Words:
        """The package's sentences for status pages."""
        return Words(self.language, _sentences(package, self.language))

    def answer(self, page: StatusPage) -> Response:
        if self.within is not None:
            self.within.seen.append(page)
            return Response()
        headers = {
            "Content-Security-Policy": policy(self.scheme, ()),
            "Content-Language": page.language,
            "Vary": "Accept-Language, Authorization",
            "Cache-Control": "private, no-cache",
        }
        text = status_markup(page, scheme=self.scheme)
        return Response(text, headers=headers, media_type="text/html; charset=utf-8")


async def _status_request(
    request: Request,
    scheme: Annotated[
        Literal["light", "dark"] | None, Query(description="What the reader prefers, when it is absent.")
    ] = None,
    accept_language: AcceptLanguage = None,
) -> StatusRequest:
    return StatusRequest(language_of(accept_language), scheme, within_of(request))


StatusAsked = Annotated[StatusRequest, Depends(_status_request)]


@cache
def _sentences(package: str, language: str) -> dict[str, str]:
    text = (files(package) / "texts" / "status_pages" / f"{language}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found
