"""Alembic, run from code: one environment for all services, each with its own versions."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.schema import CreateSequence

from gevinst_shared.db.schema import secure

_ENVIRONMENT = Path(__file__).parent / "alembic"
# Any number that no other program uses: two migrations of one database wait for each other.
_LOCK = 0x6765_7669


async def migrate(owner_url: str, metadata: MetaData, versions: Path) -> None:
    """Bring the database at `owner_url` to the newest version and secure every table."""
    owner = make_url(owner_url).username or ""

    def upgrade(connection: Connection) -> None:
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        for sequence in metadata._sequences.values():  # noqa: SLF001 - the only list of them
            connection.execute(CreateSequence(sequence, if_not_exists=True))
        command.upgrade(_config(connection, metadata, versions), "head")
        secure(connection, metadata, app_role=f"{owner}_app", queue_role=f"{owner}_queue")

    await _as_owner(owner_url, upgrade)


async def check(owner_url: str, metadata: MetaData, versions: Path) -> None:
    """Raise when the tables in the code and the migrated database differ."""
    await _as_owner(owner_url, lambda connection: command.check(_config(connection, metadata, versions)))


async def write_migration(owner_url: str, metadata: MetaData, versions: Path, *, subject: str) -> None:
    """Write the next migration file from the difference between the code and the database."""

    def revise(connection: Connection) -> None:
        number = f"{len(list(versions.glob('[0-9]*.py'))) + 1:04}"
        config = _config(connection, metadata, versions)
        command.revision(config, subject, autogenerate=True, rev_id=number)

    await _as_owner(owner_url, revise)


async def _as_owner(url: str, work: Callable[[Connection], None]) -> None:
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(work)
    finally:
        await engine.dispose()


def _config(connection: Connection, metadata: MetaData, versions: Path) -> Config:
    config = Config(attributes={"connection": connection, "metadata": metadata})
    config.set_main_option("script_location", str(_ENVIRONMENT))
    config.set_main_option("version_locations", str(versions))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config
