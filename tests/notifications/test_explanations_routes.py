"""Who would get what, and why somebody did or did not, over HTTP (N4)."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from gevinst_notifications.usecases.telling import tell
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.pages import write_cursor
from tests.notifications.test_duties_routes import action
from tests.notifications.world import World
from tests.support.callers import problem


async def test_who_would_get_what_of_a_fact_that_has_not_happened(world: World) -> None:
    """N4: nothing is written."""
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    fact = {
        "type": "gevinst.benefits.gate-proposed.v1",
        "data": {
            "project_id": str(world.project_id),
            "gate_id": str(new_id()),
            "gate_name": "BP3",
            "outcome": "go",
            "decide_by": str(date(2031, 1, 10)),
        },
    }

    found = (await office.post("/dry-runs", json=fact)).json()

    assert [(one["person_id"], one["reasons"]) for one in found["told"]] == [
        (str(world.people["olga"]), ["owns-project"])
    ]
    assert found["kind"] == "gate-proposed"
    assert (await office.get("/duties")).json()["items"] == []
    assert (await world.caller("olga").get("/inbox")).json()["items"] == []


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"project_id": 7},
        {"project_id": "x\x00"},
        {"gate_id": None, "project_id": "ø"},
        {"reason": "\ud800"},
        {"\ud800": []},
        {"reason": "x" * 20_001},
        {"reason": json.loads("[" * 600 + "]" * 600)},
    ],
)
async def test_a_fact_that_cannot_be_read_is_refused(world: World, data: dict[str, Any]) -> None:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)

    body = json.dumps({"type": "gevinst.benefits.gate-decided.v1", "data": data})
    refused = await office.post("/dry-runs", content=body, headers={"Content-Type": "application/json"})

    # The schema cannot say more than that it is an object, so what is in it is refused by a rule.
    assert refused.status_code == 400
    assert problem(refused)["type"].endswith("#fact-not-understood")


async def test_a_null_is_as_good_as_nothing_in_a_fact(world: World) -> None:
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    data = {"project_id": str(world.project_id), "handover_id": str(new_id()), "portfolio_id": None}

    found = await office.post(
        "/dry-runs", json={"type": "gevinst.benefits.handover-refused.v1", "data": data}
    )

    assert found.status_code == 200, found.text
    assert str(world.people["olga"]) in {one["person_id"] for one in found.json()["told"]}


async def test_who_would_get_what_in_the_coming_days(world: World) -> None:
    doer = await world.person("dina")
    tomorrow = datetime.now(UTC).date() + timedelta(days=30)
    await world.hear(action(world, doer, due_on=tomorrow.isoformat()))
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)

    until = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    found = await office.get("/dry-runs/coming", params={"until": until, "limit": 1})
    odd = await office.get("/dry-runs/coming", params={"until": "2040-01-01T00:00:00Z"})
    naive = await office.get("/dry-runs/coming", params={"until": "2026-12-01T00:00:00"})
    forged = await office.get("/dry-runs/coming", params={"cursor": write_cursor(["no id"])})

    assert found.status_code == 200, found.text
    assert {one["told"][0]["person_id"] for one in found.json()["items"]} == {str(doer)}
    assert all(one["told"][0]["reasons"] == ["must-do"] for one in found.json()["items"])
    assert (odd.status_code, naive.status_code, forged.status_code) == (400, 400, 400)


async def test_why_somebody_was_told_and_somebody_else_was_not(world: World) -> None:
    """N4."""
    event = world.gate_decided()
    await world.hear(event)
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)

    found = await office.get(f"/explanations/{event.id}", params={"person": str(world.people["olga"])})
    everybody = await office.get(f"/explanations/{event.id}")
    nobody = await office.get(f"/explanations/{new_id()}")

    assert [one["reasons"] for one in found.json()["items"]] == [["owns-project"]]
    assert "project-owner" in found.json()["roles"]
    assert len(everybody.json()["items"]) == 3
    assert "silent_because" not in everybody.json()
    assert nobody.status_code == 404


async def test_why_nobody_was_told_of_a_fact_is_known_for_a_while(world: World) -> None:
    """N4: also a silence for everybody can be explained, and by nobody else."""
    unnamed = world.fact("benefits.budget-phasing-agreed", benefit_name="Fewer letters")
    broken = world.gate_decided(outcome=None)
    quiet = action(world, await world.person("dina"))
    await world.hear(unnamed, broken, quiet, unnamed)
    office = world.caller("olle", Role.PORTFOLIO_OFFICE)

    found = [(await office.get(f"/explanations/{one.id}")).json() for one in (unnamed, broken, quiet)]

    causes = ["nobody-concerned", "not-understood", "not-told-of"]
    assert [(one["silent_because"], one["items"]) for one in found] == [(cause, []) for cause in causes]
    assert [one.get("kind") for one in found] == ["budget-phasing-agreed", "gate-decided", None]
    assert "benefit-owner" in found[0]["roles"]
    assert found[2]["roles"] == []
    async with world.database.transaction(world.organisation) as connection:
        later = datetime.now(UTC) + timedelta(days=31)
        await tell(connection, world.fact("benefits.action-started"), now=later)
    gone = await office.get(f"/explanations/{unnamed.id}")
    assert gone.status_code == 404


async def test_a_fact_whose_only_hearer_did_it_concerned_nobody(world: World) -> None:
    """N4, N1: nobody is told of what they did themselves."""
    offered = world.event("replan-offered", project_id=world.project_id, actor="olle")
    await world.hear(offered)

    found = await world.caller("olle", Role.PORTFOLIO_OFFICE).get(f"/explanations/{offered.id}")

    assert found.json()["silent_because"] == "nobody-concerned"
