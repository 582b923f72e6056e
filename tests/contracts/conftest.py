"""One whole house for all contracts: gateway, services, workers, database, issuer and mail, as programs."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gevinst_shared.cli.house import House, running_house
from gevinst_shared.cli.house_settings import HouseSettings
from tests.support.house import house_at
from tests.support.trusted_issuers import write_issuers


@pytest.fixture(scope="session")
def settings() -> Iterator[HouseSettings]:
    """A house with issuers of every kind beside the development issuer."""
    with tempfile.TemporaryDirectory(prefix="gevinst-") as name:
        directory = Path(name)
        directory.chmod(0o711)  # the database's own account passes through
        plain = house_at(directory / "home")
        yield replace(plain, issuers_file=write_issuers(directory, plain.audience))


@pytest.fixture(scope="session")
async def house(settings: HouseSettings) -> AsyncIterator[House]:
    """The real services, running."""
    async with running_house(settings, is_durable=False) as running:
        yield running
