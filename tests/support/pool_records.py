"""One record of each kind that investment pools and co-financing know; see `tests/support/records.py`."""

import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from tests.support.operations import operation

if TYPE_CHECKING:
    from tests.support.records import Organisation

_TEN = {"amount": "10.00", "currency": "NOK", "price_year": 2026}
# Members that a schema alone cannot tell, by operation: plans that add up, days that have come.
POOL_MEMBERS: dict[str, dict[str, Any]] = {
    "move_capital": {"occurred_on": "2026-01-15"},
    "announce_round": {"opens_on": "2026-01-01", "closes_on": "2199-01-01"},
    "apply_to_pool": {
        "amount": _TEN,
        "drawdowns": [{"phase": "planlegge", "planned_on": "2027-02-01", "amount": "10.00"}],
        "repayments": [{"due_on": "2028-12-31", "amount": "10.00"}],
    },
    "award_pool_application": {"amount": _TEN},
    "apply_for_co_financing": {"applied_on": "2026-01-15"},
}


def _posted(operation_id: str) -> "Callable[[Organisation], Awaitable[str]]":
    async def made(organisation: "Organisation") -> str:
        return await organisation.post(operation("portfolio", operation_id))

    return made


async def _account(organisation: "Organisation") -> str:
    """One of those that are opened with a pool."""
    named = {"pool_id": await organisation.make("pool_id")}
    url = organisation.url(operation("portfolio", "list_accounts"), named)
    return str((await organisation.client.get(url)).json()["items"][0]["id"])


async def _award(organisation: "Organisation") -> str:
    """An award to a project of its own, by a member of the board who did not apply for it (G3)."""
    for kind in ("transaction_id", "project_id", "pool_application_id"):
        await organisation.make(kind)
    project = await organisation.post(operation("portfolio", "propose_project"))
    apply = operation("portfolio", "apply_to_pool")
    url = organisation.url(apply, {"round_id": await organisation.make("round_id")})
    body = {**json.loads(organisation.content(apply)), "project_id": project}
    applied = await organisation.client.post(url, json=body)
    assert applied.status_code == 201, applied.text
    named = {"pool_application_id": str(applied.json()["id"])}
    assessed = await organisation.send(operation("portfolio", "assess_pool_application"), path=named)
    assert assessed.status_code == 200, assessed.text
    colleague = organisation.of("ola")
    awarded = await colleague.send(operation("portfolio", "award_pool_application"), path=named)
    assert awarded.status_code == 201, awarded.text
    return str(awarded.json()["id"])


POOL_MAKERS: "dict[str, Callable[[Organisation], Awaitable[str]]]" = {
    "round_id": _posted("announce_round"),
    "transaction_id": _posted("move_capital"),
    "pool_application_id": _posted("apply_to_pool"),
    "account_id": _account,
    "award_id": _award,
}
