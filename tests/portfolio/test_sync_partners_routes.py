"""X1: two bodies become partners, by an address and a thumbprint that is read out."""

import asyncio
from typing import Any

import pytest

from gevinst_shared.values.actor import Role
from tests.portfolio.exchanging import (
    allow_loopback,
    confirm,
    confirmed,
    fetched,
    met,
    other_body,
    partner,
    propose,
)
from tests.portfolio.world import World, make_world
from tests.support.callers import Desk, problem
from tests.support.installation import AUDIENCE
from tests.support.organisations import new_organisation


async def test_a_partner_is_proposed_met_and_confirmed(world: World) -> None:
    async with other_body() as other:
        await allow_loopback(world)
        path = await propose(world, other)
        proposed = await partner(world, path)
        found = await fetched(world, path)
        answer = await confirm(world, path, other.thumbprint.upper())

    assert (proposed["state"], proposed["name"]) == ("proposed", other.owner)
    assert (found["state"], found["name"], found["thumbprint"]) == ("met", "Bergen", other.thumbprint)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["confirmed_by"]) == ("confirmed", "admin")
    assert other.receiver.requests[0].target == f"/.well-known/gevinst-federation?owner={other.owner}"


async def test_nothing_of_ours_leaves_with_the_question(world: World) -> None:
    async with other_body() as other:
        await met(world, other)

    asked = other.receiver.requests[0]
    assert world.desk.organisation not in f"{asked.target} {asked.headers}"
    assert "authorization" not in asked.headers
    assert asked.content == b""


@pytest.mark.parametrize("read", ["0000 0000", "x", "not it at all"])
async def test_a_wrong_thumbprint_confirms_nothing(world: World, read: str) -> None:
    async with other_body() as other:
        path = await met(world, other)

        answer = await confirm(world, path, read)

    assert answer.status_code == 422
    assert problem(answer)["type"].endswith("#wrong-thumbprint")
    assert (await partner(world, path))["state"] == "met"


async def test_who_was_not_met_cannot_be_confirmed_and_who_was_confirmed_not_twice(world: World) -> None:
    async with other_body() as other:
        await allow_loopback(world)
        path = await propose(world, other)
        early = await confirm(world, path, other.thumbprint)
        await fetched(world, path)
        both = await asyncio.gather(*(confirm(world, path, other.thumbprint) for _ in range(2)))

    assert early.status_code == 409
    assert sorted(answer.status_code for answer in both) == [200, 409]


async def test_a_partner_is_paused_resumed_and_stopped_for_ever_by_one_call(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)
        steps = ["pause", "pause", "resume", "resume", "stop", "stop", "resume", "refetch"]
        codes = [(await world.administrator.post(f"{path}/{step}")).status_code for step in steps]
        again = await propose(world, other)

    assert codes == [200, 409, 200, 409, 200, 409, 409, 409]
    assert "fetch_at" not in await partner(world, path)
    assert again != path
    assert (await partner(world, again))["state"] == "proposed"


async def test_the_same_body_is_proposed_once_at_a_time(world: World) -> None:
    async with other_body() as other:
        await allow_loopback(world)
        body = {"owner": other.owner, "address": other.address}
        both = await asyncio.gather(
            *(world.administrator.post("/sync-partners", json=body) for _ in range(2))
        )

    assert sorted(answer.status_code for answer in both) == [201, 409]


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://127.0.0.1:9", "address-not-public"),
        ("https://127.0.0.1", "address-not-public"),
        ("https://localhost", "address-not-public"),
        ("https://[::1]:8080", "address-not-public"),
        ("https://169.254.169.254", "address-not-public"),
        ("https://0x7f.1", "address-not-public"),
        ("http://8.8.8.8", "address-not-encrypted"),
        ("https://8.8.8.8/path", "odd-address"),
        ("https://8.8.8.8/?a=1", "odd-address"),
        ("https://kari:secret@8.8.8.8", "odd-address"),
        ("ftp://8.8.8.8", "odd-address"),
        ("file:///etc/passwd", "odd-address"),
    ],
)
async def test_an_address_that_leads_into_somebodys_house_is_refused(
    world: World, address: str, code: str
) -> None:
    body = {"owner": new_organisation(), "address": address}

    answer = await world.administrator.post("/sync-partners", json=body)

    assert problem(answer)["type"].endswith(f"#{code}")


