"""The OpenAPI documents of the services as one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from gevinst_shared.cli.cannot_start import CannotStart


async def write_merged_openapi(services: Mapping[str, str], file: Path, *, public_url: str) -> None:
    """Ask each service, at its address without a path, for its document, and write the merged one."""
    documents = {}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        for service, url in services.items():
            answer = await client.get(f"{url}/{service}/v1/openapi.json")
            if answer.status_code != 200:
                raise CannotStart(f"{service} did not show its OpenAPI document: see its log.")
            documents[service] = answer.json()
    file.write_text(json.dumps(merged_openapi(documents, public_url=public_url), ensure_ascii=False))


def merged_openapi(documents: Mapping[str, dict[str, Any]], *, public_url: str) -> dict[str, Any]:
    """One document whose paths start with `/<service>/v1` and whose server is the gateway.

    A component that two services define alike stays one. Components, operation ids and tags that mean two
    things get the service's name in front, in every service, so that no name depends on the order.
    """
    clashing = _clashing_components(documents)
    shared_ids = _repeated([_operation_ids(document) for document in documents.values()])
    merged: dict[str, Any] = {"paths": {}, "components": {}, "tags": []}
    for service, document in documents.items():
        names = {(kind, name): f"{service.capitalize()}{name}" for kind, name in clashing}
        renamed = _renamed(
            document, {f"#/components/{k}/{n}": f"#/components/{k}/{new}" for (k, n), new in names.items()}
        )
        for path, item in renamed["paths"].items():
            merged["paths"][f"/{service}/v1{path}"] = _with_own_ids(item, service, shared_ids)
        for kind, components in renamed.get("components", {}).items():
            target = merged["components"].setdefault(kind, {})
            target.update({names.get((kind, name), name): value for name, value in components.items()})
        known = {tag["name"] for tag in merged["tags"]}
        merged["tags"] += [tag for tag in renamed.get("tags", []) if tag["name"] not in known]
    first = next(iter(documents.values()))
    head = {name: first[name] for name in ("openapi", "jsonSchemaDialect", "security") if name in first}
    info = {**first["info"], "title": "Gevinst"}
    return {**head, "info": info, "servers": [{"url": public_url}], **merged}


def _clashing_components(documents: Mapping[str, dict[str, Any]]) -> set[tuple[str, str]]:
    seen: dict[tuple[str, str], Any] = {}
    clashing = set()
    for document in documents.values():
        for kind, components in document.get("components", {}).items():
            for name, value in components.items():
                if seen.setdefault((kind, name), value) != value:
                    clashing.add((kind, name))
    return clashing


def _operation_ids(document: Mapping[str, Any]) -> set[str]:
    operations = [
        one for item in document["paths"].values() for one in item.values() if isinstance(one, dict)
    ]
    return {operation["operationId"] for operation in operations if "operationId" in operation}


def _repeated(sets: list[set[str]]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for one in sets:
        twice |= seen & one
        seen |= one
    return twice


def _with_own_ids(item: dict[str, Any], service: str, shared_ids: set[str]) -> dict[str, Any]:
    return {
        method: {**operation, "operationId": f"{service}_{operation['operationId']}"}
        if isinstance(operation, dict) and operation.get("operationId") in shared_ids
        else operation
        for method, operation in item.items()
    }


def _renamed(value: Any, references: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """The same JSON with every reference to a component under its new name."""
    if isinstance(value, dict):
        return {name: _renamed(inner, references) for name, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, references) for inner in value]
    return references.get(value, value) if isinstance(value, str) else value
