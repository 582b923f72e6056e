"""A world with a project in it."""

import pytest

from tests.benefits.purse import Purse, make_purse
from tests.benefits.reporting_world import Reporting, make_reporting
from tests.benefits.world import World, make_world
from tests.support.callers import Desk


@pytest.fixture
async def world(benefits: Desk) -> World:
    return await make_world(benefits)


@pytest.fixture
async def purse(world: World) -> Purse:
    return await make_purse(world)


@pytest.fixture
async def reporting(world: World) -> Reporting:
    return await make_reporting(world)