@pytest.mark.parametrize(("owner", "code"), [("0192:988077918", 400), ("own", 400)])
async def test_a_partner_is_another_body_with_a_number_of_its_own(
    world: World, owner: str, code: int
) -> None:
    number = world.desk.organisation if owner == "own" else owner
    body = {"owner": number, "address": "https://8.8.8.8"}

    answer = await world.administrator.post("/sync-partners", json=body)

    assert answer.status_code == code
    problem(answer)


async def test_bodies_of_the_same_installation_meet_without_a_detour(portfolio: Desk, world: World) -> None:
    other = Desk(portfolio.app, "portfolio", portfolio.installation)
    theirs = await make_world(other)
    await theirs.administrator.put("/sync-identity", json={"contact": "post@example.no"})
    thumbprint = (await theirs.administrator.get("/sync-identity")).json()["keys"][0]["thumbprint"]
    body = {"owner": other.organisation, "address": AUDIENCE}
    made = await world.administrator.post("/sync-partners", json=body)
    path = f"/sync-partners/{made.json()['id']}"

    found = await fetched(world, path)
    answer = await confirm(world, path, thumbprint)

    assert found["state"] == "met"
    assert answer.status_code == 200


async def test_a_body_of_the_same_installation_that_does_not_exchange_is_unknown(world: World) -> None:
    body = {"owner": new_organisation(), "address": AUDIENCE}
    made = await world.administrator.post("/sync-partners", json=body)

    found = await fetched(world, f"/sync-partners/{made.json()['id']}")

    assert (found["state"], found["fault"]) == ("proposed", "partner-unknown-there")


async def test_only_an_administrator_has_to_do_with_partners_and_others_see_them(world: World) -> None:
    async with other_body() as other:
        path = await met(world, other)
    for step, body in (("confirm", {"thumbprint": "x"}), ("stop", None), ("refetch", None)):
        assert (await world.office.post(f"{path}/{step}", json=body)).status_code == 403

    assert (await world.office.get("/sync-partners", params={"state": "met"})).json()["items"]
    assert (await world.office.get("/sync-partners", params={"state": "stopped"})).json()["items"] == []
    assert (await world.desk.caller(Role.READER).get(path)).status_code == 403
    assert (await world.desk.caller(Role.AUDITOR).get(path)).status_code == 200


async def test_another_organisations_partner_is_not_there(portfolio: Desk, world: World) -> None:
    async with other_body() as other:
        path = await met(world, other)
    stranger = portfolio.caller(Role.ADMINISTRATOR, organisation=new_organisation())

    answers = [await stranger.get(path), await stranger.post(f"{path}/stop")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_every_change_of_a_partner_is_an_event_and_stands_in_the_trail(world: World) -> None:
    """E1: who confirmed which key, and when."""
    async with other_body() as other:
        path = await confirmed(world, other)
        await world.administrator.post(f"{path}/stop")

    events: list[dict[str, Any]] = [
        one["data"]
        for one in await world.events()
        if one["type"] == "gevinst.portfolio.sync-partner-changed.v1"
    ]
    trail = (await world.administrator.get("/audit", params={"limit": 100})).json()["items"]
    actors = [one["actor"] for one in trail if one["subject"] == path.removeprefix("/")]

    assert [one["state"] for one in events] == ["proposed", "met", "confirmed", "stopped"]
    assert list(events[2]["keys"]) == [other.keys[0]["kid"]]
    assert sorted(actors) == ["admin", "admin", "admin", "gevinst-portfolio"]


async def test_a_network_is_closed_for_partners_that_are_there_already(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)
        network = (await world.administrator.get("/sync-networks")).json()["items"][0]
        address = f"/sync-networks/{network['id']}"
        seen = await world.administrator.get(address)
        stale = await world.administrator.delete(address, headers={"If-Match": '"7"'})
        closed = await world.administrator.delete(address, headers={"If-Match": seen.headers["etag"]})
        found = await fetched(world, path)

    assert (seen.status_code, stale.status_code, closed.status_code) == (200, 412, 204)
    assert (found["state"], found["fault"]) == ("confirmed", "address-not-public")
    assert len(other.receiver.requests) == 1


@pytest.mark.parametrize("network", ["10.0.0.0/33", "10.0.0.1/8", "::/129", ":::", "10/8/8"])
async def test_an_odd_network_is_refused(world: World, network: str) -> None:
    answer = await world.administrator.post("/sync-networks", json={"network": network, "reason": "x"})

    assert answer.status_code == 400
    assert problem(answer)["type"].endswith("#odd-network")
