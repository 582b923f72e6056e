"""Network namespaces of Linux: each place stands in one of its own and reaches the others by one line only.

The line is a TAP device whose other end is our switch. A second one, the desk's, leads to this process alone:
its people also work while the line is cut.
"""

import fcntl
import os
import re
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random

from tests.laboratory.network import Place
from tests.laboratory.packets import seen
from tests.laboratory.switch import Switch, Weather
from tests.laboratory.talk import Conversation, Said

PORT = 8080
_TUN = Path("/dev/net/tun")
_SET_NAME = 0x400454CA
_TAP, _NO_HEADER = 0x0002, 0x1000
_OURS = re.compile(r"gevlab-(\d+)-\w+")


def are_possible() -> bool:
    """Whether this process may make them: root, iproute2, and the kernel's TAP devices."""
    if os.geteuid() != 0 or not _TUN.exists():
        return False
    name = f"gevlab-{os.getpid()}-try"
    try:
        _ip("netns", "add", name)
        _ip("netns", "delete", name)
        os.close(os.open(_TUN, os.O_RDWR))
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


class Namespaces:
    """A network of namespaces, from `network_of_namespaces`."""

    said = "network namespaces of Linux behind a switch of our own"
    allowed = "10.213.0.0/24"

    def __init__(self, switch: Switch) -> None:
        self._switch = switch
        self._places: dict[str, Place] = {}

    def place(self, name: str) -> Place:
        return self._places[name]

    def set_weather(self, name: str, weather: Weather) -> None:
        self._switch.set_weather(name, weather)

    def pull(self, name: str) -> None:
        self._set(name, "down")

    def plug(self, name: str) -> None:
        self._set(name, "up")

    def conversations(self) -> Sequence[Conversation]:
        """What was no conversation is in one that nobody leads, so that it is searched, too."""
        names = {place.address.split("/")[2].split(":")[0]: name for name, place in self._places.items()}
        found = seen(self._switch.frames(), names)
        return [*found.conversations, Conversation(None, None, Said(found.rest))]

    def _set(self, name: str, state: str) -> None:
        _ip("-n", _namespace(name), "link", "set", _line(list(self._places).index(name) + 1), state)

    def _add(self, number: int, name: str) -> None:
        namespace, line = _namespace(name), _line(number)
        mac = bytes((0x02, 0x67, 0x76, 0, 0, number))
        _ip("netns", "add", namespace)
        file = _tap(line)
        _ip("link", "set", line, "netns", namespace)
        inside = ("-n", namespace)
        _ip(*inside, "link", "set", "lo", "up")
        _ip(*inside, "link", "set", line, "address", mac.hex(":"))
        _ip(*inside, "addr", "add", f"10.213.0.{number}/24", "dev", line)
        _ip(*inside, "link", "set", line, "up")
        self._switch.plug(name, file, mac)
        desk = self._lead_to_desk(number, namespace)
        self._places[name] = Place(
            name,
            f"http://10.213.0.{number}:{PORT}",
            f"http://{desk}:{PORT}",
            "0.0.0.0",
            PORT,
            ("ip", "netns", "exec", namespace),
        )

    def _lead_to_desk(self, number: int, namespace: str) -> str:
        """The address at which this process reaches the namespace past the switch."""
        net = f"10.214.{os.getpid() % 251}"
        ours, theirs = f"{net}.{4 * number + 1}", f"{net}.{4 * number + 2}"
        outside = f"gd{os.getpid()}d{number}"
        _ip("link", "add", outside, "type", "veth", "peer", "name", "desk", "netns", namespace)
        _ip("addr", "add", f"{ours}/30", "dev", outside)
        _ip("link", "set", outside, "up")
        _ip("-n", namespace, "addr", "add", f"{theirs}/30", "dev", "desk")
        _ip("-n", namespace, "link", "set", "desk", "up")
        return theirs


@contextmanager
def network_of_namespaces(names: Sequence[str], kept: Path, rng: Random) -> Iterator[Namespaces]:
    """One namespace for each name, until the end; also those that a killed run has left are deleted."""
    _sweep()
    switch = Switch(kept, rng)
    network = Namespaces(switch)
    try:
        for number, name in enumerate(names, 1):
            network._add(number, name)
        yield network
    finally:
        switch.close()
        for name in names:
            _delete(_namespace(name))


def _sweep() -> None:
    for line in _ip("netns", "list").splitlines():
        found = _OURS.match(line)
        if found is not None and not Path(f"/proc/{found[1]}").exists():
            _delete(found[0])


def _delete(namespace: str) -> None:
    """With its devices, and with the other end of the desk's."""
    with suppress(subprocess.CalledProcessError):
        _ip("netns", "delete", namespace)


def _namespace(name: str) -> str:
    return f"gevlab-{os.getpid()}-{name}"


def _line(number: int) -> str:
    return f"gl{os.getpid()}l{number}"


def _tap(name: str) -> int:
    file = os.open(_TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(file, _SET_NAME, struct.pack("16sH22x", name.encode(), _TAP | _NO_HEADER))
    return file


def _ip(*words: str) -> str:
    done = subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
    return done.stdout
