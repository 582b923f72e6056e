from collections.abc import AsyncIterator

import pytest

from gevinst_shared.db.engine import Database
from tests.notifications.world import World, empty_queue, make_world
from tests.support.callers import Desk
from tests.support.installation import Installation


@pytest.fixture(scope="session")
async def database(installation: Installation) -> AsyncIterator[Database]:
    """The notifications database, as its worker sees it."""
    opened = await Database.open(installation.databases["notifications"].url)
    yield opened
    await opened.close()


@pytest.fixture
async def world(notifications: Desk, database: Database) -> AsyncIterator[World]:
    """A project with an owner, a manager and an office; nothing else waits to be delivered."""
    await empty_queue(database)
    yield await make_world(notifications, database)
    await empty_queue(database)
