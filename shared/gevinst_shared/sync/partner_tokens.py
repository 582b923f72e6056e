"""Tokens for partners' feeds: with the organisation's own key, or of Maskinporten (decision 0041)."""

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from gevinst_shared.auth.client_credentials import ASSERTION_SECONDS, ASSERTION_TYPE
from gevinst_shared.auth.tokens import SigningKey, sign, stated_audiences
from gevinst_shared.http.outside import Answer, Outside
from gevinst_shared.sync import maskinporten
from gevinst_shared.sync.callers import ACCEPT, Caller, CallFailed, CallFault, allowed, made, read_object
from gevinst_shared.sync.maskinporten import MaskinportenClient
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.web_address import OddWebAddressError, web_address

_MOST_TOKENS = 10_000
_SHORTEST_LIFE = 30
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,3500}")


class Grant(StrEnum):
    """How a token is asked for."""

    CLIENT_CREDENTIALS = "client-credentials"
    MASKINPORTEN = "maskinporten"


@dataclass(frozen=True, slots=True)
class Asserted:
    """What a token is asked for with, once and within a minute; `resource` is whom it is to be good for."""

    grant: Grant
    endpoint: str
    assertion: str = field(repr=False)
    resource: str | None = None


Assert = Callable[[Caller], Awaitable[Asserted]]
"""What the caller asks for a token with; or `CallFailed`."""


def asserted_here(clients: Iterable[MaskinportenClient], now: Callable[[], datetime]) -> Assert:
    """Where the keys are: Maskinporten's way for partners that state it and bodies that have a client there,
    and the organisation's own key for the others."""
    ours = tuple(clients)

    async def asserted(caller: Caller) -> Asserted:
        stated = caller.token.get("maskinporten")
        client = None if stated is None else maskinporten.client_of(ours, stated, caller.organisation)
        endpoint = caller.token.get("endpoint")
        if client is not None and stated is not None:
            maskinporten.refuse_misuse(client, stated, caller.feed)
            text = maskinporten.assertion(client, stated, caller.organisation, now())
            return Asserted(Grant.MASKINPORTEN, client.token_endpoint, text, stated["resource"])
        if endpoint is None:
            raise CallFailed(CallFault.NO_TOKEN if stated is None else CallFault.NO_CLIENT)
        text = assertion(caller.organisation, endpoint, caller.key, now())
        return Asserted(Grant.CLIENT_CREDENTIALS, endpoint, text)

    return asserted


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


class PartnerTokens:
    """Gets tokens and keeps them until shortly before they end.

    Those of Maskinporten are kept by what they are good for: one for all partners of an installation.
    """

    def __init__(self, outside: Outside, now: Callable[[], datetime], asserts: Assert) -> None:
        self._outside = outside
        self._now = now
        self._asserts = asserts
        self._kept: dict[tuple[str, ...], tuple[str, datetime]] = {}

    async def get(self, caller: Caller) -> str:
        """A token for the partner's feed; or `CallFailed`."""
        keys = _keys(caller)
        for key in keys.values():
            token, until = self._kept.get(key, ("", self._now()))
            if until > self._now():
                return token
        asserted = await self._asserts(caller)
        _refuse_another(caller, asserted)
        token, lifetime = await self._asked(caller, asserted)
        if len(self._kept) >= _MOST_TOKENS:
            self._kept.clear()
        until = self._now() + timedelta(seconds=max(0, lifetime - _SHORTEST_LIFE))
        self._kept[keys[asserted.grant]] = token, until
        return token

    def forget(self, caller: Caller) -> None:
        """Ask for a new token the next time: the partner refused the one that it was sent.

        One of Maskinporten is kept until it ends: another would be refused alike, and a partner that refuses
        everything must not have us ask there without end.
        """
        self._kept.pop(_keys(caller)[Grant.CLIENT_CREDENTIALS], None)

    async def _asked(self, caller: Caller, asserted: Asserted) -> tuple[str, int]:
        """A token, and for how many seconds it holds."""
        if asserted.grant is Grant.MASKINPORTEN:
            try:
                answer = await self._answer(caller, asserted, maskinporten.form(asserted.assertion))
            except CallFailed as failed:
                raise CallFailed(CallFault.MASKINPORTEN_NOT_REACHED) from failed
            maskinporten.refuse_failed(answer, caller)
        else:
            form = {
                "grant_type": "client_credentials",
                "client_id": caller.organisation,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": asserted.assertion,
                "scope": caller.token["scope"],
            }
            answer = await self._answer(caller, asserted, form)
        token, lifetime = _read_token(answer)
        if asserted.grant is Grant.CLIENT_CREDENTIALS:
            _refuse_elsewhere(caller, token)
        return token, lifetime

    async def _answer(self, caller: Caller, asserted: Asserted, form: dict[str, str]) -> Answer:
        return await made(
            self._outside.post(
                await allowed(asserted.endpoint, caller.networks),
                urlencode(form).encode(),
                headers={**ACCEPT, "Content-Type": "application/x-www-form-urlencoded"},
                allowed=caller.networks,
            )
        )


def _keys(caller: Caller) -> dict[Grant, tuple[str, ...]]:
    """What tokens are kept by that may be sent to the caller's feed, the first way first."""
    found: dict[Grant, tuple[str, ...]] = {}
    stated = caller.token.get("maskinporten")
    if stated is not None and maskinporten.covers(stated["resource"], caller.feed):
        of = (stated["issuer"], stated["scope"], stated["resource"])
        found[Grant.MASKINPORTEN] = (caller.organisation, *of)
    found[Grant.CLIENT_CREDENTIALS] = (caller.organisation, str(caller.partner_id), caller.key.kid)
    return found


def _refuse_another(caller: Caller, asserted: Asserted) -> None:
    """Whoever asserts for us may know another statement of the partner by now; then we hear of it soon."""
    stated, found = caller.token.get("endpoint"), asserted.endpoint
    if asserted.grant is Grant.MASKINPORTEN:
        stated, found = caller.token.get("maskinporten", {}).get("resource"), asserted.resource or ""
    if found != stated or asserted.grant not in _keys(caller):
        raise CallFailed(CallFault.NO_ASSERTION)


def _refuse_elsewhere(caller: Caller, token: str) -> None:
    """A partner could state where another's tokens are got, and would be sent what opens the other's feed to
    us. So the audience that it states has to be its own address, and the token has to be for that."""
    audience, address = caller.token["audience"], _plain(caller.address or "")
    is_own = address and (_plain(audience) == address or maskinporten.covers(audience, address))
    if not is_own or audience not in stated_audiences(token):
        raise CallFailed(CallFault.TOKEN_ELSEWHERE)


def _plain(address: str) -> str:
    """One spelling for addresses that lead to the same place; empty where it is none."""
    try:
        return str(web_address(address)).rstrip("/")
    except OddWebAddressError:
        return ""


def _read_token(answer: Answer) -> tuple[str, int]:
    if answer.status != 200:
        raise CallFailed(CallFault.NO_TOKEN)
    found = read_object(answer)
    token, lifetime = found.get("access_token"), found.get("expires_in")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token) or type(lifetime) is not int:
        raise CallFailed(CallFault.NO_TOKEN)
    return token, min(lifetime, 86_400)
