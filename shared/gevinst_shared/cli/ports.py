"""Ports on this machine: a free one, and who holds a taken one."""

import errno
import ipaddress
import socket
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

from gevinst_shared.cli.cannot_start import CannotStart

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """`count` loopback ports, no two the same, that nobody listens on at this moment."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


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
        raise CannotStart(f"Port {port} is taken{_holder(port, host)}: stop that program, or set {setting}.")


def _holder(port: int, host: str) -> str:
    """` by name (process 123)` where Linux tells it, otherwise nothing."""
    inodes = _listening_inodes(port, host)
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


def _listening_inodes(port: int, host: str) -> set[str]:
    """The listeners that keep us from `host`: those on the same number of another address do not."""
    wanted = ipaddress.ip_address(socket.gethostbyname(host))
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            fields = line.split()
            address, _, number = fields[1].rpartition(":")
            if fields[3] == "0A" and int(number, 16) == port and _covers(_address(address), wanted):
                inodes.add(f"socket:[{fields[9]}]")
    return inodes


def _address(written: str) -> IPAddress:
    """The address that Linux writes as words of 32 bits in the order of this machine's bytes."""
    words = [int(written[start : start + 8], 16) for start in range(0, len(written), 8)]
    address = ipaddress.ip_address(b"".join(word.to_bytes(4, sys.byteorder) for word in words))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _covers(listened: IPAddress, wanted: IPAddress) -> bool:
    return listened == wanted or listened.is_unspecified or wanted.is_unspecified
