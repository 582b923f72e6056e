"""What controllers found realised, year by year, over HTTP (G3, C7, E1)."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import pytest

from gevinst_benefits.schemas.verifications import VerificationOut
from gevinst_benefits.store.verifications import list_in_force
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.benefits.world import OWNER, World, connection_of, made
from tests.support.callers import problem
from tests.support.organisations import new_organisation

HOURS = {"ledger": "time", "amount_per_year": "900", "unit_of_measure": "hours"}


def finding(**members: Any) -> dict[str, Any]:
    return {"year": 2025, "realised": HOURS, "evidence": "Time sheets, December 2025"} | members


async def confirmed(world: World, **members: Any) -> dict[str, Any]:
    benefit = await world.planned(**members)
    answer = await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    assert answer.status_code == 200, answer.text
    return benefit


def controller_of(world: World) -> httpx.AsyncClient:
    return world.desk.caller(Role.BENEFIT_CONTROLLER, subject="cato")


async def test_a_controller_records_a_year_and_corrects_it_with_a_reason(world: World) -> None:
    """G3, E1: the earlier entry stays, one is in force."""
    benefit = await confirmed(world)
    path, controller = f"/benefits/{benefit['id']}/verifications", controller_of(world)

    first = await made(controller, path, finding())
    again = await controller.post(path, json=finding())
    unexplained = await controller.post(path, json=finding(corrects_id=first["id"]))
    better = finding(
        realised=HOURS | {"amount_per_year": "850.5"}, corrects_id=first["id"], reason="A month was missing"
    )
    corrected = await made(controller, path, better)
    twice = await controller.post(path, json=better)

    assert problem(again)["type"].endswith("#verified-already")
    assert problem(unexplained)["type"].endswith("#verification-corrected-without-reason")
    assert problem(twice)["type"].endswith("#verification-not-correctable")
    items = (await controller.get(path)).json()["items"]
    assert [(item["amount"], item["is_corrected"]) for item in items] == [("900", True), ("850.5", False)]
    async with connection_of(world.desk) as connection:
        (held,) = await list_in_force(connection, [UUID(benefit["id"])])
    assert (str(held["id"]), held["year"], str(held["amount"])) == (corrected["id"], 2025, "850.500000")


async def test_what_postgresql_writes_is_what_the_contract_says(world: World) -> None:
    money = {"amount": "1250000.00", "currency": "NOK", "price_year": 2026}
    cash = {"ledger": "money", "money_per_year": money}
    benefit = await confirmed(world, estimate=cash, mode="budget-reduction")

    members = await made(
        controller_of(world), f"/benefits/{benefit['id']}/verifications", finding(realised=cash)
    )

    assert VerificationOut.model_validate(members).model_dump(mode="json", exclude_none=True) == members
    assert members["money"] == money


async def test_neither_the_owner_nor_who_confirmed_verifies(world: World) -> None:
    """G3."""
    benefit = await confirmed(world)
    path = f"/benefits/{benefit['id']}/verifications"
    await world.assign("siri", Role.BENEFIT_OWNER, "unit", world.top)

    by_owner = await world.desk.caller(Role.BENEFIT_CONTROLLER, subject=OWNER).post(path, json=finding())
    by_holder_above = await world.desk.caller(Role.BENEFIT_CONTROLLER, subject="siri").post(
        path, json=finding()
    )
    by_office = await world.office.post(path, json=finding())

    assert problem(by_owner)["type"].endswith("#owner-verifies")
    assert problem(by_holder_above)["type"].endswith("#owner-verifies")
    assert by_office.status_code == 403


@pytest.mark.parametrize(
    ("members", "status", "code"),
    [
        ({"year": 2031}, 400, "verified-in-future"),
        ({"year": "2025"}, 400, "malformed"),
        ({"evidence": ""}, 400, "malformed"),
        ({"evidence": " \n "}, 400, "malformed"),
        ({"realised": HOURS | {"unit_of_measure": "days"}}, 409, "verified-in-other-ledger"),
        ({"realised": HOURS | {"ledger": "quality"}}, 409, "verified-in-other-ledger"),
        (
            {
                "realised": {
                    "ledger": "money",
                    "money_per_year": {"amount": "1.00", "currency": "NOK", "price_year": 2026},
                }
            },
            409,
            "verified-in-other-ledger",
        ),
        ({"realised": HOURS | {"amount_per_year": "NaN"}}, 400, "malformed"),
        (
            {"corrects_id": "0198b6a4-7c1e-7000-8000-000000000009", "reason": "?"},
            409,
            "verification-not-correctable",
        ),
    ],
)
async def test_odd_findings_are_refused(
    world: World, members: dict[str, Any], status: int, code: str
) -> None:
    benefit = await confirmed(world)

    answer = await controller_of(world).post(
        f"/benefits/{benefit['id']}/verifications", json=finding(**members)
    )

    assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (status, code)


async def test_what_nobody_confirmed_is_not_verified(world: World) -> None:
    """B2."""
    benefit = await world.planned()

    answer = await controller_of(world).post(f"/benefits/{benefit['id']}/verifications", json=finding())

    assert problem(answer)["type"].endswith("#benefit-not-confirmed")


async def test_of_many_controllers_at_once_one_entry_comes_into_force(world: World) -> None:
    benefit = await confirmed(world)
    path, controller = f"/benefits/{benefit['id']}/verifications", controller_of(world)

    answers = await asyncio.gather(*(controller.post(path, json=finding()) for _ in range(8)))

    assert sorted(answer.status_code for answer in answers) == [201, *[409] * 7]
    async with connection_of(world.desk) as connection:
        assert len(await list_in_force(connection, [UUID(benefit["id"])])) == 1


async def test_the_database_itself_keeps_one_chain_a_year(world: World) -> None:
    """Two first entries, two corrections of one, and a correction of another year cannot be written."""
    benefit = await confirmed(world)
    first = await made(controller_of(world), f"/benefits/{benefit['id']}/verifications", finding())
    add = """INSERT INTO verification (organisation_id, id, benefit_id, year, amount, unit_of_measure,
        evidence, verified_by, verified_at, corrects_id, reason)
        VALUES ($1, $2, $3, $4, 1, 'hours', 'x', 'cato', now(), $5, $6)"""
    organisation, benefit_id = world.desk.organisation, UUID(benefit["id"])

    for year, corrects_id, reason in [
        (2025, None, None),
        (2024, UUID(first["id"]), "Another year"),
        (2025, UUID(first["id"]), None),
    ]:
        with pytest.raises(asyncpg.IntegrityConstraintViolationError):
            async with connection_of(world.desk) as connection:
                await connection.execute(add, organisation, new_id(), benefit_id, year, corrects_id, reason)
    async with connection_of(world.desk) as connection:
        rights = await connection.fetchval(
            """SELECT bool_or(has_table_privilege(t, 'UPDATE') OR has_table_privilege(t, 'DELETE'))
            FROM unnest(ARRAY['verification', 'promise']) t"""
        )
    assert rights is False


async def test_another_organisations_benefit_is_unknown_to_a_controller(world: World) -> None:
    benefit = await confirmed(world)
    path = f"/benefits/{benefit['id']}/verifications"
    stranger = world.desk.caller(Role.BENEFIT_CONTROLLER, organisation=new_organisation())

    answers = [await stranger.get(path), await stranger.post(path, json=finding())]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_verified_year_is_announced_with_its_figure(world: World) -> None:
    benefit = await confirmed(world)
    members = await made(controller_of(world), f"/benefits/{benefit['id']}/verifications", finding())

    events = (await world.desk.caller(Role.INTEGRATION).get("/events")).json()["items"]

    (event,) = [one for one in events if one["type"] == "gevinst.benefits.benefit-verified.v1"]
    assert event["subject"] == f"benefits/{benefit['id']}"
    assert event["data"] == {
        "project_id": world.project_id,
        "benefit_id": benefit["id"],
        "verification_id": members["id"],
        "year": 2025,
        "amount": "900",
        "unit_of_measure": "hours",
        "name": benefit["name"],
        "owner_unit_id": benefit["owner"]["unit_id"],
    }


async def test_the_same_key_verifies_once(world: World) -> None:
    benefit = await confirmed(world)
    path, controller = f"/benefits/{benefit['id']}/verifications", controller_of(world)

    answers = [
        await controller.post(path, json=finding(), headers={"Idempotency-Key": '"k1"'}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert (await controller.get(f"{path}?other=1")).status_code == 400
