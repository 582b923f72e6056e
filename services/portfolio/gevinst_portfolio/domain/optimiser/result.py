"""The answer of the optimiser."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gevinst_portfolio.domain.optimiser.change import Addition
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.limits import Ending
from gevinst_portfolio.domain.optimiser.problem import Number
from gevinst_portfolio.domain.optimiser.room import Obstacle


class Status(StrEnum):
    """What is known about the plan."""

    OPTIMAL = "optimal"  # proved: nothing is worth more
    GAP = "gap"  # feasible; `gap` says how much better the best can be at most
    INFEASIBLE = "infeasible"  # proved: no plan keeps all rules
    UNKNOWN = "unknown"  # the limit came before a plan or a proof


@dataclass(frozen=True, slots=True)
class Binding:
    """A limit that the plan uses up or that the relaxation pays for.

    `left` is what the plan leaves (0 when used up, `None` for a rule without an amount); `price` is the value
    of one unit more in the linear relaxation, 0 or more.
    """

    rule: Rule
    ids: tuple[str, ...]
    period: int | None
    left: Number | None
    price: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """P7: why a project is not in the plan: what blocks the start that is blocked least.

    No obstacles: it fits where it is, and the search ended before it was put in or it is worth nothing.
    `start` is `None` when the rules leave it no start at all.
    """

    project: str
    start: int | None
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, slots=True)
class Alone:
    """What a project lacks when nothing else is carried out, at the start at which that is least.

    `project` is its id, or that of the concept that lacks least.
    """

    project: str
    start: int
    lacking: tuple[Addition, ...]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One rule of a set that cannot be kept together.

    When the set is minimal, the others can be kept together without any one of them. `alone` is there for a
    project that is forced in and does not fit even by itself.
    """

    rule: Rule
    ids: tuple[str, ...]
    period: int | None
    text: str
    alone: Alone | None = None


class Goal(StrEnum):
    """What to minimise once the value is as good as settled."""

    # The load above four fifths of the capacity, as a share of it, over all resources and periods.
    SPREAD = "spread"
    # How many projects of the last plan do not start when it said: those that move, and those that drop out.
    KEEP = "keep-starts"


@dataclass(frozen=True, slots=True)
class GoalReached:
    """What a second goal came to; `is_least` when nothing less is possible, proved."""

    goal: Goal
    before: Number
    after: Number
    is_least: bool


@dataclass(frozen=True, slots=True)
class Solution:
    """The end of one solve.

    `starts` has every project of the problem: its start, or `None` when left out; empty without a plan.
    `concepts` has every `concept_of` with the concept that is chosen (P9), or `None` when none is.
    `bound` is proved: no plan is worth more. `gap` is (bound - value) / bound. `work` is in simplex
    iterations. `contradictions` is filled when infeasible, and minimal when `is_minimal`. `second_goals`
    stand in the order in which they were minimised.
    """

    status: Status
    ended_by: Ending
    starts: Mapping[str, int | None]
    value: Number | None
    bound: Number | None
    gap: float | None
    work: int
    binding: tuple[Binding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    is_minimal: bool = False
    concepts: Mapping[str, str | None] = field(default_factory=dict)
    second_goals: tuple[GoalReached, ...] = ()

    @property
    def plan(self) -> dict[str, int]:
        """The start of each chosen project."""
        return {name: start for name, start in self.starts.items() if start is not None}
