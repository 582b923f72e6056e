"""The pool of connections, and transactions bound to one organisation (A9)."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
from sqlalchemy import make_url

if TYPE_CHECKING:  # asyncpg's classes are generic only in its stubs
    Connection: TypeAlias = (
        asyncpg.pool.PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]
    )
else:
    Connection: TypeAlias = asyncpg.Connection


class Database:
    """A pool whose every use is a transaction that row-level security binds to an organisation.

    The organisation is set inside the transaction, so a pooled connection never carries it on.
    """

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", user: str) -> None:
        self.pool = pool
        self._queue_role = f"{user.removesuffix('_app')}_queue"

    @classmethod
    async def open(cls, url: str, *, size: int = 10) -> "Database":
        """Connect with a `postgresql+asyncpg://` address."""
        pool = await asyncpg.create_pool(
            **connect_arguments(url), min_size=1, max_size=size, reset=_nothing_to_reset
        )
        return cls(pool, make_url(url).username or "")

    async def close(self) -> None:
        await self.pool.close()

    @asynccontextmanager
    async def transaction(self, organisation: str, *, read_only: bool = False) -> AsyncIterator[Connection]:
        """One transaction that sees and writes only the rows of `organisation`."""
        mode = "READ ONLY" if read_only else "READ WRITE"
        # One round trip. The identifier is quoted because a multi-statement message takes no arguments.
        quoted = organisation.replace("'", "''")
        async with self._begun(f"BEGIN {mode}; SET LOCAL app.organisation = '{quoted}'") as connection:
            yield connection

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Connection]:
        """One transaction over the queue tables (event, run, delivery) of every organisation."""
        async with self._begun(f'BEGIN; SET LOCAL ROLE "{self._queue_role}"') as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[Connection]:
        async with self.pool.acquire() as connection:
            try:
                await connection.execute(begin)
                yield connection
                await connection.execute("COMMIT")
            finally:
                if not connection.is_closed() and connection.is_in_transaction():
                    await connection.execute("ROLLBACK")


async def bind_organisation(connection: Connection, organisation: str) -> None:
    """From here to the end of the transaction, see and write only the rows of `organisation`."""
    await connection.execute("SELECT set_config('app.organisation', $1, true)", organisation)


def connect_arguments(url: str) -> dict[str, Any]:
    """What asyncpg needs to connect, from a `postgresql+asyncpg://` address."""
    address = make_url(url)
    arguments: dict[str, Any] = {
        "host": address.host or address.query.get("host"),
        "port": address.port or 5432,
        "user": address.username,
        "password": address.password,
        "database": address.database,
        "timeout": 10,
        "server_settings": {"timezone": "UTC", "application_name": "gevinst"},
    }
    if address.query.get("sslmode") in {"require", "verify-full"}:
        arguments["ssl"] = ssl.create_default_context()
    return arguments


async def _nothing_to_reset(_connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Every use is a transaction with local settings: the pool's own reset query would be wasted."""
