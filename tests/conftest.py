"""One real PostgreSQL for the whole run; a world of its own for each test is an organisation of its own."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fastapi import FastAPI
from hypothesis import settings

from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.settings import from_environment
from tests.support.callers import Desk, desk_of, started
from tests.support.installation import Installation, install

if TYPE_CHECKING:
    from tests.portfolio.two_installations import House

# A property is judged by its examples, not by how busy the machine is.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
# Whole stories, real browsers, and every operation of every service.
_LONG = frozenset({"journeys", "browser", "contracts"})


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", action="store_true", help="only what uses a database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--database`, leave out what would run the same on any PostgreSQL. The longest come first, so that
    no core waits for another at the end.
    """
    if config.getoption("--database"):
        config.hook.pytest_deselected(items=[one for one in items if not _uses_a_database(one)])
        items[:] = filter(_uses_a_database, items)
    items.sort(key=_is_short)


def _uses_a_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    asks_directly = "postgres" in fixtures and "browser" not in fixtures
    return asks_directly or item.get_closest_marker("database") is not None


def _is_short(item: pytest.Item) -> bool:
    return item.path.parent.name not in _LONG


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that does not exist yet, where an unprivileged database can live."""
    with tempfile.TemporaryDirectory(prefix="gevinst-") as name:
        Path(name).chmod(0o711)
        yield Path(name) / "home"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    """The embedded server, or the one whose programs are in GEVINST_TEST_POSTGRES (Debian's, say)."""
    elsewhere = os.environ.get("GEVINST_TEST_POSTGRES")
    home = tmp_path_factory.mktemp("postgres")
    server = EmbeddedPostgres(home, is_durable=False, binaries=Path(elsewhere) if elsewhere else None)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
async def installation(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return await install(postgres.url, tmp_path_factory.mktemp("installation"))


@pytest.fixture(scope="session")
async def portfolio_app(installation: Installation) -> AsyncIterator[FastAPI]:
    async with _application("portfolio", installation) as app:
        yield app


@pytest.fixture(scope="session")
async def benefits_app(installation: Installation) -> AsyncIterator[FastAPI]:
    async with _application("benefits", installation) as app:
        yield app


@pytest.fixture(scope="session")
async def notifications_app(installation: Installation) -> AsyncIterator[FastAPI]:
    async with _application("notifications", installation) as app:
        yield app


@pytest.fixture(scope="session")
async def houses(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["tuple[House, House]"]:
    """Two installations of portfolio and benefits that have nothing in common but the machine."""
    opened_house = import_module("tests.portfolio.two_installations").opened_house
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
async def portfolio(portfolio_app: FastAPI, installation: Installation) -> AsyncIterator[Desk]:
    """The portfolio service, and an organisation that nobody else has."""
    async with desk_of(portfolio_app, "portfolio", installation) as desk:
        yield desk


@pytest.fixture
async def benefits(benefits_app: FastAPI, installation: Installation) -> AsyncIterator[Desk]:
    """The benefits service, and an organisation that nobody else has."""
    async with desk_of(benefits_app, "benefits", installation) as desk:
        yield desk


@pytest.fixture
async def notifications(notifications_app: FastAPI, installation: Installation) -> AsyncIterator[Desk]:
    """The notifications service, and an organisation that nobody else has."""
    async with desk_of(notifications_app, "notifications", installation) as desk:
        yield desk


@asynccontextmanager
async def _application(service: str, installation: Installation) -> AsyncIterator[FastAPI]:
    settings = import_module(f"gevinst_{service}.settings").Settings
    read = from_environment(settings, service, installation.environment(service))
    async with started(import_module(f"gevinst_{service}.app").create_app(read)) as app:
        yield app
