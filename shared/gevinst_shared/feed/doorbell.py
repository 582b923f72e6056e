"""Wakes those who wait for events.

A notification inside the writing transaction would make all commits of the database queue for one lock,
so the bell is rung after the commit, at most every few milliseconds, and it may be lost: whoever waits
looks again every second anyway.
"""

import asyncio
import contextlib
import logging
from types import TracebackType

import asyncpg

from gevinst_shared.db.engine import Database, connect_arguments

_CHANNEL = "gevinst_event"
_RING_AT_MOST_EVERY = 0.02
_LOOK_AGAIN_AFTER = 1.0
_LOOK_AT_ONCE = 4
_log = logging.getLogger(__name__)


class Doorbell:
    """One listening connection per process; use as an async context manager.

    `is_over`: the process is stopping, nobody shall wait for news any more.
    """

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._url = url
        self.is_over = False
        # For those who look at the database whenever it rings: so many at once.
        self.room = asyncio.Semaphore(_LOOK_AT_ONCE)
        self._rung = asyncio.Event()
        self._heard: set[asyncio.Event] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> "Doorbell":
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._send())]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def ring(self) -> None:
        """Say that something was committed; returns at once."""
        self._rung.set()

    def end_waiting(self) -> None:
        """Let everybody go who waits, and whoever comes to wait."""
        self.is_over = True
        self._hear()

    async def wait(self, seconds: float) -> None:
        """Until the bell rings, at most `seconds` and at most one second."""
        if self.is_over:
            return
        heard = asyncio.Event()
        self._heard.add(heard)
        try:
            # Not `wait_for`, which before Python 3.12 forgets that it was cancelled when the bell rings then.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(seconds, _LOOK_AGAIN_AFTER)):
                    await heard.wait()
        finally:
            self._heard.discard(heard)

    async def _send(self) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                async with self._database.lend() as connection:
                    await connection.execute("SELECT pg_notify($1, '')", _CHANNEL)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("doorbell not rung", extra={"cause": str(error)})
            await asyncio.sleep(_RING_AT_MOST_EVERY)

    async def _listen(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(**connect_arguments(self._url))
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _connection, lost=lost: lost.set())
                try:
                    await connection.add_listener(_CHANNEL, self._hear)
                    await lost.wait()
                finally:
                    await connection.close()
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                _log.warning("doorbell not heard", extra={"cause": str(error)})
                await asyncio.sleep(_LOOK_AGAIN_AFTER)

    def _hear(self, *_message: object) -> None:
        for heard in self._heard:
            heard.set()
