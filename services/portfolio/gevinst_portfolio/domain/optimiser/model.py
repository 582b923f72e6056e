"""The portfolio problem as a time-indexed mixed-integer model.

One binary x[j, s] per project and possible start carries the whole profile of cost and demand:

- chosen once: sum over s of x[j, s] <= 1, = 1 when j is forced in
- concepts of one undertaking: sum over its concepts j and s of x[j, s] <= 1, = 1 when it is forced in
- resource r, period t: sum of demand[r][t - s] x[j, s] <= capacity[t]
- budget b, period t: spending[t] + left[t] - left[t - 1] <= inflow[t] (+ initial in period 0), left >= 0;
  a lapsing budget has no `left`, a capped one has left <= carry_cap at each year's end
- category c: spend[c] <= max_spend; min_share * total <= spend[c] <= max_share * total
- precedence a before b, every t: b started by t only if a started by t - duration[a] - lag
- exclusive group: sum <= 1; all or none: equal sums; starts in period t <= max_starts[t]

Where a rule names a `concept_of`, its sums run over all concepts of it.

Maximised: sum of value_by_start[s] x[j, s].
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import gcd, lcm

import numpy as np

from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.highs import INFINITY, Floats, Ints, LinearModel
from gevinst_portfolio.domain.optimiser.problem import (
    Budget,
    Carry,
    Number,
    Plan,
    Problem,
    Profile,
    Project,
    members_by_name,
)
from gevinst_portfolio.domain.optimiser.rows import RowLabel, Rows
from gevinst_portfolio.domain.optimiser.windows import Windows

# Rows are scaled so that their largest amount stays below this: HiGHS keeps a row to 1e-6.
LARGEST_AMOUNT = 1e5


@dataclass(frozen=True, slots=True)
class PlanModel:
    """A linear model whose first `len(project)` columns are the binaries x[project[c], start[c]].

    `ids` gives a project's id by its number; `kin[j]` is the first project that is a concept of the same
    undertaking as project j, j itself when there is no other. The first `len(ids)` rows are "chosen once".
    Model values times `value_unit` are the problem's values; the value of every plan is a whole multiple of
    `value_step` (0 when there is no such step).
    `row_scale[i]` is the factor that row i was multiplied with.
    """

    linear: LinearModel
    ids: tuple[str, ...]
    project: Ints
    start: Ints
    kin: Ints
    labels: tuple[RowLabel, ...]
    row_scale: Floats
    value_unit: float
    value_step: Fraction

    @property
    def least_step(self) -> float:
        """In the model's unit, what a plan must be worth more than another to be better at all."""
        return max(1e-6, float(self.value_step) / self.value_unit * 0.999)

    def plan_of(self, x: Floats) -> dict[str, int]:
        """The plan of a solution: the starts at one."""
        chosen = np.flatnonzero(x[: len(self.project)] > 0.5)
        return {self.ids[self.project[c]]: int(self.start[c]) for c in chosen}

    def columns_of(self, plan: Plan) -> Ints:
        """The columns at one in a plan; starts that have no column are not among them."""
        wanted = np.array([plan.get(name, -1) for name in self.ids], np.int32)
        return np.flatnonzero(wanted[self.project] == self.start).astype(np.int32)

    def tightened(self) -> "PlanModel":
        """The same with room for rounding taken out of every inequality, so that plans of it hold exactly."""
        linear = self.linear
        is_equation = linear.row_lower == linear.row_upper
        slack = np.where(is_equation, 0.0, 1e-5)
        return replace(
            self,
            linear=replace(linear, row_lower=linear.row_lower + slack, row_upper=linear.row_upper - slack),
        )


def build_model(problem: Problem, windows: Windows) -> PlanModel:
    """The model of the problem over the starts that `windows` leaves."""
    return _Builder(problem, windows).build()


