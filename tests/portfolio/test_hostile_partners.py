"""API10: a partner says, or does not, whatever it likes; nothing of it is taken, and it is seen why (X1)."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from gevinst_portfolio.domain.partners import next_fetch
from gevinst_portfolio.worker.partners import Introductions
from gevinst_shared.auth.key_files import new_private_jwk
from gevinst_shared.http.outside import Outside
from gevinst_shared.web.clock import utc_now
from tests.portfolio.background import database_of
from tests.portfolio.exchanging import (
    Other,
    allow_loopback,
    confirm,
    confirmed,
    fetched,
    met,
    other_body,
    partner,
    propose,
)
from tests.portfolio.world import World
from tests.support.http_receiver import DROP, HANG, REFUSE, Receiver, http_receiver
from tests.support.installation import AUDIENCE
from tests.support.waiting import awaited


def answering(script: str) -> Callable[[Other], None]:
    return lambda other: setattr(other.receiver, "otherwise", script)


def saying(**said: Any) -> Callable[[Other], None]:
    return lambda other: other.state(said=said, serial=2)


def body(content: bytes) -> Callable[[Other], None]:
    return lambda other: setattr(other.receiver, "body", content)


async def asked(other: Other) -> None:
    """Return when the other body has been asked."""

    async def look() -> bool:
        return bool(other.receiver.requests)

    await awaited(look, "a question to the other body")


HOSTILE = {
    "hangs up": (answering(REFUSE), "partner-answer-lost"),
    "dies": (answering(DROP), "partner-answer-lost"),
    "is silent": (answering(HANG), "partner-answer-lost"),
    "knows nothing": (answering("404 Not Found"), "partner-unknown-there"),
    "is broken": (answering("500 Broken"), "odd-partner-answer"),
    "redirects": (answering("302 Found\nLocation: http://169.254.169.254/"), "odd-partner-answer"),
    "says nothing": (body(b""), "odd-statement"),
    "is a page": (body(b"<html>"), "odd-statement"),
    "is huge": (body(b" " * 5_000_000), "statement-too-large"),
    "is deep": (body(b'{"a":' * 6000), "odd-statement"),
    "is another's": (saying(owner="0192:958935420"), "statement-of-another"),
    "has a key of another kind": (saying(keys={"keys": [{"kty": "oct", "k": "x"}]}), "odd-statement-key"),
    "has a feed inside": (saying(feeds={"portfolio": "file:///etc/passwd"}), "odd-statement"),
    "is signed by a stranger": (
        lambda other: other.state(keys=[new_private_jwk()], serial=2),
        "unknown-statement-keys",
    ),
    "is older": (lambda other: other.state(serial=0 + 1, said={"name": "Oslo"}), "statement-without-serial"),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_nothing_is_taken_of_a_partner_that(world: World, name: str) -> None:
    turn, code = HOSTILE[name]
    async with other_body() as other:
        path = await confirmed(world, other)
        before = await partner(world, path)
        turn(other)

        after = await fetched(world, path, seconds=0.5)

    assert after["fault"] == code
    kept = ("state", "name", "kid", "thumbprint", "stated_at", "contact_at")
    assert {one: after[one] for one in kept} == {one: before[one] for one in kept}


async def test_an_older_statement_is_refused_also_when_it_is_signed_well(world: World) -> None:
    async with other_body(serial=7) as other:
        path = await confirmed(world, other)
        other.state(serial=6)

        found = await fetched(world, path)

    assert found["fault"] == "older-statement"


async def test_what_was_wrong_is_forgotten_when_it_is_right_again(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)
        other.receiver.otherwise = "500 Broken"
        broken = await fetched(world, path)
        other.receiver.otherwise = "200 OK"
        found = await fetched(world, path)

    assert broken["fault"] == "odd-partner-answer"
    assert "fault" not in found
    told = [one["data"].get("fault") for one in await world.events() if "partner" in one["type"]]
    assert told[-2:] == ["odd-partner-answer", None]


async def test_a_redirect_into_the_house_is_not_followed(world: World) -> None:
    inside = Receiver(otherwise="200 OK")
    async with http_receiver(inside) as port, other_body() as other:
        other.receiver.otherwise = f"307 Elsewhere\nLocation: http://127.0.0.1:{port}/"
        await allow_loopback(world)
        path = await propose(world, other)
        await fetched(world, path)

    assert inside.connections == 0


async def test_a_new_key_is_taken_over_when_the_known_one_signs_for_it(world: World) -> None:
    async with other_body() as other:
        path = await confirmed(world, other)
        first = other.keys[0]["kid"]
        other.renew()
        found = await fetched(world, path)
        other.state(keys=other.keys[:1], serial=other.serial + 1)
        last = await fetched(world, path)
        other.state(keys=[new_private_jwk(), {**new_private_jwk()}], serial=other.serial + 1)
        refused = await fetched(world, path)

    assert found["state"] == "confirmed"
    assert found["kid"] == last["kid"] != first
    assert (refused["fault"], refused["kid"]) == ("unknown-statement-keys", last["kid"])
    data = [one["data"] for one in await world.events() if "sync-partner" in one["type"]]
    assert [len(one["keys"]) for one in data] == [0, 1, 1, 2, 1, 1]


async def test_the_key_of_before_cannot_come_back_after_it_ended(world: World) -> None:
    """Whoever gets hold of a key that was given up signs nothing that is believed."""
    async with other_body() as other:
        path = await confirmed(world, other)
        first = other.keys[0]
        other.renew()
        await fetched(world, path)
        other.state(keys=other.keys[:1], serial=other.serial + 1)
        await fetched(world, path)
        other.state(keys=[first], serial=other.serial + 1)
        found = await fetched(world, path)

    assert found["fault"] == "unknown-statement-keys"


async def test_a_thumbprint_that_was_read_before_the_key_changed_confirms_nothing(world: World) -> None:
    async with other_body() as other:
        path = await met(world, other)
        read = other.thumbprint
        other.renew()
        answers = await asyncio.gather(fetched(world, path), confirm(world, path, read))
        found = await partner(world, path)

    # Either came first; in no order is a key confirmed that nobody read.
    assert answers[1].status_code in {200, 422}
    assert (found["state"] == "confirmed") == (answers[1].status_code == 200)
    assert found["thumbprint"] == other.thumbprint


async def test_a_thumbprint_of_yesterday_is_refused_today(world: World) -> None:
    async with other_body() as other:
        path = await met(world, other)
        read = other.thumbprint
        other.renew()
        await fetched(world, path)

        answer = await confirm(world, path, read)

    assert answer.status_code == 422


async def test_what_is_fetched_while_a_partner_is_stopped_is_not_kept(world: World) -> None:
    async with other_body() as other:
        await allow_loopback(world)
        path = await propose(world, other)
        other.receiver.otherwise = HANG
        async with Outside(seconds=1.0) as outside:
            worker = Introductions(database_of(world.desk), outside, AUDIENCE, utc_now)
            fetching = asyncio.create_task(worker.once())
            await asked(other)
            stopped = await world.administrator.post(f"{path}/stop")
            await fetching
        found = await partner(world, path)

    assert stopped.status_code == 200
    assert found["state"] == "stopped"
    assert not {"fault", "tried_at", "fetch_at"} & found.keys()


async def test_a_fetch_that_somebody_asked_for_anew_is_not_kept(world: World) -> None:
    async with other_body() as other:
        await allow_loopback(world)
        path = await propose(world, other)
        other.receiver.otherwise = HANG
        async with Outside(seconds=1.0) as outside:
            worker = Introductions(database_of(world.desk), outside, AUDIENCE, utc_now)
            fetching = asyncio.create_task(worker.once())
            await asked(other)
            other.receiver.otherwise = "200 OK"
            found = await fetched(world, path)
            await fetching
        later = await partner(world, path)

    assert found["state"] == later["state"] == "met"
    assert "fault" not in later


async def test_a_silent_partner_holds_up_no_other(world: World) -> None:
    async with other_body() as silent, other_body() as other:
        await allow_loopback(world)
        silent.receiver.otherwise = HANG
        await propose(world, silent)
        path = await propose(world, other)

        found = await fetched(world, path, seconds=1.0)

    assert found["state"] == "met"


async def test_statements_are_fetched_daily_and_after_failures_later_and_later(world: World) -> None:
    now = utc_now() + timedelta(minutes=1)
    async with other_body() as other:
        path = await met(world, other)
        found = await fetched(world, path, now=lambda: now)

    assert found["fetch_at"] == f"{now + timedelta(days=1):%Y-%m-%dT%H:%M:%S.%f}Z"
    waits = [next_fetch(failures, now) - now for failures in range(1, 13)]
    assert waits[0] == timedelta(minutes=1)
    assert waits[3] == timedelta(minutes=8)
    assert waits[-1] == next_fetch(10**6, now) - now == timedelta(days=1)


async def test_a_name_that_leads_inside_is_never_called(world: World) -> None:
    """It may lead elsewhere now than when it was proposed: what is called is looked at each time."""
    async with other_body() as other:
        path = await met(world, other)
        for network in (await world.administrator.get("/sync-networks")).json()["items"]:
            await world.administrator.delete(f"/sync-networks/{network['id']}", headers={"If-Match": '"1"'})
        connections = other.receiver.connections

        found = await fetched(world, path)

    assert found["fault"] == "address-not-public"
    assert other.receiver.connections == connections


async def test_a_partner_nobody_answers_for_is_not_reached(world: World) -> None:
    await allow_loopback(world)
    async with other_body() as other:
        pass
    path = await propose(world, other)

    found = await fetched(world, path)

    assert (found["state"], found["fault"]) == ("proposed", "partner-not-reached")
