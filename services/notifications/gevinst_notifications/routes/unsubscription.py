"""Stopping mails of a kind: the page behind the link, and the one click of mail programs (RFC 8058).

Needs no token: the ticket in the mail's own address is the secret. A GET only shows a page, because
programs that check links follow them.
"""

from base64 import b64encode
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from gevinst_notifications.clients.mail_texts import catalogues, unsubscribe_page
from gevinst_notifications.clients.palettes import LIGHT
from gevinst_notifications.domain.leaving import Leaving, read_leaving
from gevinst_notifications.domain.wording import language_of
from gevinst_notifications.store import people, register
from gevinst_notifications.usecases.leaving import stop_mails
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import refuse_unknown_parameters

router = APIRouter(tags=["Preferences"])
PATH = "/unsubscription"
# Without quotation marks: in a page they are escaped, and then neither the rule nor its hash is the same.
STYLE = (
    f"body{{margin:0;background:{LIGHT.page};color:{LIGHT.text};"
    "font:16px/1.55 Segoe UI,Helvetica Neue,Arial,sans-serif}"
    f"main{{max-width:520px;margin:8vh auto;padding:32px;background:{LIGHT.surface};"
    f"border:1px solid {LIGHT.line};border-top:6px solid {LIGHT.accent};border-radius:8px}}"
    "h1{margin:0 0 16px;font-size:23px;line-height:1.3}"
    f"button{{margin-top:8px;padding:13px 22px;border:0;border-radius:6px;background:{LIGHT.accent};"
    f"color:{LIGHT.on_accent};font:inherit;font-weight:600;cursor:pointer}}"
    f"button:focus{{outline:3px solid {LIGHT.text};outline-offset:2px}}"
)
_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()
_HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
}
_TEXT = {"type": "string", "maxLength": 20_000, "examples": ["<!doctype html>"]}
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "A page in the reader's language.", "content": {"text/html": {"schema": _TEXT}}},
    404: {"description": "No such ticket."},
}
Ticket = Annotated[str, Query(min_length=1, max_length=200, description="From the mail's own address.")]


@router.get(
    PATH,
    summary="Whether to stop such mails",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={"security": []},
)
async def show_unsubscription(request: Request, ticket: Ticket) -> Response:
    """A page that asks. Nothing changes: programs that check the links of a mail come here, too."""
    refuse_unknown_parameters(request)
    leaving = _read(request, ticket)
    async with house_of(request).database.transaction(leaving.organisation, read_only=True) as connection:
        return await _page(connection, leaving, address=f"?ticket={ticket}")


@router.post(
    PATH,
    summary="Stop such mails",
    response_class=Response,
    responses=_ANSWERS,
    openapi_extra={"security": []},
)
async def stop_mails_of_kind(request: Request, ticket: Ticket) -> Response:
    """Turn mails of this kind off for whom the mail was to; everything stays in the inbox. A second time
    changes nothing. What is sent along is not read."""
    refuse_unknown_parameters(request)
    leaving, house = _read(request, ticket), house_of(request)
    now = house.now()
    async with house.database.transaction(leaving.organisation, at=now) as connection:
        subject = await people.find_subject(connection, leaving.person_id)
        work = Work(connection, Actor(subject or "", leaving.organisation), now, new_id())
        await stop_mails(work, leaving)
        return await _page(connection, leaving, address=None)


def _read(request: Request, ticket: str) -> Leaving:
    safe = request.app.state.safe
    leaving = None if safe is None else read_leaving(ticket, keys=safe.leaving_keys)
    if leaving is None:
        raise Unknown
    return leaving


async def _page(connection: Connection, leaving: Leaving, *, address: str | None) -> Response:
    setting = (await people.find_setting(connection, [leaving.person_id])).get(leaving.person_id)
    if setting is None or setting.is_erased:
        raise Unknown
    name = await register.find_organisation_name(connection) or leaving.organisation
    page = unsubscribe_page(
        catalogues()[language_of(setting.language)], organisation_name=name, address=address, style=STYLE
    )
    return Response(page, headers=_HEADERS, media_type="text/html")
