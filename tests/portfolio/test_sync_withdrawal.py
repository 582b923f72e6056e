"""X1: a key that somebody else may have counts no more, at once, and for ever."""

import json
from typing import Any
from uuid import UUID

from gevinst_portfolio.store.sync_part import PART
from gevinst_shared.auth.key_files import new_private_jwk
from gevinst_shared.sync.statements import Fault
from tests.portfolio.background import database_of
from tests.portfolio.exchanging import confirm, confirmed, fetched, other_body
from tests.portfolio.forging import FORGED, exchange, forge
from tests.portfolio.two_installations import Side, answer, changed
from tests.portfolio.world import World


async def keys(side: Side) -> list[dict[str, Any]]:
    async with side.administrator as client:
        found: list[dict[str, Any]] = (await client.get("/sync-identity")).json()["keys"]
        return found


async def withdraw(side: Side, kid: str) -> Any:
    async with side.administrator as client:
        return await client.post(f"/sync-identity/keys/{kid}/withdraw")


async def known(reader: Side, giver: Side) -> set[str]:
    (row,) = await reader.partner_rows(giver)
    return set(json.loads(row["keys"]))


async def renewed(pair: tuple[Side, Side]) -> tuple[str, str]:
    """The giver's key of before and that of today; the reader knows both."""
    giver, reader = pair
    (first,) = [key["kid"] for key in await keys(giver)]
    async with giver.administrator as client:
        assert (await client.post("/sync-identity/renew")).status_code == 200
    await reader.refetch(giver)
    assert len(await known(reader, giver)) == 2
    return first, (await keys(giver))[0]["kid"]


async def test_what_a_withdrawn_key_has_signed_is_not_taken_also_when_it_is_on_its_way(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    _, today = await renewed(pair)
    await giver.share(reader, await giver.project("On its way"))
    kept: list[bytes] = []

    async def keep(send: Any, _status: int, body: bytes) -> None:
        kept.append(body)
        await answer(send, 503, b"{}")

    changed(giver.house, keep)
    await reader.read()

    async def late(send: Any, _status: int, _body: bytes) -> None:
        await answer(send, 200, kept[0])

    assert (await withdraw(giver, today)).status_code == 200
    await reader.refetch(giver)
    changed(giver.house, late)
    await reader.read()
    nothing = await reader.has(giver), (await reader.reading(giver))["fault"]
    giver.house.disturb = None
    await reader.read()

    assert today not in await known(reader, giver)
    assert nothing == ([], "unknown-partner-key")
    assert await reader.has(giver) == ["On its way"]
    assert await reader.quarantine(giver) == []


async def test_what_a_withdrawn_key_signed_before_goes_once_the_partner_was_read_anew(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Kept"))
    _, today = await renewed(pair)
    async with giver.work() as connection:
        leaked = await PART.find_key(connection, giver.organisation, giver.house.here.exchange)
    assert leaked is not None
    forge(giver, reader, leaked)
    await reader.read()
    taken = await reader.has(giver)
    giver.house.disturb = None

    (await withdraw(giver, today)).raise_for_status()
    await reader.refetch(giver)
    before = await reader.has(giver), (await exchange(reader, giver, "portfolio"))["is_doubtful"]
    await reader.refetch(giver)
    await reader.read()

    assert leaked.kid == today
    assert taken == sorted([FORGED, "Kept"])
    assert before == (taken, True)
    assert await reader.has(giver) == ["Kept"]
    assert not (await exchange(reader, giver, "portfolio"))["is_doubtful"]


async def test_a_key_that_has_ended_is_no_reason_to_read_anew_and_a_withdrawn_one_is(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)
        other.renew()
        await fetched(world, path)
        partner_id = UUID(path.rpartition("/")[2])
        async with database_of(world.desk).transaction(world.desk.organisation) as connection:
            was = await PART.receiving.inlets.held(connection, world.desk.organisation, partner_id)
        other.state(keys=other.keys[:1], serial=3)
        await fetched(world, path)
        ended = await inlet(world, partner_id)
        leaked = other.keys[0]
        other.renew()
        await fetched(world, path)
        other.state(keys=[new_private_jwk(), other.keys[0]], serial=5, said={"withdrawn": [leaked["kid"]]})
        await fetched(world, path)
        withdrawn = await inlet(world, partner_id)
        other.state(serial=6)
        await fetched(world, path)

        again = await inlet(world, partner_id)

    assert (ended["reading"], ended["is_doubtful"]) == (was["reading"], False)
    assert withdrawn["reading"] != was["reading"]
    assert withdrawn["is_doubtful"]
    assert again["reading"] == withdrawn["reading"]


async def inlet(world: World, partner_id: UUID) -> Any:
    async with database_of(world.desk).transaction(world.desk.organisation) as connection:
        return await PART.receiving.inlets.held(connection, world.desk.organisation, partner_id)


async def test_the_key_of_before_can_be_withdrawn_and_the_one_of_today_goes_on(
    pair: tuple[Side, Side],
) -> None:
    giver, reader = pair
    first, today = await renewed(pair)

    done = await withdraw(giver, first)
    again = await withdraw(giver, first)
    await reader.refetch(giver)

    assert (done.status_code, again.status_code) == (200, 404)
    assert first not in await known(reader, giver)
    assert today in await known(reader, giver)


async def test_who_withdraws_its_only_key_is_confirmed_anew_by_thumbprint(pair: tuple[Side, Side]) -> None:
    giver, reader = pair
    await giver.share(reader, await giver.project("Kept"))
    await reader.read()
    (only,) = await keys(giver)
    (await withdraw(giver, only["kid"])).raise_for_status()
    await reader.refetch(giver)
    fault = (await reader.contact(giver))["fault"]
    path = f"/sync-partners/{reader.partners[giver.organisation]}/confirm"

    async with reader.administrator as client:
        wrong = await client.post(path, json={"thumbprint": "3736 cbb1"})
        other = await client.post(path, json={"thumbprint": only["thumbprint"]})
        await reader.refetch(giver)
        still = (await reader.contact(giver))["fault"]
        right = await client.post(path, json={"thumbprint": await giver.thumbprint()})
    await reader.refetch(giver)

    assert fault == still == Fault.UNKNOWN_KEYS
    assert (wrong.status_code, other.status_code, right.status_code) == (422, 200, 200)
    assert await known(reader, giver) == {(await keys(giver))[0]["kid"]}
    assert await reader.has(giver) == ["Kept"]


async def test_a_withdrawn_key_that_is_named_again_is_not_believed(world: World) -> None:
    async with other_body() as other:
        leaked = other.keys[0]
        path = await confirmed(world, other)
        other.renew()
        await fetched(world, path)
        other.state(keys=other.keys[:1], serial=3, said={"withdrawn": [leaked["kid"]]})
        withdrawn = await fetched(world, path)
        other.state(keys=[other.keys[0], leaked], serial=4, said={})

        again = await fetched(world, path)

    assert "fault" not in withdrawn
    assert again["fault"] == Fault.WITHDRAWN


async def test_a_partner_that_is_well_is_not_confirmed_twice(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)

        again = await confirm(world, path, other.thumbprint)

    assert again.status_code == 409
