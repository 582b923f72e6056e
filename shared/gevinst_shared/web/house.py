"""What one running service has at hand: made at start, closed at the end, never global."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from fastapi import Request

from gevinst_shared.charts.pictures import Pictures
from gevinst_shared.db.changes import Changes
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.idempotency import KeptAnswers
from gevinst_shared.embeds.tickets import TicketBox
from gevinst_shared.feed.doorbell import Doorbell
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.values.actor import Actor, Grant
from gevinst_shared.web.memory import Memory

FindGrants = Callable[[Connection, Actor], Awaitable[tuple[Grant, ...]]]


class Authenticate(Protocol):
    """From a bearer token to its actor, or a refusal."""

    async def __call__(self, token: str, *, organisation: str | None) -> Actor: ...


@dataclass(frozen=True, slots=True)
class House:
    database: Database
    doorbell: Doorbell
    kept_answers: KeptAnswers
    authenticate: Authenticate
    find_grants: FindGrants
    now: Callable[[], datetime]
    pictures: Pictures
    memory: Memory
    changes: Changes
    tickets: TicketBox | None
    public_url: str
    exchange: Exchange | None


def house_of(request: Request) -> House:
    house = request.app.state.house
    assert isinstance(house, House)
    return house
