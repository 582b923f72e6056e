"""The exchange between bodies: revisions beside the least that they cost, a year's feeds, many partners.

In one database and one process, without HTTP: each is projected, signed, checked and stored.
"""

import json
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from uuid import UUID

import asyncpg
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from rich.table import Table
from tests.support.exchange import Body, bodies
from tests.support.installation import install

from bench.sync_year import measure_year
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.db.engine import Database, connect_arguments

CAUGHT_UP, CHANGED = 100_000, 5_000
SIGNED = 5_000
PARTNERS = (10, 100, 400)
WRITES = 200
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class SyncFigure:
    """Seconds for so many; `ratio` is to the bare cost in the same run, or to the fewest partners."""

    what: str
    count: int
    seconds: float
    ratio: float | None = None
    note: str = ""


async def measure_sync(*, is_quick: bool, tell: Told) -> list[SyncFigure]:
    """All of it, on a PostgreSQL of its own that waits for the disk."""
    caught_up, changed = (2_000, 500) if is_quick else (CAUGHT_UP, CHANGED)
    async with _databases() as urls:
        url = urls["portfolio"]
        async with bodies(url, 2) as (mine, theirs):
            tell(f"Catching up with {caught_up:,} revisions …")
            found = await _catch_up(mine, theirs, url, caught_up)
            tell(f"Changing {changed:,} records …")
            found += await _follow(mine, theirs, url, changed)
        tell("Living a year …")
        year = await measure_year(url, urls["benefits"], is_quick=is_quick)
        found.append(
            SyncFigure(f"a year of {year.bodies} bodies", year.revisions, year.seconds, None, year.note)
        )
        tell("Meeting partners …")
        found += await _partners(url, (5, 10) if is_quick else PARTNERS)
    return found


def sync_table(figures: Sequence[SyncFigure]) -> Table:
    table = Table(title="The exchange: seconds, and as a multiple of the bare cost in the same run")
    for column in ("what", "count", "seconds", "per second", "ratio", ""):
        table.add_column(column, justify="left" if column in {"what", ""} else "right")
    for one in figures:
        each = f"{one.count / one.seconds:,.0f}" if one.seconds else ""
        ratio = "" if one.ratio is None else f"{one.ratio:.1f} ×"
        seconds = f"{one.seconds:.2f}" if one.seconds else ""
        table.add_row(one.what, f"{one.count:,}", seconds, each, ratio, one.note)
    return table


@asynccontextmanager
async def _databases() -> AsyncIterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="gevinst-bench-") as name:
        home = Path(name)
        os.chmod(home, 0o711)
        postgres = EmbeddedPostgres(home / "postgres")
        postgres.start()
        try:
            installation = await install(postgres.url, Path(tempfile.mkdtemp(dir=home)))
            admin = await asyncpg.connect(postgres.url, database="gevinst_portfolio")
            await admin.execute("CREATE TABLE bare (id uuid PRIMARY KEY, body text NOT NULL)")
            await admin.execute("GRANT ALL ON bare TO PUBLIC")
            await admin.close()
            yield {name: database.url for name, database in installation.databases.items()}
        finally:
            postgres.stop()


async def _catch_up(mine: Body, theirs: Body, url: str, count: int) -> list[SyncFigure]:
    programme = await mine.add_programme()
    for _ in range(0, count, 1000):
        await mine.add_projects(min(count, 1000), programme=programme)
    await mine.share(theirs, "programme", programme)
    seconds = await _timed(lambda: theirs.pull(mine, limit=200))
    bare = await _copied(theirs, url) + await _signatures(theirs) * (count + 1)
    return [
        SyncFigure("a signature, a check and a bare COPY of each record", count + 1, bare),
        SyncFigure("catching up from nothing", count + 1, seconds, seconds / bare),
    ]


