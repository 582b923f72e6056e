"""Connections put together again from the frames that were seen."""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address

from tests.laboratory.talk import Conversation, Said

_IPV4, _TCP = 0x0800, 6
_SYN, _ACK = 0x02, 0x10
_RING = 1 << 32
End = tuple[str, int]


@dataclass
class _Side:
    """What one end sent, by its place in the stream, each as it was seen first."""

    begins: int | None = None
    parts: dict[int, tuple[float, bytes]] = field(default_factory=dict)

    def said(self) -> Said:
        """In order; what was sent again counts once, and a hole is noted."""
        found, end = Said(), 0
        for place, (moment, content) in sorted(self.parts.items()):
            if place > end:
                found.is_whole = False
            fresh = content[max(0, end - place) :]
            if fresh:
                found.pieces.append((moment, fresh))
                end = max(end, place) + len(fresh)
        return found


@dataclass
class _Connection:
    client: End
    server: End
    asked: _Side
    answered: _Side = field(default_factory=_Side)


@dataclass(frozen=True, slots=True)
class _Segment:
    source: End
    target: End
    number: int
    flags: int
    content: bytes


@dataclass
class Seen:
    """All that was seen. `rest` is everything that was no TCP: (moment, frame)."""

    conversations: list[Conversation]
    rest: list[tuple[float, bytes]]


def seen(frames: Iterable[tuple[float, bytes]], names: Mapping[str, str]) -> Seen:
    """`names` says which place has which IPv4 address."""
    connections: list[_Connection] = []
    open_ones: dict[frozenset[End], _Connection] = {}
    rest = []
    for moment, frame in frames:
        segment = _segment(frame)
        if segment is None:
            rest.append((moment, frame))
            continue
        pair = frozenset((segment.source, segment.target))
        found = open_ones.get(pair)
        if _is_first(segment) and (found is None or found.asked.begins != segment.number):
            found = _Connection(segment.source, segment.target, _Side(segment.number))
            connections.append(found)
            open_ones[pair] = found
        if found is not None:
            _keep(found, segment, moment)
        elif segment.content:
            rest.append((moment, frame))
    return Seen([_conversation(one, names) for one in connections], rest)


def _keep(connection: _Connection, segment: _Segment, moment: float) -> None:
    side = connection.asked if segment.source == connection.client else connection.answered
    if segment.flags & _SYN:
        side.begins = segment.number
    if segment.content and side.begins is not None:
        place = (segment.number - side.begins - 1) % _RING
        _, known = side.parts.get(place, (0.0, b""))
        if len(segment.content) > len(known):
            first = side.parts[place][0] if known else moment
            side.parts[place] = (first, segment.content)


def _conversation(one: _Connection, names: Mapping[str, str]) -> Conversation:
    client, server = names.get(one.client[0]), names.get(one.server[0])
    return Conversation(client, server, one.asked.said(), one.answered.said())


def _is_first(segment: _Segment) -> bool:
    return segment.flags & (_SYN | _ACK) == _SYN


def _segment(frame: bytes) -> _Segment | None:
    """What TCP says in the frame; None where it is something else."""
    if len(frame) < 54 or struct.unpack_from("!H", frame, 12)[0] != _IPV4 or frame[23] != _TCP:
        return None
    head = 14 + 4 * (frame[14] & 0x0F)
    end = 14 + struct.unpack_from("!H", frame, 16)[0]
    source_port, target_port, number = struct.unpack_from("!HHI", frame, head)
    content = frame[head + 4 * (frame[head + 12] >> 4) : end]
    source, target = str(IPv4Address(frame[26:30])), str(IPv4Address(frame[30:34]))
    return _Segment((source, source_port), (target, target_port), number, frame[head + 13], content)
