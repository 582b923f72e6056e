"""General cases that bodies have localised, and what their local cases come to together (C3, X4)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A general case: the id that its publisher gave it, and who that is; None where that was not shared."""

    published_as: UUID
    publisher: str | None

    @property
    def place(self) -> tuple[str, str]:
        """By which they are in order."""
        return str(self.published_as), self.publisher or ""


@dataclass(frozen=True, slots=True)
class Localised:
    """So many projects of one body whose newest case is localised from an edition of a general case.

    What is None was not shared. `value` is their net present values together, in `unit`: a currency and its
    price year.
    """

    body: str
    general_case: CaseKey
    edition: int | None
    unit: tuple[str, int] | None
    value: Decimal | None
    projects: int


@dataclass(slots=True)
class Worth:
    """Net present values together, of so many projects of so many bodies."""

    value: Decimal = Decimal(0)
    projects: int = 0
    bodies: set[str] = field(default_factory=set)


@dataclass(slots=True)
class JointCase:
    """A general case over all bodies. Values of different currencies or price years are never added (C1)."""

    projects: int = 0
    bodies: set[str] = field(default_factory=set)
    editions: Counter[int] = field(default_factory=Counter)
    edition_missing: int = 0
    worth: dict[tuple[str, int], Worth] = field(default_factory=dict)
    value_missing: int = 0


def joint_cases(every: Iterable[Localised]) -> dict[CaseKey, JointCase]:
    """By general case."""
    found: dict[CaseKey, JointCase] = {}
    for one in every:
        _take(found.setdefault(one.general_case, JointCase()), one)
    return found


def _take(case: JointCase, one: Localised) -> None:
    case.projects += one.projects
    case.bodies.add(one.body)
    if one.edition is None:
        case.edition_missing += one.projects
    else:
        case.editions[one.edition] += one.projects
    if one.unit is None or one.value is None:
        case.value_missing += one.projects
        return
    worth = case.worth.setdefault(one.unit, Worth())
    worth.value += one.value
    worth.projects += one.projects
    worth.bodies.add(one.body)
