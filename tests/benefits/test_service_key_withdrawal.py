"""X1: a key of one service that somebody else may have counts no more, and the body's own keys say so."""

import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from gevinst_benefits.events.sync import SyncKeysChanged
from gevinst_benefits.usecases.following import apply
from gevinst_portfolio.worker.gates import apply_event
from gevinst_shared.feed.envelope import Event
from gevinst_shared.sync.statements import Statement, read_statement
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.key_overlap import MOST_KEYS
from tests.benefits.test_exchange_wire import WELL_KNOWN, measured, met, own_key
from tests.benefits.two_houses import FEED, Body, settled
from tests.portfolio.forging import FORGED, exchange, forge
from tests.portfolio.two_installations import House, quiet
from tests.support.exchange_storm import Death, MortalDatabase


@pytest.fixture
async def bodies(houses: tuple[House, House]) -> AsyncIterator[tuple[Body, Body]]:
    """Two bodies that have confirmed each other: the first gives, the second reads."""
    await quiet(*houses)
    async with settled(*houses) as (giver, reader):
        await met(giver, reader)
        yield giver, reader
    await quiet(*houses)


async def shown(body: Body) -> list[dict[str, Any]]:
    """The keys of services that the administrator sees."""
    async with body.administrator as client:
        found: list[dict[str, Any]] = (await client.get("/sync-identity")).json()["service_keys"]
        return found


async def withdraw(body: Body, kid: str) -> int:
    async with body.administrator as client:
        return (await client.post(f"/sync-identity/keys/{kid}/withdraw")).status_code


async def stated(body: Body) -> Statement:
    async with httpx.AsyncClient(trust_env=False) as client:
        asked = {"owner": body.organisation}
        text = (await client.get(f"{body.house.address}{WELL_KNOWN}", params=asked)).content
    return read_statement(text, owner=body.organisation)


async def of_service(body: Body) -> set[str]:
    """The keys of benefits that the body's statement names."""
    return {kid for kid, key in (await stated(body)).keys.items() if "service" in key}


async def names(reader: Body, giver: Body) -> set[str]:
    rows = await reader.plan_rows("SELECT body->>'name' AS name FROM sync_replica", giver)
    return {row["name"] for row in rows if row["name"]}


async def learn(reader: Body, giver: Body) -> None:
    """The reader's services hear of the giver's statement of today."""
    await reader.refetch(giver)
    await reader.catch_up()


async def leaked_and_used(giver: Body, reader: Body) -> str:
    """The giver's key of benefits, with which somebody else has given the reader a record, too."""
    await measured(giver)
    await giver.grant(reader, giver.plans.project_id)
    await giver.catch_up()
    key = await own_key(giver)
    forge(giver, reader, key, kind="benefit", feed=FEED)
    await reader.pull()
    giver.house.disturb = None
    return key.kid


async def doubted(reader: Body, giver: Body) -> list[bool]:
    """Whether what each of the reader's services has of the giver waits for a new reading."""
    return [(await exchange(reader, giver, one))["is_doubtful"] for one in ("portfolio", "benefits")]


async def test_a_withdrawn_key_is_gone_at_once_and_benefits_drops_it_for_a_new_one(
    bodies: tuple[Body, Body],
) -> None:
    giver, _ = bodies
    leaked = (await own_key(giver)).kid
    [before] = await shown(giver)

    answers = [await withdraw(giver, leaked) for _ in range(2)]
    at_once = await shown(giver), await of_service(giver), leaked in (await stated(giver)).withdrawn
    await giver.catch_up()
    after = (await own_key(giver)).kid

    assert (before["service"], before["kid"], len(before["thumbprint"])) == ("benefits", leaked, 79)
    assert answers == [200, 404]
    assert at_once == ([], set(), True)
    assert await of_service(giver) == {after} != {leaked}
    async with giver.there.transaction(giver.organisation) as connection:
        kept = await connection.fetchval("SELECT sealed FROM sync_key WHERE kid = $1", leaked)
    assert kept == b""


async def test_what_a_withdrawn_key_signed_before_goes_once_the_partner_was_read_anew(
    bodies: tuple[Body, Body],
) -> None:
    giver, reader = bodies
    leaked = await leaked_and_used(giver, reader)
    taken = await names(reader, giver)
    await withdraw(giver, leaked)
    await giver.catch_up()
    await measured(giver)
    await reader.read_plans()
    unknown = (await reader.plan_reading(giver))["fault"], await doubted(reader, giver)
    await reader.catch_up()
    await reader.introduce()
    await reader.catch_up()
    known = await doubted(reader, giver), await names(reader, giver)

    await reader.pull()

    assert unknown == ("unknown-partner-key", [False, False])
    assert FORGED in taken
    assert known == ([True, True], taken)
    assert await names(reader, giver) == taken - {FORGED}
    assert await doubted(reader, giver) == [False, False]


