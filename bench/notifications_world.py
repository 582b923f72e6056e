"""What is measured on: an organisation of ten thousand who all hear of gates, and its database."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from tests.notifications.world import World, make_world
from tests.support.callers import Desk, started
from tests.support.installation import Installation, install
from tests.support.organisations import new_organisation

from gevinst_notifications.app import create_app
from gevinst_notifications.settings import Settings
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.db.engine import Database
from gevinst_shared.settings import from_environment

PEOPLE = 10_000
_PEOPLE = """
WITH person AS (
  INSERT INTO person (organisation_id, id, subject, name, email, language, known_as)
  SELECT $1, gen_random_uuid(), 'office' || n, 'Person ' || n, 'p' || n || '@example.no', 'nb',
         ARRAY['office' || n, 'Person ' || n, 'p' || n || '@example.no']
  FROM generate_series(1, $2::int) AS n RETURNING organisation_id, id, subject)
INSERT INTO role_assignment (organisation_id, id, subject, person_id, role, scope)
SELECT organisation_id, gen_random_uuid(), subject, id, 'portfolio-office', 'organisation' FROM person"""


@dataclass(frozen=True, slots=True)
class Bench:
    """An installation of its own, its superuser's connection, and a world with ten thousand people."""

    installation: Installation
    admin: "asyncpg.Connection[asyncpg.Record]"
    world: World

    @property
    def database(self) -> Database:
        return self.world.database


@asynccontextmanager
async def bench_world(*, people: int = PEOPLE) -> AsyncIterator[Bench]:
    """Durable, as in production: a commit waits for the disk."""
    with tempfile.TemporaryDirectory(prefix="gevinst-bench-") as name:
        home = Path(name)
        os.chmod(home, 0o711)
        postgres = EmbeddedPostgres(home / "postgres")
        postgres.start()
        try:
            installation = await install(postgres.url, Path(tempfile.mkdtemp(dir=home)))
            settings = from_environment(Settings, "notifications", installation.environment("notifications"))
            admin = await asyncpg.connect(postgres.url, database="gevinst_notifications")
            database = await Database.open(installation.databases["notifications"].url)
            async with started(create_app(settings)) as app:
                desk = Desk(app, "notifications", installation, new_organisation())
                world = await make_world(desk, database)
                await admin.execute(_PEOPLE, world.organisation, people - 3)
                await admin.execute("VACUUM ANALYZE")
                yield Bench(installation, admin, world)
                for client in desk.clients:
                    await client.aclose()
            await database.close()
            await admin.close()
        finally:
            postgres.stop()


@asynccontextmanager
async def sinks() -> AsyncIterator[tuple[int, int]]:
    """The ports of a mail server and a webhook receiver in a process of their own."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.sinks", stdout=PIPE)
    assert process.stdout is not None
    smtp, http = (await process.stdout.readline()).split()
    try:
        yield int(smtp), int(http)
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def worker(bench: Bench, smtp_port: int) -> AsyncIterator[None]:
    """One worker process, as an installation has it."""
    environment = {
        **os.environ,
        **bench.installation.environment("notifications"),
        "GEVINST_SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
        "GEVINST_MAIL_FROM": "gevinst@example.no",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "gevinst_notifications",
        "work",
        env=environment,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()
