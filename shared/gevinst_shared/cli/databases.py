"""One database and three roles for each service, made when missing.

The owner runs the migrations. The application's role owns nothing and cannot pass row-level security. The
queue's role sees the rows of all organisations in queue tables; it cannot log in, and the application takes
it on by `SET ROLE` only: nothing of it is inherited.
"""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from gevinst_shared.cli.cannot_start import disk_full, says_disk_full
from gevinst_shared.cli.secret_files import secret
from gevinst_shared.settings import SERVICES


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """The addresses of one service's database, as SQLAlchemy reads them."""

    url: str
    owner_url: str


async def make_databases(admin_url: str, secrets: Path) -> dict[str, ServiceDatabase]:
    """Make or mend the databases of all services and return them by service.

    `admin_url` is a superuser's. Passwords are kept in files under `secrets`; a lost file gets a new one.
    A full disk raises `CannotStart`.
    """
    try:
        connection = await asyncpg.connect(admin_url)
        try:
            return {service: await _make(connection, service, admin_url, secrets) for service in SERVICES}
        finally:
            await connection.close()
    except asyncpg.PostgresError as error:
        if isinstance(error, asyncpg.DiskFullError) or says_disk_full(str(error)):
            raise disk_full("the database") from None
        raise


async def _make(
    connection: asyncpg.Connection, service: str, admin_url: str, secrets: Path
) -> ServiceDatabase:
    name = f"gevinst_{service}"
    app, queue = f"{name}_app", f"{name}_queue"
    passwords = {role: secret(secrets / role) for role in (name, app)}
    # 15 knows inheritance as a trait of the role, 16 and later as one of the grant
    is_older = connection.get_server_version().major < 16
    await _make_role(connection, name, f"LOGIN PASSWORD '{passwords[name]}'")
    inheritance = "NOINHERIT" if is_older else "INHERIT"
    await _make_role(connection, app, f"LOGIN {inheritance} PASSWORD '{passwords[app]}'")
    await _make_role(connection, queue, "NOLOGIN")
    options = "" if is_older else " WITH INHERIT FALSE, SET TRUE"
    await connection.execute(f"GRANT {queue} TO {app}{options}")
    if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
        await connection.execute(f"CREATE DATABASE {name} OWNER {name} TEMPLATE template0 ENCODING 'UTF8'")
    await connection.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
    await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {app}")
    inside = await asyncpg.connect(admin_url, database=name)
    try:
        await inside.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    finally:
        await inside.close()
    place = urlsplit(admin_url).netloc.rpartition("@")[2]
    return ServiceDatabase(
        url=f"postgresql+asyncpg://{app}:{passwords[app]}@{place}/{name}",
        owner_url=f"postgresql+asyncpg://{name}:{passwords[name]}@{place}/{name}",
    )


async def _make_role(connection: asyncpg.Connection, role: str, traits: str) -> None:
    """Names and traits are ours, and passwords have only letters, digits, `-` and `_`: nothing to quote."""
    exists = await connection.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role)
    verb = "ALTER" if exists else "CREATE"
    await connection.execute(
        f"{verb} ROLE {role} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION {traits}"
    )
