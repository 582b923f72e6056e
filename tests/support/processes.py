"""Watching other processes."""

import contextlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path


def processes_below(process: int) -> list[int]:
    """All processes below this one; one that ends meanwhile has none."""
    found: list[int] = []
    tasks: list[Path] = []
    with contextlib.suppress(OSError):
        tasks += Path(f"/proc/{process}/task").glob("*/children")
    for file in tasks:
        with contextlib.suppress(OSError):
            found += map(int, file.read_text().split())
    return found + [one for child in found for one in processes_below(child)]


def is_running(process: int, since: str | None = None) -> bool:
    """Whether it runs; where `since` is given, whether it is still the one that started then."""
    found = _state_and_start(process)
    return found is not None and found[0] != "Z" and since in {None, found[1]}


def with_starts(processes: Iterable[int]) -> dict[int, str]:
    """When each started: in a long run their numbers are given out again, to others."""
    found = {one: _state_and_start(one) for one in processes}
    return {one: state_and_start[1] for one, state_and_start in found.items() if state_and_start is not None}


def _state_and_start(process: int) -> tuple[str, str] | None:
    """Fields 3 and 22 of /proc/…/stat (proc(5)); None for one that is gone."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return fields[0], fields[19]


def eventually(claim: Callable[[], bool]) -> bool:
    for _ in range(400):
        if claim():
            return True
        time.sleep(0.05)
    return False
