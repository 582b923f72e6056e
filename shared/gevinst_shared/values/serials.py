"""Numbers that only rise, also after a restore (X1)."""

from datetime import datetime


def next_serial(serial: int, now: datetime) -> int:
    """A higher one than any before, also where a restored backup has forgotten some.

    Check: after 7 in the year 1970, a second after it began, it is 1000.
    """
    return max(serial + 1, int(now.timestamp() * 1000))
