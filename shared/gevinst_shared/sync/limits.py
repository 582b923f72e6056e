"""How much of others an organisation takes: a partner that gives more than its share fills only that."""

from dataclasses import dataclass

TOO_MANY_RECORDS = "too-many-records"
TOO_MUCH_DATA = "too-much-data"


@dataclass(frozen=True, slots=True)
class Limits:
    """`partners` of an organisation; `records` of each partner, and `bytes` of their fields as text."""

    partners: int = 500
    records: int = 200_000
    bytes: int = 500_000_000


class Room:
    """What is left of a partner's share while a page is stored: it counts what is here."""

    def __init__(self, limits: Limits, records: int, bytes_: int) -> None:
        self._limits = limits
        self.records, self.bytes = records, bytes_

    def take(self, was: int | None, size: int) -> str | None:
        """Make room for a record of `size`, which has `was` bytes here, or is new; why there is none, if so.

        What becomes no larger is always taken.
        """
        records = self.records + (was is None)
        if was is None and records > self._limits.records:
            return TOO_MANY_RECORDS
        more = size - (was or 0)
        if more > 0 and self.bytes + more > self._limits.bytes:
            return TOO_MUCH_DATA
        self.records, self.bytes = records, self.bytes + more
        return None

    def give_back(self, was: int | None) -> None:
        """The record ends; it had `was` bytes here, or was not here."""
        if was is not None:
            self.records, self.bytes = self.records - 1, self.bytes - was
