"""Calls to partners over HTTP: for a token, a page, a hint. Where each leads is looked at (OWASP API7)."""

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import quote, urlencode
from uuid import UUID

from gevinst_shared.auth.client_credentials import ASSERTION_SECONDS, ASSERTION_TYPE
from gevinst_shared.auth.tokens import SigningKey, sign
from gevinst_shared.http.outside import (
    Answer,
    AnswerLostError,
    NotPublicError,
    NotReachedError,
    Outside,
    found_addresses,
)
from gevinst_shared.sync.pages import LONGEST_PAGE, Page, WrongPage, read_page
from gevinst_shared.sync.refusals import FeedBegunAnew, PartnerStopped
from gevinst_shared.sync.serving import NoPage
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.networks import Network
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.values.typed_addresses import AddressNotPublic, allowed_address, typed_address
from gevinst_shared.values.web_address import WebAddress

LIMIT = 100
_MOST_TOKENS = 10_000
_SHORTEST_LIFE = 30
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,3500}")
_JSON = {"Accept": "application/json"}
_REFUSED = frozenset({401, 403})


class CallFault(StrEnum):
    """Why a partner was not read; `WrongPage` and the refusals of addresses have words of their own."""

    NOT_REACHED = "partner-not-reached"
    ANSWER_LOST = "partner-answer-lost"
    UNKNOWN_THERE = "partner-unknown-there"
    ODD_ANSWER = "odd-partner-answer"
    PAUSED_THERE = "partner-paused-there"
    NO_FEED = "partner-without-feed"
    NO_TOKEN = "no-partner-token"  # noqa: S105 - no password
    NO_ASSERTION = "no-partner-assertion"
    TOKEN_REFUSED = "partner-token-refused"  # noqa: S105 - no password


