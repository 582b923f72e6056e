"""Watching other processes."""

import contextlib
import time
from collections.abc import Callable
from pathlib import Path


def processes_below(process: int) -> list[int]:
    """All processes below this one; one that ends meanwhile has none."""
    found: list[int] = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += map(int, file.read_text().split())
    return found + [one for child in found for one in processes_below(child)]


def is_running(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(claim: Callable[[], bool]) -> bool:
    for _ in range(400):
        if claim():
            return True
        time.sleep(0.05)
    return False
