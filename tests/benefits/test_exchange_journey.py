"""C3, X2, B11: what two bodies plan together, in two installations over HTTP and in one without."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from gevinst_shared.db.query import Query
from gevinst_shared.sync.joint import held_partners
from tests.benefits.living_cases import digital_post
from tests.benefits.plan_records import approved
from tests.benefits.test_agreement_routes import step
from tests.benefits.test_arriving import here
from tests.benefits.test_exchange_wire import measured, met
from tests.benefits.test_general_case_routes import changed, events, origin, published, states, taken_over
from tests.benefits.test_goal_routes import savings
from tests.benefits.two_bodies import Side, offered
from tests.benefits.two_houses import Body, settled
from tests.benefits.world import made
from tests.portfolio.two_installations import House, quiet


@pytest.fixture(params=["apart", "together"])
async def bodies(
    houses: tuple[House, House], request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Body, Body]]:
    """Two bodies that have confirmed each other, in two installations or in one."""
    await quiet(*houses)
    async with settled(houses[0], houses[request.param == "apart"]) as (giver, receiver):
        await met(giver, receiver)
        yield giver, receiver
    await quiet(*houses)


def sides(*bodies: Body) -> list[Side]:
    first, second = bodies
    return [
        Side(first.plans, first.partners[second.organisation]),
        Side(second.plans, second.partners[first.organisation]),
    ]


async def counted(giver: Side, receiver: Side) -> list[tuple[str, str | None]]:
    return [await giver.counts(), await receiver.counts()]


async def test_a_goal_with_its_means_arrives_and_goes_with_its_grant(bodies: tuple[Body, Body]) -> None:
    giver, receiver = bodies
    world = giver.plans
    benefit = await measured(giver)
    goal = await made(world.office, "/goals", savings(world))
    await made(world.office, f"/goals/{goal['id']}/means", {"benefit_id": benefit})
    grant = await giver.grant(receiver, world.project_id)
    await giver.catch_up()
    await receiver.pull()
    arrived = await receiver.has_plans(giver)
    names = await receiver.plan_rows("SELECT body->>'name' AS name FROM sync_replica", giver)

    await giver.revoke(receiver, grant)
    await giver.catch_up()
    await receiver.pull()

    assert {kind: arrived.get(kind) for kind in ("goal", "benefit", "indicator", "measurement")} == {
        "goal": 1,
        "benefit": 1,
        "indicator": 1,
        "measurement": 1,
    }
    assert "Two per cent less" in {row["name"] for row in names}
    assert (await receiver.has_plans(giver), await receiver.has(giver)) == ({}, [])


async def test_a_national_case_arrives_and_is_localised_and_followed(bodies: tuple[Body, Body]) -> None:
    giver, receiver = bodies
    units = ("digital-office", "citizens-centre", "technical-centre")
    national = digital_post(dict.fromkeys(units, giver.plans.unit))
    _, general = await published(giver.plans, national)
    await giver.grant(receiver, giver.plans.project_id, fields={"general_case": ["document", "withdrawn_at"]})
    await giver.catch_up()
    await receiver.pull()
    local = await taken_over(receiver.plans, await here(receiver.plans, general))
    await published(giver.plans, changed(national, postage="7.75"))
    await receiver.pull()

    found = await origin(receiver.plans, local)
    assert (found["edition_taken"], found["edition_newest"]) == (1, 2)
    assert states(found)["postage"] == "changed-in-original"
    [told] = await events(receiver.plans, "general-case-changed")
    assert told["project_ids"] == [local["project_id"]]


async def test_a_benefit_that_falls_elsewhere_is_counted_once_at_each_step(bodies: tuple[Body, Body]) -> None:
    giver, receiver = sides(*bodies)
    ours, theirs = bodies
    for one in (giver, receiver):
        await approved(one.world, "2027-01-01", "2027-12-31")
    offer = await offered(giver)
    mine, answered = f"/agreement-offers/{offer['id']}", f"/agreement-replies/{offer['id']}"
    await theirs.pull()
    seen = [await counted(giver, receiver)]
    await step(receiver, answered, **receiver.acceptance(share_kept="0.25"))
    await ours.pull()
    seen.append(await counted(giver, receiver))
    await step(giver, mine, step="confirm")
    seen.append(await counted(giver, receiver))
    await theirs.pull()
    seen.append(await counted(giver, receiver))
    await ours.pull()
    seen.append(await counted(giver, receiver))

    assert seen == [
        [("1000", None), ("0", None)],
        [("1000", None), ("0", None)],
        # Given and not yet known to have arrived: in transit, and counted by nobody.
        [("250", "750"), ("0", None)],
        [("250", "750"), ("750", None)],
        [("250", None), ("750", None)],
    ]


async def test_who_was_restored_counts_nothing_of_agreements_until_the_partner_has_answered(
    bodies: tuple[Body, Body],
) -> None:
    giver, receiver = sides(*bodies)
    ours, theirs = bodies
    for one in (giver, receiver):
        await approved(one.world, "2027-01-01", "2027-12-31")
    offer = await offered(giver)
    await theirs.pull()
    await step(receiver, f"/agreement-replies/{offer['id']}", **receiver.acceptance())
    await ours.pull()
    await step(giver, f"/agreement-offers/{offer['id']}", step="confirm")
    for _ in range(2):
        await theirs.pull()
        await ours.pull()
    agreed = await counted(giver, receiver)

    await restored(ours)
    await theirs.pull()
    held = await counted(giver, receiver), await ours_held(ours)
    for _ in range(2):
        await theirs.pull()
        await ours.pull()

    assert agreed == [("0", None), ("1000", None)]
    assert held[0][0][0] == "0"
    assert held[1] == [theirs.organisation]
    assert await counted(giver, receiver) == agreed
    assert await ours_held(ours) == []


async def restored(body: Body) -> None:
    """The feed as a backup had it, from before all that partners were given."""
    async with body.there.transaction(body.organisation) as connection:
        await connection.execute("UPDATE sync_outlet SET stamps = '{}', number = 0, asked_number = 0")
        await connection.execute("DELETE FROM sync_revision")


async def ours_held(body: Body) -> list[str]:
    """The partners on which totals wait."""
    async with body.there.transaction(body.organisation) as connection:
        rows = await Query(held_partners(body.here.part.tables)).rows(connection)
    waited: set[UUID] = {row["id"] for row in rows}
    found: dict[str, Any] = {str(id_): owner for owner, id_ in body.partners.items()}
    return [found[str(one)] for one in waited]
