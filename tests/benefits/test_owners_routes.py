"""B2 over HTTP: one owner in the line; vacant roles are told at once and once; hand-overs are remembered."""

import asyncio
from datetime import UTC, datetime
from typing import Any

from gevinst_benefits.usecases.watching_owners import look_everywhere
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.web.house import House
from tests.benefits.plan_records import told
from tests.benefits.world import OWNER, World
from tests.support.callers import problem

LEADER = "unit-leader"


def held_by_leader(world: World) -> dict[str, str]:
    return {"role": LEADER, "unit_id": str(world.unit)}


async def vacant(world: World) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await world.office.get("/vacant-owners")).json()["items"]
    return items


async def ended(world: World, assignment_id: Any, day: str) -> None:
    await world.tell(
        "role-ended",
        assignment_id=assignment_id,
        person_id=new_id(),
        subject="siri",
        role=LEADER,
        scope="unit",
        scope_id=world.unit,
        valid_until=day,
    )


async def looked(world: World, year: int) -> int:
    """The worker looks on New Year's day of a year."""
    house = world.desk.app.state.house
    assert isinstance(house, House)
    return await look_everywhere(house.database, lambda: datetime(year, 1, 1, 12, tzinfo=UTC))


async def test_a_role_that_ends_is_told_at_once_until_somebody_holds_it(world: World) -> None:
    siri = await world.assign("siri", Role.UNIT_LEADER, "unit", world.unit)
    benefit = await world.planned(owner=held_by_leader(world))
    before = await vacant(world)

    await ended(world, siri, "2026-01-01")
    await ended(world, siri, "2026-01-01")
    [shown] = await vacant(world)
    await world.assign("sara", Role.UNIT_LEADER, "unit", world.top)

    [heard] = await told(world, "benefit-owner-vacant")
    [filled] = await told(world, "benefit-owner-filled")
    assert before == []
    assert (shown["role"], shown["unit_name"], shown["benefit_count"]) == (LEADER, "Home care", 1)
    assert heard["benefit_ids"] == [benefit["id"]]
    assert heard["unit_path"] == [str(world.top), str(world.unit)]
    assert filled["role"] == LEADER
    assert await vacant(world) == []


async def test_a_role_that_becomes_vacant_again_is_told_again(world: World) -> None:
    siri = await world.assign("siri", Role.UNIT_LEADER, "unit", world.unit)
    await world.planned(owner=held_by_leader(world))
    await ended(world, siri, "2026-01-01")
    sara = await world.assign("sara", Role.UNIT_LEADER, "unit", world.unit)

    await ended(world, sara, "2026-02-01")

    assert len(await told(world, "benefit-owner-vacant")) == 2
    assert len(await told(world, "benefit-owner-filled")) == 1


async def test_a_benefit_planned_for_a_role_that_nobody_holds_is_told(world: World) -> None:
    await world.planned(owner=held_by_leader(world))

    [heard] = await told(world, "benefit-owner-vacant")
    assert (heard["role"], heard["benefit_count"]) == (LEADER, 1)


async def test_a_role_whose_last_day_passes_is_found_by_the_worker_exactly_once(world: World) -> None:
    """Several workers may look at once; other organisations are looked at as well."""
    await world.assign("siri", Role.UNIT_LEADER, "unit", world.unit, valid_until="2030-06-01")
    await world.planned(owner=held_by_leader(world))

    await looked(world, 2030)
    too_early = await told(world, "benefit-owner-vacant")
    await asyncio.gather(looked(world, 2031), looked(world, 2031), looked(world, 2031))
    await looked(world, 2032)

    mine = [one for one in await told(world, "benefit-owner-vacant") if one["role"] == LEADER]
    assert too_early == []
    assert len(mine) == 1
    assert mine[0]["since"] == "2031-01-01"


async def test_a_vacant_role_of_another_unit_is_left_out_when_one_unit_is_asked_for(world: World) -> None:
    await world.planned(owner=held_by_leader(world))
    other = new_id()

    above = await world.office.get(f"/vacant-owners?unit={world.top}")
    elsewhere = await world.office.get(f"/vacant-owners?unit={other}")

    assert len(above.json()["items"]) == 1
    assert elsewhere.json()["items"] == []


async def test_a_hand_over_is_remembered_and_waits_for_the_new_owner(world: World) -> None:
    benefit = await world.planned()
    confirmed = await world.desk.caller(subject=OWNER).post(f"/benefits/{benefit['id']}/confirmation")
    path = f"/benefits/{benefit['id']}/owners"
    body = {**held_by_leader(world), "reason": "The unit was split"}

    missing = await world.office.post(path, json=body)
    stale = await world.office.post(path, json=body, headers={"If-Match": '"9"'})
    handed = await world.office.post(path, json=body, headers={"If-Match": confirmed.headers["etag"]})
    back = world.benefit()
    await world.office.put(
        f"/benefits/{benefit['id']}", json=back, headers={"If-Match": handed.headers["etag"]}
    )

    assert (missing.status_code, stale.status_code) == (428, 412)
    assert (handed.json()["owner"], handed.json()["state"]) == (held_by_leader(world), "proposed")
    first, second = (await world.office.get(path)).json()["items"]
    assert (first["previous"], first["owner"]) == (benefit["owner"], held_by_leader(world))
    assert (first["reason"], first["changed_by"]) == ("The unit was split", "kari")
    assert second["owner"] == benefit["owner"]
    [heard] = await told(world, "benefit-handed-over")
    assert heard["previous_role"] == "benefit-owner"


async def test_a_realised_benefit_can_be_handed_over_and_stays_realised(world: World) -> None:
    """B10: follow-up lasts years after the project."""
    benefit = await world.planned()
    at = f"/benefits/{benefit['id']}"
    await world.desk.caller(subject=OWNER).post(f"{at}/confirmation")
    verified = await world.desk.caller(Role.BENEFIT_CONTROLLER, subject="cato").post(f"{at}/verification")
    headers = {"If-Match": verified.headers["etag"]}

    handed = await world.office.post(f"{at}/owners", json=held_by_leader(world), headers=headers)

    assert handed.status_code == 200, handed.text
    assert (handed.json()["state"], handed.json()["owner"]) == ("realised", held_by_leader(world))


async def test_handing_a_benefit_to_its_owner_changes_nothing(world: World) -> None:
    benefit = await world.planned()

    same = await world.office.post(
        f"/benefits/{benefit['id']}/owners", json=benefit["owner"], headers={"If-Match": '"1"'}
    )

    assert same.json() == benefit
    assert await told(world, "benefit-handed-over") == []


async def test_a_unit_that_is_not_known_has_a_helpful_answer(world: World) -> None:
    """A unit that was deleted elsewhere, or has not arrived yet, owns nothing."""
    nowhere = {"role": LEADER, "unit_id": str(new_id())}
    benefit = await world.planned()

    planned = await world.office.post(
        f"/projects/{world.project_id}/benefits", json=world.benefit(owner=nowhere)
    )
    handed = await world.office.post(
        f"/benefits/{benefit['id']}/owners", json=nowhere, headers={"If-Match": '"1"'}
    )

    for answer in (planned, handed):
        assert (answer.status_code, problem(answer)["type"].partition("#")[2]) == (409, "unit-not-known")
        assert nowhere["unit_id"] in problem(answer)["detail"]