class CallFailed(Exception):  # noqa: N818 - it says what the call has
    """A call that brought nothing: `fault` says why in a word, `content` is what came instead of a page."""

    def __init__(self, fault: str, content: str | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.content = content


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf a partner is called, with what key, and into which networks that may go."""

    organisation: str
    partner_id: UUID
    owner: str
    address: str | None
    feed: str | None
    token: Mapping[str, str]
    key: SigningKey
    networks: tuple[Network, ...]


Assert = Callable[[Caller, str], Awaitable[str]]
"""The assertion with which the caller gets a token at an endpoint; or `CallFailed`."""


def assertion(organisation: str, endpoint: str, key: SigningKey, now: datetime) -> str:
    """Says to the endpoint that the organisation asks, once and within a minute (RFC 7523)."""
    at = int(now.timestamp())
    claims = {
        "iss": organisation,
        "sub": organisation,
        "aud": endpoint,
        "iat": at,
        "exp": at + ASSERTION_SECONDS,
        "jti": str(new_id()),
    }
    return sign(claims, key, typ="JWT")


class PartnerCalls:
    """Calls partners, many at a time; tokens are kept until shortly before they end.

    `asserts` gets the assertions of a service whose own keys get no tokens.
    """

    def __init__(
        self, outside: Outside, now: Callable[[], datetime], *, asserts: Assert | None = None
    ) -> None:
        self._outside = outside
        self._now = now
        self._asserts = asserts or self._assert
        self._tokens: dict[tuple[str, UUID, str], tuple[str, datetime]] = {}

    async def page(self, caller: Caller, cursor: str | None, *, grants_number: int = 0) -> Page | NoPage:
        """The partner's page for the caller, unchecked but for its shape; or `CallFailed`."""
        if caller.feed is None:
            raise CallFailed(CallFault.NO_FEED)
        asked = {"owner": caller.owner, "limit": str(LIMIT), "grants_number": str(grants_number)}
        query = urlencode(asked | ({} if cursor is None else {"cursor": cursor}), quote_via=quote)
        address = await _allowed(f"{caller.feed}?{query}", caller.networks)
        headers = {**_JSON, **await self._authorized(caller)}
        answer = await _made(
            self._outside.get(address, headers=headers, allowed=caller.networks, most_bytes=LONGEST_PAGE)
        )
        if answer.status == 200:
            try:
                return read_page(answer.content)
            except WrongPage as wrong:
                raise CallFailed(str(wrong), answer.text[:4000]) from wrong
        return self._no_page(caller, answer)

    async def hint(self, caller: Caller) -> None:
        """Tell the partner that it has something to read; or `CallFailed`."""
        if caller.feed is None:
            raise CallFailed(CallFault.NO_FEED)
        where = caller.feed.removesuffix("sync-feed") + "sync-hints"
        address = await _allowed(f"{where}?owner={quote(caller.owner)}", caller.networks)
        headers = {**_JSON, **await self._authorized(caller)}
        answer = await _made(self._outside.post(address, b"", headers=headers, allowed=caller.networks))
        if answer.status not in {200, 202, 204}:
            self._no_page(caller, answer)

    async def _authorized(self, caller: Caller) -> dict[str, str]:
        key = (caller.organisation, caller.partner_id, caller.key.kid)
        token, until = self._tokens.get(key, ("", self._now()))
        if until <= self._now():
            token, until = await self._asked_token(caller)
            if len(self._tokens) >= _MOST_TOKENS:
                self._tokens.clear()
            self._tokens[key] = token, until
        return {"Authorization": f"Bearer {token}"}

    async def _asked_token(self, caller: Caller) -> tuple[str, datetime]:
        endpoint = caller.token.get("endpoint")
        if endpoint is None:
            raise CallFailed(CallFault.NO_TOKEN)
        form = {
            "grant_type": "client_credentials",
            "client_id": caller.organisation,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": await self._asserts(caller, endpoint),
            "scope": caller.token["scope"],
        }
        answer = await _made(
            self._outside.post(
                await _allowed(endpoint, caller.networks),
                urlencode(form).encode(),
                headers={**_JSON, "Content-Type": "application/x-www-form-urlencoded"},
                allowed=caller.networks,
            )
        )
        token, lifetime = _read_token(answer)
        return token, self._now() + timedelta(seconds=max(0, lifetime - _SHORTEST_LIFE))

    async def _assert(self, caller: Caller, endpoint: str) -> str:
        return assertion(caller.organisation, endpoint, caller.key, self._now())

    def _no_page(self, caller: Caller, answer: Answer) -> NoPage:
        if answer.status == 410:
            code = _problem_code(answer)
            if code == PartnerStopped.code:
                return NoPage.STOPPED
            if code == FeedBegunAnew.code:
                return NoPage.GONE
        if answer.status in _REFUSED:
            self._tokens.pop((caller.organisation, caller.partner_id, caller.key.kid), None)
            raise CallFailed(CallFault.TOKEN_REFUSED)
        named = {404: NoPage.STRANGER, 503: NoPage.PAUSED}
        if answer.status in named:
            return named[answer.status]
        raise CallFailed(CallFault.ODD_ANSWER)


async def _allowed(address: str, networks: tuple[Network, ...]) -> WebAddress:
    """The address, once its host leads nowhere that it may not; the call itself looks again."""
    try:
        return allowed_address(address, await found_addresses(typed_address(address)), networks)
    except Refusal as refusal:
        raise CallFailed(refusal.code) from refusal


async def _made(call: Awaitable[Answer]) -> Answer:
    try:
        return await call
    except NotPublicError as error:
        raise CallFailed(AddressNotPublic.code) from error
    except NotReachedError as error:
        raise CallFailed(CallFault.NOT_REACHED) from error
    except AnswerLostError as error:
        raise CallFailed(CallFault.ANSWER_LOST) from error


def _read_token(answer: Answer) -> tuple[str, int]:
    if answer.status != 200:
        raise CallFailed(CallFault.NO_TOKEN)
    found = _object(answer)
    token, lifetime = found.get("access_token"), found.get("expires_in")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or type(lifetime) is not int:
        raise CallFailed(CallFault.NO_TOKEN)
    return token, min(lifetime, 86_400)


def _problem_code(answer: Answer) -> str:
    kind = _object(answer).get("type")
    return kind.rpartition("#")[2] if isinstance(kind, str) else ""


def _object(answer: Answer) -> dict[str, object]:
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
