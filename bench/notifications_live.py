"""From a fact in the portfolio's feed to the event in an open inbox, and a thousand inboxes open at once.

The whole house runs; facts are written into the portfolio's outbox, as its own transactions do. What is
measured is the way: feed, read model, inbox, bell, stream.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

import asyncpg
from tests.support.organisations import new_organisation
from tests.support.waiting import until

from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id

PER_SECOND = 100
STREAMS = 1_000
_PER_PERSON = 5
_IMPORTED: dict[str, str | int] = {
    "source_name": "Measured",
    "created_count": 1,
    "updated_count": 0,
    "problem_count": 0,
}
if TYPE_CHECKING:  # asyncpg's classes are generic only in its stubs
    Feed: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Feed: TypeAlias = asyncpg.Connection
_ADD = """INSERT INTO event (organisation_id, id, type, subject, time, data)
VALUES ($1, $2, $3, $4, now(), $5::jsonb)"""


@dataclass(frozen=True, slots=True)
class LiveFigure:
    """Milliseconds from the fact to the inbox, and what the open streams cost the process."""

    what: str
    count: int
    p50_ms: float
    p99_ms: float
    kilobytes_each: float | None = None
    idle_cores: float | None = None


@dataclass
class Inbox:
    """One open stream: when each event came, by its id."""

    came: dict[str, float] = field(default_factory=dict)

    async def listen(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            if line.startswith(b"data:"):
                self.came[json.loads(line[5:])["event_id"]] = time.perf_counter()


async def measure_live(
    house: House, *, seconds: float, streams: int = STREAMS, report: Callable[[str], None]
) -> list[LiveFigure]:
    """A hundred facts a second to one inbox; then one fact to everybody who listens."""
    feed = await asyncpg.connect(house.admin_url, database="gevinst_portfolio")
    organisation = new_organisation()
    try:
        people = streams // _PER_PERSON
        # One person hears of the many facts, so that the way is measured and not a crowd.
        alone = new_organisation()
        for one, count in ((alone, 1), (organisation, people)):
            await _announced(feed, one, count)
            await _known(house, one, count)
        report(f"{PER_SECOND} facts a second …")
        latency = await _latency(house, feed, alone, seconds)
        report(f"{streams:,} open streams …")
        return [latency, await _broadcast(house, feed, organisation, streams)]
    finally:
        await feed.close()


async def _latency(house: House, feed: Feed, organisation: str, seconds: float) -> LiveFigure:
    inbox = Inbox()
    told: dict[str, float] = {}
    async with _listening(house, organisation, "office1", inbox):
        began = time.perf_counter()
        for number in range(int(PER_SECOND * seconds)):
            await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
            event_id = await _tell(feed, organisation)
            told[event_id] = time.perf_counter()
        await _until_all(lambda: len(inbox.came) == len(told))
    times = sorted((inbox.came[one] - told[one]) * 1000 for one in told)
    return LiveFigure("fact to inbox, 100 a second", len(times), _share(times, 0.5), _share(times, 0.99))


async def _broadcast(house: House, feed: Feed, organisation: str, streams: int) -> LiveFigure:
    process = house.supervisor.process_id("notifications")
    before = _kilobytes(process)
    inboxes = [Inbox() for _ in range(streams)]
    async with AsyncExitStack() as stack:
        for number, inbox in enumerate(inboxes):
            subject = f"office{number // _PER_PERSON + 1}"
            await stack.enter_async_context(_listening(house, organisation, subject, inbox))
        await asyncio.sleep(2)
        each = (_kilobytes(process) - before) / streams
        cores = await _cores(process, seconds=5)
        event_id = await _tell(feed, organisation)
        told = time.perf_counter()
        await _until_all(lambda: all(event_id in inbox.came for inbox in inboxes))
    times = sorted((inbox.came[event_id] - told) * 1000 for inbox in inboxes)
    return LiveFigure(
        "one fact to all open streams", streams, _share(times, 0.5), _share(times, 0.99), each, cores
    )


async def _announced(feed: Feed, organisation: str, people: int) -> None:
    """The organisation and its office, as the portfolio announces them."""
    registered: dict[str, str | int] = {"name": "Measured", "currency": "NOK", "language": "nb"}
    await _tell(feed, organisation, "organisation-registered", registered)
    for number in range(1, people + 1):
        person_id, subject = str(new_id()), f"office{number}"
        known: dict[str, str | int] = {"person_id": person_id, "subject": subject, "name": f"Person {number}"}
        await _tell(feed, organisation, "person-changed", known)
        role = {"role": "portfolio-office", "scope": "organisation", "assignment_id": str(new_id())}
        await _tell(feed, organisation, "role-assigned", {**known, **role})


async def _tell(
    feed: Feed, organisation: str, kind: str = "import-finished", data: dict[str, str | int] | None = None
) -> str:
    event_id: UUID = new_id()
    facts: dict[str, str | int] = data or {
        "source_name": "Measured",
        "created_count": 1,
        "updated_count": 0,
        "problem_count": 0,
    }
    type_ = f"gevinst.portfolio.{kind}.v1"
    await feed.execute(_ADD, organisation, event_id, type_, f"imports/{event_id}", json.dumps(facts))
    await feed.execute("SELECT pg_notify('gevinst_event', '')")
    return str(event_id)


async def _known(house: House, organisation: str, people: int) -> None:
    connection = await asyncpg.connect(house.admin_url, database="gevinst_notifications")
    count = "SELECT count(*) FROM role_assignment WHERE organisation_id = $1"

    async def is_so() -> bool:
        return bool(await connection.fetchval(count, organisation) == people)

    await until(is_so, seconds=60)
    await connection.close()


@asynccontextmanager
async def _listening(house: House, organisation: str, subject: str, inbox: Inbox) -> AsyncIterator[None]:
    address = urlsplit(house.service_url("notifications"))
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    token = house.token(Role.PORTFOLIO_OFFICE, organisation, subject=subject)
    writer.write(
        f"GET /notifications/v1/inbox/stream HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Authorization: Bearer {token}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    listening = asyncio.create_task(inbox.listen(reader))
    try:
        yield
    finally:
        listening.cancel()
        writer.close()


async def _until_all(is_so: Callable[[], bool]) -> None:
    async def is_it() -> bool:
        return is_so()

    await until(is_it, seconds=120)


def _kilobytes(process: int) -> float:
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    return float(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


async def _cores(process: int, *, seconds: float) -> float:
    """How many cores the process keeps busy while nothing happens."""
    before = _ticks(process)
    await asyncio.sleep(seconds)
    return (_ticks(process) - before) / 100 / seconds


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
