"""One real PostgreSQL for the whole run; a world of its own for each test is an organisation of its own."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from gevinst_benefits.app import create_app as create_benefits
from gevinst_benefits.settings import Settings as BenefitsSettings
from gevinst_portfolio.app import create_app as create_portfolio
from gevinst_portfolio.settings import Settings as PortfolioSettings
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.settings import from_environment
from tests.support.callers import Desk, started
from tests.support.installation import Installation, install


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


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
async def portfolio_app(installation: Installation) -> AsyncIterator[object]:
    settings = from_environment(PortfolioSettings, "portfolio", installation.environment("portfolio"))
    async with started(create_portfolio(settings)) as app:
        yield app


@pytest.fixture
async def portfolio(portfolio_app: object, installation: Installation) -> AsyncIterator[Desk]:
    """The portfolio service, and an organisation that nobody else has."""
    desk = Desk(portfolio_app, "portfolio", installation)  # type: ignore[arg-type]
    yield desk
    for client in desk.clients:
        await client.aclose()


@pytest.fixture(scope="session")
async def benefits_app(installation: Installation) -> AsyncIterator[object]:
    settings = from_environment(BenefitsSettings, "benefits", installation.environment("benefits"))
    async with started(create_benefits(settings)) as app:
        yield app


@pytest.fixture
async def benefits(benefits_app: object, installation: Installation) -> AsyncIterator[Desk]:
    """The benefits service, and an organisation that nobody else has."""
    desk = Desk(benefits_app, "benefits", installation)  # type: ignore[arg-type]
    yield desk
    for client in desk.clients:
        await client.aclose()
