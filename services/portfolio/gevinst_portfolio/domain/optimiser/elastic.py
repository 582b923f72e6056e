"""The cheapest money and people with which a project is in and nothing of the value is lost (P7)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from gevinst_portfolio.domain.optimiser.change import Change
from gevinst_portfolio.domain.optimiser.check import Rule
from gevinst_portfolio.domain.optimiser.highs import (
    INFINITY,
    Floats,
    LinearModel,
    WholeLimits,
    solve_whole,
)
from gevinst_portfolio.domain.optimiser.limits import Limits
from gevinst_portfolio.domain.optimiser.model import PlanModel, build_model
from gevinst_portfolio.domain.optimiser.problem import Carry, Number, Plan, Problem, Profile
from gevinst_portfolio.domain.optimiser.windows import narrow_windows


class Lever(StrEnum):
    """The kinds of change that a board can be asked for."""

    MONEY = "money"
    PEOPLE = "people"
    CHANGE_LOAD = "change-load"
    LEAVING_OUT = "leaving-out"
    RULE = "rule"


AMOUNTS = frozenset({Lever.MONEY, Lever.PEOPLE, Lever.CHANGE_LOAD})
# Prices are shares of what there is; the model counts in thousandths of that.
PRICE_UNIT = 1000.0


@dataclass(frozen=True, slots=True)
class Elastic:
    """`plan` may take more than there is; its additions are the least cost when `is_proved`.

    `is_impossible`: proved that no amount is enough.
    """

    plan: dict[str, int] | None
    is_proved: bool
    is_impossible: bool


def prices_by_share(problem: Problem) -> dict[tuple[Rule, str], float]:
    """What one unit more costs: the share that it is of all that there is of that budget or resource.

    Of something that there is nothing of, one unit costs 1. Check: a budget of 10 and 40 costs 0.02 a unit.
    """
    whole = {(Rule.BUDGET, b.id): float(sum(b.inflow) + b.initial) for b in problem.budgets}
    whole |= {(Rule.RESOURCE, r.id): float(sum(r.capacity)) for r in problem.resources}
    return {key: 1.0 / amount if amount > 0 else 1.0 for key, amount in whole.items()}


def cheapest_plan(  # noqa: PLR0913 - one model
    problem: Problem,
    *,
    target: Number,
    levers: frozenset[Lever],
    prices: Mapping[tuple[Rule, str], float],
    limits: Limits,
    work: int,
    seed: int,
    start: Plan | None = None,
    most: Change | None = None,
    gap: float = 1e-9,
) -> Elastic:
    """The plan worth `target` or more whose lacking money and people cost least.

    Minimises the sum of price times amount over the `levers`' budgets and resources, all other rules kept.
    `most` has the largest amounts that may be added, and the last `gap` of cost need not be saved. A limit on
    `work` (simplex iterations) may end the search before the proof.
    """
    elastic = replace(
        problem,
        budgets=() if Lever.MONEY in levers else problem.budgets,
        resources=tuple(r for r in problem.resources if lever_of(r.kind) not in levers),
    )
    windows = narrow_windows(elastic)
    if windows.is_contradictory:
        return Elastic(None, is_proved=True, is_impossible=True)
    model = build_model(elastic, windows)
    rows = _Elastic(problem, model, levers, prices, most)
    linear = rows.linear(float(target))
    known = None
    if start is not None:
        known = np.zeros(len(linear.gain))
        known[model.columns_of(start)] = 1.0
    answer = solve_whole(
        linear,
        WholeLimits(
            nodes=2**31 - 1,
            seconds=limits.seconds_left,
            gap=gap * PRICE_UNIT,
            is_over=lambda iterations: iterations >= work or limits.met(iterations) is not None,
        ),
        seed=seed,
        start=known,
    )
    limits.spend(answer.iterations)
    plan = None if answer.x is None else model.plan_of(answer.x)
    return Elastic(plan, is_proved=answer.is_proved, is_impossible=answer.is_infeasible)


def lever_of(kind: str) -> Lever:
    """Which lever a resource of this kind is."""
    return Lever.PEOPLE if kind == "role" else Lever.CHANGE_LOAD


class _Elastic:
    """Rows `need - more <= there is` for the elastic part, and a row for the value."""

    def __init__(
        self,
        problem: Problem,
        model: PlanModel,
        levers: frozenset[Lever],
        prices: Mapping[tuple[Rule, str], float],
        most: Change | None,
    ) -> None:
        self.model = model
        self.most = None if most is None else _by_place(most)
        self.width = len(model.linear.gain)
        self.upper: list[float] = []
        self.gain: list[float] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        # Entries as (row, column, amount), rows and columns counted after those of the model.
        self.entries: list[tuple[int, int, float]] = []
        if Lever.MONEY in levers:
            for budget in problem.budgets:
                profiles = {p.id: p.cost.get(budget.id, ()) for p in problem.projects}
                inflow = (budget.inflow[0] + budget.initial, *budget.inflow[1:])
                caps = [
                    _carried(budget.carry, budget.carry_cap, is_end=(t + 1) % budget.year_length == 0)
                    for t in range(len(inflow))
                ]
                self._limited((Rule.BUDGET, budget.id), inflow, profiles, prices, caps)
        for resource in problem.resources:
            if lever_of(resource.kind) in levers:
                profiles = {p.id: p.demand.get(resource.id, ()) for p in problem.projects}
                self._limited((Rule.RESOURCE, resource.id), resource.capacity, profiles, prices, [])

    def linear(self, target: float) -> LinearModel:
        model, old = self.model, self.model.linear
        value_row = len(old.row_lower) + len(self.row_lower)
        shift = len(old.row_lower)
        worth = np.flatnonzero(old.gain)
        added = [(row + shift, column, amount) for row, column, amount in self.entries]
        added += [(value_row, int(column), float(old.gain[column])) for column in worth]
        begin, rows, amounts = _merged(old, added, self.width + len(self.gain))
        return LinearModel(
            gain=np.concatenate([np.zeros(self.width), self.gain]),
            lower=np.concatenate([old.lower, np.zeros(len(self.gain))]),
            upper=np.concatenate([old.upper, self.upper]),
            is_whole=np.concatenate([old.is_whole, np.zeros(len(self.gain), np.bool_)]),
            row_lower=np.concatenate([old.row_lower, self.row_lower, [target / model.value_unit - 1e-6]]),
            row_upper=np.concatenate([old.row_upper, self.row_upper, [INFINITY]]),
            begin=begin,
            rows=rows,
            amounts=amounts,
        )

    def _limited(
        self,
        key: tuple[Rule, str],
        there_is: Profile,
        profiles: Mapping[str, Profile],
        prices: Mapping[tuple[Rule, str], float],
        carried: list[float],
    ) -> None:
        largest = max((abs(float(a)) for profile in profiles.values() for a in profile), default=1.0) or 1.0
        scale = 1000.0 / largest
        first = len(self.row_upper)
        for t, amount in enumerate(there_is):
            self.row_lower.append(-INFINITY)
            self.row_upper.append(float(amount) * scale)
            most = INFINITY if self.most is None else self.most.get(key, {}).get(t, 0.0) * scale
            more = self._column(most, -prices[key] * PRICE_UNIT / scale)
            self.entries.append((len(self.row_upper) - 1, more, -1.0))
        for t, most in enumerate(carried[:-1]):
            if most > 0:
                left = self._column(most * scale if most < INFINITY else INFINITY, 0.0)
                self.entries += [(first + t, left, 1.0), (first + t + 1, left, -1.0)]
        self.entries += self._needs(profiles, first, len(there_is), scale)

    def _needs(
        self, profiles: Mapping[str, Profile], first: int, length: int, scale: float
    ) -> Iterator[tuple[int, int, float]]:
        for column, (number, start) in enumerate(zip(self.model.project, self.model.start, strict=True)):
            for t, amount in enumerate(profiles[self.model.ids[number]], int(start)):
                if amount and t < length:
                    yield first + t, column, float(amount) * scale

    def _column(self, upper: float, gain: float) -> int:
        self.upper.append(upper)
        self.gain.append(gain)
        return self.width + len(self.gain) - 1


def _by_place(most: Change) -> dict[tuple[Rule, str], dict[int, float]]:
    found: dict[tuple[Rule, str], dict[int, float]] = {}
    for one in most.additions:
        found.setdefault((one.rule, one.id), {})[one.period] = float(one.amount)
    return found


def _carried(carry: Carry, cap: Number, *, is_end: bool) -> float:
    """The most that rolls on from a period."""
    if carry is Carry.NONE:
        return 0.0
    return float(cap) if carry is Carry.CAPPED and is_end else INFINITY


def _merged(
    old: LinearModel, added: list[tuple[int, int, float]], width: int
) -> tuple[
    "np.ndarray[tuple[int], np.dtype[np.int32]]", "np.ndarray[tuple[int], np.dtype[np.int32]]", Floats
]:
    columns = np.concatenate(
        [np.repeat(np.arange(len(old.gain)), np.diff(old.begin)), [column for _, column, _ in added]]
    ).astype(np.int64)
    rows = np.concatenate([old.rows, [row for row, _, _ in added]]).astype(np.int32)
    amounts = np.concatenate([old.amounts, [amount for _, _, amount in added]])
    order = np.lexsort((rows, columns))
    begin = np.searchsorted(columns[order], np.arange(width + 1)).astype(np.int32)
    return begin, rows[order], amounts[order]
