"""The finishing of the OpenAPI document: what holds for every operation is said once, here."""

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from gevinst_shared.web import permissions
from gevinst_shared.web.examples import example_of
from gevinst_shared.web.openapi_schemas import complete, drop_unused

Document = dict[str, Any]
_METHODS = ("get", "put", "post", "delete", "patch")
_PROBLEM: Document = {
    "type": "object",
    "description": "Why the request was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri", "maxLength": 300, "description": "The kind of refusal."},
        "title": {"type": "string", "maxLength": 200, "description": "The kind in the reader's language."},
        "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "maxLength": 2000, "description": "What is wrong and what to do."},
        "instance": {"type": "string", "maxLength": 60, "description": "`urn:uuid:` of the request."},
        "errors": {
            "type": "array",
            "maxItems": 51,
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "maxLength": 500},
                    "detail": {"type": "string", "maxLength": 2000},
                },
            },
        },
    },
    "examples": [
        {
            "type": "https://gevinst.example/docs/problems#unknown",
            "title": "Not found",
            "status": 404,
            "detail": "There is no such record, or it is not yours.",
            "instance": "urn:uuid:0198b6a4-7c1e-7000-8000-000000000001",
        }
    ],
}
# For a read that the state of things may refuse: `responses=SAYS_NO`.
SAYS_NO: dict[int | str, dict[str, Any]] = {409: {"description": "The state of things says no."}}
_REFUSED = {
    "400": "Malformed; `errors` says where.",
    "401": "No valid token.",
    "403": "The caller's roles do not permit this.",
    "404": "There is no such record, or it is not the caller's.",
    "406": "Not available in the form that `Accept` asks for.",
    "409": "The state of things says no.",
    "412": "Somebody changed the record meanwhile.",
    "413": "Larger than this operation takes.",
    "415": "Another content type than this operation reads.",
    "422": "The Idempotency-Key belongs to another request.",
    "428": "`If-Match` is missing.",
    "429": "Too many requests; wait as long as `Retry-After` says.",
    "503": "Not now; try again in as many seconds as `Retry-After` says.",
    "500": "A fault on our side; nothing was changed.",
}
_RATE_HEADERS = {
    "RateLimit-Limit": "Requests that the gateway allows per window.",
    "RateLimit-Remaining": "Requests that are left in this window.",
    "RateLimit-Reset": "Seconds until the window begins again.",
}
_EVERYWHERE = (*_RATE_HEADERS, "X-Request-Id", "Access-Control-Allow-Origin")


def finished(app: FastAPI, service: str, tags: Mapping[str, str], problems: Document) -> Document:
    """The service's document, made once and kept; `problems` is what it refuses, by code."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    document = get_openapi(
        title=app.title,
        version="1.0.0",
        description=app.description,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in sorted({**tags, **_SHARED_TAGS}.items())],
        license_info={"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        servers=[
            {
                "url": f"https://{{host}}/{service}/v1",
                "description": "Production: behind the gateway of an installation.",
                "x-internal": False,
                "variables": {"host": {"default": "gevinst.example", "description": "The installation."}},
            }
        ],
    )
    document["info"]["contact"] = _CONTACT
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    components["securitySchemes"] = {
        "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": _BEARER}
    }
    components["headers"] = _headers()
    components["responses"] = {status: _refusal(status, text) for status, text in _REFUSED.items()}
    document["security"] = [{"bearer": []}]
    document["x-problems"] = problems
    routes = {route.name: route for route in app.routes if isinstance(route, APIRoute)}
    for operation in operations(document):
        _finish_operation(operation, routes[operation["operationId"]], schemas)
    complete(document)
    drop_unused(document, ("schemas", "responses", "headers"))
    app.openapi_schema = document
    return document


def operations(document: Document) -> Iterator[Document]:
    for path in document["paths"].values():
        yield from (path[method] for method in _METHODS if method in path)


def merged(documents: Mapping[str, Document]) -> Document:
    """One document of several services' documents: paths with the service before them, names kept apart."""
    whole: Document = {}
    for service, document in documents.items():
        part = _prefixed(document, service)
        if not whole:
            whole = {**part, "servers": [_SERVER], "paths": {}}
            whole["info"] = {**part["info"], "title": "Gevinst", "description": _WHOLE}
            whole["components"] = {**part["components"], "schemas": {}}
            whole["tags"], whole["x-problems"] = [], {}
        whole["x-problems"] |= part.get("x-problems", {})
        for kind in ("schemas", "responses"):
            whole["components"].setdefault(kind, {}).update(part["components"].get(kind, {}))
        known = {tag["name"] for tag in whole["tags"]}
        whole["tags"] += [tag for tag in part["tags"] if tag["name"] not in known]
        for path, item in part["paths"].items():
            whole["paths"][f"/{service}/v1{path}"] = item
    whole["tags"].sort(key=itemgetter("name"))
    return whole


