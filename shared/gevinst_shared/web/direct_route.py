"""Routes with little between the wire and their function, for what is asked for most (A4).

The framework solves every declared parameter of a route, a dozen microseconds each, whether it was sent or
not, and enters a dependency through three context managers. `DirectRoute` validates what came, by the same
fields that the OpenAPI document is made from, and knows who calls before it looks at anything else.
"""

import inspect
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, cast

from fastapi import Request, Response
from fastapi._compat import ModelField, Undefined
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from gevinst_shared.web.pages import refuse_unknown_parameters

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class DirectRoute(APIRoute):
    """A route whose function takes what `reads`, `writes` or `looks` gives, and declared parameters.

    A route with other dependencies beside that one stays the framework's.
    """

    def get_route_handler(self) -> Handler:
        if len(self.dependant.dependencies) != 1:
            return super().get_route_handler()
        (given,) = self.dependant.dependencies
        assert given.name is not None
        name, opened = given.name, _opened(given)
        parameters = _Parameters(self.dependant, self.body_field)
        endpoint = cast("Callable[..., Coroutine[Any, Any, Response]]", self.endpoint)

        async def handle(request: Request) -> Response:
            # The transaction, if there is one, ends here: before the answer leaves.
            async with opened(request) as first:
                return await endpoint(**{name: first}, **await parameters.read(request))

        return handle


def _opened(given: Dependant) -> Any:  # noqa: ANN401 - a function that gives a context manager
    call = cast("Callable[..., Any]", given.call)
    if inspect.isasyncgenfunction(call):
        headers = given.header_params
        return lambda request: asynccontextmanager(call)(request, **_headers(headers, request))

    @asynccontextmanager
    async def once(request: Request) -> AsyncIterator[Any]:
        yield await call(request)

    return once


def _headers(fields: list[ModelField], request: Request) -> dict[str, Any]:
    """The declared headers that came."""
    values: dict[str, Any] = {}
    errors: list[Any] = []
    for field in fields:
        text = request.headers.get(field.alias)
        if text is not None:
            values[field.name], faults = field.validate(text, loc=("header", field.alias))
            errors += faults
    if errors:
        raise RequestValidationError(errors)
    return values


class _Parameters:
    """The declared parameters of a route, read from a request."""

    def __init__(self, dependant: Dependant, body: ModelField | None) -> None:
        self._paths = {field.alias: field for field in dependant.path_params}
        self._queries = {field.alias: field for field in dependant.query_params}
        self._defaults = {field.name: field.get_default() for field in dependant.query_params}
        assert Undefined not in self._defaults.values(), "a required query parameter needs an ordinary route"
        self._request = dependant.request_param_name
        self._body = body
        self._body_name = dependant.body_params[0].name if body is not None else ""

    async def read(self, request: Request) -> dict[str, Any]:
        """Every value by its name; what is unknown, repeated or malformed is refused with its place."""
        values = dict(self._defaults)
        errors: list[Any] = []
        for alias, text in request.path_params.items():
            self._validate(self._paths[alias], text, ("path", alias), values, errors)
        if request.scope["query_string"]:
            refuse_unknown_parameters(request)
            for alias, text in request.query_params.items():
                self._validate(self._queries[alias], text, ("query", alias), values, errors)
        if self._body is not None:
            values[self._body_name], faults = self._body.validate(await _json(request), loc=("body",))
            errors += faults
        if errors:
            raise RequestValidationError(errors)
        if self._request is not None:
            values[self._request] = request
        return values

    def _validate(
        self, field: ModelField, text: str, place: tuple[str, str], values: dict[str, Any], errors: list[Any]
    ) -> None:
        values[field.name], faults = field.validate(text, loc=place)
        errors += faults


async def _json(request: Request) -> Any:  # noqa: ANN401 - any JSON value
    """The body; too deep and not JSON are the same to the caller."""
    content = await request.body()
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        place = error.pos if isinstance(error, json.JSONDecodeError) else 0
        fault = {"type": "json_invalid", "loc": ("body", place), "msg": "JSON decode error"}
        raise RequestValidationError([fault]) from error
