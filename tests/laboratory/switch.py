"""A switch in this process: the frames of TAP devices, each line with its weather, and all frames kept.

The kernel's own network emulator is not in every kernel; this one also knows what it took and when. A frame
is kept when it leaves its sender, also if it is lost after that: it was on the wire.
"""

import asyncio
import os
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

# The header of a pcap file of Ethernet frames with microseconds: any analyser of packets opens it.
_PCAP = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1)
_RECORD = struct.Struct("<IIII")
_BROADCAST = 0x01
_LONGEST_FRAME = 65_536


@dataclass(frozen=True, slots=True)
class Weather:
    """What becomes of what a line carries, in both directions: seconds, and shares of 1.

    `jitter` reorders, because each frame waits for itself. On a silent line everything is lost.
    """

    is_silent: bool = False
    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0
    twice: float = 0.0


FAIR = Weather()


@dataclass(slots=True)
class _Port:
    file: int
    mac: bytes
    weather: Weather = field(default=FAIR)


class Switch:
    """Carries frames between its ports while the event loop runs."""

    def __init__(self, kept: Path, rng: Random) -> None:
        self.kept = kept
        self._rng = rng
        self._ports: dict[str, _Port] = {}
        self._file = kept.open("wb")
        self._file.write(_PCAP)

    def plug(self, name: str, file: int, mac: bytes) -> None:
        """Take the TAP device behind `file`, which does not block."""
        self._ports[name] = _Port(file, mac)
        asyncio.get_running_loop().add_reader(file, self._read, self._ports[name])

    def set_weather(self, name: str, weather: Weather) -> None:
        self._ports[name].weather = weather

    def frames(self) -> Iterator[tuple[float, bytes]]:
        """All frames until now, with the moment of each."""
        self._file.flush()
        return read_frames(self.kept)

    def close(self) -> None:
        for port in self._ports.values():
            asyncio.get_running_loop().remove_reader(port.file)
            os.close(port.file)
        self._ports.clear()
        self._file.close()

    def _read(self, port: _Port) -> None:
        with suppress(BlockingIOError):
            while True:
                try:
                    frame = os.read(port.file, _LONGEST_FRAME)
                except OSError as error:
                    if isinstance(error, BlockingIOError):
                        raise
                    return  # the line is pulled out at the moment
                self._keep(frame)
                for other in self._ports.values():
                    if other is not port and (frame[0] & _BROADCAST or frame[:6] == other.mac):
                        self._carry(frame, port.weather, other)

    def _keep(self, frame: bytes) -> None:
        seconds, rest = divmod(time.time_ns() // 1000, 1_000_000)
        self._file.write(_RECORD.pack(seconds, rest, len(frame), len(frame)) + frame)

    def _carry(self, frame: bytes, sent: Weather, to: _Port) -> None:
        chance = self._rng.random
        for weather in (sent, to.weather):
            if weather.is_silent or chance() < weather.loss:
                return
        wait = sum(one.delay + one.jitter * chance() for one in (sent, to.weather))
        copies = 2 if any(chance() < one.twice for one in (sent, to.weather)) else 1
        for copy in range(copies):
            if wait or copy:
                asyncio.get_running_loop().call_later(wait * (1 + copy), _write, to, frame)
            else:
                _write(to, frame)


def read_frames(file: Path) -> Iterator[tuple[float, bytes]]:
    content = file.read_bytes()
    place = len(_PCAP)
    while place + _RECORD.size <= len(content):
        seconds, rest, length, _ = _RECORD.unpack_from(content, place)
        place += _RECORD.size
        yield seconds + rest / 1_000_000, content[place : place + length]
        place += length


def write_frames(file: Path, frames: list[tuple[float, bytes]]) -> None:
    """As a switch keeps them."""
    parts = [_PCAP]
    for moment, frame in frames:
        seconds, rest = divmod(int(moment * 1_000_000), 1_000_000)
        parts.append(_RECORD.pack(seconds, rest, len(frame), len(frame)) + frame)
    file.write_bytes(b"".join(parts))


def _write(port: _Port, frame: bytes) -> None:
    with suppress(OSError):  # pulled out, or full: lost, as on any line
        os.write(port.file, frame)
