"""What a body says of itself is read at the root of the installation, by everybody and past nobody (X1)."""

import httpx
import pytest

from gevinst_shared.cli.house import House
from gevinst_shared.sync.statements import read_statement
from gevinst_shared.values.actor import Role
from tests.support.callers import problem
from tests.support.organisations import new_organisation

pytestmark = pytest.mark.slow
WELL_KNOWN = "/.well-known/gevinst-federation"


async def test_a_statement_is_read_at_the_gateways_root_without_a_token(house: House) -> None:
    owner = new_organisation()
    headers = {"Authorization": f"Bearer {house.token(Role.ADMINISTRATOR, owner)}"}
    async with httpx.AsyncClient(base_url=house.base_url, trust_env=False, timeout=30) as client:
        before = await client.get(WELL_KNOWN, params={"owner": owner})
        portfolio = "/portfolio/v1"
        body = {"name": "Oslo", "currency": "NOK", "language": "nb"}
        await client.put(f"{portfolio}/organisation", json=body, headers=headers)
        identity = {"contact": "post@example.org"}
        begun = await client.put(f"{portfolio}/sync-identity", json=identity, headers=headers)
        answers = [
            await client.get(f"{base}{WELL_KNOWN}", params={"owner": owner}) for base in ("", portfolio)
        ]

    assert before.status_code == 404
    problem(before)
    assert begun.status_code == 200, begun.text
    found = [read_statement(answer.content, owner=owner) for answer in answers]
    assert found[0] == found[1]
    assert found[0].feeds["portfolio"] == f"{house.settings.public_url}{portfolio}/sync-feed"
    assert (found[0].token or {})["endpoint"] == f"{house.settings.public_url}/issuer/token"
