"""What the benefits of each body give in a full year, in one currency and price year, to be compared (X4).

Who has told nothing is missing, which is not zero (B6). What is stated in another currency or price year is
said and never added (C1).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from gevinst_benefits.domain.joint_portfolio import Figures, Known, Shown
from gevinst_benefits.domain.plan.benefits import Ledger
from gevinst_shared.values.joint_body import JointBody, JointLine, JointView


class Unit(NamedTuple):
    """What may be added."""

    currency: str
    price_year: int


class UnitAsked(NamedTuple):
    """None where anything will do."""

    currency: str | None = None
    price_year: int | None = None


class Standing(StrEnum):
    """What is known of a body; only what is `STATED` is drawn. In the order in which bodies are listed."""

    STATED = "stated"
    NONE_IN_MONEY = "none-in-money"
    ONLY_ELSEWHERE = "only-elsewhere"
    SILENT = "silent"
    UNDECIDED = "undecided"
    NO_PROJECT = "no-project"
    HELD = "held"
    LEFT_OUT = "left-out"


UNKNOWN = frozenset({Standing.SILENT, Standing.UNDECIDED, Standing.NO_PROJECT})


@dataclass(frozen=True, slots=True)
class BodyPotential:
    """A body; of `projects` so many have `told` what they give. Figures are there when they are `STATED`."""

    body: JointBody
    standing: Standing
    figures: Known | None = None
    told: int = 0
    projects: int = 0

    def figure(self, name: str) -> Decimal | None:
        return None if self.figures is None else self.figures.figures.get(name)

    @property
    def together(self) -> Decimal:
        """What counts and what does not count yet."""
        return (self.figure("confirmed") or Decimal(0)) + (self.figure("unconfirmed") or Decimal(0))


@dataclass(frozen=True, slots=True)
class JointPotential:
    """All bodies in order, the largest first; `unit` is None where nothing that was `asked` for is stated.

    `elsewhere` says how many bodies state another unit. `undecided` are projects of which nobody can tell
    whether they were asked for.
    """

    asked: UnitAsked
    unit: Unit | None
    bodies: Sequence[BodyPotential]
    elsewhere: Sequence[tuple[Unit, int]]
    undecided: int = 0

    def standing(self, *standings: Standing) -> list[BodyPotential]:
        return [one for one in self.bodies if one.standing in standings]

    @property
    def stated(self) -> list[BodyPotential]:
        return self.standing(Standing.STATED)

    def total(self, name: str) -> Decimal:
        return sum((one.figure(name) or Decimal(0) for one in self.stated), Decimal(0))


def joint_potential(view: JointView[Figures], asked: UnitAsked) -> JointPotential:
    """Of what is stated in the unit that was asked for; where that leaves a choice, in the unit that most
    bodies state, then that of most projects, then the latest.

    While any partner is held there are our own figures only: those of others would be compared with gaps
    that nobody sees.
    """
    is_held = any(line.body.held for line in view.lines)
    counted = [line for line in view.lines if line.body.is_own or not is_held]
    stated = _stated(line.figures for line in counted if line.figures is not None)
    unit = _chosen(stated, asked)
    bodies = [_body(line, unit, is_held=is_held) for line in view.lines]
    return JointPotential(
        asked=asked,
        unit=unit,
        bodies=sorted(bodies, key=_order),
        elsewhere=[(one, stated[one].bodies) for one in sorted(stated) if one != unit],
        undecided=sum(line.figures.undecided for line in counted if line.figures is not None),
    )


def _stated(every: Iterable[Figures]) -> dict[Unit, Known]:
    """Of how many bodies and projects each unit of money is."""
    bodies: Counter[Unit] = Counter()
    projects: Counter[Unit] = Counter()
    for figures in every:
        for unit, known in _money(figures).items():
            bodies[unit] += 1
            projects[unit] += known.projects
    return {unit: Known({}, projects[unit], count) for unit, count in bodies.items()}


def _money(figures: Figures) -> dict[Unit, Known]:
    every = figures.sums[Shown.POTENTIAL].items()
    return {
        Unit(key.unit, key.price_year): known
        for key, known in every
        if key.ledger == Ledger.MONEY and key.price_year is not None
    }


def _chosen(stated: dict[Unit, Known], asked: UnitAsked) -> Unit | None:
    fitting = [
        unit
        for unit in stated
        if asked.currency in {None, unit.currency} and asked.price_year in {None, unit.price_year}
    ]
    return max(
        fitting,
        key=lambda unit: (stated[unit].bodies, stated[unit].projects, unit.price_year, unit.currency),
        default=None,
    )


def _body(line: JointLine[Figures], unit: Unit | None, *, is_held: bool) -> BodyPotential:
    if line.figures is None:
        return BodyPotential(line.body, Standing.HELD)
    if is_held and not line.body.is_own:
        return BodyPotential(line.body, Standing.LEFT_OUT)
    figures = line.figures
    told = figures.projects - figures.missing[Shown.POTENTIAL].projects
    money = _money(figures)
    known = None if unit is None else money.get(unit)
    if known is not None:
        standing = Standing.STATED
    elif money:
        standing = Standing.ONLY_ELSEWHERE
    else:
        standing = _without_money(line.body, figures, told)
    return BodyPotential(line.body, standing, known, told, figures.projects)


def _without_money(body: JointBody, figures: Figures, told: int) -> Standing:
    """Of ourselves everything is known."""
    if told or body.is_own:
        return Standing.NONE_IN_MONEY
    if figures.projects:
        return Standing.SILENT
    return Standing.UNDECIDED if figures.undecided else Standing.NO_PROJECT


def _order(one: BodyPotential) -> tuple[int, Decimal, tuple[str, str, str]]:
    return list(Standing).index(one.standing), -one.together, one.body.place
