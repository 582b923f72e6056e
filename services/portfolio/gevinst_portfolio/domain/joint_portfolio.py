"""What the projects of many bodies come to, as far as each has shared it (X4).

Missing is not zero: of how many projects and bodies a figure is missing stands beside what is known. Amounts
of different currencies or price years are never added (C1).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Unit = tuple[str, int]
"""A currency and its price year."""


class Shown(StrEnum):
    """What is counted or summed, of which some may be missing."""

    STATUS = "status"
    PHASE = "phase"
    COST = "cost"
    BENEFIT = "benefit"
    START = "start"
    END = "end"


SUMMED = (Shown.COST, Shown.BENEFIT)


@dataclass(slots=True)
class Known:
    """Amounts together, in hundredths, of so many projects of so many bodies."""

    minor: int = 0
    projects: int = 0
    bodies: int = 0


@dataclass(slots=True)
class Missing:
    """Of how many projects, of how many bodies, it is missing; `silent` bodies have told it of none."""

    projects: int = 0
    bodies: int = 0
    silent: int = 0


@dataclass(slots=True)
class Figures:
    """What the projects of one body or of many come to.

    `undecided` are those of which nobody can tell whether they were asked for; they are in nothing else.
    All but `projects`, `statuses` and `undecided` are of the `current` ones only: not over, as far as their
    status is known. The status is missing of some of all projects, everything else of some current ones.
    """

    projects: int = 0
    undecided: int = 0
    current: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    sums: dict[Shown, dict[Unit, Known]] = field(default_factory=lambda: {what: {} for what in SUMMED})
    missing: dict[Shown, Missing] = field(default_factory=lambda: {what: Missing() for what in Shown})
    first_start: date | None = None
    last_end: date | None = None

    def miss(self, what: Shown, count: int) -> None:
        """Of one body: so many projects are without it."""
        of = self.projects if what is Shown.STATUS else self.current
        self.missing[what] = Missing(count, int(count > 0), int(0 < count == of))

    @property
    def is_empty(self) -> bool:
        return not (self.projects or self.undecided)

    @property
    def silent(self) -> list[Shown]:
        """Of one body: what it has told of none of its projects."""
        return [what for what in Shown if self.missing[what].silent]


def together(every: Iterable[Figures]) -> Figures:
    """The figures of many bodies as one."""
    total = Figures()
    for one in every:
        _add(total, one)
    return total


def _add(total: Figures, one: Figures) -> None:
    total.projects += one.projects
    total.undecided += one.undecided
    total.current += one.current
    total.statuses.update(one.statuses)
    total.phases.update(one.phases)
    for what, sums in one.sums.items():
        for unit, known in sums.items():
            held = total.sums[what].setdefault(unit, Known())
            held.minor += known.minor
            held.projects += known.projects
            held.bodies += known.bodies
    for what, missing in one.missing.items():
        total.missing[what].projects += missing.projects
        total.missing[what].bodies += missing.bodies
        total.missing[what].silent += missing.silent
    starts = [day for day in (total.first_start, one.first_start) if day is not None]
    ends = [day for day in (total.last_end, one.last_end) if day is not None]
    total.first_start = min(starts, default=None)
    total.last_end = max(ends, default=None)
