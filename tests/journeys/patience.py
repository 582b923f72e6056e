"""A caller who does not give up: what is asked again under its key happens once."""

import asyncio
from dataclasses import dataclass
from typing import Any

from gevinst_shared.cli.api import Caller, Document, NotDone
from gevinst_shared.cli.cannot_start import CannotStart
from gevinst_shared.values.ids import new_id

_PASSING = frozenset({502, 503, 504})
_IN_FLIGHT = "key-in-use"
_CHANGED_MEANWHILE = 412
_LONGEST_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Patient:
    """Calls as one person, and again until there is an answer."""

    caller: Caller

    async def get(self, path: str, **query: str | int) -> Document:
        return await self._again("GET", path, params=query)

    async def every(self, path: str, **query: str | int) -> list[Document]:
        """Every item of a list, page by page."""
        items: list[Document] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.get(path, **{"limit": 100, **query, **cursor})
            items += page["items"]
            if "next_cursor" not in page:
                return items
            cursor = {"cursor": page["next_cursor"]}

    async def post(self, path: str, body: Document | None = None, *, revision: int | None = None) -> Document:
        """One effect, however often it is sent: the key is the same each time."""
        content = {} if body is None else {"json": body}
        headers = {"Idempotency-Key": str(new_id()), **_match(revision)}
        return await self._again("POST", path, headers=headers, **content)

    async def register(self, path: str, body: Document) -> Document:
        """The same for a record whose address is known before it is there."""
        return await self._again("PUT", path, headers={"Idempotency-Key": str(new_id())}, json=body)

    async def put(self, path: str, body: Document, *, revision: int) -> Document:
        """One change: when the revision has moved, our own earlier attempt moved it."""
        try:
            return await self._again("PUT", path, headers=_match(revision), json=body)
        except NotDone as refused:
            if refused.status != _CHANGED_MEANWHILE:
                raise
            return await self.get(path)

    async def _again(self, method: str, path: str, **rest: Any) -> Document:
        clock = asyncio.get_running_loop().time
        deadline, pause = clock() + _LONGEST_SECONDS, 0.1
        while True:
            try:
                answer = await self.caller.send(method, path, **rest)
            except (CannotStart, NotDone) as failed:
                if not _passes(failed) or clock() > deadline:
                    raise
            else:
                document: Document = answer.json()
                return document
            await asyncio.sleep(pause)
            pause = min(1.0, 1.5 * pause)


def _passes(failed: CannotStart | NotDone) -> bool:
    """Nobody answered, a gateway did, or the same request is still being done."""
    return isinstance(failed, CannotStart) or failed.status in _PASSING or failed.code == _IN_FLIGHT


def _match(revision: int | None) -> dict[str, str]:
    return {} if revision is None else {"If-Match": f'"{revision}"'}
