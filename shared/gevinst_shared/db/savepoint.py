"""A part of a transaction that can be taken back by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gevinst_shared.db.engine import Connection


@asynccontextmanager
async def savepoint(connection: Connection, name: str, *, keeps: bool = True) -> AsyncIterator[None]:
    """What happens inside is kept, unless it raises or `keeps` is false. Names of nested ones differ."""
    await connection.execute(f"SAVEPOINT {name}")
    try:
        yield
    except BaseException:
        await connection.execute(f"ROLLBACK TO SAVEPOINT {name}")
        raise
    ending = "RELEASE" if keeps else "ROLLBACK TO"
    await connection.execute(f"{ending} SAVEPOINT {name}")
