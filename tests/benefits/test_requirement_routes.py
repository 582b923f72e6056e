"""Thresholds, requirements and tolerances over HTTP (G11, B7)."""

from typing import Any

import pytest

from gevinst_benefits.schemas.thresholds import ExemptionOut, OwnThresholdOut, RequirementsOut
from gevinst_benefits.schemas.tolerances import OwnToleranceOut, TolerancesOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.world import World, connection_of, made, make_world
from tests.support.callers import Desk, problem

AARHUS = "0184:55133018"


async def verdicts(world: World, query: str) -> dict[str, str]:
    answer = await world.office.get(f"/projects/{world.project_id}/requirements?{query}")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    shape = RequirementsOut.model_validate(found)
    assert shape.model_dump(mode="json", exclude_none=True) == found
    return {one["threshold"]["code"]: one["verdict"] for one in found["items"]}


async def invested(world: World, amount: str, currency: str) -> None:
    cost = world.cost(amounts={"pattern": "yearly", "amounts": [amount]})
    running = world.cost(
        name="Operation", kind="operation", amounts={"pattern": "yearly", "amounts": ["900000000.00"]}
    )
    case = world.case(currency=currency, lines=[cost, running])
    await made(world.office, f"/projects/{world.project_id}/business-cases", case)


@pytest.fixture
async def danes(benefits: Desk) -> World:
    benefits.organisation = AARHUS
    return await make_world(benefits)


async def test_the_danish_limit_of_risk_review_moved_from_ten_to_fifteen_million(danes: World) -> None:
    """G11: twelve million asked for a review until 2020, and does not from 2021 on."""
    await invested(danes, "12000000.00", "DKK")

    assert (await verdicts(danes, "asof=2020-12-31"))["dk-risk-review"] == "applies"
    assert (await verdicts(danes, "asof=2021-01-01"))["dk-risk-review"] == "outside-limits"
    assert (await verdicts(danes, "asof=2021-01-01"))["dk-steering-basis"] == "applies"
    assert "dk-risk-review" not in await verdicts(danes, "asof=2010-12-31")


async def test_the_norwegian_limit_is_lower_for_digital_projects(world: World) -> None:
    """G11: more than 300 million, exactly that is not."""
    before = await verdicts(world, "")
    await invested(world, "300000000.01", "NOK")

    assert before["no-quality-assurance"] == "no-business-case"
    assert (await verdicts(world, "asof=2026-01-01"))["no-quality-assurance"] == "applies"
    assert (await verdicts(world, "asof=2026-01-01&kind=other"))["no-quality-assurance"] == "outside-limits"
    assert (await verdicts(world, "asof=2018-01-01"))["no-quality-assurance"] == "outside-limits"
    await invested(world, "300000000.00", "NOK")
    assert (await verdicts(world, ""))["no-quality-assurance"] == "outside-limits"


async def test_a_case_in_another_currency_is_not_held_against_a_limit(world: World) -> None:
    await invested(world, "900000000.00", "EUR")

    assert (await verdicts(world, ""))["no-quality-assurance"] == "other-currency"


async def test_an_organisation_has_thresholds_of_its_own_and_need_not_be_bound_by_others(
    world: World,
) -> None:
    """G11."""
    await invested(world, "400000000.00", "NOK")
    mine = await made(
        world.office,
        "/thresholds",
        {
            "code": "our-council",
            "name": "The council decides",
            "amount": "400000000.00",
            "below": "500000000.00",
            "currency": "NOK",
            "source": "Council 12/2026",
            "valid_from": "2020-01-01",
            "valid_until": "2030-01-01",
        },
    )
    exempted = await made(
        world.office,
        "/threshold-exemptions",
        {"threshold": "no-quality-assurance", "reason": "A municipality", "valid_from": "2024-01-01"},
    )

    assert OwnThresholdOut.model_validate(mine).model_dump(mode="json", exclude_none=True) == mine
    assert ExemptionOut.model_validate(exempted).model_dump(mode="json", exclude_none=True) == exempted
    now = await verdicts(world, "asof=2026-01-01")
    assert now == {"no-quality-assurance": "exempt", "our-council": "applies"}
    assert (await verdicts(world, "asof=2023-12-31"))["no-quality-assurance"] == "applies"
    assert "our-council" not in await verdicts(world, "asof=2030-01-01")
    listed = (await world.office.get("/thresholds", headers={"Accept-Language": "nb"})).json()["items"]
    assert {one["code"] for one in listed} == {"no-quality-assurance", "our-council"}
    assert listed[0]["name"].startswith("Ekstern kvalitetssikring")