async def _follow(mine: Body, theirs: Body, url: str, count: int) -> list[SyncFigure]:
    """From the change to the replica, in steps of a hundred."""
    ids: list[UUID] = [row["id"] for row in await mine.rows("project")][:count]

    async def change() -> None:
        for at in range(0, count, 100):
            await mine.execute("UPDATE project SET name = name || '!' WHERE id = ANY($1)", ids[at : at + 100])

    async def follow() -> None:
        for at in range(0, count, 100):
            await mine.execute("UPDATE project SET name = name || '?' WHERE id = ANY($1)", ids[at : at + 100])
            await theirs.pull(mine, limit=200)

    await change()
    await theirs.pull(mine, limit=200)
    writing = await _timed(change)
    await theirs.pull(mine, limit=200)
    bare = writing + await _copied(theirs, url, ids=ids) + await _signatures(theirs) * count
    seconds = await _timed(follow)
    return [
        SyncFigure("the changes, a signature, a check and a bare COPY of each", count, bare),
        SyncFigure("from the change to the replica", count, seconds, seconds / bare),
    ]


async def _partners(url: str, counts: Sequence[int]) -> list[SyncFigure]:
    figures: list[SyncFigure] = []
    first: dict[str, float] = {}
    database = await Database.open(url, size=4)
    try:
        mine = Body(database)
        await mine.settle_in()
        programme = await mine.add_programme()
        projects = await mine.add_projects(20, programme=programme)
        readers: list[Body] = []
        for count in counts:
            while len(readers) < count:
                readers.append(await _reader(database, mine, programme))
            seconds = await _timed(lambda: _write(mine, projects))
            await _read_all(mine, readers)
            await mine.rename(projects[0], f"For {count}")
            reading = await _timed(lambda: _read_all(mine, readers))
            for what, number, taken in (
                (f"writes with {count} partners", WRITES, seconds),
                (f"one change to all of {count} replicas", count, reading),
            ):
                each = taken / number
                base = first.setdefault(what.partition(" ")[0], each)
                figures.append(SyncFigure(what, number, taken, each / base, f"each, of {counts[0]} partners"))
    finally:
        await database.close()
    return figures


async def _reader(database: Database, mine: Body, programme: UUID) -> Body:
    reader = Body(database)
    await reader.settle_in()
    await reader.meet(mine)
    await mine.meet(reader)
    await mine.share(reader, "programme", programme)
    await reader.pull(mine)
    return reader


async def _write(mine: Body, projects: Sequence[UUID]) -> None:
    for number in range(WRITES):
        await mine.rename(projects[number % len(projects)], f"Name {number}")


async def _read_all(mine: Body, readers: Sequence[Body]) -> None:
    for reader in readers:
        await reader.pull(mine)


async def _copied(theirs: Body, url: str, *, ids: Sequence[UUID] | None = None) -> float:
    """Seconds to write the same bodies with COPY, a thousand at a time, with nothing looked at."""
    partner = next(iter(theirs.partners.values()))
    wanted = None if ids is None else set(ids)
    rows = [
        (row["record_id"], row["body"])
        for row in await theirs.rows("sync_replica", partner)
        if wanted is None or row["record_id"] in wanted
    ]
    assert all(json.loads(body) for _, body in rows[:10])
    connection = await asyncpg.connect(**connect_arguments(url))
    try:
        await connection.execute("DELETE FROM bare")
        begun = perf_counter()
        for at in range(0, len(rows), 1000):
            await connection.copy_records_to_table("bare", records=rows[at : at + 1000])
        return perf_counter() - begun
    finally:
        await connection.close()


async def _signatures(theirs: Body) -> float:
    """Seconds to sign a record's body once and to check that once, with nothing around it."""
    partner = next(iter(theirs.partners.values()))
    bodies_ = [row["body"].encode() for row in (await theirs.rows("sync_replica", partner))[:SIGNED]]
    key, algorithm = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256())
    public = key.public_key()
    begun = perf_counter()
    for body in bodies_:
        public.verify(key.sign(body, algorithm), body, algorithm)
    return (perf_counter() - begun) / len(bodies_)


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    begun = perf_counter()
    await work()
    return perf_counter() - begun
