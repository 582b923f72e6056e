"""Why the house cannot start, in one sentence for the person at the keyboard."""

import errno

_FULL = ("No space left on device", "Disk quota exceeded", "Check free disk space")


class CannotStart(Exception):  # noqa: N818 - an answer to the person, printed without a traceback
    """The sentence says what is wrong and what to do about it."""


def disk_full(place: object) -> CannotStart:
    return CannotStart(f"The disk that holds {place} is full: free some space and start again.")


def says_disk_full(text: str) -> bool:
    """Whether another program's words are the system's, or PostgreSQL's, for a full disk."""
    return any(words in text for words in _FULL)


def is_disk_full(error: OSError) -> bool:
    return error.errno in {errno.ENOSPC, errno.EDQUOT}
