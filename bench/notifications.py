"""Telling ten thousand people, scanning a million duties, closing ten thousand digests (N1-N5).

Each figure stands beside the bare cost of the same in the same run: COPY of the same rows into tables without
index, the same mails and calls with nothing between them and the socket.
"""

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import asyncpg
from tests.support.waiting import until

from bench.notifications_world import PEOPLE, Bench, bench_world, sinks, worker
from gevinst_notifications.clients.mime import Mail
from gevinst_notifications.clients.smtp import MailClient, mail_server
from gevinst_notifications.store import duty_register
from gevinst_notifications.usecases.closing import close_due_digests
from gevinst_notifications.usecases.reminding import remind_due
from gevinst_notifications.worker import apply_event
from gevinst_shared.values.actor import Role

ENDPOINTS = 100
DUTIES = 1_000_000
DUE = 500
_CONNECTIONS = 4
_IMPORTED: dict[str, Any] = {"source_name": "x", "created_count": 1, "updated_count": 0, "problem_count": 0}
_TOLD = ("inbox_item", "delivery")

# Open for months to come, but for the last ones, which are due today.
_DUTIES = """
INSERT INTO duty (organisation_id, id, kind, subject, name, project_id, owner_person_id, due_on, due_version,
                  set_at, state, opened_at, next_at)
SELECT $1, gen_random_uuid(), 'action-due', 'actions/' || gen_random_uuid(), 'Move cases to the form', $2, $3,
       CASE WHEN n <= $5 THEN $6::date ELSE $6::date + 30 + n % 300 END, 1, $6::date - 100, 'open',
       $6::date - 100, $6::timestamptz + CASE WHEN n <= $5 THEN 0 ELSE 20 + n % 300 END * interval '1 day'
FROM generate_series(1, $4::int) AS n"""
_GATHERED = "UPDATE inbox_item SET digest = 'daily', digest_id = NULL"
_SCHEDULE = """
INSERT INTO digest_schedule (organisation_id, person_id, period, next_at)
SELECT DISTINCT organisation_id, person_id, 'daily', $1::timestamptz FROM inbox_item
ON CONFLICT (organisation_id, person_id, period) DO UPDATE SET next_at = excluded.next_at"""


@dataclass(frozen=True, slots=True)
class NoticeFigure:
    """One thing that was measured: how many, in how many seconds, and the bare cost of the same."""

    what: str
    count: int
    seconds: float
    bare_seconds: float | None = None

    @property
    def ratio(self) -> float | None:
        return None if self.bare_seconds is None else self.seconds / self.bare_seconds


async def measure_notices(
    *, people: int = PEOPLE, duties: int = DUTIES, report: Callable[[str], None]
) -> list[NoticeFigure]:
    """Everything that needs a database and a worker, one after the other."""
    found: list[NoticeFigure] = []
    async with bench_world(people=people) as bench, sinks() as (smtp_port, http_port):
        report(f"Telling {people:,} people …")
        found.append(await _told(bench, people))
        report(f"Sending {people:,} mails …")
        found.append(await _mailed(bench, smtp_port))
        report(f"Calling {ENDPOINTS} webhooks …")
        found.append(await _called(bench, smtp_port, http_port, events=people // ENDPOINTS))
        report(f"Closing {people:,} digests …")
        found.append(await _digests(bench))
        report(f"Looking through {duties:,} duties …")
        found += await _scanned(bench, duties)
    return found


async def _told(bench: Bench, people: int, *, rounds: int = 3) -> NoticeFigure:
    """An event becomes an inbox item and a mail for each; the same rows, copied into bare tables."""
    took, bare = [], []
    for _ in range(rounds):
        event = bench.world.gate_decided()
        gc.collect()  # what starting left behind is not this event's cost
        began = time.perf_counter()
        async with bench.database.transaction(bench.world.organisation) as connection:
            await apply_event(connection, event)
        took.append(time.perf_counter() - began)
        bare.append(0.0)
        for table in _TOLD:
            rows = await bench.admin.fetch(f"SELECT * FROM {table} WHERE event_id = $1", event.id)
            assert len(rows) == people, f"{len(rows)} rows in {table}"
            bare[-1] += await _copied(bench.admin, table, [tuple(row) for row in rows])
        await bench.admin.execute("DELETE FROM delivery WHERE event_id = $1", event.id)
    return NoticeFigure("event to rows, and COPY of them", 2 * people, median(took), median(bare))


async def _copied(
    admin: "asyncpg.Connection[asyncpg.Record]", table: str, rows: list[tuple[object, ...]]
) -> float:
    await admin.execute(f"CREATE TABLE IF NOT EXISTS bare_{table} (LIKE {table}); TRUNCATE bare_{table}")
    began = time.perf_counter()
    await admin.copy_records_to_table(f"bare_{table}", records=rows)
    return time.perf_counter() - began


async def _mailed(bench: Bench, smtp_port: int) -> NoticeFigure:
    """From the event to the last mail, by one worker; the same mails over as many bare connections."""
    async with worker(bench, smtp_port):
        await _idle(bench)
        began = time.perf_counter()
        await bench.world.hear(bench.world.gate_decided())
        count = await _until_sent(bench)
        took = time.perf_counter() - began
    bare = await _bare_mails(smtp_port, count)
    return NoticeFigure("event to the last mail, and the bare mails", count, took, bare)


async def _bare_mails(port: int, count: int) -> float:
    lines = b"x" * 70 + b"\r\n"
    mail = Mail("a@example.no", "b@example.no", b"Subject: x\r\n\r\n" + lines * 80)

    async def some() -> None:
        async with MailClient(mail_server(f"smtp://127.0.0.1:{port}")) as client:
            for _ in range(count // _CONNECTIONS):
                await client.send(mail)

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(_CONNECTIONS)))
    return time.perf_counter() - began


async def _called(bench: Bench, smtp_port: int, http_port: int, *, events: int) -> NoticeFigure:
    """From the events to the last signed call, by one worker; as many bare calls."""
    world = bench.world
    admin = world.caller("admin", Role.ADMINISTRATOR)
    await admin.post("/allowed-networks", json={"network": "127.0.0.0/8", "reason": "The sink is here."})
    for number in range(ENDPOINTS):
        body = {
            "channel": "webhook",
            "name": f"Sink {number}",
            "address": f"http://127.0.0.1:{http_port}/{number}",
            "event_types": ["*.import-finished.v1"],
        }
        (await admin.post("/endpoints", json=body)).raise_for_status()
    await bench.admin.execute("DELETE FROM role_assignment")  # nobody else hears: only the calls are timed
    async with worker(bench, smtp_port):
        await _idle(bench)
        began = time.perf_counter()
        facts = [world.event("import-finished", **_IMPORTED) for _ in range(events)]
        await world.hear(*facts)
        count = await _until_sent(bench)
        took = time.perf_counter() - began
    return NoticeFigure(
        "events to the last webhook, and the bare calls", count, took, await _bare_calls(http_port, count)
    )


async def _bare_calls(port: int, count: int) -> float:
    call = b"POST / HTTP/1.1\r\nHost: sink\r\nContent-Length: 600\r\n\r\n" + b"x" * 600

    async def some() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(count // _CONNECTIONS):
            writer.write(call)
            await reader.readuntil(b"\r\n\r\n")
        writer.close()
        await writer.wait_closed()

    began = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(_CONNECTIONS)))
    return time.perf_counter() - began


