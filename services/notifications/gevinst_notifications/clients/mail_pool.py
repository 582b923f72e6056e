"""Several connections to one mail server, each with one message at a time."""

import asyncio
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from gevinst_notifications.clients.mime import Mail
from gevinst_notifications.clients.smtp import MailClient, MailServer
from gevinst_notifications.domain.deliveries import Attempt


class MailPool:
    """`size` mail clients for any number of coroutines. Use it as `async with`."""

    def __init__(self, server: MailServer, *, size: int, timeout: float) -> None:
        self._clients = [MailClient(server, timeout=timeout) for _ in range(size)]
        self._free: asyncio.LifoQueue[MailClient] = asyncio.LifoQueue()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for client in self._clients:
            self._free.put_nowait(await self._stack.enter_async_context(client))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def send(self, message: Mail) -> Attempt:
        """Hand one message over on a free connection, the last one used first."""
        client = await self._free.get()
        try:
            return await client.send(message)
        finally:
            self._free.put_nowait(client)
