"""Our own service's access token, got with a signed assertion instead of a secret (RFC 7523)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx

from gevinst_shared.auth.tokens import SigningKey, sign
from gevinst_shared.values.ids import new_id

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ASSERTION_SECONDS = 60
PAUSES_SECONDS = (0.2, 1.0)  # between three attempts
RETRY_AFTER_SECONDS = 5  # while a failed refresh leaves us a token that is still good

_log = logging.getLogger(__name__)


class NoServiceTokenError(Exception):
    """The identity provider gave our service no token: down, or it does not know us."""


class ServiceToken:
    """Gets, keeps and renews the access token of `client_id`. One request at a time asks for a new one.

    `clock` gives aware UTC time; `sleep` takes seconds. Works with the development issuer and with any
    provider that knows `private_key_jwt`, such as Keycloak.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        token_url: str,
        client_id: str,
        key: SigningKey,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._token_url = token_url
        self._client_id = client_id
        self._key = key
        self._clock = clock
        self._sleep = sleep
        self._token = ""
        self._renew_at = 0.0
        self._expires_at = 0.0
        self._lock = asyncio.Lock()

    async def get(self) -> str:
        """A token good for at least some seconds; `NoServiceTokenError` when there is none to be had."""
        is_being_renewed = self._lock.locked() and self._now() < self._expires_at
        if self._now() < self._renew_at or is_being_renewed:
            return self._token
        async with self._lock:
            if self._now() >= self._renew_at:
                await self._renew()
            return self._token

    def forget(self, token: str) -> None:
        """Have the next `get` fetch a new token because this one was refused."""
        if token == self._token:
            self._renew_at = self._expires_at = 0.0

    async def _renew(self) -> None:
        try:
            answer = await self._ask()
            token, lifetime = _read(answer)
        except (httpx.HTTPError, ValueError) as error:
            if self._now() >= self._expires_at:
                raise NoServiceTokenError(f"{self._client_id} got no token: {error!r}") from error
            _log.warning("service token could not be renewed", extra={"error": repr(error)})
            self._renew_at = min(self._now() + RETRY_AFTER_SECONDS, self._expires_at)
            return
        self._token = token
        self._expires_at = self._now() + lifetime
        self._renew_at = self._expires_at - min(60.0, lifetime / 4)

    async def _ask(self) -> httpx.Response:
        """The provider's answer; a lost connection and a passing trouble are tried again."""
        for pause in PAUSES_SECONDS:
            try:
                answer = await self._post()
            except httpx.TransportError as error:
                _log.info("token request failed", extra={"error": repr(error)})
            else:
                if answer.status_code < 500 and answer.status_code != 429:
                    return answer
            await self._sleep(pause)
        return await self._post()

    async def _post(self) -> httpx.Response:
        return await self._client.post(
            self._token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": self._client_id,
                "client_assertion_type": ASSERTION_TYPE,
                "client_assertion": self._assertion(),  # a new one each time: its jti counts once
            },
        )

    def _assertion(self) -> str:
        now = int(self._now())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._token_url,
            "iat": now,
            "exp": now + ASSERTION_SECONDS,
            "jti": str(new_id()),
        }
        return sign(claims, self._key, typ="JWT")

    def _now(self) -> float:
        return self._clock().timestamp()


def _read(answer: httpx.Response) -> tuple[str, int]:
    """The access token and its lifetime in seconds; `ValueError` for any other answer."""
    if answer.status_code != 200:
        raise ValueError(f"answered {answer.status_code}")
    document = answer.json()
    token = document.get("access_token") if isinstance(document, dict) else None
    lifetime = document.get("expires_in") if token else None
    if not isinstance(token, str) or not isinstance(lifetime, int) or lifetime < 1:
        raise ValueError("the answer holds no access_token with expires_in")
    return token, lifetime
