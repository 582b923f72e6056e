"""Every operation of every service, from the OpenAPI documents: what is added later is in it by itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi.routing import APIRoute

from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import Role
from gevinst_shared.web.permissions import permission_of
from tests.support.generated import application, openapi_file

METHODS = ("get", "put", "post", "delete", "patch")
Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: `path` as in the document, without the service's root."""

    service: str
    method: str
    path: str
    operation_id: str

    @property
    def described(self) -> Schema:
        """What the document says of it."""
        found: Schema = document(self.service)["paths"][self.path][self.method.lower()]
        return found

    @property
    def is_public(self) -> bool:
        return self.described.get("security") == []

    @property
    def is_write(self) -> bool:
        return self.method != "GET"

    @property
    def is_stream(self) -> bool:
        """Whether it answers with server-sent events, which end late."""
        answers = self.described["responses"].get("200", {}).get("content", {})
        return "text/event-stream" in answers

    @property
    def roles(self) -> frozenset[Role]:
        """Who may call it."""
        return _roles(self.service)[self.operation_id]

    def parameters(self, place: str) -> dict[str, Schema]:
        """Name → schema of the parameters in `path`, `query` or `header`."""
        listed = self.described.get("parameters", [])
        return {one["name"]: resolved(self.service, one["schema"]) for one in listed if one["in"] == place}

    @property
    def path_names(self) -> tuple[str, ...]:
        return tuple(self.parameters("path"))

    @property
    def body_media(self) -> str | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return next(iter(content), None)

    @property
    def body_schema(self) -> Schema | None:
        """The schema of a JSON body; None when it has none."""
        content = self.described.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema")
        return None if schema is None else resolved(self.service, schema)

    def __str__(self) -> str:
        return f"{self.service}-{self.operation_id}"


@cache
def document(service: str) -> Schema:
    found: Schema = json.loads(openapi_file(service).read_text("utf-8"))
    return found


@cache
def every_operation() -> tuple[Operation, ...]:
    return tuple(operation for service in SERVICES for operation in _operations(service))


def operation(service: str, operation_id: str) -> Operation:
    return next(
        one for one in every_operation() if (one.service, one.operation_id) == (service, operation_id)
    )


def resolved(service: str, schema: Schema) -> Schema:
    """The schema itself where it is a reference; what stands beside the reference wins."""
    reference = schema.get("$ref")
    if reference is None:
        return schema
    name = reference.rsplit("/", 1)[-1]
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**resolved(service, document(service)["components"]["schemas"][name]), **beside}


def _operations(service: str) -> Iterator[Operation]:
    for path, item in document(service)["paths"].items():
        for method in METHODS:
            if method in item:
                yield Operation(service, method.upper(), path, item[method]["operationId"])


@cache
def _roles(service: str) -> dict[str, frozenset[Role]]:
    found = {}
    for route in application(service).routes:
        permission = permission_of(route) if isinstance(route, APIRoute) else None
        if isinstance(route, APIRoute) and permission is not None:
            found[route.name] = permission.roles
    return found
