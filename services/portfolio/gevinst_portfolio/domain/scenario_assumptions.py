"""What a scenario is asked with: what there is, what it supposes, and the time that it spans."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from gevinst_portfolio.domain.capacity import LAPSES, RollOver
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_rules import NO_RULES, ScenarioRules
from gevinst_portfolio.domain.scenario_worth import ValueRule


@dataclass(frozen=True, slots=True)
class SharedResource:
    """A role or a unit's capacity for change; `capacity` by quarter, where it is stated."""

    id: UUID
    name: str
    kind: str
    capacity: Mapping[Quarter, Decimal]


@dataclass(frozen=True, slots=True)
class Supply:
    """What there is: money in whole hundredths by (year, kind), and shared resources."""

    money: Mapping[tuple[int, CostKind], int]
    resources: tuple[SharedResource, ...] = ()
    roll_over: RollOver = LAPSES
    # P4: people and units are shared; what other portfolios' decided work takes of them is gone.
    taken: Mapping[UUID, Mapping[Quarter, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a scenario supposes; `money` replaces the portfolio's budget where it names a year and kind.

    What is forced in or out is a project, whatever its concept, or one concept (P9).
    """

    money: Mapping[tuple[int, CostKind], int]
    forced_in: frozenset[UUID] = frozenset()
    forced_out: frozenset[UUID] = frozenset()
    value: ValueRule = field(default_factory=ValueRule)
    delay_rate: Decimal = Decimal("0.04")
    rules: ScenarioRules = NO_RULES

    @property
    def all_forced_in(self) -> frozenset[UUID]:
        """Also what is made to start in a quarter."""
        return self.forced_in | self.rules.pins.keys()


@dataclass(frozen=True, slots=True)
class Span:
    """Period 0 is `origin`; the scenario begins at `first`, `before` periods later."""

    origin: Quarter
    first: Quarter
    before: int
