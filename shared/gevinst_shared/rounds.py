"""What a worker does for as long as it runs: round after round, and after a fault later and later."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from logging import Logger

_SHORTEST_AFTER_FAULT = 0.5


@dataclass(frozen=True, slots=True)
class Rounds:
    """The pace of a worker's outermost loop, in seconds, and what its log says of a fault.

    `every` is the pause after a round that went well; each fault in a row doubles it, up to `longest`.
    """

    log: Logger
    fault: str
    every: float = 0.0
    longest: float = 30.0
    named: dict[str, str] = field(default_factory=dict)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def follow(self, once: Callable[[], Awaitable[object]]) -> None:
        """Do `once` for ever; only being cancelled ends it."""
        pause = self.every
        while True:
            try:
                await once()
                pause = self.every
            except Exception:  # a worker's outermost loop
                pause = min(self.longest, max(_SHORTEST_AFTER_FAULT, pause * 2))
                self.log.exception(self.fault, extra={"pause": pause, **self.named})
            if pause:
                await self.sleep(pause)
