"""The caller's own inbox; nobody else's can be named."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.domain.permissions import USE_INBOX
from gevinst_notifications.domain.wording import Language, language_of
from gevinst_notifications.schemas.inbox import InboxItemOut, InboxPageOut, ReadingIn
from gevinst_notifications.store import inbox, people
from gevinst_notifications.store.inbox import Counters
from gevinst_notifications.usecases import reading
from gevinst_shared.db.work import Work
from gevinst_shared.web import languages
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Inbox"])


@router.get("/inbox", summary="What you were told", response_model=InboxPageOut)
async def list_inbox(
    request: Request,
    work: Annotated[Work, reads(USE_INBOX)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    unread: Annotated[bool | None, Query(description="Only what was not read (or what was).")] = None,
) -> Response:
    """Your own items, newest first, in the language that you ask for, with your inbox's counters."""
    reader = await people.find_reader(work.connection, work.actor.subject)
    if reader is None:
        return page_response(request, "[]", None, members=asdict(Counters(0, 0, 0)))
    page = await inbox.LISTING.page(
        work.connection,
        sort="-seq",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"person": reader.person_id, "unread": unread},
    )
    language = read_in(request, reader.language)
    items = ",".join(shown(item, work.organisation, language) for item in json.loads(page.items))
    counters = await inbox.count(work.connection, reader.person_id)
    return page_response(request, f"[{items}]", page.next_place, members=asdict(counters))


@router.get("/inbox/{item_id:uuid}", summary="One item", response_model=InboxItemOut)
async def get_inbox_item(
    item_id: UUID, request: Request, work: Annotated[Work, reads(USE_INBOX)]
) -> Response:
    """One of your items. Looking at it does not mark it as read."""
    reader = await reading.get_reader(work)
    item = await inbox.get_item(work.connection, reader.person_id, item_id)
    document = shown(item, work.organisation, read_in(request, reader.language))
    return Response(document, headers={"ETag": etag(item["revision"])}, media_type=JSON)


@router.post("/inbox/reading", summary="Mark all as read", status_code=204)
async def read_inbox(body: ReadingIn, work: Annotated[Writing, writes(USE_INBOX)]) -> Response:
    """Mark every item up to a number as read; what came after you looked stays unread."""
    await reading.read_up_to(work, body.up_to)
    return work.done()


@router.post("/inbox/{item_id}/reading", summary="Mark as read", response_model=InboxItemOut)
async def read_inbox_item(
    item_id: UUID, request: Request, work: Annotated[Writing, writes(USE_INBOX)]
) -> Response:
    """Mark the item as read. A second time changes nothing."""
    reader, item = await reading.read_item(work, item_id)
    document = shown(item, work.organisation, read_in(request, reader.language))
    return work.changed(document, item["revision"])


@router.post("/inbox/{item_id}/acknowledgement", summary="Acknowledge", response_model=InboxItemOut)
async def acknowledge_inbox_item(
    item_id: UUID, request: Request, work: Annotated[Writing, writes(USE_INBOX)]
) -> Response:
    """Confirm that you have seen it: reminders and escalation stop (N2). A second time changes nothing."""
    reader, item = await reading.acknowledge_item(work, item_id)
    document = shown(item, work.organisation, read_in(request, reader.language))
    return work.changed(document, item["revision"])


def shown(item: Mapping[str, Any], organisation: str, language: Language) -> str:
    """The item's JSON in one language."""
    return InboxItemOut.of(reading.told(item, organisation, language)).document()


def read_in(request: Request, preferred: str | None) -> Language:
    """The language that the request asks for; the reader's own when it asks for none."""
    asked = request.headers.get("accept-language")
    return Language(languages.language_of(asked)) if asked else language_of(preferred)