async def test_an_own_tolerance_holds_from_its_day_on(world: World) -> None:
    """B7."""
    mine = await made(
        world.office,
        "/tolerances",
        {
            "measure": "cost",
            "yellow": {"share": "0.05"},
            "red": {"share": "0.15", "amount": "2000000.00", "currency": "NOK"},
            "reason": "The board's rules",
            "valid_from": "2026-06-01",
        },
    )

    before = (await world.office.get("/tolerances?asof=2026-05-31")).json()
    after = (await world.office.get("/tolerances?asof=2026-06-01")).json()

    assert OwnToleranceOut.model_validate(mine).model_dump(mode="json", exclude_none=True) == mine
    assert TolerancesOut.model_validate(after).model_dump(mode="json", exclude_none=True) == after
    assert [one["code"] for one in before["items"]] == ["gevinst-cost", "gevinst-time", "gevinst-benefit"]
    assert after["items"][0]["red"] == mine["red"]
    assert after["items"][0]["source"] == "The board's rules"


TOLERANCE = {"measure": "time", "reason": "Ours", "valid_from": "2026-06-01"}
THRESHOLD = {"code": "own", "name": "Own", "source": "Us", "currency": "NOK", "valid_from": "2026-01-01"}


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("/tolerances", TOLERANCE | {"yellow": {"months": 3}, "red": {"months": 1}}, "odd-tolerance"),
        ("/tolerances", TOLERANCE | {"yellow": {}, "red": {"months": 1}}, "odd-tolerance"),
        ("/tolerances", TOLERANCE | {"yellow": {"months": -1}, "red": {"months": 1}}, "malformed"),
        ("/thresholds", THRESHOLD | {"amount": "2.00", "below": "1.00"}, "odd-threshold"),
        ("/thresholds", THRESHOLD | {"amount": "2.00", "valid_until": "2025-01-01"}, "odd-threshold"),
        ("/thresholds", THRESHOLD | {"amount": "-2.00"}, "odd-threshold"),
        (
            "/threshold-exemptions",
            {"threshold": "no-such", "reason": "x", "valid_from": "2026-01-01"},
            "unknown-threshold",
        ),
    ],
)
async def test_odd_rules_are_refused(world: World, path: str, body: dict[str, Any], code: str) -> None:
    answer = await world.office.post(path, json=body)

    assert answer.status_code == 400, answer.text
    assert problem(answer)["type"].endswith(f"#{code}")


async def test_rules_are_kept_as_they_were_entered_and_seen_by_their_organisation_only(world: World) -> None:
    body = THRESHOLD | {"amount": "2.00"}
    await made(world.office, "/thresholds", body)
    manager = world.desk.caller(Role.PROJECT_MANAGER, subject="mia")
    stranger = world.desk.caller(*EVERYONE, subject="per", organisation="0192:964338531")

    assert (await manager.post("/thresholds", json=body)).status_code == 403
    assert {one["code"] for one in (await stranger.get("/thresholds")).json()["items"]} == {
        "no-quality-assurance"
    }
    assert (await stranger.get(f"/projects/{world.project_id}/requirements")).status_code == 404
    assert (await world.office.get("/tolerances?asof=0")).status_code == 400
    async with connection_of(world.desk) as connection:
        assert await connection.fetchval("SELECT has_table_privilege('threshold', 'UPDATE, DELETE')") is False
