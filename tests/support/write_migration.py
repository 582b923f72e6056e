"""Write the next migration of every service whose tables changed.

`python -m tests.support.write_migration SUBJECT`

Starts a PostgreSQL of its own, migrates it, and compares it with the tables in the code.
"""

import asyncio
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from alembic.util.exc import CommandError
from sqlalchemy.exc import DatabaseError

from gevinst_shared.cli.databases import make_databases
from gevinst_shared.cli.postgres import EmbeddedPostgres
from gevinst_shared.db import migrations
from gevinst_shared.settings import SERVICES


async def write(admin_url: str, home: Path, subject: str) -> None:
    """Review the result: renames and data moves are not seen by a comparison."""
    databases = await make_databases(admin_url, home / "secrets")
    for service in SERVICES:
        program = import_module(f"gevinst_{service}.__main__").PROGRAM
        owner = databases[service].owner_url
        try:
            if any(program.versions.glob("[0-9]*.py")):
                await migrations.migrate(owner, program.metadata, program.versions)
            await migrations.check(owner, program.metadata, program.versions)
        except (CommandError, DatabaseError) as difference:
            sys.stderr.write(f"{service}: {str(difference)[:200]} …\n")
            await migrations.write_migration(owner, program.metadata, program.versions, subject=subject)


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="gevinst-"))
    server = EmbeddedPostgres(home, is_durable=False)
    try:
        asyncio.run(write(server.start(), home, " ".join(sys.argv[1:]) or "change"))
    finally:
        server.stop()


if __name__ == "__main__":
    main()
