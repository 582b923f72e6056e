"""A registered organisation with one portfolio, for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.portfolio.two_installations import House, Side, acquainted, quiet
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await make_world(portfolio)


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
