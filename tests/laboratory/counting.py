"""B11 over a whole storm: who counted which part of a benefit of two bodies, and when.

Steps of agreements are appended and never changed, and their ids say when they were made, so all can be
looked at in the end; what a restore takes away is read before it goes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any
from uuid import UUID

STEPS = (
    "SELECT id::text, agreement_id::text, counted::text, in_transit::text FROM agreement_entry "
    "WHERE agreement_id IS NOT NULL ORDER BY id"
)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """From `at` on, in milliseconds, the body counts so much of the benefit, and nobody does so much."""

    at: int
    id: str
    counted: Decimal
    in_transit: Decimal


@dataclass
class Counted:
    """The steps of one body by agreement, and when it was restored."""

    steps: dict[str, dict[str, Step]] = field(default_factory=dict)
    restored: list[int] = field(default_factory=list)
    read_last: set[str] = field(default_factory=set)

    def keep(self, rows: Iterable[Sequence[Any]]) -> None:
        """Steps as `STEPS` reads them; known ones may come again."""
        self.read_last = set()
        for id_, agreement, counted, in_transit in rows:
            self.read_last.add(id_)
            step = Step(UUID(id_).int >> 80, id_, Decimal(counted), Decimal(in_transit))
            self.steps.setdefault(agreement, {})[id_] = step

    def restore(self, at: float) -> None:
        """Until it has asked its partners, a restored body does not know what it counts; so it is told to
        hold first, and whoever is not told counts on until it notices."""
        self.restored.append(int(at * 1000))

    def newest(self, agreement: str) -> Step | None:
        """As it was read last: what a restore took away is no step any more."""
        known = self.steps.get(agreement, {})
        return max((step for id_, step in known.items() if id_ in self.read_last), default=None)

    def line(self, agreement: str) -> Iterator[tuple[int, Decimal]]:
        """What it counts from when on."""
        found = [(step.at, step.id, step.counted) for step in self.steps.get(agreement, {}).values()]
        for at, _, counted in sorted([*found, *((at, "", Decimal(0)) for at in self.restored)]):
            yield at, counted


def counted_twice(bodies: Sequence[Counted]) -> list[str]:
    """The agreements of which more than the whole was counted at some instant, with that instant."""
    found = []
    for agreement in sorted({one for body in bodies for one in body.steps}):
        lines = [
            (at, number, counted)
            for number, body in enumerate(bodies)
            for at, counted in body.line(agreement)
        ]
        now = dict.fromkeys(range(len(bodies)), Decimal(0))
        for at, changes in groupby(sorted(lines, key=lambda one: one[0]), key=lambda one: one[0]):
            for _, number, counted in changes:
                now[number] = counted
            if sum(now.values()) > 1:
                found.append(f"{agreement} at {at}: {now}")
                break
    return found
