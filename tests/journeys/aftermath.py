"""What must hold when all is quiet again, read from the three databases and the mail catcher."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import asyncpg

from gevinst_shared.cli.house import House
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.reader import Cursor
from gevinst_shared.settings import SERVICES

FOLLOWED = (
    ("portfolio", "benefits"),
    ("benefits", "portfolio"),
    ("notifications", "portfolio"),
    ("notifications", "benefits"),
)
_COPIES = {
    ("benefits", "project"): 'id, name, portfolio_id, unit_id, owner_id, manager_id, status, start, "end"',
    ("benefits", "person"): "id, subject, name, email, language",
    ("benefits", "unit"): "id, name",
    ("benefits", "role_assignment"): "id, person_id, role, scope, scope_id, valid_from, valid_until",
    ("notifications", "project"): "id, name, portfolio_id, unit_id, owner_id, manager_id",
    ("notifications", "person"): "id, subject, name, email, language",
    ("notifications", "unit"): "id, name",
    ("notifications", "portfolio"): "id, name",
    ("notifications", "role_assignment"): "id, person_id, role, scope, scope_id, valid_from, valid_until",
}


@dataclass(frozen=True, slots=True)
class Books:
    """The databases, read past row-level security, and the mails that were caught."""

    house: House
    of: dict[str, Connection]

    async def rows(self, service: str, statement: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.of[service].fetch(statement)]

    async def counted(self, service: str, statement: str) -> Counter[Any]:
        """How often each row of one column, or tuple of several, is there."""
        rows = await self.rows(service, statement)
        return Counter(row[0] if len(row) == 1 else row for row in rows)

    def mails(self) -> list[EmailMessage]:
        """In the order of their arrival."""
        files = sorted(self.house.mail.glob("*.eml"))
        return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]


@asynccontextmanager
async def books_of(house: House) -> AsyncIterator[Books]:
    async with AsyncExitStack() as stack:
        opened = {}
        for service in SERVICES:
            opened[service] = await asyncpg.connect(house.admin_url, database=f"gevinst_{service}")
            stack.push_async_callback(opened[service].close)
        yield Books(house, opened)


async def is_quiet(books: Books) -> bool:
    """Every feed is read to its end, and every delivery is made."""
    for follower, source in FOLLOWED:
        if await _cursor(books, follower, source) != await _end(books, source):
            return False
    states = await books.counted("notifications", "SELECT state FROM delivery")
    return bool(states) and set(states) == {"sent"}


async def _cursor(books: Books, follower: str, source: str) -> Cursor:
    text = await books.of[follower].fetchval("SELECT cursor FROM feed_cursor WHERE source = $1", source)
    return Cursor.read(text)


async def _end(books: Books, source: str) -> Cursor:
    row = await books.of[source].fetchrow("SELECT xid, seq FROM event ORDER BY xid DESC, seq DESC LIMIT 1")
    return Cursor() if row is None else Cursor(row["xid"], row["seq"])


async def nothing_is_lost_or_doubled(books: Books, expected: Counter[str]) -> None:
    """A5: each change announced once; E1: each change has its audit row."""
    announced: Counter[str] = Counter()
    for service in SERVICES:
        # That the trail was sealed is told, and is no change.
        told = "FROM event WHERE type NOT LIKE '%.audit-sealed.v1'"
        announced += await books.counted(service, f"SELECT type {told}")
        changes = await books.counted(service, f"SELECT type, subject, time {told}")
        audited = await books.counted(service, "SELECT action, subject, time FROM audit")
        assert audited == changes, f"{service}: {audited - changes} / {changes - audited}"
    delivered = announced.pop("gevinst.notifications.delivered.v1", 0)
    assert announced == expected, f"too many: {announced - expected}; too few: {expected - announced}"
    deliveries = await books.rows("notifications", "SELECT id FROM delivery")
    assert delivered == len(deliveries)


async def read_models_equal_their_source(books: Books) -> None:
    for (service, table), columns in _COPIES.items():
        copied = await books.counted(service, f'SELECT {columns} FROM "{table}"')
        source = await books.counted("portfolio", f'SELECT {columns} FROM "{table}"')
        assert copied == source, f"{service}.{table}: {copied - source} / {source - copied}"


async def gates_had_their_effect_once(books: Books, stopped: Counter[str]) -> None:
    """G6: each decision arrived once, and each stop released once."""
    decided = "SELECT id FROM event WHERE type = 'gevinst.benefits.gate-decided.v1'"
    outcomes = await books.counted("portfolio", "SELECT id FROM gate_outcome")
    assert outcomes == await books.counted("benefits", decided)
    assert await books.counted("portfolio", "SELECT project_id::text FROM release") == stopped
    at = "SELECT id::text FROM project WHERE status = 'stopped'"
    assert await books.counted("portfolio", at) == stopped


async def runs_have_ended(books: Books) -> None:
    states = await books.counted("portfolio", "SELECT state FROM run")
    assert set(states) <= {"done", "failed"}, states


async def people_heard_once(books: Books, expected: Counter[tuple[str, str]]) -> None:
    """N1, N5: one item per person and event, whatever died on the way."""
    items = await books.counted(
        "notifications",
        """SELECT person.subject, split_part(notice.type, '.', 3) FROM inbox_item
           JOIN notice USING (organisation_id, event_id)
           JOIN person ON person.organisation_id = inbox_item.organisation_id
                      AND person.id = inbox_item.person_id""",
    )
    assert items == expected, f"too many: {items - expected}; too few: {expected - items}"


async def mails_went_out_once(books: Books, *, at_most_doubled: int) -> None:
    """N5: a copy only of what was in a dying worker's hands, and marked as a possible one."""
    sent: dict[str, list[EmailMessage]] = defaultdict(list)
    for mail in books.mails():
        sent[str(mail["Message-ID"])].append(mail)
    deliveries = await books.rows("notifications", "SELECT may_be_duplicate FROM delivery")
    assert len(sent) == len(deliveries)
    copies = [copy for _first, *copies in sent.values() for copy in copies]
    assert all(copy["Gevinst-Possible-Duplicate"] == "yes" for copy in copies)
    assert len(copies) <= at_most_doubled
