"""A registered organisation with one portfolio, for each test."""

import pytest

from tests.portfolio.world import World, make_world
from tests.support.callers import Desk


@pytest.fixture
async def world(portfolio: Desk) -> World:
    return await make_world(portfolio)
