"""A browser, and worlds with something to draw."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from gevinst_shared.db.engine import Database
from tests.benefits.purse import Purse, make_purse
from tests.benefits.world import make_world
from tests.notifications.world import World as Duties
from tests.notifications.world import make_world as make_duties
from tests.support.callers import Desk
from tests.support.chromium import chromium
from tests.support.installation import Installation


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as opened:
        yield opened


@pytest.fixture
async def purse(benefits: Desk) -> Purse:
    """1000 a year planned, 800 booked in 2026, 600 found there."""
    purse = await make_purse(await make_world(benefits))
    phasing = await purse.agreed((2026, "-800.00"))
    await purse.booked(phasing, 2026)
    await purse.verified(2026, "600.00")
    return purse


@pytest.fixture
async def duties(notifications: Desk, installation: Installation) -> AsyncIterator[Duties]:
    """An organisation whose people can be told what they must do."""
    database = await Database.open(installation.databases["notifications"].url)
    yield await make_duties(notifications, database)
    await database.close()