class _Builder:
    def __init__(self, problem: Problem, windows: Windows) -> None:
        self.problem = problem
        self.windows = windows
        self.rows = Rows()
        self.scales: list[float] = []
        lengths = [len(windows.starts[p.id]) for p in problem.projects]
        self.first = dict(
            zip((p.id for p in problem.projects), np.cumsum([0, *lengths]).tolist(), strict=False)
        )
        self.starts = {p.id: np.array(windows.starts[p.id], np.int32) for p in problem.projects}
        self.members = members_by_name(problem)
        self.width = sum(lengths)
        self.lower: list[float] = [0.0] * self.width
        self.upper: list[float] = [1.0] * self.width

    def build(self) -> PlanModel:
        self._choices()
        for resource in self.problem.resources:
            label = RowLabel(Rule.RESOURCE, (resource.id,))
            profiles = {p.id: p.demand.get(resource.id, ()) for p in self.problem.projects}
            self._limited(label, resource.capacity, profiles)
        for budget in self.problem.budgets:
            self._budget(budget)
        self._categories()
        self._precedence()
        self._groups()
        return self._finished()

    def _columns(self, name: str) -> Ints:
        """The columns of a project, or of all concepts of that name."""
        ranges = [np.arange(len(self.starts[p.id])) + self.first[p.id] for p in self.members[name]]
        return np.concatenate(ranges).astype(np.int32)

    def _row(self, label: RowLabel, lower: float, upper: float, scale: float = 1.0) -> int:
        self.scales.append(scale)
        return self.rows.add(label, lower * scale, upper * scale)

    def _column(self, lower: float, upper: float) -> int:
        self.lower.append(lower)
        self.upper.append(upper)
        return len(self.lower) - 1

    def _choices(self) -> None:
        for project in self.problem.projects:
            is_must = project.id in self.windows.must
            row = self._row(RowLabel(Rule.PROJECT, (project.id,)), 1.0 if is_must else -INFINITY, 1.0)
            self.rows.put(row, self._columns(project.id), 1.0)
        for name in dict.fromkeys(p.concept_of for p in self.problem.projects if p.concept_of is not None):
            is_must = name in self.windows.must_concepts
            row = self._row(RowLabel(Rule.CONCEPT, (name,)), 1.0 if is_must else -INFINITY, 1.0)
            self.rows.put(row, self._columns(name), 1.0)

    def _limited(
        self, label: RowLabel, capacity: Profile, profiles: Mapping[str, Profile]
    ) -> tuple[int, float]:
        """A row per period for the profiles against the capacity; the first row and its scale."""
        scale = _scale(amount for profile in (capacity, *profiles.values()) for amount in profile)
        first = len(self.scales)
        for period, amount in enumerate(capacity):
            self._row(replace(label, period=period), -INFINITY, float(amount), scale)
        for name, profile in profiles.items():
            if not profile:
                continue
            amounts = np.array([float(amount) for amount in profile]) * scale
            periods = self.starts[name][:, None] + np.arange(len(profile), dtype=np.int32)
            inside = (periods < len(capacity)) & (amounts != 0)
            columns = np.broadcast_to(self._columns(name)[:, None], periods.shape)
            amounts = np.broadcast_to(amounts, periods.shape)
            self.rows.put(first + periods[inside], columns[inside], amounts[inside])
        return first, scale

    def _budget(self, budget: Budget) -> None:
        inflow = (budget.inflow[0] + budget.initial, *budget.inflow[1:])
        profiles = {p.id: p.cost.get(budget.id, ()) for p in self.problem.projects}
        first, scale = self._limited(RowLabel(Rule.BUDGET, (budget.id,)), inflow, profiles)
        if budget.carry is Carry.NONE:
            return
        for period in range(len(inflow) - 1):
            is_capped = budget.carry is Carry.CAPPED and (period + 1) % budget.year_length == 0
            left = self._column(0.0, float(budget.carry_cap) * scale if is_capped else INFINITY)
            self.rows.put([first + period, first + period + 1], left, [1.0, -1.0])

    def _categories(self) -> None:
        limited = [
            c
            for c in self.problem.categories
            if any(x is not None for x in (c.min_share, c.max_share, c.max_spend))
        ]
        if not limited:
            return
        scale = _scale(p.whole_cost for p in self.problem.projects)
        spend = {
            name: self._spend(name, scale)
            for name in sorted({p.category or "" for p in self.problem.projects})
        }
        everything = list(spend.values())
        for category in limited:
            mine = spend.get(category.id, self._column(0.0, 0.0))
            ids = (category.id,)
            if category.max_spend is not None:
                row = self._row(RowLabel(Rule.MAX_SPEND, ids), -INFINITY, float(category.max_spend) * scale)
                self.scales[row] = scale
                self.rows.put(row, mine, 1.0)
            if category.min_share is not None:
                row = self._row(RowLabel(Rule.MIN_SHARE, ids), -INFINITY, 0.0, scale)
                self.rows.put(row, everything, float(category.min_share))
                self.rows.put(row, mine, -1.0)
            if category.max_share is not None:
                row = self._row(RowLabel(Rule.MAX_SHARE, ids), -INFINITY, 0.0, scale)
                self.rows.put(row, everything, -float(category.max_share))
                self.rows.put(row, mine, 1.0)

    def _spend(self, category: str, scale: float) -> int:
        """A column for what one category spends."""
        column = self._column(-INFINITY, INFINITY)
        row = self._row(RowLabel(Rule.PROJECT, (category,)), 0.0, 0.0, scale)
        self.rows.put(row, column, -1.0)
        for project in self.problem.projects:
            if (project.category or "") == category:
                self.rows.put(row, self._columns(project.id), float(project.whole_cost) * scale)
        return column

    def _precedence(self) -> None:
        for rule in self.problem.precedence:
            before, after = self._columns(rule.before), self._columns(rule.after)
            ends = [self.starts[p.id].astype(np.int64) + p.duration for p in self.members[rule.before]]
            ready = np.concatenate(ends) + rule.lag
            starts = np.concatenate([self.starts[p.id] for p in self.members[rule.after]])
            periods = np.unique(starts)
            counts = np.searchsorted(np.sort(ready), periods, side="right")
            for i, period in enumerate(periods.tolist()):
                if i + 1 < len(periods) and counts[i + 1] == counts[i]:
                    continue  # the next row says the same and more
                row = self._row(RowLabel(Rule.PRECEDENCE, (rule.before, rule.after), period), -INFINITY, 0.0)
                self.rows.put(row, after[starts <= period], 1.0)
                self.rows.put(row, before[ready <= period], -1.0)

    def _groups(self) -> None:
        for group in self.problem.exclusive:
            row = self._row(RowLabel(Rule.EXCLUSIVE, group), -INFINITY, 1.0)
            for name in dict.fromkeys(group):
                self.rows.put(row, self._columns(name), 1.0)
        for group in self.problem.all_or_none:
            for one, other in pairwise(group):
                row = self._row(RowLabel(Rule.ALL_OR_NONE, group), 0.0, 0.0)
                self.rows.put(row, self._columns(one), 1.0)
                self.rows.put(row, self._columns(other), -1.0)
        starts = np.concatenate([np.zeros(0, np.int32), *(self.starts[p.id] for p in self.problem.projects)])
        for period, most in enumerate(self.problem.max_starts):
            row = self._row(RowLabel(Rule.MAX_STARTS, (), period), -INFINITY, float(most))
            self.rows.put(row, np.flatnonzero(starts == period), 1.0)

    def _finished(self) -> PlanModel:
        projects = self.problem.projects
        starts = [self.starts[p.id] for p in projects]
        values = [Fraction(p.value_by_start[s]) for p in projects for s in self.starts[p.id].tolist()]
        step, unit = _step(values), max((abs(float(v)) for v in values), default=1.0) / 1000 or 1.0
        width = len(self.lower)
        gain = np.zeros(width)
        gain[: self.width] = [float(value) / unit for value in values]
        row_lower, row_upper = self.rows.bounds()
        begin, rows, amounts = self.rows.by_column(width)
        linear = LinearModel(
            gain=gain,
            lower=np.array(self.lower),
            upper=np.array(self.upper),
            is_whole=np.arange(width) < self.width,
            row_lower=row_lower,
            row_upper=row_upper,
            begin=begin,
            rows=rows,
            amounts=amounts,
        )
        return PlanModel(
            linear=linear,
            ids=tuple(p.id for p in projects),
            project=np.repeat(np.arange(len(projects), dtype=np.int32), [len(s) for s in starts]),
            start=np.concatenate([np.zeros(0, np.int32), *starts]),
            kin=_kin(projects),
            labels=tuple(self.rows.labels),
            row_scale=np.array(self.scales),
            value_unit=unit,
            value_step=step,
        )


def _kin(projects: Sequence[Project]) -> Ints:
    firsts: dict[str, int] = {}
    for j, project in enumerate(projects):
        firsts.setdefault(project.concept_of or project.id, j)
    return np.array([firsts[project.concept_of or project.id] for project in projects], np.int32)


def _scale(amounts: Iterable[Number]) -> float:
    """A factor that makes the amounts whole where they stay small, and keeps them small elsewhere."""
    seen = {Fraction(amount) for amount in amounts if amount}
    largest = float(max((abs(amount) for amount in seen), default=Fraction(1)))
    whole = reduce(lcm, (amount.denominator for amount in seen), 1)
    return float(whole) if whole * largest <= LARGEST_AMOUNT else 1000.0 / largest


def _step(values: list[Fraction]) -> Fraction:
    """The largest step of which all values are whole multiples."""
    whole = reduce(lcm, (value.denominator for value in values), 1)
    step = reduce(gcd, (int(value * whole) for value in values), 0)
    return Fraction(step, whole)
