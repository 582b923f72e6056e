"""A caller of a running installation: one person's token, one service at a time."""

import asyncio
from collections.abc import AsyncIterator, Callable
from http import HTTPStatus
from types import TracebackType
from typing import Any

import httpx

from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.http.client import open_client

Document = dict[str, Any]
_MOST_PAUSES = 10
_ENDED = frozenset({"done", "failed", "cancelled"})


class NotDone(Exception):  # noqa: N818 - an answer, not an error of ours
    """The installation refused; the text is its own sentence."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        try:
            problem = response.json()
        except ValueError:
            problem = {"title": response.reason_phrase, "detail": response.text[:300]}
        self.code = str(problem.get("type", "")).rpartition("#")[2]
        faults = "; ".join(f"{fault['pointer']}: {fault['detail']}" for fault in problem.get("errors", []))
        super().__init__(f"{problem.get('title')}. {problem.get('detail')} {faults}".strip())


class Caller:
    """Calls as one person. Paths begin with the service: `portfolio/projects`."""

    def __init__(self, base_url: str, token: str) -> None:
        self.base_url = base_url
        self.headers = {"Authorization": f"Bearer {token}"}
        self._client = open_client(read_seconds=60)

    async def __aenter__(self) -> "Caller":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: str | int) -> Document:
        return _document(await self.send("GET", path, params=query))

    async def find(self, path: str, **query: str | int) -> Document | None:
        """The document, or None where there is none."""
        try:
            return await self.get(path, **query)
        except NotDone as refused:
            if refused.status == 404:
                return None
            raise

    async def post(self, path: str, body: Document | None = None, *, revision: int | None = None) -> Document:
        content = {} if body is None else {"json": body}
        return _document(await self.send("POST", path, headers=_match(revision), **content))

    async def put(self, path: str, body: Document, *, revision: int | None = None) -> Document:
        return _document(await self.send("PUT", path, json=body, headers=_match(revision)))

    async def send(
        self, method: str, path: str, *, headers: dict[str, str] | None = None, **rest: Any
    ) -> httpx.Response:
        """Any request, again after a pause where there were too many; other refusals become `NotDone`."""
        service, _, inside = path.partition("/")
        url = f"{self.base_url}/{service}/v1/{inside}"
        sent = {**self.headers, **(headers or {})}
        try:
            response = await self._client.request(method, url, headers=sent, **rest)
            for _ in range(_MOST_PAUSES):
                if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                    break
                # the gateway has passed nothing on: any method may go again
                await asyncio.sleep(float(response.headers.get("retry-after", "1")))
                response = await self._client.request(method, url, headers=sent, **rest)
        except httpx.TransportError as error:
            sentence = f"Nothing answers at {self.base_url}: is `gevinst up` running? ({error})"
            raise CannotStart(sentence) from None
        if response.is_error:
            raise NotDone(response)
        return response

    async def every(self, path: str, **query: str | int) -> AsyncIterator[Document]:
        """Every item of a list, page by page."""
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, **{"limit": 100, **query, **cursor})
            for item in page["items"]:
                yield item
            if "next_cursor" not in page:
                return
            cursor = {"cursor": page["next_cursor"]}

    async def follow(self, run: Document, watch: Callable[[Document], None] = lambda _: None) -> Document:
        """The run when it has ended; `watch` sees it on the way."""
        while run["state"] not in _ENDED:
            await asyncio.sleep(0.2)
            run = await self.get(f"portfolio/runs/{run['id']}")
            watch(run)
        return run


def _match(revision: int | None) -> dict[str, str]:
    return {} if revision is None else {"If-Match": f'"{revision}"'}


def _document(response: httpx.Response) -> Document:
    if not response.content:
        return {}
    document: Document = response.json()
    return document
