"""What a PostgreSQL server notes in its data directory, and the end of one that outlived its supervisor."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart

_STOP_SECONDS = 30


def is_ready(data: Path) -> bool:
    """Whether the server of `data` lives and says that it takes connections."""
    lines = _note(data)
    return len(lines) >= 8 and lines[7].strip() == "ready" and _is_alive(int(lines[0]), data)


def end_left_over(data: Path) -> None:
    """Stop a server that still runs in `data`, and take away the note of one that is gone."""
    lines = _note(data)
    if not lines:
        return
    process = int(lines[0])
    deadline = time.monotonic() + _STOP_SECONDS
    if _is_alive(process, data):
        os.kill(process, signal.SIGINT)
    while _is_alive(process, data):
        if time.monotonic() > deadline:
            raise CannotStart(f"PostgreSQL still runs in {data}: stop process {process} first.")
        time.sleep(0.02)
    (data / "postmaster.pid").unlink(missing_ok=True)


def _note(data: Path) -> list[str]:
    """Line 1 is the process, line 8 its state; empty without a usable note."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def _is_alive(process: int, data: Path) -> bool:
    """Whether `process` is the server of `data`, and not another program that got its number later."""
    if sys.platform == "linux":
        try:
            return str(data).encode() in Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
    listed = subprocess.run(["ps", "-o", "command=", "-p", str(process)], capture_output=True, check=False)  # noqa: S603, S607 - where there is no /proc
    return str(data).encode() in listed.stdout
