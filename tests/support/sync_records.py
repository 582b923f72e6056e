"""How partners and grants of the exchange are made for the tests of every operation."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import httpx

from gevinst_shared.values.actor import Role
from tests.support.operations import operation
from tests.support.organisations import new_organisation
from tests.support.waiting import awaited

if TYPE_CHECKING:
    from tests.support.records import Organisation

_GRANT = {"kind": "project", "fields": {"project": ["name"]}, "until": "2099-12-31"}
SYNC_MEMBERS: dict[str, dict[str, Any]] = {"give_sync_grant": _GRANT, "preview_sync_grant": _GRANT}
SYNC_NAMES = {"record_id": "project_id"}


async def _partner(organisation: "Organisation") -> str:
    """Another body of the same house, met and confirmed."""
    owner = new_organisation()
    thumbprint = await _identity(organisation, owner)
    propose = organisation.url(operation("portfolio", "propose_sync_partner"))
    body = {"owner": owner, "address": organisation.house.settings.public_url}
    made = await organisation.client.post(propose, json=body)
    assert made.status_code == 201, made.text
    url = f"{propose}/{made.json()['id']}"

    async def is_met() -> bool | None:
        found = (await organisation.client.get(url)).json()
        return True if found["state"] == "met" else None

    await awaited(is_met, "the other body's statement")
    confirmed = await organisation.client.post(f"{url}/confirm", json={"thumbprint": thumbprint})
    assert confirmed.status_code == 200, confirmed.text
    return str(made.json()["id"])


async def _identity(organisation: "Organisation", owner: str) -> str:
    """The thumbprint of another body that begins to exchange."""
    token = organisation.house.token(Role.ADMINISTRATOR, owner)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(trust_env=False, timeout=30, headers=headers) as client:
        body = {"name": "Another body", "currency": "NOK", "language": "nb"}
        registered = await client.put(
            organisation.url(operation("portfolio", "register_organisation")), json=body
        )
        assert registered.status_code in {200, 201}, registered.text
        url = organisation.url(operation("portfolio", "set_sync_identity"))
        identity = await client.put(url, json={"contact": "post@example.org"})
        assert identity.status_code == 200, identity.text
    return str(identity.json()["keys"][0]["thumbprint"])


async def _grant(organisation: "Organisation") -> str:
    return await organisation.post(operation("portfolio", "give_sync_grant"))


SYNC_MAKERS: "dict[str, Callable[[Organisation], Awaitable[str]]]" = {
    "sync_partner_id": _partner,
    "sync_grant_id": _grant,
}
