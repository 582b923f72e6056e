"""The worked cases under examples/, put into an organisation of the test's own over HTTP."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import httpx

from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.world import OWNER, World, made
from tests.support.tree import ROOT

Json = dict[str, Any]
LEADER = "lena"


def example(*path: str) -> Json:
    """A shipped example, as it is."""
    found: Json = json.loads((ROOT / "examples").joinpath(*path).read_text("utf-8"))
    return found


def placed(body: Any, ids: Mapping[str, Any]) -> Any:
    """The body with ids in place of its words."""
    if isinstance(body, list):
        return [placed(one, ids) for one in body]
    if isinstance(body, dict):
        return {name: placed(one, ids) for name, one in body.items()}
    return str(ids[body]) if isinstance(body, str) and body in ids else body


async def units_of(world: World, *words: str) -> dict[str, UUID]:
    """Units below the upper one, each with the same benefit owner and the same leader."""
    ids = {word: new_id() for word in words}
    leader_id = new_id()
    await world.tell("person-changed", person_id=leader_id, subject=LEADER, name="Lena", language="da")
    for word, unit_id in ids.items():
        path = [world.top, unit_id]
        await world.tell("unit-changed", unit_id=unit_id, name=word, parent_id=world.top, path=path)
        await world.assign(OWNER, Role.BENEFIT_OWNER, "unit", unit_id)
        await world.assign(LEADER, Role.UNIT_LEADER, "unit", unit_id)
    return ids | {"leader": leader_id}


async def planned(world: World, plan: Json, ids: Mapping[str, Any]) -> dict[str, Json]:
    """The plan's benefits by key: the answer, with its `actions` and `indicators`; confirmed by the owner."""
    found = {}
    for one in plan["benefits"]:
        body = placed(one["benefit"], ids)
        benefit = await made(world.office, f"/projects/{world.project_id}/benefits", body)
        at = f"/benefits/{benefit['id']}"
        benefit["actions"] = [
            await made(world.office, f"{at}/actions", placed(each, ids)) for each in one["actions"]
        ]
        benefit["indicators"] = [
            await made(world.office, f"{at}/indicators", placed(each, ids)) for each in one["indicators"]
        ]
        for each in one["uses"]:
            await made(world.office, f"{at}/freed-value-uses", placed(each, ids))
        answer = await owner_of(world).post(f"{at}/confirmation")
        assert answer.status_code == 200, answer.text
        found[one["key"]] = benefit
    return found


async def agreed(world: World, benefit: Json, body: Json) -> str:
    """The id of a phasing that finance drafted and the unit's leader agreed to."""
    draft = await made(finance_of(world), f"/benefits/{benefit['id']}/budget-phasings", body)
    answer = await world.desk.caller(subject=LEADER).post(f"/budget-phasings/{draft['id']}/agreement")
    assert answer.status_code == 200, answer.text
    return str(draft["id"])


async def verified(world: World, benefit: Json, year: int, amount: str, **members: Any) -> Json:
    """What the controller found of a benefit in money."""
    money = benefit["estimate"]["money_per_year"] | {"amount": amount}
    body = {"year": year, "realised": {"ledger": "money", "money_per_year": money}, "evidence": "Accounts"}
    path = f"/benefits/{benefit['id']}/verifications"
    return await made(controller_of(world), path, body | members)


async def measured(world: World, indicator: Json, values: Mapping[str, str]) -> None:
    """The owner's measurements by day."""
    body = {"measurements": [{"taken_on": day, "value": value} for day, value in values.items()]}
    answer = await owner_of(world).post(f"/indicators/{indicator['id']}/measurements/batch", json=body)
    assert answer.status_code == 201, answer.text


def parts_of(difference: Json) -> Decimal:
    """The sum of what each change did to the net present value (G4)."""
    parts = (*difference["parts"], *difference["assumptions"], *difference["lines"])
    return sum((Decimal(one["effect_on_npv"]) for one in parts), Decimal(0))


async def got(client: httpx.AsyncClient, path: str, **query: Any) -> Json:
    answer = await client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def owner_of(world: World) -> httpx.AsyncClient:
    return world.desk.caller(subject=OWNER)


def finance_of(world: World) -> httpx.AsyncClient:
    return world.desk.caller(Role.FINANCE, subject="finn")


def controller_of(world: World) -> httpx.AsyncClient:
    return world.desk.caller(Role.BENEFIT_CONTROLLER, subject="cato")
