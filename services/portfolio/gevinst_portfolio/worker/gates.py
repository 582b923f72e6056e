"""Following the benefits service: what its gates decide about projects, what its cases come to, and what it
signs with in the exchange with other bodies (A5, C5, G6, X1)."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from gevinst_portfolio.domain.case_values import CASE_EVALUATED, case_value
from gevinst_portfolio.domain.gate_outcomes import (
    GATE_DECIDED,
    PROGRESS_STARTED,
    OddFactError,
    gate_outcome,
    started_phase,
)
from gevinst_portfolio.domain.service_keys import (
    KEYS_CHANGED,
    STATEMENT_WANTED,
    announced_keys,
    wanted_partner,
)
from gevinst_portfolio.tables.shared import feed_cursor
from gevinst_portfolio.usecases.following_cases import follow_case
from gevinst_portfolio.usecases.following_gates import follow_gate, follow_start
from gevinst_portfolio.usecases.identifying import keep_service_keys
from gevinst_portfolio.usecases.partnering import look_again
from gevinst_shared.db.engine import Connection, Database, bind_moment
from gevinst_shared.db.work import Work
from gevinst_shared.feed.consumer import Consumer, Following
from gevinst_shared.feed.envelope import Event
from gevinst_shared.http.peer import Peer
from gevinst_shared.values.actor import Actor

SOURCE = "benefits"
THEM = "gevinst-benefits"
_log = logging.getLogger(__name__)

Follow = Callable[[Connection, Event, datetime], Awaitable[None]]
"""Does what an event means here; raises `OddFactError` for one that cannot be read."""


def gates_consumer(database: Database, peer: Peer, now: Callable[[], datetime]) -> Consumer:
    """Moves our cursor in the feed of the benefits service."""

    async def fetch(cursor: str) -> tuple[Sequence[Event], str]:
        envelopes, following = await peer.events(cursor)
        return [Event.read(envelope) for envelope in envelopes], following

    async def apply(connection: Connection, event: Event) -> None:
        await apply_event(connection, event, now=now)

    return Consumer(database, feed_cursor, Following(SOURCE, fetch, apply))


async def apply_event(connection: Connection, event: Event, *, now: Callable[[], datetime]) -> None:
    """Do what the event means here; one that cannot be read is left, so that the feed goes on."""
    follow = FOLLOWED.get(event.type)
    if follow is None:
        return
    moment = now()
    try:
        await bind_moment(connection, moment)
        await follow(connection, event, moment)
    except OddFactError as error:
        _log.error("event not understood", extra={"event": str(event.id), "cause": str(error)})


async def _gate(connection: Connection, event: Event, now: datetime) -> None:
    outcome = gate_outcome(event.data)
    actor = Actor(outcome.decided_by or THEM, event.organisation)
    await follow_gate(Work(connection, actor, now, event.id), event.id, outcome)


async def _start(connection: Connection, event: Event, now: datetime) -> None:
    started = started_phase(event.data)
    await follow_start(Work(connection, Actor(THEM, event.organisation), now, event.id), started)


async def _case(connection: Connection, event: Event, now: datetime) -> None:
    value = case_value(event.data, event.time)
    await follow_case(Work(connection, Actor(THEM, event.organisation), now, event.id), event.id, value)


async def _keys(connection: Connection, event: Event, now: datetime) -> None:
    announced = announced_keys(event.data)
    work = Work(connection, Actor(THEM, event.organisation), now, event.id)
    await keep_service_keys(work, SOURCE, announced)


async def _statement(connection: Connection, event: Event, now: datetime) -> None:
    work = Work(connection, Actor(THEM, event.organisation), now, event.id)
    await look_again(work, wanted_partner(event.data))


FOLLOWED: dict[str, Follow] = {
    PROGRESS_STARTED: _start,
    GATE_DECIDED: _gate,
    CASE_EVALUATED: _case,
    KEYS_CHANGED: _keys,
    STATEMENT_WANTED: _statement,
}
