"""Lists in pages: opaque cursors, bounded limits, declared parameters only."""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError

from gevinst_shared.values.refusal import OddCursor

Limit = Annotated[int, Query(ge=1, le=100, description="How many at most.")]
CursorText = Annotated[
    str | None, Query(max_length=500, description="`next_cursor` of the page before; absent for the first.")
]
PAGE_LIMIT = 20
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def page_response(
    request: Request,
    items: str,
    next_place: Sequence[Any] | None,
    *,
    members: Mapping[str, int | str] | None = None,
) -> Response:
    """A page of a list whose `items` PostgreSQL wrote; `next_place` is where the next one begins, and
    `members` are counters, or JSON that is ready, and stand beside the items."""
    beside = "".join(f',"{name}":{value}' for name, value in (members or {}).items())
    if next_place is None:
        return Response(f'{{"items":{items}{beside}}}', media_type="application/json")
    cursor = write_cursor(next_place)
    query = urlencode({**request.query_params, "cursor": cursor})
    root = request.scope.get("root_path", "")
    path = request.scope["path"].removeprefix(root)
    return Response(
        f'{{"items":{items},"next_cursor":"{cursor}"{beside}}}',
        headers={"Link": f'<{root}{path}?{query}>; rel="next"'},
        media_type="application/json",
    )


def write_cursor(place: Sequence[Any]) -> str:
    text = json.dumps(list(place), default=str, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(text: str | None, *, length: int) -> list[Any] | None:
    """The place that `write_cursor` wrote; None for the first page."""
    if text is None:
        return None
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        place = json.loads(raw)
    except ValueError as error:
        raise OddCursor from error
    if not isinstance(place, list) or len(place) != length or not all(isinstance(x, str) for x in place):
        raise OddCursor
    return place


def refuse_unknown_parameters(request: Request) -> None:
    """Refuse query parameters that are not declared: a misspelt filter must not widen a list.

    Nor may a value hold control characters, which no text of ours does.
    """
    if not request.query_params:
        return
    route = request.scope["route"]
    declared = _query_names(route.dependant)
    unknown = [name for name in request.query_params if name not in declared]
    repeated = len(request.query_params.multi_items()) != len(request.query_params)
    if unknown or repeated:
        known = ", ".join(sorted(declared)) or "–"
        text = f"Unknown or repeated. Known here: {known}."
        name = unknown[0] if unknown else next(iter(request.query_params))
        fault = {"type": "unknown", "loc": ("query", name[:50]), "msg": text, "ctx": {"known": known}}
        raise RequestValidationError([fault])
    odd = [name for name, value in request.query_params.items() if _CONTROL.search(value)]
    if odd:
        text = "Has characters that cannot be read."
        raise RequestValidationError([{"type": "unreadable", "loc": ("query", odd[0]), "msg": text}])


def _query_names(dependant: Dependant) -> set[str]:
    own = {parameter.alias for parameter in dependant.query_params}
    return own.union(*(_query_names(inner) for inner in dependant.dependencies))
