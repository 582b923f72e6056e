"""Facts that are none: passed over with a line in the log, so that the feed goes on for others (N5)."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any, cast

import pytest

from gevinst_notifications.clients.feeds import find_next_event
from gevinst_notifications.tables.shared import feed_cursor
from gevinst_notifications.worker import following_of
from gevinst_shared.feed.consumer import Consumer
from gevinst_shared.feed.envelope import SOURCE_PREFIX, Event
from gevinst_shared.http.peer import Peer
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id
from tests.notifications.world import World

Envelope = dict[str, Any]


class _Feed:
    """A feed of one page."""

    def __init__(self, *envelopes: Any) -> None:
        self._envelopes = envelopes

    async def events(self, cursor: str, **_how: int) -> tuple[Sequence[Mapping[str, Any]], str]:
        return ([], cursor) if cursor == "end" else (self._envelopes, "end")


def _envelope(event: Event, **odd: Any) -> Envelope:
    return {
        "id": str(event.id),
        "source": f"{SOURCE_PREFIX}{event.organisation}",
        "type": event.type,
        "subject": event.subject,
        "time": event.time.isoformat(),
        "data": dict(event.data),
    } | odd


async def _follow(world: World, *envelopes: Any) -> int:
    """What the worker does with a page of the portfolio's feed; how many events that were."""
    source = f"test {new_id()}"
    peers = {source: cast(Peer, _Feed(*envelopes))}
    following = following_of(source, peers, world.database, ring=lambda: None)
    return await Consumer(world.database, feed_cursor, following).once()


async def _kinds(world: World, subject: str) -> list[str]:
    page = (await world.caller(subject).get("/inbox")).json()
    return [item["kind"] for item in page["items"]]


@pytest.mark.parametrize(
    "odd",
    [
        {"gate_name": "a\x00b"},
        {"gate_name": "\ud800"},
        {"unknown": "\ud800"},
        {"decided_by": "\x00"},
        {"gate_id": {"\x00": []}},
        {"project_id": []},
        {"unknown": reduce(lambda inner, _: [inner], range(3_000), list[Any]())},
        {"decided_on": 20261120},
    ],
)
async def test_a_fact_with_what_no_database_holds_stops_no_other(world: World, odd: dict[str, Any]) -> None:
    admin = world.caller("admin", Role.ADMINISTRATOR)
    hook = {"channel": "webhook", "name": "All", "address": "https://192.0.32.7/", "event_types": ["*"]}
    assert (await admin.post("/endpoints", json=hook)).status_code == 201

    applied = await _follow(
        world, _envelope(world.gate_decided(**odd)), _envelope(world.gate_decided(gate_name="BP5"))
    )

    assert applied == 2
    inbox = (await world.caller("olga").get("/inbox")).json()["items"]
    assert [item["facts"][1]["value"] for item in inbox] == ["BP5"]


@pytest.mark.parametrize(
    "odd",
    [
        {"id": "7"},
        {"id": None},
        {"time": "2026-11-20T09:00:00"},
        {"time": 7},
        {"data": None},
        {"data": []},
        {"subject": "a\x00"},
        {"source": "urn:x\x00"},
        {"type": []},
    ],
)
async def test_an_envelope_that_is_none_stops_no_other(world: World, odd: Envelope) -> None:
    assert await _follow(world, _envelope(world.gate_decided(), **odd), _envelope(world.gate_decided()))

    assert await _kinds(world, "olga") == ["gate-decided"]


async def test_a_page_of_anything_but_envelopes_is_read_to_its_end(world: World) -> None:
    assert await _follow(world, None, [], "x", 7, {}, _envelope(world.gate_decided())) == 1


@pytest.mark.parametrize("odd", [{"person_id": "no id"}, {"role": []}, {"role": {}}, {"scope_id": 7}])
async def test_a_role_that_cannot_be_read_is_given_to_nobody(world: World, odd: dict[str, Any]) -> None:
    """What follows from a role, such as its holder's digest, does not either."""
    assigned = {
        "assignment_id": str(new_id()),
        "person_id": str(world.people["magnus"]),
        "subject": "magnus",
        "role": "project-owner",
        "scope": "project",
        "scope_id": str(world.project_id),
    }

    applied = await _follow(world, _envelope(world.event("role-assigned", **assigned | odd)))

    assert applied == 1


async def test_what_is_wrong_with_the_database_is_tried_again(world: World) -> None:
    """Only an event's own fault is passed over."""

    async def apply(_connection: object, _event: Event) -> None:
        raise ConnectionResetError

    source = f"test {new_id()}"
    feed = cast(Peer, _Feed(_envelope(world.gate_decided())))
    following = following_of(source, {source: feed}, world.database, ring=lambda: None)
    broken = type(following)(source, following.fetch, apply, passes_over=following.passes_over)

    with pytest.raises(ConnectionResetError):
        await Consumer(world.database, feed_cursor, broken).once()

    assert await Consumer(world.database, feed_cursor, following).once() == 1
    assert await find_next_event(feed, "end") is None


@pytest.mark.parametrize(
    "amount", ["1e40", "1e5000", "1E+999999", "1e-5000", "9" * 400, "NaN"], ids=lambda text: text[:9]
)
async def test_a_sum_that_cannot_be_written_out_takes_nobodys_inbox(world: World, amount: str) -> None:
    await world.person("berit")
    await world.role("berit", Role.FINANCE, "organisation")
    fact: dict[str, Any] = {
        "benefit_name": "Fewer letters",
        "account": "1120",
        "year": 2027,
        "unit_id": str(world.unit_id),
        "project_id": str(world.project_id),
    }
    sums = [{"amount": one, "currency": "NOK", "price_year": 2026} for one in (amount, "1.00")]
    await world.hear(*(world.fact("benefits.budget-entry-booked", **fact, amount=one) for one in sums))

    found = await world.caller("berit").get("/inbox")

    assert found.status_code == 200
    assert len(found.json()["items"]) == 1


async def test_a_name_without_end_takes_nobodys_inbox(world: World) -> None:
    await world.hear(world.gate_decided(gate_name="x" * 100_000, reason="y" * 100_000))

    (item,) = (await world.caller("olga").get("/inbox")).json()["items"]

    assert len(item["lead"]) == 2000
