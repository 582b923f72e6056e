"""A project's benefit tree over HTTP, for the tests."""

from typing import Any

import httpx

from tests.benefits.trees import example
from tests.benefits.world import World
from tests.support.callers import problem


def path(world: World, *rest: str) -> str:
    return "/".join([f"/projects/{world.project_id}/benefit-tree", *rest])


def node(key: str, kind: str, **members: Any) -> dict[str, Any]:
    return {"key": key, "kind": kind, "name": f"{key} name"} | members


async def put(world: World, body: dict[str, Any], revision: int = 0, **headers: str) -> httpx.Response:
    return await world.office.put(path(world), json=body, headers={"If-Match": f'"{revision}"', **headers})


async def drawn_up(world: World, body: dict[str, Any] | None = None) -> dict[str, Any]:
    answer = await put(world, example() if body is None else body)
    assert answer.status_code == 200, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def refused(
    world: World, *nodes: dict[str, Any], edges: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    answer = await put(world, {"nodes": nodes, "edges": edges or []})
    assert answer.status_code >= 400, answer.text
    return problem(answer)