async def _digests(bench: Bench) -> NoticeFigure:
    """Everybody's items of the events before, gathered and closed: a digest with its mail for each."""
    now = datetime.now(UTC)
    await bench.admin.execute(_GATHERED)
    await bench.admin.execute(_SCHEDULE, now - timedelta(minutes=1))
    await bench.admin.execute("VACUUM ANALYZE")
    took, count = await _timed(lambda: _all(lambda: close_due_digests(bench.database, now=now)))
    closed = await bench.admin.fetchval("SELECT count(*) FROM digest")
    assert closed == count, f"{closed} of {count} digests closed"
    return NoticeFigure("closing everybody's digest", count, took)


async def _scanned(bench: Bench, duties: int) -> list[NoticeFigure]:
    """Finding what is due among a million, when nothing is and when some are; and reminding of these."""
    world, now = bench.world, datetime.now(UTC)
    owner = world.people["olga"]
    await bench.admin.execute(
        _DUTIES, world.organisation, world.project_id, owner, duties, DUE, now.date(), timeout=600
    )
    await bench.admin.execute("VACUUM ANALYZE")
    nothing = median([(await _timed(lambda: _waiting(bench, now - timedelta(days=5))))[0] for _ in range(20)])
    some = median([(await _timed(lambda: _waiting(bench, now)))[0] for _ in range(20)])
    took, count = await _timed(lambda: remind_due(bench.database, now, limit=DUE))
    return [
        NoticeFigure(f"looking through {duties:,} duties, none due", 0, nothing),
        NoticeFigure(f"looking through {duties:,} duties, some due", DUE, some),
        NoticeFigure("reminding of these", count, took),
    ]


async def _waiting(bench: Bench, now: datetime) -> int:
    async with bench.database.queue() as queue:
        return len(await duty_register.list_waiting(queue, now=now, limit=DUE))


async def _timed(work: Callable[[], Awaitable[int]]) -> tuple[float, int]:
    began = time.perf_counter()
    count = await work()
    return time.perf_counter() - began, count


async def _all(once: Callable[[], Awaitable[int]]) -> int:
    total = 0
    while count := await once():
        total += count
    return total


async def _idle(bench: Bench) -> None:
    """Until the worker has started: a first message has gone."""
    await bench.admin.execute("DELETE FROM delivery")
    await bench.world.hear(bench.world.project(owner_id=bench.world.people["olga"]))
    approved = bench.world.event(
        "project-approved", project_id=bench.world.project_id, starts_on="2027-05-01"
    )
    await bench.world.hear(approved)
    await _until_sent(bench)
    await bench.admin.execute("DELETE FROM delivery")


async def _until_sent(bench: Bench) -> int:
    """How many deliveries there are, once all are sent; also at night and on Sundays (N3)."""
    await bench.admin.execute("UPDATE delivery SET due_at = now() WHERE due_at > now()")

    async def is_so() -> bool:
        return not await bench.admin.fetchval("SELECT EXISTS (SELECT FROM delivery WHERE state <> 'sent')")

    await until(is_so, seconds=900)
    count: int = await bench.admin.fetchval("SELECT count(*) FROM delivery")
    return count
