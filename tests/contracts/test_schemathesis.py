"""Schemathesis calls every operation, as two organisations that must not see each other.

GEVINST_TEST_EXAMPLES sets how many cases each operation gets; the seed is fixed, so a finding comes again.
"""

import asyncio
import os
import sys
from pathlib import Path

import pytest
import yaml

from gevinst_shared.cli.house import House, house_token
from gevinst_shared.settings import SERVICES
from gevinst_shared.values.actor import EVERYONE
from tests.support.generated import openapi_file
from tests.support.operations import every_operation
from tests.support.organisations import new_organisation
from tests.support.records import SUBJECT, organisation_in

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("GEVINST_TEST_EXAMPLES", "15")
SEED = "1"
PEERS = ("okapi", "quagga")
# Streams end late by design; test_other_organisations.py and the services' own tests read them.
STREAMS = [one.operation_id for one in every_operation() if one.is_stream]


@pytest.fixture(scope="module")
async def peers(house: House, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The configuration with the tokens of two organisations that both have records of every kind."""
    directory = tmp_path_factory.mktemp("peers")
    entries = []
    for name in PEERS:
        organisation = organisation_in(house, new_organisation(), name.title())
        await organisation.furnish()
        await organisation.close()
        token = house_token(house.settings.home, tuple(EVERYONE), organisation.number, subject=SUBJECT)
        header = {"name": "Authorization", "value": f"Bearer {token}"}
        entries.append({"name": name, "fixedHeaders": [header]})
    users = directory / "peers.yaml"
    users.write_text(yaml.safe_dump({"auth": entries}))
    configuration = directory / "schemathesis.toml"
    said = (HERE / "schemathesis.toml").read_text("utf-8")
    configuration.write_text(f'{said}\n[auth.wfc]\npath = "{users}"\npeers = ["{PEERS[0]}", "{PEERS[1]}"]\n')
    return configuration


async def test_every_operation_keeps_to_its_document(house: House, peers: Path) -> None:
    outcomes = await asyncio.gather(*(run(house, service, peers) for service in SERVICES))

    found = [said for code, said in outcomes if code != 0]
    assert not found, "\n".join(found)


async def run(house: House, service: str, configuration: Path) -> tuple[int | None, str]:
    """The exit code of one run against a service, and what it said."""
    skipped = [part for name in STREAMS for part in ("--exclude-operation-id", name)]
    running = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration), "run"),
        *(str(openapi_file(service)), "--url", f"{house.service_url(service)}/{service}/v1"),
        *("--max-examples", EXAMPLES, "--seed", SEED, "--generation-database", "none"),
        *("--workers", "1", "--request-timeout", "30", "--warnings", "off", "--no-color"),
        *skipped,
        cwd=configuration.parent,
        env={**os.environ, "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(HERE)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    return running.returncode, said.decode()
