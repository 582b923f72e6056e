"""General cases that are withdrawn: nobody takes them over, and those who did are told (C3)."""

from dataclasses import replace

from gevinst_benefits.schemas.general_cases import GeneralCaseOut
from gevinst_shared.values.actor import EVERYONE, Role
from tests.benefits.test_general_case_routes import (
    Json,
    changed,
    events,
    national,
    origin,
    published,
    refused,
    taken_over,
    takeover,
)
from tests.benefits.world import World, made, make_world
from tests.support.callers import Desk, problem
from tests.support.organisations import new_organisation

__all__ = ["national"]


async def test_a_withdrawn_case_is_taken_over_no_more_and_its_followers_are_told(
    world: World, national: Json
) -> None:
    """C3: who took it over keeps the link and its editions. It may be wrong, so no update is taken of it."""
    _, general = await published(world, national)
    local = await taken_over(world, general)
    await published(world, changed(national, postage="7.75"))
    looked_at = {"sha256": (await origin(world, local))["sha256"], "assumptions": ["postage"]}
    path = f"/general-cases/{general['id']}"
    before = (await world.office.get(path)).json()

    gone = await withdrawn(world, general, reason="The post ends in 2028")
    late = await world.office.post(f"/projects/{world.other_id}/takeovers", json=takeover(world, general))
    earlier = takeover(world, general, edition=1)
    older = await world.office.post(f"/projects/{world.other_id}/takeovers", json=earlier)
    twice = await world.office.post(f"{path}/withdrawal", json=REASON, headers={"If-Match": gone["etag"]})

    assert gone["withdrawal_reason"] == "The post ends in 2028"
    assert gone["withdrawn_at"] == gone["changed_at"]
    assert refused(late) == refused(older) == refused(twice) == (409, "general-case-withdrawn")
    assert "The post ends in 2028" in problem(late)["detail"]
    [told] = await events(world, "general-case-withdrawn")
    assert (told["project_ids"], told["reason"]) == ([world.other_id], "The post ends in 2028")
    found = await origin(world, local)
    assert (found["withdrawal_reason"], found["edition_newest"]) == ("The post ends in 2028", 2)
    update_ = await world.office.post(f"/business-cases/{local['id']}/updates", json=looked_at)
    assert refused(update_) == (409, "general-case-withdrawn")
    assert (await world.office.get(f"{path}/document?edition=1")).status_code == 200
    auditor = world.desk.caller(Role.AUDITOR, subject="anna")
    trail = (await auditor.get("/audit?limit=100")).json()["items"]
    [act] = [one for one in trail if one["action"].endswith("general-case-withdrawn.v1")]
    assert (act["before"]["edition"], act["reason"]) == (before["edition"], "The post ends in 2028")


async def test_the_next_edition_puts_a_withdrawn_case_back(world: World, national: Json) -> None:
    """C3."""
    _, general = await published(world, national)
    local = await taken_over(world, general)
    await withdrawn(world, general)

    _, again = await published(world, changed(national, postage="7.75"))

    assert "withdrawn_at" not in again
    assert "withdrawal_reason" not in await origin(world, local)
    assert (await taken_over(world, general))["origin"]["edition"] == 2


async def test_another_bodys_case_is_withdrawn_in_ones_own_register_alone(
    world: World, national: Json, benefits: Desk
) -> None:
    _, general = await published(world, national)
    document = (await world.office.get(f"/general-cases/{general['id']}/document")).json()
    other = await make_world(replace(benefits, organisation=new_organisation()))
    brought = await made(other.office, "/general-case-imports", document)

    await withdrawn(other, brought)

    late = await other.office.post(f"/projects/{other.other_id}/takeovers", json=takeover(other, brought))
    assert refused(late) == (409, "general-case-withdrawn")
    assert "withdrawn_at" not in (await world.office.get(f"/general-cases/{general['id']}")).json()
    await taken_over(world, general)


async def test_only_who_may_publish_a_case_withdraws_it_as_it_was_seen(world: World, national: Json) -> None:
    _, general = await published(world, national)
    path = f"/general-cases/{general['id']}/withdrawal"
    manager = world.desk.caller(Role.READER, subject="mona")
    stranger = world.desk.caller(*EVERYONE, organisation=new_organisation())
    seen = {"If-Match": '"1"'}

    assert (await manager.post(path, json=REASON, headers=seen)).status_code == 403
    assert (await stranger.post(path, json=REASON, headers=seen)).status_code == 404
    assert (await world.office.post(path, json=REASON)).status_code == 428
    assert (await world.office.post(path, json=REASON, headers={"If-Match": '"9"'})).status_code == 412
    assert (await world.office.post(path, json={"reason": ""}, headers=seen)).status_code == 400
    assert "withdrawn_at" not in (await world.office.get(f"/general-cases/{general['id']}")).json()


REASON = {"reason": "Nobody counts letters any more"}


async def withdrawn(world: World, general: Json, **body: str) -> Json:
    path = f"/general-cases/{general['id']}"
    seen = (await world.office.get(path)).headers["etag"]
    answer = await world.office.post(f"{path}/withdrawal", json=REASON | body, headers={"If-Match": seen})
    assert answer.status_code == 201, answer.text
    found: Json = answer.json()
    assert GeneralCaseOut.model_validate(found).model_dump(mode="json", exclude_none=True) == found
    return found | {"etag": answer.headers["etag"]}
