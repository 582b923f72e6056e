"""What only one of several test processes may do at the same time."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.tree import ROOT


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other process of this tree installs what tests need; look then whether it is there."""
    cache = ROOT / ".pytest_cache"
    cache.mkdir(exist_ok=True)
    with (cache / "installing.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
