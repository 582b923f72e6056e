"""Ports on this machine: a free one, and who holds a taken one."""

import errno
import socket
from contextlib import suppress
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Whether another process listens on `port`. A port that we may not bind raises `CannotStart`."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise CannotStart(f"Port {port} needs more rights: choose one above 1023.") from None
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                return True
            raise CannotStart(f"Cannot listen on {host}: {error.strerror}.") from None
    return False


def require_free(port: int, *, setting: str, host: str = "127.0.0.1") -> None:
    """Return when `port` is free; otherwise `CannotStart` names its holder and the setting to change."""
    if is_taken(port, host):
        raise CannotStart(f"Port {port} is taken{_holder(port)}: stop that program, or set {setting}.")


def _holder(port: int) -> str:
    """` by name (process 123)` where Linux tells it, otherwise nothing."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").glob("[0-9]*"):
        if _open_files(process) & inodes:
            return f" by {(process / 'comm').read_text().strip()} (process {process.name})"
    return ""


def _open_files(process: Path) -> set[str]:
    """What the process holds open; nothing for one that ended or is not ours to look at."""
    names = set()
    try:
        for link in (process / "fd").iterdir():
            with suppress(FileNotFoundError):
                names.add(link.readlink().name)
    except OSError:
        return set()
    return names


def _listening_inodes(port: int) -> set[str]:
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            fields = line.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    return inodes
