"""Reads that decide nothing and are asked for most: one statement, and little between it and the wire (A4).

The framework solves every declared parameter of a route, a dozen microseconds each, whether it was sent or
not. `ReadRoute` validates what came, by the same fields that the OpenAPI document is made from.
"""

from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, cast

from fastapi import Depends, Request, Response
from fastapi._compat import ModelField, Undefined
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.values.actor import Permission
from gevinst_shared.web.actor import actor_of, admit
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import refuse_unknown_parameters

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


@dataclass(frozen=True, slots=True)
class Look:
    """The right to look: a connection for one bound statement, and the organisation to bind it to."""

    database: Database
    organisation: str

    def connection(self) -> AbstractAsyncContextManager[Connection]:
        return self.database.lend()


def looks(permission: Permission) -> Any:  # noqa: ANN401 - what Annotated takes
    """For whoever has `permission`; for `Annotated[Look, looks(…)]` in a `ReadRoute`."""

    async def look(request: Request) -> Look:
        house = house_of(request)
        actor = await actor_of(request)
        if not permission.roles & actor.roles:
            async with house.database.transaction(actor.organisation, read_only=True) as connection:
                await admit(request, connection, actor, permission, house.now())
        return Look(house.database, actor.organisation)

    look.permission = permission  # type: ignore[attr-defined]
    return Depends(look)


class ReadRoute(APIRoute):
    """A route whose GET takes path and query parameters, the request, and one `Look`."""

    def get_route_handler(self) -> Handler:
        if self.methods != {"GET"}:
            return super().get_route_handler()
        (look,) = self.dependant.dependencies
        assert look.name is not None
        parameters = _Parameters(self.dependant)
        give, name = cast("Callable[[Request], Coroutine[Any, Any, Look]]", look.call), look.name
        endpoint = cast("Callable[..., Coroutine[Any, Any, Response]]", self.endpoint)

        async def handle(request: Request) -> Response:
            values = {name: await give(request)}
            return await endpoint(**values, **parameters.read(request))

        return handle


class _Parameters:
    """The declared parameters of a route, read from a request."""

    def __init__(self, dependant: Dependant) -> None:
        self._paths = {field.alias: field for field in dependant.path_params}
        self._queries = {field.alias: field for field in dependant.query_params}
        self._defaults = {field.name: field.get_default() for field in dependant.query_params}
        assert Undefined not in self._defaults.values(), "a required query parameter needs an ordinary route"
        self._request = dependant.request_param_name

    def read(self, request: Request) -> dict[str, Any]:
        """Every value by its name; what is unknown, repeated or malformed is refused with its place."""
        values = dict(self._defaults)
        errors: list[Any] = []
        for alias, text in request.path_params.items():
            self._validate(self._paths[alias], text, ("path", alias), values, errors)
        if request.scope["query_string"]:
            refuse_unknown_parameters(request)
            for alias, text in request.query_params.items():
                self._validate(self._queries[alias], text, ("query", alias), values, errors)
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
