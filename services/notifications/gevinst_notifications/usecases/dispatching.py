"""Delivering for as long as a worker runs: several destinations of a channel at once."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.store.claims import BEFORE_ALL, Portion, Shares
from gevinst_notifications.usecases.delivering import PostOffice, claim_due, deliver_run

LOOK_EVERY = 1.0


class Dispatcher:
    """One channel's deliveries. A destination that is slow takes up its own runs, and no other's; nor does an
    organisation whose destinations are all slow.

    Leaving the context gives back what was not begun, and waits for what was.
    """

    def __init__(
        self,
        office: PostOffice,
        channel: Channel,
        *,
        runs: int,
        wait: Callable[[float], Awaitable[None]],
        ring: Callable[[], None],
    ) -> None:
        self._office = office
        self._channel = channel
        self._runs = runs
        self._wait = wait
        self._ring = ring
        self._after = BEFORE_ALL
        self._running: dict[asyncio.Task[int], str] = {}  # with its organisation

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for run in self._running:
            run.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def dispatch(self) -> None:
        """Start what is due; then wait until a run has ended, or there may be news."""
        if len(self._running) < self._runs and await self._started():
            return
        news = asyncio.create_task(self._news())
        try:
            done, _ = await asyncio.wait({*self._running, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        ended = self._running.keys() & done
        for run in ended:
            del self._running[run]
        if ended:
            self._ring()
        for run in ended:
            run.result()

    async def _started(self) -> bool:
        """Claim and start a share of what is due; whether there may be more, before a run has ended."""
        after, free = self._after, self._runs - len(self._running)
        # All mail goes through one server, which is nobody's own to be slow.
        is_shared = self._channel is not Channel.MAIL
        shares = Shares(self._runs, Counter(self._running.values())) if is_shared else None
        claim = await claim_due(self._office, self._channel, Portion(free, self._office.batch, after, shares))
        for run in claim.runs:
            task = asyncio.create_task(deliver_run(self._office, run))
            self._running[task] = run.deliveries[0].organisation
        self._after = claim.following or BEFORE_ALL
        is_done = not claim.runs and (after, self._after) == (BEFORE_ALL, BEFORE_ALL)
        return not claim.is_cut and not is_done

    async def _news(self) -> int:
        await self._wait(LOOK_EVERY)
        return 0
