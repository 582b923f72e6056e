"""A registered organisation with one portfolio, for each test."""

from collections.abc import AsyncIterator

import pytest

from gevinst_shared.cli.postgres import EmbeddedPostgres
from tests.portfolio.two_installations import House, Side, acquainted, opened_house, quiet
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await make_world(portfolio)


@pytest.fixture(scope="session")
async def houses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[House, House]]:
    """Two installations that have nothing in common but the machine."""
    servers = [
        EmbeddedPostgres(tmp_path_factory.mktemp(f"postgres-{name}"), is_durable=False) for name in "ab"
    ]
    for server in servers:
        server.start()
    try:
        homes = [tmp_path_factory.mktemp(f"house-{name}") for name in "ab"]
        async with opened_house(servers[0].url, homes[0]) as a, opened_house(servers[1].url, homes[1]) as b:
            yield a, b
    finally:
        for server in servers:
            server.stop()


@pytest.fixture
async def pair(houses: tuple[House, House]) -> AsyncIterator[tuple[Side, Side]]:
    """Two bodies that have confirmed each other: the first gives, the second reads."""
    await quiet(*houses)
    giver, reader = (Side(house) for house in houses)
    await giver.settle_in()
    await reader.settle_in()
    await acquainted(giver, reader)
    yield giver, reader
    await quiet(*houses)
