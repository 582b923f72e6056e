"""Connections, and transactions bound to one organisation (A9)."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
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
    would cost a task and two wrapped objects more per use.
    """

    def __init__(self, arguments: dict[str, Any], *, size: int, queue_role: str) -> None:
        self._arguments = arguments
        self._queue_role = queue_role
        self._free = asyncio.Semaphore(size)
        self._idle: list[Connection] = []

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

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[Connection]:
        """A connection outside of any transaction, for one statement that binds itself (`tenancy.bound`)."""
        connection = await self._take()
        try:
            with _loss_told(connection):
                yield connection
        finally:
            self._give_back(connection)

    @asynccontextmanager
    async def transaction(
        self, organisation: str, *, read_only: bool = False, at: datetime | None = None
    ) -> AsyncIterator[Connection]:
        """One transaction that sees and writes only the rows of `organisation`.

        `at` is the moment that its versions of rows are dated by; the database's own when it is not given.
        """
        mode = "READ ONLY" if read_only else "READ WRITE"
        # One round trip. The identifier is quoted because a multi-statement message takes no arguments.
        quoted = organisation.replace("'", "''")
        begin = f"BEGIN {mode}; SET LOCAL app.organisation = '{quoted}'"
        if at is not None:
            begin += f"; SET LOCAL app.moment = '{at.isoformat()}'"
        async with self._begun(begin) as connection:
            yield connection

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[Connection]:
        """One transaction over the queue tables (event, run, delivery) of every organisation."""
        async with self._begun(f'BEGIN; SET LOCAL ROLE "{self._queue_role}"') as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, begin: str) -> AsyncIterator[Connection]:
        connection = await self._take()
        is_ended = False
        try:
            with _loss_told(connection):
                await connection.execute(begin)
                try:
                    yield connection
                    await connection.execute("COMMIT")
                except BaseException:
                    if not connection.is_closed() and connection.is_in_transaction():
                        await connection.execute("ROLLBACK")
                    is_ended = True
                    raise
            is_ended = True
        finally:
            # Cancelled or cut off in between: nobody may go on in somebody else's transaction.
            if not is_ended:
                connection.terminate()
            self._give_back(connection)

    async def _take(self) -> Connection:
        await self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.is_closed():
                    return connection
            return await asyncpg.connect(**self._arguments)
        except BaseException:
            self._free.release()
            raise

    def _give_back(self, connection: Connection) -> None:
        if not connection.is_closed():
            self._idle.append(connection)
        self._free.release()


@contextmanager
def _loss_told(connection: Connection) -> Iterator[None]:
    """`ConnectionResetError` for what the driver raises when the server hung up between two statements."""
    try:
        yield
    except (asyncpg.InterfaceError, asyncpg.InternalClientError) as error:
        if connection.is_closed() or isinstance(error, asyncpg.InternalClientError):
            raise ConnectionResetError(f"the database has hung up: {error}") from error
        raise


async def bind_organisation(connection: Connection, organisation: str) -> None:
    """From here to the end of the transaction, see and write only the rows of `organisation`."""
    await connection.execute("SELECT set_config('app.organisation', $1, true)", organisation)


async def bind_moment(connection: Connection, moment: datetime) -> None:
    """From here to the end of the transaction, versions of rows are dated by `moment`."""
    await connection.execute("SELECT set_config('app.moment', $1, true)", moment.isoformat())


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
        # Our statements are the same few for ever, however long: each is prepared once.
        "max_cacheable_statement_size": 0,
        # Our statements are compiled once and small: planning them anew for each value costs more than any
        # value could save, and so does making machine code of them.
        "server_settings": {
            "timezone": "UTC",
            "application_name": "gevinst",
            "plan_cache_mode": "force_generic_plan",
            "jit": "off",
            # What is asked for often is in memory, or on a disk without a moving head.
            "random_page_cost": "1.1",
            # A transaction that stays open holds up the feed for everybody: one whose client died in the
            # middle of a statement, or forgot it, is ended.
            "client_connection_check_interval": "5s",
            "idle_in_transaction_session_timeout": "5min",
        },
    }
    if address.query.get("sslmode") in {"require", "verify-full"}:
        arguments["ssl"] = ssl.create_default_context()
    return arguments
