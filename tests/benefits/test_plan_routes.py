"""The benefit plan over HTTP: owners, confirmation, indicators, measurements (B1, B2, B5, B6)."""

from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from tests.benefits.world import OWNER, World, connection_of, made
from tests.support.callers import problem

INDICATOR = {
    "name": "Minutes per application",
    "unit_of_measure": "minutes",
    "direction": "down",
    "baseline": "42",
    "target": "20",
    "action": "Move cases to the self-service form",
}


async def test_a_benefit_stands_in_one_ledger_with_one_owner_and_waits_for_confirmation(
    world: World,
) -> None:
    """B2, C7."""
    answer = await world.office.post(f"/projects/{world.project_id}/benefits", json=world.benefit())

    assert answer.status_code == 201, answer.text
    benefit = answer.json()
    assert benefit["state"] == "proposed"
    assert benefit["estimate"] == {"ledger": "time", "amount_per_year": "1200", "unit_of_measure": "hours"}
    assert benefit["indicator_count"] == 0
    assert answer.headers["location"] == f"/benefits/v1/benefits/{benefit['id']}"
    read = await world.office.get(f"/benefits/{benefit['id']}")
    assert read.json() == benefit


async def test_only_a_holder_of_the_owners_role_in_the_unit_confirms(world: World) -> None:
    """B2: the right role elsewhere, or for the whole organisation, is not the owner."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/confirmation"

    stranger = await world.desk.caller(Role.BENEFIT_OWNER, subject="stranger").post(path)
    owner = await world.desk.caller(Role.READER, subject=OWNER).post(path)

    assert (stranger.status_code, problem(stranger)["type"].partition("#")[2]) == (
        403,
        "not-the-benefit-owner",
    )
    assert owner.status_code == 200, owner.text
    assert (owner.json()["state"], owner.json()["confirmed_by"]) == ("confirmed", OWNER)


async def test_a_leader_of_a_unit_above_holds_the_role_below(world: World) -> None:
    benefit = await world.planned()
    await world.assign("astrid", Role.BENEFIT_OWNER, "unit", world.top)

    answer = await world.desk.caller(subject="astrid").post(f"/benefits/{benefit['id']}/confirmation")

    assert answer.status_code == 200, answer.text


async def test_an_ended_role_confirms_nothing_and_leaves_the_benefit_without_owner(world: World) -> None:
    """B2: a vacant role is said."""
    assignment_id = await world.assign("siri", Role.UNIT_LEADER, "unit", world.unit)
    benefit = await world.planned(owner={"role": "unit-leader", "unit_id": str(world.unit)})
    await world.tell(
        "role-ended",
        assignment_id=assignment_id,
        person_id=world.owner_id,
        subject="siri",
        role="unit-leader",
        scope="unit",
        scope_id=world.unit,
        valid_until="2026-01-01",
    )

    answer = await world.desk.caller(Role.UNIT_LEADER, subject="siri").post(
        f"/benefits/{benefit['id']}/confirmation"
    )

    assert problem(answer)["type"].endswith("#owner-role-vacant")


async def test_a_changed_estimate_waits_to_be_confirmed_again(world: World) -> None:
    """B2."""
    benefit = await world.planned()
    confirmed = await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    estimate = {"ledger": "time", "amount_per_year": "900.5", "unit_of_measure": "hours"}

    same = await world.office.put(
        f"/benefits/{benefit['id']}",
        json=world.benefit(name="Shorter handling"),
        headers={"If-Match": confirmed.headers["etag"]},
    )
    changed = await world.office.put(
        f"/benefits/{benefit['id']}",
        json=world.benefit(estimate=estimate),
        headers={"If-Match": same.headers["etag"]},
    )

    assert same.json()["state"] == "confirmed"
    assert (changed.json()["state"], changed.json()["estimate"]) == ("proposed", estimate)
    assert "confirmed_by" not in changed.json()


async def test_a_change_needs_the_revision_that_was_read(world: World) -> None:
    benefit = await world.planned()
    path, body = f"/benefits/{benefit['id']}", world.benefit(name="Other")

    missing = await world.office.put(path, json=body)
    stale = await world.office.put(path, json=body, headers={"If-Match": '"7"'})

    assert (missing.status_code, stale.status_code) == (428, 412)


async def test_a_controller_who_is_not_the_owner_verifies(world: World) -> None:
    """G3."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/verification"
    owner = world.desk.caller(Role.BENEFIT_CONTROLLER, subject=OWNER)
    controller = world.desk.caller(Role.BENEFIT_CONTROLLER, subject="cato")

    too_early = await controller.post(path)
    await owner.post(f"/benefits/{benefit['id']}/confirmation")
    by_owner = await owner.post(path)
    verified = await controller.post(path)

    assert problem(too_early)["type"].endswith("#benefit-not-confirmed")
    assert (by_owner.status_code, problem(by_owner)["type"].partition("#")[2]) == (403, "owner-verifies")
    assert (verified.json()["state"], verified.json()["verified_by"]) == ("realised", "cato")


