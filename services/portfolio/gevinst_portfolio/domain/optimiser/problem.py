"""The question the optimiser answers: which projects run, and when does each start (P3, P4, P5).

Periods are counted from 0. Amounts are exact: `int`, or `Fraction` where the input had decimals.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

Number = int | Fraction
Profile = tuple[Number, ...]
# Start per chosen project. A project that is not a key is left out.
Plan = Mapping[str, int]


class Carry(StrEnum):
    """What happens to money that is left at the end of a period."""

    NONE = "none"  # lapses
    POOL = "pool"  # rolls on
    CAPPED = "capped"  # rolls on within the year; at its end at most `carry_cap` does


@dataclass(frozen=True, slots=True)
class Resource:
    """A shared role, or a unit whose capacity is the change load it can absorb (P4).

    `capacity[t]` is what there is in period t. Periods after its end are not limited.
    """

    id: str
    name: str
    kind: str
    capacity: Profile


@dataclass(frozen=True, slots=True)
class Budget:
    """Money: `initial` before the first period and `inflow[t]` at the start of period t.

    `year_length` (periods) and `carry_cap` say what rolls on for `Carry.CAPPED` alone; where years have a
    length, more money can only come at the beginning of one.
    """

    id: str
    name: str
    inflow: Profile
    initial: Number = 0
    carry: Carry = Carry.NONE
    carry_cap: Number = 0
    year_length: int = 1


@dataclass(frozen=True, slots=True)
class Category:
    """A part of the portfolio; the shares are of the whole cost of all chosen projects (0.15 is 15 %)."""

    id: str
    name: str
    min_share: Number | None = None
    max_share: Number | None = None
    max_spend: Number | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """One candidate.

    `cost[budget][k]` and `demand[resource][k]` fall in the k-th period after the start. `value_by_start[s]`
    is what it is worth when it starts in period s; its length ends the possible starts. It runs in periods
    start … start + duration - 1 and must be over before period `deadline`. A `fixed_start` forces it in.

    P9: it may be one of several concepts of the same undertaking. These share a `concept_of`; at most one of
    them is chosen, and exactly one when any of them is mandatory.
    """

    id: str
    name: str
    duration: int
    value_by_start: Profile
    category: str | None = None
    earliest: int = 0
    latest_start: int | None = None
    deadline: int | None = None
    is_mandatory: bool = False
    fixed_start: int | None = None
    cost: Mapping[str, Profile] = field(default_factory=dict)
    demand: Mapping[str, Profile] = field(default_factory=dict)
    concept_of: str | None = None

    @property
    def is_forced(self) -> bool:
        """P5: a legal duty, or running already."""
        return self.forced_name is not None

    @property
    def forced_name(self) -> str | None:
        """Who must be in because of it: itself, or some concept of its undertaking when that is a duty."""
        if self.fixed_start is not None:
            return self.id
        return (self.concept_of or self.id) if self.is_mandatory else None

    @property
    def whole_cost(self) -> Number:
        return sum(sum(profile) for profile in self.cost.values())


@dataclass(frozen=True, slots=True)
class Precedence:
    """`after` runs only when `before` does, and starts `lag` periods or more after its end.

    Each is a project's id or a `concept_of`.
    """

    before: str
    after: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """One portfolio problem: maximise the sum of `value_by_start[start]` over the chosen projects.

    `exclusive`: at most one of each group. `all_or_none`: all of a group or none. Where a rule names a
    `concept_of`, it means whichever concept is chosen. `max_starts[t]`: most projects that may start in
    period t; empty when not limited.
    """

    name: str
    periods: int
    projects: tuple[Project, ...]
    resources: tuple[Resource, ...] = ()
    budgets: tuple[Budget, ...] = ()
    categories: tuple[Category, ...] = ()
    precedence: tuple[Precedence, ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    all_or_none: tuple[tuple[str, ...], ...] = ()
    max_starts: tuple[int, ...] = ()
    horizon: int | None = None
    must_finish: bool = True

    @property
    def end(self) -> int:
        """The first period after the horizon."""
        return self.periods if self.horizon is None else self.horizon


def amount_text(amount: Number) -> str:
    """The amount in digits, exact for every decimal number. Check: 37/2 gives 18.5."""
    exact = Fraction(amount)
    with localcontext(prec=60):
        return format(Decimal(exact.numerator) / exact.denominator, "f")


def members_by_name(problem: Problem) -> dict[str, tuple[Project, ...]]:
    """Whom each name in a rule can mean: the project itself, or for a `concept_of` each of its concepts."""
    found: dict[str, tuple[Project, ...]] = {project.id: (project,) for project in problem.projects}
    for project in problem.projects:
        if project.concept_of is not None:
            found[project.concept_of] = (*found.get(project.concept_of, ()), project)
    return found


def chosen_concepts(problem: Problem, plan: Plan) -> dict[str, str | None]:
    """For every `concept_of` the concept that the plan has chosen, or `None`."""
    chosen: dict[str, str | None] = {p.concept_of: None for p in problem.projects if p.concept_of is not None}
    chosen |= {p.concept_of: p.id for p in problem.projects if p.concept_of is not None and p.id in plan}
    return chosen


def possible_starts(problem: Problem, project: Project) -> range:
    """The starts that the project's own dates allow, in order; empty when they contradict each other."""
    last = min(len(project.value_by_start), problem.periods) - 1
    if project.latest_start is not None:
        last = min(last, project.latest_start)
    if project.deadline is not None:
        last = min(last, project.deadline - project.duration)
    if problem.must_finish:
        last = min(last, problem.end - project.duration)
    starts = range(max(0, project.earliest), max(0, last + 1))
    if project.fixed_start is None:
        return starts
    fixed = project.fixed_start
    return range(fixed, fixed + 1) if fixed in starts else range(0)
