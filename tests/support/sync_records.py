"""How partners, grants and agreements of the exchange are made for the tests of every operation."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx

from gevinst_benefits.store.agreement_kinds import AGREEMENT_KINDS
from gevinst_shared.cli.databases import make_databases
from gevinst_shared.db.engine import Database
from gevinst_shared.http.client import NO_TLS
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.support.letters import take_letters
from tests.support.operations import operation
from tests.support.organisations import new_organisation
from tests.support.waiting import awaited

if TYPE_CHECKING:
    from tests.support.records import Organisation

# PostgreSQL refuses two that set the password of one role at the same moment.
_ASKING = asyncio.Lock()
_GRANT = {"kind": "project", "fields": {"project": ["name"]}, "until": "2099-12-31"}
SYNC_MEMBERS: dict[str, dict[str, Any]] = {"give_sync_grant": _GRANT, "preview_sync_grant": _GRANT}
SYNC_NAMES = {
    "record_id": "project_id",
    "partner_id": "sync_partner_id",
    "partner": "sync_partner_id",
    "kid": "kid",
}


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
    partner_id = str(made.json()["id"])
    there = organisation.url(operation("benefits", "get_sync_exchange"), {"sync_partner_id": partner_id})

    async def is_known() -> bool | None:
        return True if (await organisation.client.get(there)).status_code == 200 else None

    await awaited(is_known, "the partner in benefits")
    return partner_id


async def _identity(organisation: "Organisation", owner: str) -> str:
    """The thumbprint of another body that begins to exchange."""
    token = organisation.house.token(Role.ADMINISTRATOR, owner)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=30, headers=headers) as client:
        body = {"name": "Another body", "currency": "NOK", "language": "nb"}
        registered = await client.put(
            organisation.url(operation("portfolio", "register_organisation")), json=body
        )
        assert registered.status_code in {200, 201}, registered.text
        url = organisation.url(operation("portfolio", "set_sync_identity"))
        identity = await client.put(url, json={"contact": "post@example.org"})
        assert identity.status_code == 200, identity.text
    return str(identity.json()["keys"][0]["thumbprint"])


async def _kid(organisation: "Organisation") -> str:
    """The organisation's own key of today."""
    url = organisation.url(operation("portfolio", "set_sync_identity"))
    identity = await organisation.client.put(url, json={"contact": "post@example.org"})
    assert identity.status_code in {200, 201}, identity.text
    return str(identity.json()["keys"][0]["kid"])


async def _grant(organisation: "Organisation") -> str:
    return await organisation.post(operation("portfolio", "give_sync_grant"))


async def _reply(organisation: "Organisation") -> str:
    """An offer as it arrives from a partner: our own, which has come back to us under another id."""
    offer, partner = await organisation.make("offer_id"), await organisation.make("sync_partner_id")
    house, reply_id = organisation.house, new_id()
    async with _ASKING:
        known = await make_databases(house.admin_url, house.settings.home / "secrets")
    database = await Database.open(known["benefits"].url)
    try:
        async with database.transaction(organisation.number) as connection:
            kind = AGREEMENT_KINDS[0]
            [row] = await kind.records.rows(connection, ids=[UUID(offer)])
            letter = (kind.name, reply_id, row["body"])
            await take_letters(connection, organisation.number, UUID(partner), [letter])
    finally:
        await database.close()
    return str(reply_id)


SYNC_MAKERS: "dict[str, Callable[[Organisation], Awaitable[str]]]" = {
    "sync_partner_id": _partner,
    "kid": _kid,
    "sync_grant_id": _grant,
    "reply_id": _reply,
}