_BEARER = "A JSON Web Token (RFC 9068), verified at the gateway and again here as RFC8725 asks."
_CONTACT = {
    "name": "The Gevinst maintainers",
    "url": "https://github.com/gevinst/gevinst",
    "email": "maintainers@gevinst.example",
}
_SERVER = {"url": "/", "description": "This installation, in production.", "x-internal": False}
_WHOLE = (
    "Choose the right projects, start them when there are people and money, stop them when the case "
    "no longer holds, and harvest the benefits. Three services behind one gateway."
)
_SHARED_TAGS = {
    "Events": "The service's feed of facts, in the order of their commits (CloudEvents 1.0).",
    "Status": "Is it there and well; needs no token.",
}


def _finish_operation(operation: Document, route: APIRoute, schemas: Document) -> None:
    responses = operation["responses"]
    responses.pop("422", None)
    is_public = permissions.is_public(route)
    if is_public:
        operation["security"] = []
    else:
        permission = permissions.permission_of(route)
        assert permission is not None
        operation["x-permission"] = permission.name
        operation["x-roles"] = sorted(permission.roles)
        roles = ", ".join(operation["x-roles"])
        operation["description"] = f"{operation.get('description', '')}\n\nRoles: {roles}.".strip()
    # One that says what it looks like is not only a problem document.
    declared = [status for status in responses if status in _REFUSED and "content" not in responses[status]]
    for status in [*_refusals_of(operation, route, is_public=is_public), *declared]:
        responses[status] = {"$ref": f"#/components/responses/{status}"}
    for status, response in responses.items():
        if "$ref" not in response:
            _finish_answer(response, status, route, schemas)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and "example" not in body and "examples" not in body:
        body["example"] = example_of(body["schema"], schemas)


def _refusals_of(operation: Document, route: APIRoute, *, is_public: bool) -> list[str]:
    if is_public:
        return ["400", "429", "500"]
    found = ["400", "401", "403", "404", "429", "500"]
    names = {parameter["name"] for parameter in operation.get("parameters", [])}
    if "Idempotency-Key" in names:
        found += ["409", "422"]
    if "If-Match" in names:
        found += ["412", "428"]
    if "requestBody" in operation:
        found += ["413", "415"]
    return sorted(found)


def _finish_answer(response: Document, status: str, route: APIRoute, schemas: Document) -> None:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _EVERYWHERE}
    has_record = "{" in route.path or status == "201"
    if status in {"200", "201"} and has_record:
        headers["ETag"] = {"$ref": "#/components/headers/ETag"}
    if status in {"201", "202"}:
        headers["Location"] = {"$ref": "#/components/headers/Location"}
    response["headers"] = headers | response.get("headers", {})
    contents = response.get("content", {})
    if "text/event-stream" in contents:
        # The framework describes single events with a word of OpenAPI 3.2.
        contents["text/event-stream"] = {"schema": {"type": "string", "maxLength": 1_000_000_000}}
    content = contents.get("application/json")
    if content is not None and "example" not in content:
        content["example"] = example_of(content["schema"], schemas)


def _refusal(status: str, text: str) -> Document:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in _EVERYWHERE}
    if status in {"429", "503"}:
        headers["Retry-After"] = {"$ref": "#/components/headers/Retry-After"}
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": _PROBLEM["examples"][0]}
    return {"description": text, "headers": headers, "content": {"application/problem+json": content}}


def _headers() -> Document:
    whole = {"type": "integer", "format": "int32", "minimum": 0, "maximum": 1_000_000}
    text = {"type": "string", "maxLength": 500}
    found = {name: {"description": said, "schema": whole} for name, said in _RATE_HEADERS.items()}
    found["Retry-After"] = {"description": "Seconds to wait.", "schema": whole}
    found["ETag"] = {"description": "The record's revision.", "schema": text}
    found["Location"] = {"description": "Where the record is.", "schema": text}
    found["Access-Control-Allow-Origin"] = {
        "description": "The origin of the caller, when the installation allows it.",
        "schema": text,
    }
    found["X-Request-Id"] = {"description": "The request's id.", "schema": text}
    return found


def _prefixed(node: Any, service: str) -> Any:  # noqa: ANN401 - any part of a document
    """The same part of a document with its schemas and operations named after the service."""
    if isinstance(node, list):
        return [_prefixed(child, service) for child in node]
    if isinstance(node, str) and node.startswith("#/components/schemas/"):
        # A `$ref`, or where a discriminator's mapping leads.
        return f"#/components/schemas/{_own_name(node.rsplit('/', 1)[-1], service)}"
    if not isinstance(node, dict):
        return node
    found = {key: _prefixed(child, service) for key, child in node.items()}
    if "operationId" in found:
        found["operationId"] = f"{service}_{found['operationId']}"
    if "schemas" in found:
        # The title as well: generated clients name their classes after it.
        found["schemas"] = {
            own: {**schema, "title": own}
            for own, schema in ((_own_name(name, service), one) for name, one in found["schemas"].items())
        }
    return found


def _own_name(name: str, service: str) -> str:
    return name if name == "Problem" else f"{service.capitalize()}{name}"