async def test_benefits_without_an_indicator_are_shown_first(world: World) -> None:
    """B6."""
    measured = await world.planned(name="Measured")
    bare = [await world.planned(name=name) for name in ("Bare", "Bare too")]
    await made(world.office, f"/benefits/{measured['id']}/indicators", INDICATOR)

    first = await world.office.get(f"/projects/{world.project_id}/benefits?limit=2")
    second = await world.office.get(
        f"/projects/{world.project_id}/benefits?limit=2&cursor={first.json()['next_cursor']}"
    )

    assert [item["id"] for item in first.json()["items"]] == [item["id"] for item in bare]
    assert [item["id"] for item in second.json()["items"]] == [measured["id"]]
    assert second.json()["items"][0]["indicator_count"] == 1


async def test_the_states_of_having_nothing_to_show_are_kept_apart(world: World) -> None:
    """B6."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/indicators"
    without = {name: value for name, value in INDICATOR.items() if name != "baseline"}
    bodies: list[dict[str, Any]] = [
        without,
        INDICATOR | {"target": "42"},
        INDICATOR | {"due_on": ["2026-01-01"], "reason": "?"},
    ]

    for body in bodies:
        await made(world.office, path, body)

    listed = (await world.office.get(path)).json()["items"]
    assert [item["state"] for item in listed] == ["no-baseline", "not-computable", "overdue"]
    assert not any("realised_share" in item for item in listed)


async def test_a_fourth_indicator_asks_for_a_reason(world: World) -> None:
    """B5."""
    benefit = await world.planned()
    path = f"/benefits/{benefit['id']}/indicators"
    for _ in range(3):
        await made(world.office, path, INDICATOR)

    refused = await world.office.post(path, json=INDICATOR)
    unseen = await world.office.post(path, json=INDICATOR | {"reason": " \u200b"})
    reasoned = await world.office.post(path, json=INDICATOR | {"reason": "The board acts on it"})

    assert problem(refused)["type"].endswith("#fourth-indicator-needs-reason")
    assert problem(unseen)["type"].endswith("#fourth-indicator-needs-reason")
    assert reasoned.status_code == 201, reasoned.text


async def test_a_measurement_moves_the_state_and_a_correction_replaces_it(world: World) -> None:
    """B6: measured zero is not the same as not measured. History is appended."""
    benefit = await world.planned()
    indicator = await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)
    path = f"/indicators/{indicator['id']}"
    owner = world.desk.caller(subject=OWNER)

    first = await made(owner, f"{path}/measurements", {"taken_on": "2026-10-01", "value": "42"})
    zero = (await owner.get(path)).json()
    correction = {"taken_on": "2026-10-01", "value": "31", "corrects_id": first["id"]}
    unexplained = await owner.post(f"{path}/measurements", json=correction)
    await made(owner, f"{path}/measurements", correction | {"reason": "Read off the wrong line"})
    again = await owner.post(f"{path}/measurements", json=correction | {"reason": "Once more"})
    measured = (await owner.get(path)).json()
    history = (await owner.get(f"{path}/measurements")).json()["items"]

    assert (zero["state"], zero["realised_share"]) == ("measured-zero", "0")
    assert problem(unexplained)["type"].endswith("#correction-without-reason")
    assert problem(again)["type"].endswith("#measurement-not-correctable")
    assert (measured["state"], measured["realised_share"]) == ("measured", "0.5")
    assert measured["latest"]["value"] == "31"
    assert [(item["value"], item["is_corrected"]) for item in history] == [("31", False), ("42", True)]


async def test_the_service_cannot_change_a_measurement(world: World) -> None:
    async with connection_of(world.desk) as connection:
        rights = await connection.fetch(
            """SELECT t, has_table_privilege(t, 'UPDATE') OR has_table_privilege(t, 'DELETE') AS may
            FROM unnest(ARRAY['measurement', 'gate', 'gate_basis', 'gate_decision', 'business_case']) t"""
        )

    assert not [row["t"] for row in rights if row["may"]]


async def test_a_baseline_can_be_added_once_it_is_known(world: World) -> None:
    benefit = await world.planned()
    without = {name: value for name, value in INDICATOR.items() if name != "baseline"}
    indicator = await made(world.office, f"/benefits/{benefit['id']}/indicators", without)

    answer = await world.office.put(
        f"/indicators/{indicator['id']}", json=INDICATOR, headers={"If-Match": '"1"'}
    )

    assert (answer.status_code, answer.json()["state"]) == (200, "not-yet-due")
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"taken_on": "2999-01-01", "value": "1"}, "measured-in-future"),
        ({"taken_on": "2026-01-01", "value": "NaN"}, "malformed"),
        ({"taken_on": "2026-01-01", "value": 1.5}, "malformed"),
        ({"taken_on": "2026-01-01", "value": "1e5"}, "malformed"),
        ({"taken_on": "2026-01-01", "value": "1234567890123"}, "malformed"),
        ({"taken_on": 0, "value": "1"}, "malformed"),
        (
            {
                "taken_on": "2026-01-01",
                "value": "1",
                "reason": "x",
                "corrects_id": "0198b6a4-7c1e-7000-8000-000000000009",
            },
            "measurement-not-correctable",
        ),
    ],
)
async def test_odd_measurements_are_refused(world: World, body: dict[str, Any], code: str) -> None:
    benefit = await world.planned()
    indicator = await made(world.office, f"/benefits/{benefit['id']}/indicators", INDICATOR)

    answer = await world.desk.caller(Role.BENEFIT_CONTROLLER).post(
        f"/indicators/{indicator['id']}/measurements", json=body
    )

    assert problem(answer)["type"].endswith(f"#{code}")


@pytest.mark.parametrize(
    ("members", "status"),
    [
        ({"owner": {"role": "reader", "unit_id": "0198b6a4-7c1e-7000-8000-000000000001"}}, 400),
        ({"owner": {"role": "benefit-owner", "unit_id": "0198b6a4-7c1e-7000-8000-000000000001"}}, 409),
        ({"estimate": {"ledger": "money", "amount_per_year": "5", "unit_of_measure": "hours"}}, 400),
        ({"estimate": {"ledger": "time", "money_per_year": {"amount": "5"}}}, 400),
        ({"estimate": {"ledger": "time", "amount_per_year": "Infinity", "unit_of_measure": "h"}}, 400),
        ({"estimate": {"ledger": "time", "amount_per_year": "5", "unit_of_measure": "nok"}}, 400),
        ({"estimate": {"ledger": "quality", "amount_per_year": "5", "unit_of_measure": "kr."}}, 400),
        ({"mode": "budget"}, 400),
        ({"name": " "}, 400),
        ({"name": "\u200b\u2060"}, 400),
        ({"state": "realised"}, 400),
    ],
)
async def test_odd_benefits_are_refused(world: World, members: dict[str, Any], status: int) -> None:
    answer = await world.office.post(f"/projects/{world.project_id}/benefits", json=world.benefit(**members))

    assert answer.status_code == status, answer.text
    assert problem(answer)


async def test_a_target_on_the_wrong_side_is_refused(world: World) -> None:
    benefit = await world.planned()

    answer = await world.office.post(
        f"/benefits/{benefit['id']}/indicators", json=INDICATOR | {"target": "50"}
    )

    assert problem(answer)["type"].endswith("#target-against-direction")
