"""An issuer's published keys: fetched, kept, and fetched again when the issuer changes them."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import httpx

from gevinst_shared.auth.claims import KeysUnavailable
from gevinst_shared.auth.tokens import PublicKey, public_keys

# Gives the document at an address; raises `OSError`, `ValueError` or `httpx.HTTPError` when it cannot.
Fetch = Callable[[str], Awaitable[bytes]]

REFETCH_SECONDS = 60  # an unknown key id costs the issuer at most this often a request
FIRST_FETCH_SECONDS = 2  # until there are any keys at all: the issuer may start after us
MAX_AGE_SECONDS = 3600  # a key that the issuer withdrew is forgotten after this
TIMEOUT_SECONDS = 5.0
MAX_DOCUMENT_BYTES = 262_144

_log = logging.getLogger(__name__)


class PublishedKeys:
    """The key set at one address. An outage keeps the last good set; only one request fetches at a time."""

    def __init__(
        self,
        address: str,
        *,
        fetch: Fetch,
        clock: Callable[[], datetime],
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._address = address
        self._fetch = fetch
        self._clock = clock
        self._timeout = timeout_seconds
        self._keys: dict[str, PublicKey] = {}
        self._tried_at: float | None = None
        self._fetched_at: float | None = None
        self._lock = asyncio.Lock()

    async def find(self, kid: str) -> PublicKey | None:
        """The key of that id, or `None`; `KeysUnavailable` when the set could never be fetched."""
        is_known = kid in self._keys
        if not is_known or (self._is_old() and not self._lock.locked()):
            async with self._lock:
                if self._may_fetch() and (kid not in self._keys or self._is_old()):
                    await self._refresh()
        if self._fetched_at is None:
            raise KeysUnavailable
        return self._keys.get(kid)

    def _is_old(self) -> bool:
        return self._fetched_at is None or self._now() - self._fetched_at >= MAX_AGE_SECONDS

    def _may_fetch(self) -> bool:
        pause = FIRST_FETCH_SECONDS if self._fetched_at is None else REFETCH_SECONDS
        return self._tried_at is None or abs(self._now() - self._tried_at) >= pause

    async def _refresh(self) -> None:
        # The time is noted afterwards: a caller that hangs up in between does not use up the turn.
        try:
            async with asyncio.timeout(self._timeout):
                keys = _read(await self._fetch(self._address))
        except (OSError, ValueError, RecursionError, httpx.HTTPError) as error:
            _log.warning("keys could not be fetched", extra={"address": self._address, "error": repr(error)})
        else:
            self._keys = keys
            self._fetched_at = self._now()
        self._tried_at = self._now()

    def _now(self) -> float:
        return self._clock().timestamp()


def _read(document: bytes) -> dict[str, PublicKey]:
    keys = public_keys(json.loads(document))
    if not keys:
        raise ValueError("no usable key")
    return keys


def over_http(client: httpx.AsyncClient) -> Fetch:
    """Fetch with `client`: only a 200 counts, redirects are not followed, at most 256 KB are read."""

    async def fetch(address: str) -> bytes:
        async with client.stream("GET", address, follow_redirects=False) as answer:
            if answer.status_code != 200:
                raise ValueError(f"answered {answer.status_code}")
            document = bytearray()
            async for piece in answer.aiter_bytes():
                document += piece
                if len(document) > MAX_DOCUMENT_BYTES:
                    raise ValueError("the key set is too large")
            return bytes(document)

    return fetch


async def from_file(path: str) -> bytes:
    """Fetch from a file of this machine: the same rules, so a replaced file is noticed."""
    return await asyncio.to_thread(Path(path).read_bytes)
