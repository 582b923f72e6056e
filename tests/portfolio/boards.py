"""What a board does, in tests."""

from typing import Any

import httpx

from gevinst_shared.values.actor import Role
from tests.portfolio.world import World

BASIS = {"case_number": "2026/12", "deciders": ["Kari Nordmann"], "reasons": "As proposed."}


def board_of(world: World) -> httpx.AsyncClient:
    return world.desk.caller(Role.BOARD_MEMBER, subject="board")


async def rule(world: World, project_id: str, kind: str, **members: Any) -> httpx.Response:
    """The board decides about one project."""
    body = {**BASIS, "project_id": project_id, "kind": kind, **members}
    return await board_of(world).post(f"/portfolios/{world.portfolio_id}/decisions", json=body)


async def ruled(world: World, project_id: str, kind: str, **members: Any) -> dict[str, Any]:
    """The decision, which must have been taken."""
    answer = await rule(world, project_id, kind, **members)
    assert answer.status_code == 201, answer.text
    document: dict[str, Any] = answer.json()
    return document


async def post(
    client: httpx.AsyncClient, path: str, body: dict[str, Any] | None = None, *, revision: int
) -> httpx.Response:
    """Do something to a record that was read at `revision`."""
    return await client.post(path, json=body, headers={"If-Match": f'"{revision}"'})
