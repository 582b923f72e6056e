"""Connections, and transactions bound to one organisation (A9)."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeAlias

import asyncpg
from sqlalchemy import make_url

if TYPE_CHECKING:  # asyncpg's classes are generic only in its stubs
    Connection: TypeAlias = asyncpg.Connection[asyncpg.Record]
else:
    Connection: TypeAlias = asyncpg.Connection


class Database:
    """A few connections whose every use is a transaction that row-level security binds to an organisation.

    The organisation is set inside the transaction, so a connection never carries it on. asyncpg's own pool
    would cost a task and a round trip more per use: under load a finished read hands its connection to the
    next in line, and that one's first message ends the read's transaction.
    """

    def __init__(self, arguments: dict[str, Any], *, size: int, queue_role: str) -> None:
        self._arguments = arguments
        self._queue_role = queue_role
        self._free = asyncio.Semaphore(size)
        self._waiting = 0
        self._idle: list[Connection] = []
        self._unfinished: set[Connection] = set()
        self._settling: asyncio.Future[None] | None = None

    @classmethod
    async def open(cls, url: str, *, size: int = 10) -> "Database":
        """Connect with a `postgresql+asyncpg://` address; the first connection at once."""
        user = make_url(url).username or ""
        database = cls(connect_arguments(url), size=size, queue_role=f"{user.removesuffix('_app')}_queue")
        database._idle.append(await asyncpg.connect(**database._arguments))
        return database

    async def close(self) -> None:
        """Close the connections that nobody uses."""
        while self._idle:
            await self._idle.pop().close()

    async def value(self, statement: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever SQL gives
        """The first column of the first row, outside of any organisation."""
        connection = await self._take()
        try:
            await self._finish(connection)
            return await connection.fetchval(statement, *arguments)
        finally:
            self._give_back(connection)

    @asynccontextmanager
    async def transaction(self, organisation: str, *, read_only: bool = False) -> AsyncIterator[Connection]:
        """One transaction that sees and writes only the rows of `organisation`."""
        mode = "READ ONLY" if read_only else "READ WRITE"
        # One round trip. The identifier is quoted because a multi-statement message takes no arguments.
        quoted = organisation.replace("'", "''")
        connection = await self._begin(f"BEGIN {mode}; SET LOCAL app.organisation = '{quoted}'")
        try:
            yield connection
            # Never more reads are left than there are takers for them: nothing stays open in an idle service.
            if read_only and self._waiting > len(self._unfinished):
                self._unfinished.add(connection)
            else:
                await connection.execute("COMMIT")
        finally:
            await self._end(connection)

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Connection]:
        """One transaction over the queue tables (event, run, delivery) of every organisation."""
        connection = await self._begin(f'BEGIN; SET LOCAL ROLE "{self._queue_role}"')
        try:
            yield connection
            await connection.execute("COMMIT")
        finally:
            await self._end(connection)

    async def _begin(self, begin: str) -> Connection:
        connection = await self._take()
        message = f"COMMIT; {begin}" if connection in self._unfinished else begin
        self._unfinished.discard(connection)
        try:
            await connection.execute(message)
        except BaseException:
            await self._end(connection)
            raise
        return connection

    async def _end(self, connection: Connection) -> None:
        """Give the connection back; what was not committed is rolled back."""
        try:
            is_open = connection not in self._unfinished and connection.is_in_transaction()
            if is_open and not connection.is_closed():
                await connection.execute("ROLLBACK")
        finally:
            self._give_back(connection)

    async def _take(self) -> Connection:
        self._waiting += 1
        try:
            await self._free.acquire()
        except asyncio.CancelledError:
            # A read may have been left for this one to end.
            self._settling = asyncio.ensure_future(self._settle())
            raise
        finally:
            self._waiting -= 1
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
                self._unfinished.discard(connection)
            return await asyncpg.connect(**self._arguments)
        except BaseException:
            self._free.release()
            raise

    def _give_back(self, connection: Connection) -> None:
        self._keep(connection)
        self._free.release()

    def _keep(self, connection: Connection) -> None:
        if connection in self._unfinished:
            self._idle.append(connection)  # whoever takes next takes the last
        elif not connection.is_closed():
            self._idle.insert(0, connection)

    async def _settle(self) -> None:
        """End the reads that were left for somebody who did not come."""
        async with self._free:
            # Looked up anew each time: while one ends, another may have been taken.
            while left := [idle for idle in self._idle if idle in self._unfinished]:
                self._idle.remove(left[0])
                try:
                    await self._finish(left[0])
                finally:
                    self._keep(left[0])

    async def _finish(self, connection: Connection) -> None:
        """End the read that a finished user left for the next."""
        if connection in self._unfinished:
            await connection.execute("COMMIT")
            self._unfinished.discard(connection)


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
