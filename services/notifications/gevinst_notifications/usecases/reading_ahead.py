"""Reading what deliveries need for several at once, a moment before each is sent."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from uuid import UUID

from gevinst_notifications.store.delivery_queue import Queued

T = TypeVar("T")

# What somebody changes meanwhile counts after that at the latest.
FRESH = timedelta(seconds=1)


class ReadAhead(Generic[T]):
    """What each of `deliveries` needs, by its id; read for all that are left, and anew when it is stale."""

    def __init__(
        self,
        deliveries: Sequence[Queued],
        read: Callable[[Sequence[Queued]], Awaitable[Mapping[UUID, T]]],
        now: Callable[[], datetime],
    ) -> None:
        self._left = list(deliveries)
        self._read = read
        self._now = now
        self._found: Mapping[UUID, T] = {}
        self._until: datetime | None = None

    async def of(self, held: Queued) -> T | None:
        """What this one needs, which is sent next; None when there is nothing to be read of it."""
        now = self._now()
        if self._until is None or now >= self._until:
            self._found = await self._read([held, *(one for one in self._left if one.id != held.id)])
            self._until = now + FRESH
        self._left = [one for one in self._left if one.id != held.id]
        return self._found.get(held.id)

    def forget(self) -> None:
        """Read anew for the next one: something was changed that it must know."""
        self._until = None
