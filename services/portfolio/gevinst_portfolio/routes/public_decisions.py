"""Decisions that everybody may read, without a token: as JSON, as an Atom feed, and as a page."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from gevinst_portfolio.papers.public_decisions import CONTENT_SECURITY_POLICY, PublicList, atom, page
from gevinst_portfolio.schemas.openness import Language, PublicDecisionPageOut
from gevinst_portfolio.store import public_decisions
from gevinst_shared.db.engine import Connection
from gevinst_shared.papers.wording import Words
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.etag import KnownTags, is_known
from gevinst_shared.web.house import house_of
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.pages import (
    PAGE_LIMIT,
    CursorText,
    Limit,
    page_response,
    read_cursor,
    refuse_unknown_parameters,
    write_cursor,
)

router = APIRouter(tags=["Openness"])
BASE = "/public/organisations/{organisation_number}"
_FEED, _PAGE = "application/atom+xml", "text/html"
_MOST_IN_FEED = 100
_TEXT = {"schema": {"type": "string", "maxLength": 10_000_000}}
_OTHERS: dict[int | str, dict[str, Any]] = {
    304: {"description": "What you have is the latest."},
    404: {"description": "Nothing of this organisation is public."},
}
_NO_TOKEN: dict[str, Any] = {"security": []}
Number = Annotated[
    str,
    Path(
        pattern="^[0-9]{4}:[0-9]{8,10}$",
        min_length=13,
        max_length=15,
        description="The organisation's identifier.",
        examples=["0192:958935420"],
    ),
]
Case = Annotated[str | None, Query(max_length=100, description="Only under this case number.")]


@dataclass(frozen=True, slots=True)
class Opened:
    """A read-only transaction bound to an organisation of which something is public, and its name."""

    connection: Connection
    organisation: str
    name: str
    language: str

    def words(self, request: Request, language: str | None) -> Words:
        """In the language asked for; the organisation's own where nothing is asked."""
        accepted = request.headers.get("accept-language")
        chosen = language or (self.language if accepted is None else language_of(accepted))
        return Words(chosen, "gevinst_portfolio")


async def _opened(request: Request, organisation_number: Number) -> AsyncIterator[Opened]:
    refuse_unknown_parameters(request)
    database = house_of(request).database
    async with database.transaction(organisation_number, read_only=True) as connection:
        found = await public_decisions.find_open(connection)
        if found is None:
            raise Unknown
        yield Opened(connection, organisation_number, *found)


Public = Annotated[Opened, Depends(_opened, scope="function")]
Wanted = Annotated[
    Language | None, Query(description="Else by `Accept-Language`, else the organisation's own.")
]


@router.get(
    f"{BASE}/decisions",
    summary="Public decisions",
    response_model=PublicDecisionPageOut,
    responses=_OTHERS,
    openapi_extra=_NO_TOKEN,
)
async def list_public_decisions(
    request: Request,
    public: Public,
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    case: Case = None,
    known: KnownTags = None,
) -> Response:
    """What was decided, when, by which body, under which case number and with which outcome, newest first.
    Only of portfolios whose administrator has opened them, and nothing of confidential projects."""
    after = read_cursor(cursor, length=2)
    found = await public_decisions.LISTING.page(
        public.connection, sort="-id", limit=limit, after=after, filters={"case": case}
    )
    return _fresh(page_response(request, found.items, found.next_place), known)


@router.get(
    f"{BASE}/decision-feed",
    summary="Public decisions as a feed",
    response_class=Response,
    responses={200: {"description": "Atom (RFC 4287).", "content": {_FEED: _TEXT}}, **_OTHERS},
    openapi_extra=_NO_TOKEN,
)
async def read_decision_feed(
    request: Request,
    public: Public,
    cursor: CursorText = None,
    language: Wanted = None,
    known: KnownTags = None,
) -> Response:
    """The public decisions for feed readers, newest first, a hundred at a time. An entry keeps its id; a
    correction updates it."""
    listed, words = await _listed(request, public, cursor, _MOST_IN_FEED), public.words(request, language)
    return _fresh(_written(atom(listed, words), _FEED, words), known)


@router.get(
    f"{BASE}/decision-page",
    summary="Public decisions as a page",
    response_class=Response,
    responses={200: {"description": "A page without script.", "content": {_PAGE: _TEXT}}, **_OTHERS},
    openapi_extra=_NO_TOKEN,
)
async def read_decision_page(
    request: Request,
    public: Public,
    cursor: CursorText = None,
    case: Case = None,
    language: Wanted = None,
    known: KnownTags = None,
) -> Response:
    """The public decisions for people, twenty at a time, in five languages."""
    listed = await _listed(request, public, cursor, PAGE_LIMIT, case=case)
    words = public.words(request, language)
    answer = _written(page(listed, words), _PAGE, words)
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return _fresh(answer, known)


async def _listed(
    request: Request, public: Opened, cursor: str | None, most: int, *, case: str | None = None
) -> PublicList:
    after = read_cursor(cursor, length=2)
    found = await public_decisions.LISTING.page(
        public.connection, sort="-id", limit=most, after=after, filters={"case": case}
    )
    # As the installation is called, not as the caller has called it: ids of a feed never change.
    root = f"{request.app.state.public_url}{request.scope['root_path']}"
    address = root + BASE.format(organisation_number=public.organisation)
    older = None if found.next_place is None else write_cursor(found.next_place)
    return PublicList(public.name, public.organisation, address, json.loads(found.items), older, case)


def _written(text: str, media: str, words: Words) -> Response:
    headers = {"Content-Language": words.language, "Vary": "Accept-Language"}
    return Response(text, headers=headers, media_type=media)


def _fresh(answer: Response, known: str | None) -> Response:
    """Asked about each time, so that what becomes confidential is gone at once; 304 when it is the same."""
    tag = f'"{sha256(bytes(answer.body)).hexdigest()[:40]}"'
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    if not is_known(known, tag):
        return answer
    kept = ("etag", "cache-control", "vary", "content-language")
    headers = {name: answer.headers[name] for name in kept if name in answer.headers}
    return Response(status_code=304, headers=headers)
