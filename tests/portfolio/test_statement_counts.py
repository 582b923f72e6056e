"""A list costs the same number of statements however long it is (API.md, Security 4)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import pytest

from tests.portfolio.boards import ruled
from tests.portfolio.world import World, made
from tests.support.callers import Desk


class HasDesk(Protocol):
    """Whatever calls the service from a desk."""

    @property
    def desk(self) -> Desk: ...


@asynccontextmanager
async def counted(world: HasDesk) -> AsyncIterator[list[str]]:
    """The statements that the service of the desk sends while the block runs."""
    statements: list[str] = []

    def note(record: Any) -> None:
        # The doorbell rings after a write; only what asks for rows is counted.
        if not record.query.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SELECT pg_notify")):
            statements.append(record.query)

    # Nothing else calls meanwhile, so every connection is idle.
    connections: list[Any] = list(world.desk.app.state.house.database._idle)
    for connection in connections:
        connection.add_query_logger(note)
    yield statements
    await asyncio.sleep(0)  # the driver tells of a statement in the next turn of the loop
    for connection in connections:
        connection.remove_query_logger(note)


async def filled(world: World, count: int) -> None:
    """`count` more of everything that is listed."""
    portfolio = f"/portfolios/{world.portfolio_id}"
    for number in range(count):
        name = f"{number} of {count}"
        unit, person = await world.unit(name), await world.person(name)
        resource = await made(
            world.office,
            "/resources",
            {"name": name, "kind": "role", "capacity": [{"year": 2027, "quarter": 1, "amount": 1}]},
        )
        criterion = await made(
            world.office, f"{portfolio}/criteria", {"name": name, "weight": 1, "scale_min": 0, "scale_max": 1}
        )
        needs = [{"resource_id": resource["id"], "amounts": [1]}]
        project = await world.project(name=name, needs=needs, unit_id=unit["id"])
        scores = [{"criterion_id": criterion["id"], "value": 1}]
        await made(world.office, f"/projects/{project['id']}/scores", {"scores": scores})
        role = {"person_id": person["id"], "role": "reader", "scope": "organisation"}
        await made(world.administrator, "/role-assignments", role)
        await made(world.office, "/programmes", {"portfolio_id": world.portfolio_id, "name": name})
        await made(world.office, "/ideas", {"name": name, "need": "Much the same"})
        await made(world.administrator, "/groups", {"name": name, "member_ids": [person["id"]]})
        await ruled(world, project["id"], "approve", start="2150-01-01")
        await ruled(world, project["id"], "stop")
        meeting = {"name": name, "starts_at": "2027-03-01T09:00:00Z"}
        await made(world.office, f"{portfolio}/meetings", meeting)


@pytest.mark.slow
async def test_a_longer_list_takes_no_more_statements(world: World) -> None:
    portfolio = f"/portfolios/{world.portfolio_id}"
    lists = [
        "/projects?limit=100",
        "/portfolios?limit=100",
        "/programmes?limit=100",
        "/units?limit=100",
        "/people?limit=100",
        "/role-assignments?limit=100",
        "/role-vacancies?limit=100",
        "/resources?limit=100",
        f"{portfolio}/criteria-model/versions?limit=100",
        f"{portfolio}/criteria-model",
        "/ideas?limit=100",
        "/groups?limit=100",
        f"{portfolio}/scores?limit=100",
        f"{portfolio}/storms",
        f"{portfolio}/budget",
        f"{portfolio}/decisions?limit=100",
        f"{portfolio}/meetings?limit=100",
        f"{portfolio}/replans?limit=100",
        f"{portfolio}/snapshot",
        f"{portfolio}/snapshot/projects?limit=100",
        f"{portfolio}/snapshot/changes?limit=100",
    ]
    costs: list[dict[str, int]] = []
    for count in (1, 8):
        await filled(world, count)
        found = {}
        for path in lists:
            # The driver asks the database once for each type that it has not met.
            await world.office.get(path)
            async with counted(world) as statements:
                answer = await world.office.get(path)
            assert answer.status_code == 200, answer.text
            found[path] = len(statements)
        costs.append(found)

    assert costs[0] == costs[1]
    assert min(costs[0].values()) >= 1
    assert max(costs[0].values()) <= 8
