"""Another of our own services, asked with our own token: mostly for its feed."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import httpx

_WAIT_SECONDS = 20


class Peer:
    """`base_url` is where the service's API begins, such as http://127.0.0.1:8101/portfolio/v1."""

    def __init__(self, client: httpx.AsyncClient, base_url: str, token: Callable[[], Awaitable[str]]) -> None:
        self._client = client
        self._base_url = base_url.rstrip("/")
        self._token = token

    async def post(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        """Its answer, whatever its status; `path` is below where its API begins."""
        return await self._client.post(
            f"{self._base_url}{path}",
            json=dict(body),
            headers={"Authorization": f"Bearer {await self._token()}"},
            timeout=httpx.Timeout(10.0),
        )

    async def events(
        self, cursor: str, *, limit: int = 100, wait: int = _WAIT_SECONDS
    ) -> tuple[list[Mapping[str, Any]], str]:
        """The envelopes after `cursor`, and the cursor behind them; `wait` seconds for some to come."""
        parameters: dict[str, str | int] = {"limit": limit, "wait": wait}
        if cursor:
            parameters["cursor"] = cursor
        response = await self._client.get(
            f"{self._base_url}/events",
            params=parameters,
            headers={"Authorization": f"Bearer {await self._token()}"},
            timeout=httpx.Timeout(5.0, read=wait + 10),
        )
        response.raise_for_status()
        page = response.json()
        return page["items"], page["next_cursor"]
