"""Charts and embeds that were answered before: again without reading a figure, until something changes.

An answer is made of the organisation's rows, of who asks for what, and of the day; nothing else. So it holds
for the same question of the same person on the same day until a row of the organisation changes, and whether
one has is asked each time, of the database itself. Who calls is verified each time as well.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi.telemetry._api import _route_selected
from opentelemetry.metrics import get_meter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gevinst_shared.values.organisation import day_there, organisation_id
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.web.actor import verified
from gevinst_shared.web.embed_addresses import page_origin
from gevinst_shared.web.etag import is_known, is_odd
from gevinst_shared.web.house import House
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.memory import Answer, Headers, Key

# What is remembered: every chart, and every published embed.
CHART = re.compile(r"/[a-z-]+/[^/]+/charts/[a-z-]+")
EMBED = re.compile(r"/embedded/(?P<organisation>[^/]+)/[^/]+/(?P<form>[a-z]+)")
# Of nothing that is not sent (RFC 9110, 15.4.5).
_OF_THE_BODY = {b"content-type", b"content-length"}
_ANSWERED = get_meter(__name__).create_counter(
    "gevinst.pictures.answered", "{answer}", "Answers of charts and embeds: from memory, or made of figures."
)


class Remembering:
    """Stands before routing: to find an operation and read its parameters costs more than the rest.

    What it does not know goes on to the application, which also says every refusal.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = await _asked(scope) if scope["type"] == "http" and scope["method"] == "GET" else None
        if asked is None:
            await self._app(scope, receive, send)
            return
        # Before anything is read: what changes from here on gives another number.
        change = await asked.house.changes.latest(asked.organisation)
        found = None if change is None else asked.house.memory.find(asked.key, change)
        if found is not None and await _told_again(found, asked.known, scope, send):
            _ANSWERED.add(1, {"source": "memory"})
            return
        if change is not None:
            send = _Noted(send, scope, asked, change).send
        await self._app(scope, receive, send)
        _ANSWERED.add(1, {"source": "figures"})


@dataclass(frozen=True, slots=True)
class _Asked:
    """Of whose rows the answer is made, and everything else that it depends on; `known` is the tag of what
    the asker has."""

    house: House
    organisation: str
    key: Key
    known: str | None


async def _asked(scope: Scope) -> _Asked | None:
    """None where the answer is not to be remembered."""
    path = scope["path"].removeprefix(scope["root_path"])
    chart = CHART.fullmatch(path)
    embed = EMBED.fullmatch(path)
    if chart is None and embed is None:
        return None
    house: House = scope["app"].state.house
    # Of headers that come twice the first counts, as for the application.
    headers = {name: value.decode("latin-1") for name, value in reversed(scope["headers"])}
    known = headers.get(b"if-none-match")
    if is_odd(known):
        return None
    try:
        organisation, who = await _caller(house, headers) if embed is None else _reader(embed, headers)
    except Refusal:
        return None
    what = (scope["path"], scope["query_string"], day_there(organisation, house.now()))
    return _Asked(house, organisation, (*who, *what), known)


async def _caller(house: House, headers: Mapping[bytes, str]) -> tuple[str, Key]:
    """Who asks for a chart, and how."""
    organisation = headers.get(b"gevinst-organisation")
    actor = await verified(house, headers.get(b"authorization", ""), organisation)
    # One character more than a chart takes: what it refuses is never what it answered.
    language = headers.get(b"accept-language", "")[:201]
    return actor.organisation, (actor, headers.get(b"accept", ""), language)


def _reader(embed: re.Match[str], headers: Mapping[bytes, str]) -> tuple[str, Key]:
    """A published embed is one for all readers of a language; its pictures stand on given pages only."""
    is_page = embed["form"] == "page"
    origin = None if is_page else page_origin(headers.get(b"origin"), headers.get(b"referer"))
    return organisation_id(embed["organisation"]), (origin, language_of(headers.get(b"accept-language")))


async def _told_again(found: Answer, known: str | None, scope: Scope, send: Send) -> bool:
    """False when only its tag is known, and the caller has another."""
    headers: Headers = found.headers
    if is_known(known, found.tag):
        status, body = 304, b""
        headers = [header for header in headers if header[0] not in _OF_THE_BODY]
    elif found.body is not None:
        status, body = 200, found.body
    else:
        return False
    _route_selected(scope=scope, path=found.operation)  # for the figures about requests
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
    return True


class _Noted:
    """Passes an answer on, and keeps it once it is whole."""

    def __init__(self, send: Send, scope: Scope, asked: _Asked, change: int) -> None:
        self._send = send
        self._scope = scope
        self._asked = asked
        self._change = change
        self._status = 0
        self._headers: Headers = ()
        self._body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], tuple(message["headers"])
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body", False):
                self._keep()
        await self._send(message)

    def _keep(self) -> None:
        tag = dict(self._headers).get(b"etag")
        if self._status not in {200, 304} or tag is None:
            return
        body = self._body if self._status == 200 else None
        operation = self._scope["route"].path_format
        answer = Answer(self._change, operation, tag.decode("latin-1"), self._headers, body)
        self._asked.house.memory.keep(self._asked.key, answer)
