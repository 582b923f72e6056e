"""How far a search may go.

Work is counted in simplex iterations, so that a limit means the same on every machine.
"""

from collections.abc import Callable
from enum import StrEnum
from time import monotonic


class Ending(StrEnum):
    """What ended a search."""

    PROVED = "proved"  # nothing better exists
    EXHAUSTED = "exhausted"  # the search gave up improving
    WORK = "work-limit"
    TIME = "time-limit"
    CANCELLED = "cancelled"


class Limits:
    """The work limit, the optional stopwatch and the caller's wish to stop; the first that is met stays."""

    def __init__(
        self, work_limit: int, time_limit: float | None = None, is_cancelled: Callable[[], bool] | None = None
    ) -> None:
        self.work = 0
        self.work_limit = work_limit
        self._time_limit = time_limit
        self._is_cancelled = is_cancelled
        # The stopwatch only ends the search; nothing is computed from it.
        self._started = monotonic()
        self._met: Ending | None = None

    def spend(self, iterations: int) -> None:
        """Count work that was done."""
        self.work += iterations

    def met(self, under_way: int = 0) -> Ending | None:
        """The limit that ended the search, with `under_way` iterations not yet counted; `None` to go on."""
        if self._met is None and not self.is_called_off and self.work + under_way >= self.work_limit:
            self._met = Ending.WORK
        return self._met

    @property
    def is_called_off(self) -> bool:
        """The time is up or the caller wishes to stop, whatever the work."""
        if self._met in {None, Ending.WORK}:
            if self._is_cancelled is not None and self._is_cancelled():
                self._met = Ending.CANCELLED
            elif self.seconds_left <= 0:
                self._met = Ending.TIME
        return self._met in {Ending.CANCELLED, Ending.TIME}

    @property
    def seconds_left(self) -> float:
        """Seconds before the time limit, infinite without one."""
        if self._time_limit is None:
            return float("inf")
        return self._time_limit - (monotonic() - self._started)

    @property
    def share(self) -> float:
        """How much of the work or the time is used, 0 to 1."""
        shares = [self.work / self.work_limit if self.work_limit else 1.0]
        if self._time_limit:
            shares.append(1.0 - self.seconds_left / self._time_limit)
        return min(1.0, max(shares))
