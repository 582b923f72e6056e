"""How the projects of many bodies stand, what they promise and what came of it, as each has shared it (X4).

Missing is not zero: of how many projects and bodies a figure is missing stands beside what is known. The
ledgers, units of measure, currencies and price years are never added (C7, C1).
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class Shown(StrEnum):
    """What is counted or summed, of which some may be missing."""

    PHASE = "phase"
    STATE = "state"
    LIGHT = "light"
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    BENEFITS = "benefits"
    UNCONFIRMED = "unconfirmed"
    WITHOUT_INDICATOR = "without_indicator"
    INDICATORS = "indicators"
    MEASURED = "measured"
    GATES_WAITING = "gates_waiting"
    CONDITIONS_OPEN = "conditions_open"
    POTENTIAL = "potential"
    REALISED = "realised"
    NET_PRESENT_VALUE = "net_present_value"
    PLANNED = "planned"


WORDS = (Shown.PHASE, Shown.STATE, Shown.LIGHT)
COUNTS = (
    *(Shown.GREEN, Shown.YELLOW, Shown.RED, Shown.BENEFITS, Shown.UNCONFIRMED, Shown.WITHOUT_INDICATOR),
    *(Shown.INDICATORS, Shown.MEASURED, Shown.GATES_WAITING, Shown.CONDITIONS_OPEN),
)
SUMS: Mapping[Shown, tuple[str, ...]] = {
    Shown.POTENTIAL: ("confirmed", "unconfirmed", "in_transit"),
    Shown.REALISED: ("amount",),
    Shown.NET_PRESENT_VALUE: ("amount",),
    Shown.PLANNED: ("costs", "benefits"),
}
"""The figures of each sum. What is in transit is shown by both sides of an agreement, so that a sum of it is
no more than a bound (B11)."""


class Key(NamedTuple):
    """What may be added: one ledger, one unit, one year where there are years.

    `unit` is a currency with its price year, or a unit of measure with None. Cases are of the ledger money.
    """

    ledger: str
    unit: str
    price_year: int | None
    year: int | None = None


@dataclass(slots=True)
class Known:
    """Figures together, of so many projects of so many bodies."""

    figures: dict[str, Decimal] = field(default_factory=dict)
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
    """

    projects: int = 0
    undecided: int = 0
    words: dict[Shown, Counter[str]] = field(default_factory=lambda: {what: Counter() for what in WORDS})
    counts: Counter[Shown] = field(default_factory=Counter)
    sums: dict[Shown, dict[Key, Known]] = field(default_factory=lambda: {what: {} for what in SUMS})
    missing: dict[Shown, Missing] = field(default_factory=lambda: {what: Missing() for what in Shown})

    def miss(self, what: Shown, count: int) -> None:
        """Of one body: so many projects are without it."""
        self.missing[what] = Missing(count, int(count > 0), int(0 < count == self.projects))

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
        total.projects += one.projects
        total.undecided += one.undecided
        total.counts.update(one.counts)
        for what in WORDS:
            total.words[what].update(one.words[what])
        for what in SUMS:
            for key, known in one.sums[what].items():
                _add(total.sums[what].setdefault(key, Known()), known)
        for what, missing in one.missing.items():
            total.missing[what].projects += missing.projects
            total.missing[what].bodies += missing.bodies
            total.missing[what].silent += missing.silent
    return total


def _add(total: Known, one: Known) -> None:
    for name, figure in one.figures.items():
        total.figures[name] = total.figures.get(name, Decimal(0)) + figure
    total.projects += one.projects
    total.bodies += one.bodies
