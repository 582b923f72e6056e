"""Looking at a resource from inside the house: its own operation, asked in another's transaction.

What an operation would draw is caught before it becomes an answer. Only this process can ask so: what stands
in a request's scope does not come over the wire.
"""

from collections.abc import MutableMapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Message

from gevinst_shared.charts.chart import Chart
from gevinst_shared.charts.themes import Theme
from gevinst_shared.db.work import Work
from gevinst_shared.embeds.refusals import NotEmbeddable
from gevinst_shared.embeds.resources import Resource
from gevinst_shared.embeds.status_page import StatusPage
from gevinst_shared.values.refusal import Unknown

_KEY = "gevinst.within"


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart that an operation would draw, for one reader."""

    chart: Chart
    theme: Theme


Seen = Drawing | StatusPage


@dataclass(slots=True)
class Within:
    """Whose transaction it is, and what was seen."""

    work: Work
    seen: list[Seen] = field(default_factory=list)


def within_of(request: Request) -> Within | None:
    """From inside, or None for a request from outside."""
    found: Within | None = request.scope.get(_KEY)
    return found


async def look(request: Request, work: Work, resource: Resource, language: str, **instead: str) -> Seen:
    """What the resource's operation shows to `work.actor`, or its refusal; `instead` are other parameters.

    `Unknown` where there is no such operation, `NotEmbeddable` where it has nothing to draw.
    """
    within = Within(work)
    root_path: str = request.scope.get("root_path", "")
    scope: MutableMapping[str, Any] = {
        **request.scope,
        "method": "GET",
        "path": root_path + resource.path,
        "raw_path": (root_path + resource.path).encode(),
        "query_string": resource.query(**instead).encode(),
        "headers": [(b"accept-language", language.encode())],
        _KEY: within,
    }
    # Its refusals are ours to tell.
    scope.pop("starlette.exception_handlers", None)
    try:
        await request.app.router(scope, _nothing, _unheard)
    except HTTPException:
        raise Unknown from None
    except RequestValidationError:
        raise NotEmbeddable(resource=resource.path, pointer="/body/resource") from None
    if not within.seen:
        raise NotEmbeddable(resource=resource.path, pointer="/body/resource")
    return within.seen[0]


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _unheard(_message: Message) -> None:
    pass