async def told(database: Any, organisation: str, kind: str) -> list[Event]:
    """The events of a kind that a service has given out, in their order."""
    async with database.transaction(organisation) as connection:
        rows = await connection.fetch(
            "SELECT id, type, subject, time, data FROM event WHERE type LIKE $1 ORDER BY xid, seq",
            f"%{kind}%",
        )
    return [
        Event(row["id"], organisation, row["type"], row["subject"], row["time"], json.loads(row["data"]))
        for row in rows
    ]


async def test_late_and_repeated_events_bring_no_withdrawn_key_back(bodies: tuple[Body, Body]) -> None:
    giver, reader = bodies
    leaked = await leaked_and_used(giver, reader)
    await withdraw(giver, leaked)
    await giver.catch_up()
    await learn(reader, giver)
    await reader.pull()
    after = await own_key(giver)
    state = await seen(giver, reader)
    identities = await told(giver.house.database, giver.organisation, "sync-identity-changed")
    announced = await told(giver.there, giver.organisation, "sync-keys-changed")
    partners = await told(reader.house.database, reader.organisation, "sync-partner-changed")
    # The service says once more, and last of all, that it signs with the leaked key, too.
    first, last = announced[0].data["keys"], announced[-1].data
    lie = {"serial": last["serial"] + 10**9, "keys": [*last["keys"], *first]}
    announced.append(
        Event(new_id(), giver.organisation, SyncKeysChanged.type, "a/b", announced[-1].time, lie)
    )

    for order in (1, -1):
        async with giver.there.transaction(giver.organisation) as connection:
            for event in identities[::order]:
                await apply(connection, event, now=giver.house.now())
        async with giver.house.database.transaction(giver.organisation) as connection:
            for event in announced[::order]:
                await apply_event(connection, event, now=giver.house.now)
        async with reader.there.transaction(reader.organisation) as connection:
            for event in partners[::order]:
                await apply(connection, event, now=reader.house.now())
        await giver.catch_up()

        assert await seen(giver, reader) == state
    assert (await own_key(giver)).kid == after.kid
    assert len(identities) > 2 < len(announced)


async def seen(giver: Body, reader: Body) -> list[Any]:
    """Who signs for the giver, as both of its services and the reader's know it."""
    async with giver.there.transaction(giver.organisation) as connection:
        own = await connection.fetch("SELECT kid, until, stated_at, withdrawn_at FROM sync_key ORDER BY kid")
    async with reader.there.transaction(reader.organisation) as connection:
        known = await connection.fetch("SELECT serial, keys, withdrawn, feeds FROM sync_partner")
    inlet = await reader.plan_rows("SELECT reading, is_doubtful FROM sync_inlet", giver)
    return [await shown(giver), await of_service(giver), own, known, inlet]


async def test_keys_of_a_service_hold_up_no_renewal_of_the_body(bodies: tuple[Body, Body]) -> None:
    giver, _ = bodies
    found = []
    for _ in range(MOST_KEYS - 1):
        async with giver.administrator as client:
            found.append((await client.post("/sync-identity/renew")).status_code)
        await giver.catch_up()
    for _ in range(2):
        assert await withdraw(giver, (await own_key(giver)).kid) == 200
        await giver.catch_up()
    said = await stated(giver)

    assert found == [200] * (MOST_KEYS - 1)
    assert len(await of_service(giver)) == MOST_KEYS
    assert len(said.keys) == 2 * MOST_KEYS
    assert len(said.withdrawn) == 2


@pytest.mark.slow
async def test_no_death_on_the_way_leaves_a_withdrawn_key_or_none(
    houses: tuple[House, House],
) -> None:
    await quiet(*houses)
    async with settled(houses[0]) as (body,):
        await body.catch_up()
        mortal = {"there": MortalDatabase(body.there), "home": MortalDatabase(body.house.database)}
        deaths = dict.fromkeys(mortal, 0)
        for name, database in mortal.items():
            # Every third statement: each time all has to be told again.
            for lives in itertools.count(step=3):
                before = (await own_key(body)).kid
                assert await withdraw(body, before) == 200
                database.lives = lives
                try:
                    await body.catch_up(**mortal)
                    break
                except Death:
                    deaths[name] += 1
                finally:
                    database.lives = None
                await body.catch_up()
                after = (await own_key(body)).kid
                assert await of_service(body) == {after} != {before}

    assert min(deaths.values()) > 3
