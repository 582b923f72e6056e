"""Whether what one body gives another is what the other has: their digests, side by side (X2)."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

Digest = dict[str, Any]
Ask = Callable[[str], Awaitable[Digest]]
"""The digest of one side of the records under a prefix."""

FEW = 1000


@dataclass(frozen=True, slots=True)
class Sides:
    """Who gives what to whom in one service, and how each is asked for its digest."""

    service: str
    giver: str
    reader: str
    given: Ask
    received: Ask


@dataclass(slots=True)
class Comparison:
    """How the two sides compare: `counts` is {kind: (given, received)}, `differing` is {kind: {id: how}}.

    `behind` says in words why they could not be compared; None when they were. `pending` changes are not
    given yet.
    """

    sides: Sides
    counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    differing: dict[str, dict[str, str]] = field(default_factory=dict)
    number: int = 0
    pending: int = 0
    behind: str | None = None

    @property
    def agrees(self) -> bool:
        return self.behind is None and not any(self.differing.values())


class _Moved(Exception):  # noqa: N818 - it says what happened
    """One side went on meanwhile; the text says how far the reader is behind."""


async def compared(sides: Sides, *, seconds: float) -> Comparison:
    """Compare at a revision that both sides are at; try again until then, at most so many seconds."""
    clock = asyncio.get_running_loop().time
    until = clock() + seconds
    while True:
        try:
            return await _compared(sides)
        except _Moved as moved:
            if clock() >= until:
                return Comparison(sides, behind=str(moved))
        await asyncio.sleep(1)


async def _compared(sides: Sides) -> Comparison:
    given, received = await _both(sides, "")
    found = Comparison(sides, number=given["number"], pending=given["pending"])
    found.counts = {
        kind: (_count(given, kind), _count(received, kind))
        for kind in sorted({part["kind"] for one in (given, received) for part in one["parts"]})
    }
    await _narrow(found, given, received, at=_place(given))
    return found


async def _narrow(found: Comparison, given: Digest, received: Digest, *, at: tuple[str, int]) -> None:
    """Find what differs under the prefix that both were asked for."""
    if _is_whole(given) and _is_whole(received):
        _note(found, _records(given), _records(received))
        return
    theirs, ours = _parts(given), _parts(received)
    wanted = {prefix for kind, prefix in theirs.keys() | ours.keys() if _differs(theirs, ours, kind, prefix)}
    for prefix in sorted(wanted):
        if sum(map(len, found.differing.values())) >= FEW:
            return
        lower = await _both(sides := found.sides, prefix)
        if _place(lower[0]) != at:
            raise _Moved(f"{sides.giver} gave more meanwhile")
        await _narrow(found, *lower, at=at)


async def _both(sides: Sides, prefix: str) -> tuple[Digest, Digest]:
    """Both digests, of the same revision; `_Moved`."""
    given = await sides.given(prefix)
    received = await sides.received(prefix)
    again = await sides.given(prefix)
    if _place(given) != _place(again):
        raise _Moved(f"{sides.giver} gave more meanwhile")
    if not given.get("epoch") and not received.get("epoch"):
        return again, received
    if given.get("epoch") != received.get("epoch"):
        raise _Moved(f"{sides.reader} has not begun to read this epoch")
    if received["is_reading"]:
        raise _Moved(f"{sides.reader} is reading everything at the moment")
    # What was put aside at the feed's end has a number that the reader did not take.
    if given["number"] not in {received["number"], again["read_number"]}:
        raise _Moved(f"behind by {given['number'] - received['number']}")
    return again, received


def _place(digest: Digest) -> tuple[str, int]:
    return digest.get("epoch", ""), digest["number"]


def _is_whole(digest: Digest) -> bool:
    return bool(sum(part["count"] for part in digest["parts"]) == len(digest["records"]))


def _count(digest: Digest, kind: str) -> int:
    return sum(part["count"] for part in digest["parts"] if part["kind"] == kind)


def _parts(digest: Digest) -> dict[tuple[str, str], str]:
    return {(part["kind"], part["prefix"]): part["digest"] for part in digest["parts"]}


def _differs(theirs: dict[Any, str], ours: dict[Any, str], kind: str, prefix: str) -> bool:
    return theirs.get((kind, prefix)) != ours.get((kind, prefix))


def _records(digest: Digest) -> dict[tuple[str, str], str]:
    return {(record["kind"], record["id"]): record["hash"] for record in digest["records"]}


def _note(found: Comparison, given: dict[tuple[str, str], str], received: dict[tuple[str, str], str]) -> None:
    for kind, each in sorted(given.keys() | received.keys()):
        theirs, ours = given.get((kind, each)), received.get((kind, each))
        if theirs != ours:
            how = (
                "is not there" if ours is None else "was not given" if theirs is None else "is another state"
            )
            found.differing.setdefault(kind, {})[each] = how
